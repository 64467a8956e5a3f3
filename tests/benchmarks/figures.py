"""How long figures take, in units of one pass of `fold` over the same text, and in milliseconds per 1,000 characters.

python tests/benchmarks/figures.py [repeats]
"""

import sys
import time

from kg.model import Article, Document, Piece
from kg.observations import observe
from kg.observations.corpus import annotate
from kg.text import fold

STORY = (
    "甲公司去年盈利跌逾四成\n甲公司公布，去年收入35.2億元，按年增長12.5%；毛利率22.6%，按年升1.4個百分點。"
    "管理層預計今季收入按季增長6%至8%，並會在年底前增聘工程師，擴充研發團隊，同時改善供應鏈的安排。\n"
    "乙銀行發表報告，指行業競爭加劇，但甲公司的產品組合較同業完整，維持買入評級，目標價由80元上調至88元。"
    "恒生指數同日收報23450點，跌230點，跌幅約1.2%，主板成交額約1531億元，市場觀望下周公布的通脹數據。\n"
)
NAMES = {"甲公司": "Company", "乙銀行": "Company", "恒生指數": "Index", "毛利率": "Indicator"}


def main(repeats: int) -> None:
    text = STORY * 10
    article = Article("a", "d", "", text, (Piece(0, 0, len(text)),))
    document = Document("d", "d", text, "", date="2025-05-14")
    marked = annotate("d", document.date, [article], NAMES, {n: [n] for n in NAMES}, ())
    found = observe(article, document, marked.articles[0][1], marked.entities)
    figures = min(_time(lambda: observe(article, document, marked.articles[0][1], marked.entities), repeats))
    folding = min(_time(lambda: fold(text), repeats))
    hostile = "1" * 10**5, "一" * 10**5, "3至" * 5 * 10**4, "年" * 10**5, "升3%、" * 10**4
    print(f"{len(found)} figures in {len(text)} characters")
    print(f"figures: {figures / len(text) * 1e6:.2f} ms per 1,000 characters, {figures / folding:.0f} times fold")
    for sample in hostile:
        plain = Article("a", "d", "", sample, (Piece(0, 0, len(sample)),))
        whole = Document("d", "d", sample, "")
        took = min(_time(lambda a=plain, d=whole: observe(a, d, (), {}), 1))  # type: ignore[misc]
        print(f"hostile {sample[:3]}…: {took / len(sample) * 1e6:.2f} ms per 1,000 characters")


def _time(call: object, repeats: int) -> list[float]:
    times = []
    for _ in range(repeats):
        began = time.process_time()
        call()  # type: ignore[operator]
        times.append(time.process_time() - began)
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
