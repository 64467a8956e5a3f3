"""Extractions made by hand and by hypothesis, for the tests of assembly, RDF, store, queries and exports."""

from decimal import Decimal

from hypothesis import strategies as st

from kg.model import Article, Author, Claim, Document, Entity, Evidence, Extraction, Observation, Piece, Span
from kg.offsets import unbroken

THINGS = {
    "korea": Entity("korea", "Country", (("en", "South Korea"), ("zh-Hans", "韩国"), ("zh-Hant", "韓國")), mentions=2),
    "sk-hynix": Entity(
        "sk-hynix",
        "Company",
        (("en", "SK hynix"), ("zh-Hans", "SK海力士"), ("zh-Hant", "SK海力士")),
        (("zh-Hant", "海力士"),),
        (("ticker", "000660.KS"),),
        3,
    ),
    "samsung": Entity("samsung", "Company", (("en", "Samsung"), ("zh-Hans", "三星"), ("zh-Hant", "三星")), mentions=1),
    "hbm": Entity(
        "hbm", "Technology", (("en", "HBM"), ("zh-Hans", "高带宽内存"), ("zh-Hant", "高頻寬記憶體")), mentions=4
    ),
    "nvidia": Entity(
        "nvidia", "Company", (("en", "NVIDIA"), ("zh-Hans", "英伟达"), ("zh-Hant", "英偉達")), (("zh-Hant", "輝達"),)
    ),
    "hsi": Entity("hsi", "Index", (("en", "Hang Seng Index"), ("zh-Hans", "恒生指数"), ("zh-Hant", "恒生指數"))),
    "goldman": Entity("goldman", "Company", (("en", "Goldman Sachs"), ("zh-Hans", "高盛"), ("zh-Hant", "高盛"))),
}
PREDICATES = ("produces", "develops", "supplies", "locatedIn", "competesWith", "commentsOn", "dependsOn", "benefits")
TEXT = "韓國的SK海力士生產HBM，供應英偉達。\n高盛認為三星將會追上。恒生指數升1.5%。" * 3


def document(id_: str, text: str = TEXT) -> Document:
    return Document(id_, f"{id_}.txt", text, "0" * 64, title=f"文件{id_}", date="2025-03-18")


def evidence(doc: Document, start: int, end: int) -> Evidence:
    return Evidence(doc.id, "a1", Span(start, end), unbroken(doc.text[start:end]))


def article(doc: Document) -> Article:
    writer = Author("陳大文", role="首席經濟學家", organization="高盛")
    return Article("a1", doc.id, doc.title, doc.text, (Piece(0, 0, len(doc.text)),), (writer,))


def hand_made() -> list[Extraction]:
    """Two documents: Korea, SK hynix, HBM, NVIDIA; one denies what the other states."""
    first, second = document("d1"), document("d2")
    said = evidence(first, 0, 18)
    return [
        Extraction(
            first,
            (article(first),),
            tuple(THINGS[i] for i in ("korea", "sk-hynix", "hbm", "nvidia", "hsi", "goldman")),
            (
                Claim("sk-hynix", "locatedIn", "korea", confidence=0.9, evidence=(said,)),
                Claim("sk-hynix", "produces", "hbm", confidence=0.8, evidence=(said,), sources=("patterns",)),
                Claim("sk-hynix", "supplies", "nvidia", confidence=0.7, evidence=(said,)),
                Claim("goldman", "commentsOn", "hbm", evidence=(evidence(first, 19, 30),), attributed_to="goldman"),
            ),
            (
                Observation(
                    "hsi", "升幅", Decimal("1.5"), "percent", "升1.5%", evidence(first, 30, 40),
                    start="2025-03-18", end="2025-03-18", attributed_to="goldman", confidence=0.9,
                ),
                Observation(
                    "sk-hynix", "資本開支", Decimal("1.2E+12"), "USD", "1.2萬億美元", evidence(first, 0, 5),
                    kind="forecast", start="2026", end="2026", qualifier="約",
                ),
            ),
        ),
        Extraction(
            second,
            (article(second),),
            tuple(THINGS[i] for i in ("sk-hynix", "samsung", "hbm", "goldman")),
            (
                Claim("sk-hynix", "produces", "hbm", confidence=0.5, evidence=(evidence(second, 0, 18),)),
                Claim("samsung", "competesWith", "sk-hynix", evidence=(evidence(second, 19, 25),)),
                Claim("sk-hynix", "produces", "hbm", polarity="negated", evidence=(evidence(second, 2, 9),)),
                Claim("samsung", "dominates", "hbm", modality="forecast", evidence=(evidence(second, 19, 25),),
                      attributed_to="goldman"),
            ),
        ),
    ]  # fmt: skip


_ids = st.sampled_from(sorted(THINGS))
_confidence = st.floats(0, 1, allow_nan=False)
_times = st.sampled_from([None, "2025", "2025-03", "2025-03-18"])


@st.composite
def extractions(draw: st.DrawFn, number: int = 3) -> list[Extraction]:
    """Up to `number` documents of random claims and figures over `THINGS`, with quotes of any characters."""
    made = []
    alphabet = st.characters(exclude_categories=["Cs"])
    for n in range(draw(st.integers(1, number))):
        doc = document(f"d{n}", draw(st.text(alphabet, min_size=1, max_size=30)))
        spans = st.tuples(st.integers(0, len(doc.text) - 1), st.integers(1, len(doc.text))).filter(
            lambda s: s[0] < s[1]
        )
        evidences = spans.map(lambda s, doc=doc: evidence(doc, *s))
        claims = st.builds(
            Claim,
            _ids,
            st.sampled_from(PREDICATES),
            _ids,
            st.sampled_from(["affirmed", "negated"]),
            st.sampled_from(["fact", "forecast", "proposal"]),
            _confidence,
            st.lists(evidences, min_size=1, max_size=2).map(tuple),
            st.none() | _ids,
            st.none() | st.text(alphabet, min_size=1, max_size=4),
            _times,
            _times,
        )
        figures = st.builds(
            Observation,
            _ids,
            st.sampled_from(["升幅", "升幅", "收入"]),
            st.decimals(-(10**13), 10**13, allow_nan=False, places=3),
            st.sampled_from(["percent", "HKD"]),
            st.text(alphabet, min_size=1, max_size=5),
            evidences,
            start=_times,
            end=_times,
        )
        entities = tuple(THINGS[i] for i in sorted(draw(st.sets(_ids))))
        made.append(
            Extraction(
                doc,
                (article(doc),),
                entities,
                tuple(draw(st.lists(claims, max_size=4))),
                tuple(draw(st.lists(figures, max_size=3))),
            )
        )
    return made
