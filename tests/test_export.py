import csv
import io
import shutil
import subprocess

import jena
import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from graphs import extractions, hand_made
from hypothesis import HealthCheck, given, settings
from rdflib.compare import isomorphic

from kg import graph
from kg.errors import GraphError
from kg.export import EXPORTERS, export

RDF = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "jsonld": "json-ld", "rdfxml": "xml"}


@pytest.fixture(scope="module")
def known():
    return graph.assemble(hand_made())


def written(known, format, folder):
    return {path.name: path.read_bytes() for path in export(known, format, folder)}


@pytest.mark.parametrize("format", EXPORTERS)
def test_every_export_gives_the_same_bytes_each_time(known, format, tmp_path):
    again = graph.assemble(reversed(hand_made()))
    assert written(known, format, tmp_path / "a") == written(again, format, tmp_path / "b")
    assert written(graph.assemble([]), format, tmp_path / "c")


@pytest.mark.parametrize("format", RDF)
def test_rdf_is_read_back_by_rdflib_as_the_same_graph(known, format, tmp_path):
    (path,) = export(known, format, tmp_path)
    if format in ("nquads", "trig"):
        union = rdflib.Graph()
        for s, p, o, _ in rdflib.Dataset().parse(path, format=RDF[format]).quads():
            union.add((s, p, o))
    else:
        union = rdflib.Graph().parse(path, format=RDF[format])
    assert isomorphic(union, known.rdf)


@pytest.mark.parametrize("format", ["nquads", "trig"])
def test_documents_are_named_graphs(known, format, tmp_path):
    (path,) = export(known, format, tmp_path)
    quads = list(ox.parse(path=str(path)))
    named = {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}
    assert named == {"https://w3id.org/jinluo/doc/d1", "https://w3id.org/jinluo/doc/d2"}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=extractions())
def test_xml_holds_any_characters(made, tmp_path):
    known = graph.assemble(made)
    (path,) = export(known, "rdfxml", tmp_path)
    assert len(rdflib.Graph().parse(path, format="xml")) <= len(known.triples)
    assert nx.read_graphml(export(known, "graphml", tmp_path)[0]).number_of_nodes() == len(known.entities)
    assert nx.read_gexf(export(known, "gexf", tmp_path)[0]).number_of_nodes() == len(known.entities)


@pytest.mark.parametrize(("format", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networks_are_read_back_by_networkx(known, format, read, tmp_path):
    made = read(export(known, format, tmp_path)[0])
    assert made.number_of_edges() == len(known.claims)
    assert made.nodes["nvidia"]["name"] == "英偉達"
    assert {d["predicate"] for *_, d in made.edges(data=True)} == {c.predicate for c in known.claims}


def test_csv_tables_agree_with_the_graph(known, tmp_path):
    files = {p.stem: list(csv.DictReader(io.StringIO(p.read_text("utf-8")))) for p in export(known, "csv", tmp_path)}
    assert [r["id"] for r in files["entities"]] == [e.id for e in known.entities]
    assert [r["value"] for r in files["observations"]] == [str(o.value) for o in known.observations]
    quotes = {r["id"]: r["quote"] for r in files["evidence"]}
    assert all(quotes[id_] for r in files["claims"] for id_ in r["evidence"].split(";"))


def test_neo4j_files_have_its_headers(known, tmp_path):
    nodes, edges = (list(csv.reader(io.StringIO(p.read_text("utf-8")))) for p in export(known, "neo4j", tmp_path))
    assert nodes[0][0] == "id:ID"
    assert edges[0][:3] == [":START_ID", ":END_ID", ":TYPE"]
    assert {r[0] for r in nodes[1:]} >= {r[0] for r in edges[1:]} | {r[1] for r in edges[1:]}


def test_parquet_is_read_back(known, tmp_path):
    tables = {p.stem: pq.read_table(p) for p in export(known, "parquet", tmp_path)}
    assert tables["claims"].num_rows == len(known.claims)
    assert sorted(tables["observations"]["value"].to_pylist()) == [1.5, 1.2e12]


@pytest.mark.parametrize(("format", "name"), [("turtle", "turtle"), ("ntriples", "ntriples"), ("nquads", "nquads"),
                                              ("trig", "trig"), ("rdfxml", "rdfxml")])  # fmt: skip
@pytest.mark.skipif(not shutil.which("rapper"), reason="needs rapper (Debian: raptor2-utils)")
def test_rapper_reads_as_many_triples(known, format, name, tmp_path):
    (path,) = export(known, format, tmp_path)
    told = subprocess.run(["rapper", "-q", "-i", name, "-o", "ntriples", path], capture_output=True, check=True)
    assert len(set(told.stdout.splitlines())) == len(known.triples)


@pytest.mark.parametrize("format", RDF)
@pytest.mark.skipif(not jena.there(), reason=jena.MISSING)
def test_riot_reads_the_same_triples(known, format, tmp_path):
    (path,) = export(known, format, tmp_path)
    jena.riot("--validate", path=path)
    read, wanted = (
        {quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS)}
        for lines in (jena.riot("--output=nquads", path=path), known.ntriples())
    )
    assert read == wanted


@pytest.mark.skipif(not jena.there(), reason=jena.MISSING)
def test_riot_refuses_what_is_no_turtle(tmp_path):
    path = tmp_path / "bad.ttl"
    path.write_text("no turtle", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        jena.riot("--validate", path=path)


def test_an_unknown_format_is_refused(known, tmp_path):
    with pytest.raises(GraphError, match="turtle"):
        export(known, "docx", tmp_path)
