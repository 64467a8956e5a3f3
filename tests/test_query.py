import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from graphs import hand_made

from kg import graph, query, store
from kg.errors import GraphError, QueryError


@pytest.fixture(scope="module")
def known():
    return graph.assemble(hand_made())


MAKERS = "SELECT ?name WHERE { ?s jl:produces ent:hbm ; skos:prefLabel ?name . FILTER(lang(?name) = 'en') }"


def test_prefixes_need_no_declaration(known):
    assert known.query(MAKERS).rows == [("SK hynix",)]
    assert known.query("PREFIX ent: <https://other.org/> " + MAKERS).rows == []
    assert bool(known.query("ASK { ent:sk-hynix a jl:Organization }"))


def test_the_vocabulary_is_there_too(known):
    found = known.query("SELECT ?p WHERE { ent:sk-hynix ?p ?o . ?p rdfs:subPropertyOf jl:related } ORDER BY ?p")
    assert [r["p"] for r in found] == ["jl:competesWith", "jl:locatedIn", "jl:produces", "jl:supplies"]


def test_parameters(known):
    sparql = "SELECT ?s WHERE { ?s jl:produces ?entity }"
    assert known.query(sparql, entity="ent:hbm").rows == [("ent:sk-hynix",)]
    assert known.query(sparql, entity="hbm").rows == []


def test_answers_in_every_format(known):
    sparql = "SELECT ?o ?v ?n WHERE { ?o jl:value ?v . OPTIONAL { ?o jl:nothing ?n } } ORDER BY ?v"
    answer = known.query(sparql)
    assert [row[1] for row in answer.rows] == [1.5, 1200000000000]
    assert [r["v"] for r in csv.DictReader(io.StringIO(answer.write("csv")))] == ["1.5", "1200000000000"]
    assert "\t1.5\t" in answer.write("tsv")
    bindings = json.loads(answer.write("json"))["results"]["bindings"]
    assert bindings[0]["v"]["datatype"].endswith("decimal")
    assert "n" not in bindings[0]
    assert len(ET.fromstring(answer.write("xml")).findall(".//{*}result")) == 2
    built = known.query("CONSTRUCT { ?s jl:makes ?o } WHERE { ?s jl:produces ?o }")
    assert "ent:sk-hynix jl:makes ent:hbm" in built.write("turtle")
    with pytest.raises(QueryError, match="turtle"):
        built.write("csv")


def test_cells_are_no_formulas(known):
    assert "'=1+1" in known.query("SELECT ('=1+1' AS ?x) (-3 AS ?y) {}").write("csv")
    assert "\n'=1+1,-3" in known.query("SELECT ('=1+1' AS ?x) (-3 AS ?y) {}").write("csv")


@pytest.mark.parametrize(
    "sparql", ["SELECT", "SELECT * { SERVICE <http://x> { ?s ?p ?o } }", "INSERT DATA {}", "SELECT * { a:b a ?x }"]
)
def test_what_cannot_be_answered(known, sparql):
    with pytest.raises(QueryError):
        known.query(sparql)


def test_the_word_service_may_be_asked_about(known):
    sparql = '# SERVICE\nSELECT ?service { ?service skos:altLabel \'SERVICE <x>\'@en, """a " SERVICE""" }'
    assert known.query(sparql).rows == []


def test_a_store_on_disk_answers_as_the_one_in_memory(known, tmp_path):
    store.write(known.ntriples(), tmp_path / "store")
    store.write(known.ntriples(), tmp_path / "store")
    opened = store.open_store(tmp_path)
    assert query.ask(opened, MAKERS, base=known.base).rows == known.query(MAKERS).rows
    assert [p.name for p in tmp_path.iterdir()] == ["store"]
    with pytest.raises(GraphError, match="kg build"):
        store.open_store(tmp_path / "nothing")


def test_answers_are_tables_in_notebooks():
    known = graph.assemble(hand_made())
    rows = known.query("SELECT ?n ?x WHERE { ent:hbm rdfs:label ?n }")
    assert rows._repr_html_() == "<table><tr><th>n</th><th>x</th></tr><tr><td>高頻寬記憶體</td><td></td></tr></table>"
    assert "… 60 rows" in known.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 60")._repr_html_()
    assert known.query("ASK { ent:hbm a jl:Technology }")._repr_html_() == "<p>true</p>"
    assert "ent:hbm" in known.query("DESCRIBE ent:hbm")._repr_html_()
    assert "&lt;b&gt;" in known.query('SELECT ("<b>" AS ?n) WHERE {}')._repr_html_()
