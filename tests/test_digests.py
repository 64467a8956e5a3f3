"""Pages of short stories, each with its headline in brackets; paths of pages and bare dates above a story."""

from kg.layout import lay_out
from kg.model import Layout
from kg.read import read_bytes
from kg.settings import Settings

STORIES = [
    ("海港公布第三季吞吐量", "港務局12日公布，第三季吞吐量為420萬個標準箱，按年增加一成。"),
    ("兩間船廠宣布合併計劃", "兩間船廠的董事會通過合併計劃，新公司下月掛牌。"),
    ("新航線每周開出三班船", "航運公司表示，新航線每周三班，首航日期為月底。"),
]


def _read(name: str, text: str) -> Layout:
    return lay_out(next(read_bytes(name, text.encode(), Settings())))


def test_each_story_of_a_digest_is_an_article() -> None:
    for name, mark in (("a.md", "**"), ("a.txt", "")):
        text = "早間速覽\n\n" + "\n\n".join(f"{mark}【{title}】{mark}{body}" for title, body in STORIES)
        layout = _read(name, text)
        assert [(a.title, a.text[a.body_start :]) for a in layout.articles] == STORIES
        shown = {i for r in layout.regions for i in range(r.span.start, r.span.end)}
        assert all(i in shown or c.isspace() for i, c in enumerate(text))


def test_brackets_before_one_paragraph_make_no_digest() -> None:
    bodies = [body for _, body in STORIES]
    text = "海港公布吞吐量及航線\n\n" + "\n\n".join([f"【本報記者專訊報道】{bodies[0]}", *bodies[1:]])
    assert len(_read("a.txt", text).articles) == 1


def test_page_paths_and_bare_dates_are_no_text() -> None:
    text = (
        f"海濱新聞網 > 航運\n\n兩間船廠宣布合併 新公司下月掛牌\n\n2025年11月12日\n\n{STORIES[1][1]}\n\n{STORIES[2][1]}"
    )
    (article,) = _read("a.txt", text).articles
    assert article.text == f"兩間船廠宣布合併 新公司下月掛牌\n{STORIES[1][1]}\n{STORIES[2][1]}"
