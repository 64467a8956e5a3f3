"""Laws of the whole flow, over documents composed at random from sentences."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from kg import Extraction, Settings, assemble, extract
from kg.model import decode, encode
from kg.offsets import unbroken
from kg.read import read_bytes

PATTERNS = Settings(extractors=("patterns",))
SENTENCES = (
    "韓國的SK海力士生產HBM，並供應英偉達。",
    "高盛表示，英偉達依賴台積電的先進製程。",
    "恒生指數昨日上升1.5%，報23,477點。",
    "香港是離岸人民幣業務樞紐，金管局推出了新措施。",
    "三星與美光展開競爭，但三星並未收購任何公司。",
    "今年首季，香港私人住宅成交約1.2萬宗，按年升兩成。",
    "記者從會場獲悉，天氣晴朗。",
    "\n",
)
documents = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("".join).filter(str.strip)
SIMPLIFIED = OpenCC("hk2s")
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def extraction(text: str, name: str = "2025-03-18.txt") -> Extraction:
    (document,) = read_bytes(name, text.encode(), PATTERNS)
    return extract(document, PATTERNS)


@few
@given(documents)
def test_every_evidence_is_in_its_document_at_its_offsets(text: str) -> None:
    found = extraction(text)
    said = [e for c in found.claims for e in c.evidence] + [o.evidence for o in found.observations]
    for evidence in said:
        span = evidence.span
        assert unbroken(found.document.text[span.start : span.end]) == evidence.quote


@few
@given(documents)
def test_both_scripts_give_one_graph(text: str) -> None:
    one, other = (assemble([extraction(t)]) for t in (text, SIMPLIFIED.convert(text)))
    assert {c.key for c in one.claims} == {c.key for c in other.claims}
    assert [(o.about, o.value, o.unit, o.start, o.end) for o in one.observations] == [
        (o.about, o.value, o.unit, o.start, o.end) for o in other.observations
    ]
    assert {e.id for e in one.entities if not e.id.startswith("x-")} == {
        e.id for e in other.entities if not e.id.startswith("x-")
    }


@few
@given(st.lists(documents, min_size=2, max_size=4, unique=True), st.randoms())
def test_order_is_nothing_and_what_is_taken_away_was_never_there(texts: list[str], chance: object) -> None:
    found = [extraction(t, f"{n}.txt") for n, t in enumerate(texts)]
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assemble(shuffled).turtle() == assemble(found).turtle()
    assert assemble(shuffled[:-1]).turtle() == assemble([e for e in found if e is not shuffled[-1]]).turtle()


@few
@given(documents)
def test_an_extraction_crosses_files_and_processes_whole(text: str) -> None:
    found = extraction(text)
    assert decode(encode(found), Extraction) == found
    assert extraction(text) == found


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_no_finance_no_failure(name: str) -> None:
    text = (Path(__file__).parents[1] / name).read_text(encoding="utf-8")
    assert extraction(text).document.text
