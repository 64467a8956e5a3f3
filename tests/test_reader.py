"""The learned reader at run time: windows, names, relations; the joint confidence."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import lac, lexicon, pipeline, reader, resources
from kg.encoder import windows
from kg.errors import DataError
from kg.linking import chances
from kg.model import Document
from kg.observations import chooser
from kg.relations import confidence
from kg.settings import Settings
from kg.text import simplify

TEXT = "高盛表示，韓國SK海力士向英偉達供應HBM。三星電子在首爾擴建工廠，預計明年量產。"


def document(text: str) -> Document:
    return Document("d1", "page.txt", text, "0" * 64)


@given(st.text(alphabet="甲乙。\n，丙", max_size=300), st.integers(10, 60))
def test_windows_hold_every_character_of_every_sentence(text: str, size: int) -> None:
    spans = windows(text, size)
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(len(s) <= size for s in spans)
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_the_reader_reads_a_text_alike_whatever_stands_beside_it() -> None:
    model, known = reader.load(), lexicon.load()
    texts = [TEXT, TEXT[:20]]
    tagged = lac.load().read(texts)
    together = model.read(texts, tagged, known)
    alone = model.read(texts[1:], tagged[1:], known)
    assert together[1][0].span == alone[0][0].span
    assert np.array_equal(together[1][0].by_class, alone[0][0].by_class)


def test_every_claim_is_quoted_where_it_stands() -> None:
    found = pipeline.extract(document(TEXT), Settings(threshold=0.0))
    assert found.claims
    for claim in found.claims:
        for proof in claim.evidence:
            assert TEXT[proof.span.start : proof.span.end] == proof.quote


def test_scripts_give_the_same_claims() -> None:
    def facts(text: str) -> set[tuple[str, str, str, float]]:
        made = pipeline.extract(document(text), Settings())
        return {(c.subject, c.predicate, c.object, c.confidence) for c in made.claims}

    assert facts(TEXT) == facts(simplify(TEXT))


def test_a_higher_threshold_leaves_out_the_less_sure() -> None:
    every = pipeline.extract(document(TEXT), Settings(threshold=0.0)).claims
    sure = pipeline.extract(document(TEXT), Settings(threshold=0.3)).claims
    assert len(sure) < len(every)
    assert all(c.confidence >= 0.3 for c in sure)


def test_a_folder_without_a_model_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match="holds no model"):
        reader.load(tmp_path)


def test_a_damaged_model_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("reader.onnx", "reader.json", "confidence.json", "entities.json", "figure-subject.json"):
        (tmp_path / name).write_text("{", encoding="utf-8")
    loads = (reader.load, chances.load, partial(chooser.load, "figure-subject"), partial(confidence.load, ("neural",)))
    for load in loads:
        with pytest.raises(DataError, match="train it again"):
            load(folder=tmp_path)


@pytest.mark.parametrize("name", ["reader.onnx", "reader.second.onnx"])
@pytest.mark.parametrize("harm", ["gone", "cut", "another"])
def test_a_damaged_network_is_named(tmp_path, name: str, harm: str) -> None:  # type: ignore[no-untyped-def]
    models = resources.seeds() / "models"
    for path in models.glob("reader.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    own = tmp_path / name
    if harm == "gone":
        own.unlink()
    else:
        own.write_bytes(own.read_bytes()[:5000] if harm == "cut" else (models / "lac.onnx").read_bytes())
    with pytest.raises(DataError, match="holds no model" if (name, harm) == ("reader.onnx", "gone") else name):
        reader.load(tmp_path)


FACT = ("x-one", "supplies", "x-two")


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_surer_reading_never_lowers_the_confidence(one: float, two: float) -> None:
    joint = confidence.load(("neural", "patterns"))
    low, high = sorted((one, two))
    for name in ("neural", "patterns"):
        assert joint.confidence(FACT, {name: low}) <= joint.confidence(FACT, {name: high})
    both = [joint.confidence(FACT, {"neural": high, "patterns": x}) for x in (low, high)]
    assert both[0] <= both[1]
