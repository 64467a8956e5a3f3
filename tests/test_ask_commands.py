"""The commands that ask a graph: query, show, path, stats, export, validate, verify, diff."""

from importlib import import_module

import pytest
from click.testing import CliRunner
from graphs import hand_made

from cli.table import table, width
from kg import graph, query, store
from kg.errors import QueryError
from kg.export import EXPORTERS
from kg.model import encode
from kg.names import of_store


def save(made, folder):
    (folder / "extractions").mkdir(parents=True)
    for extraction in made:
        (folder / "extractions" / f"{extraction.document.id}.json").write_bytes(encode(extraction))
    known = graph.assemble(made)
    (folder / "graph.ttl").write_text(known.turtle(), encoding="utf-8")
    (folder / "manifest.json").write_text('{"outputs": []}', encoding="utf-8")
    store.write(known.ntriples(), folder / "store")
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return save(hand_made(), tmp_path_factory.mktemp("graph") / "out")


def run(name, *arguments):
    result = CliRunner().invoke(import_module(f"cli.{name}").command, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_query_in_every_way(out, tmp_path):
    sparql = "SELECT ?n WHERE { ?s jl:produces ent:hbm ; rdfs:label ?n }"
    assert "SK海力士" in run("query", out, sparql).output
    file = tmp_path / "q.rq"
    file.write_text(sparql, encoding="utf-8")
    assert run("query", out, "--file", file, "-f", "csv").output == "n\nSK海力士\n"
    chain = run("query", out, "--name", "who-makes", "--with", "entity=高带宽内存").output
    assert "SK海力士" in chain
    assert "三星" in chain
    assert "ent:hbm" in run("query", out, "DESCRIBE ent:hbm").output
    assert run("query", out, "ASK { ent:hbm a jl:Technology }").output == "true\n"
    assert "value-chain" in run("query", "--list").output


@pytest.mark.parametrize(
    "arguments", [(), ("{out}",), ("{out}", "--name", "who-makes"), ("{out}", "ASK {}", "--with", "x")]
)
def test_wrong_use_is_told(out, arguments):
    result = run("query", *(a.replace("{out}", str(out)) for a in arguments))
    assert result.exit_code == 2
    assert "Error" in result.output


def test_unknown_names_are_told(out):
    with pytest.raises(QueryError, match="value-chain"):
        run("query", out, "--name", "nothing")
    with pytest.raises(QueryError, match="no entity"):
        run("show", out, "火星")


@pytest.mark.parametrize("name", query.named())
def test_the_whole_cookbook_runs(out, name):
    asked = query.find(name)
    assert asked.english
    assert asked.chinese
    values = {"first": "2025-01-01", "last": "2025-12-31", "word": "升"}
    opened = store.open_store(out)
    index = of_store(opened, base=graph.base_of(out))
    parameters = {p.name: values.get(p.name) or f"ent:{index.one('HBM').id}" for p in asked.parameters}
    answer = query.ask(opened, asked.text, base=graph.base_of(out), parameters=parameters)
    assert answer.columns
    known = {
        "who-makes",
        "value-chain",
        "conflicts",
        "index-moves",
        "forecasts-by-house",
        "who-supplies-whom",
        "sources",
    }
    assert answer or name not in known


def test_the_cookbook_is_large_enough():
    assert len(query.named()) >= 20


def test_show_path_stats(out):
    shown = run("show", out, "000660.KS").output
    assert "SK hynix" in shown
    assert "資本開支" in shown
    assert "韓國的SK海力士生產HBM" in run("path", out, "韩国", "NVIDIA").output
    assert "no way" in run("path", out, "韓國", "恒生指數").output
    assert "pagerank" in run("stats", out).output


@pytest.mark.parametrize("format", EXPORTERS)
def test_export(out, format, tmp_path):
    assert run("export", out, "-f", format, "-o", tmp_path).exit_code == 0
    assert list(tmp_path.iterdir())


def test_export_offers_what_there_is():
    assert tuple(EXPORTERS) == import_module("cli.export").FORMATS


def test_validate_and_verify(out, tmp_path):
    assert run("validate", out).exit_code == 0
    assert run("validate", out / "graph.ttl").exit_code == 0
    assert run("verify", out).exit_code == 0
    broken = save(hand_made(), tmp_path / "broken")
    (broken / "graph.ttl").write_text("", encoding="utf-8")
    assert run("verify", broken).exit_code == 1
    assert run("validate", tmp_path / "nothing").exit_code == 1


def test_diff(out, tmp_path):
    less = save(hand_made()[:1], tmp_path / "less")
    told = run("diff", less, out).output
    assert "+ SK海力士 produces 高頻寬記憶體 (negated)" in told
    assert told.splitlines()[-1].startswith("4 added, 0 removed")
    assert '"kind":"added"' in run("diff", less, out, "--json").output


def test_tables_are_as_wide_as_their_characters():
    lines = table(("a", "b"), [("韓國", 1), ("x\n\u202ey", 22)]).splitlines()
    assert len({width(line.rsplit(" ", 1)[0]) for line in lines[2:]}) == 1
    assert "\u202e" not in lines[3]
