"""Relations by patterns: constructions, direction, coordination, references, both scripts, the data's form."""

import tomllib
from pathlib import Path

import pytest
from opencc import OpenCC
from passages import passage

from kg import resources
from kg.errors import DataError
from kg.relations import constructions, manner, patterns, reference, scene
from kg.relations.coordination import Name
from kg.schema import load as load_schema
from kg.text import fold

FILE = Path(__file__).parent / "cases/relations/constructions.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
SIMPLIFIED = OpenCC("hk2s")


def read(text: str, names: dict[str, list[str]]) -> dict[str, object]:
    return {f"{r.subject} {r.predicate} {r.object}": r for r in patterns.extract(passage(text, names))}


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:8] for c in CASES])
def test_cases(case):
    found = read(case["text"], case["names"])
    assert set(case["expected"]) <= set(found)
    assert not set(case.get("forbidden", ())) & set(found)


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:8] for c in CASES])
def test_both_scripts_give_the_same(case):
    convert = SIMPLIFIED.convert
    names = {cls: [convert(f) for f in forms] for cls, forms in case["names"].items()}
    simple, original = read(convert(case["text"]), names), read(case["text"], case["names"])
    assert set(simple) == {convert(key) for key in original}
    assert {r.confidence for r in simple.values()} == {r.confidence for r in original.values()}


def negatives() -> list[tuple[str, dict[str, str]]]:
    files = sorted((resources.seeds() / "relations").glob("*.toml"))
    return [(f.stem, n) for f in files for n in tomllib.loads(f.read_text(encoding="utf-8")).get("negative", ())]


@pytest.mark.parametrize(("predicate", "negative"), negatives(), ids=[p for p, _ in negatives()])
def test_negative_examples_are_not_read(predicate, negative):
    ends = [negative[end].split("/") for end in ("subject", "object")]
    names: dict[str, list[str]] = {}
    for form, cls in ends:
        names.setdefault(cls, []).append(form)
    relation = read(negative["text"], names).get(f"{ends[0][0]} {predicate} {ends[1][0]}")
    assert relation is None or relation.confidence < 0.3


def test_every_relation_names_its_pattern_and_stands_in_the_text():
    for case in CASES:
        for relation in read(case["text"], case["names"]).values():
            _, predicate, rest = relation.source.split(".")
            assert predicate == relation.predicate
            assert rest.rsplit("-", 1)[1].isdigit()
            assert 0 < relation.confidence < 1
            assert case["text"][relation.span.start : relation.span.end].strip()


def test_every_relation_of_the_vocabulary_has_its_file():
    rules = constructions.load()
    assert {predicate for predicate, *_ in rules.factors} == set(load_schema().relations)


def test_respective_lists_are_not_crossed():
    names = {"Company": ["甲米科技", "乙禾科技"], "Product": ["紅晶片", "藍晶片"]}
    found = read("甲米科技及乙禾科技分別生產紅晶片及藍晶片。", names)
    assert "甲米科技 produces 藍晶片" not in found
    assert "乙禾科技 produces 紅晶片" not in found


def test_references_mean_the_nearest_fitting_name():
    text = fold("甲米科技上升。該公司看好乙城。上市公司受惠。公司亦然。")
    names = [Name(0, 4, "a", "Company"), Name(12, 14, "b", "City")]
    found = [(text[n.start : n.end], n.entity) for n in reference.resolve(text, names)]
    assert found == [("该公司", "a"), ("公司", "a")]


def test_subjects_are_carried_to_clauses_without_one():
    text = fold("甲米科技上升，將收購乙禾科技。")
    names = [Name(0, 4, "a", "Company"), Name(10, 14, "b", "Company")]
    view = scene.build(text, names, frozenset(), {}, ())
    slots = scene.slots(view, text.index("收"), text.index("收") + 2)
    assert slots["C1", ""][0].names[0].entity == "a"
    assert slots["R1-", ""][0].names[0].entity == "b"


def test_manner():
    text = fold("甲有望不收購乙")
    how = manner.read(text, 0, 4, 6)
    assert (how.negated, how.forecast, how.proposal) == (True, True, False)


def test_a_frame_that_is_none_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "relations"
    folder.mkdir()
    wrong = '[patterns.verb.triggers]\n"x" = 1.0\n[patterns.verb.frames]\n"S before O" = 0.5\n'
    (folder / "supports.toml").write_text(wrong)
    monkeypatch.setattr(constructions.resources, "seeds", lambda: tmp_path)
    with pytest.raises(DataError, match=r"supports\.toml: verb: S before O"):
        constructions.load.__wrapped__()
