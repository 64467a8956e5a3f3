import pyoxigraph as ox
import pytest
import rdflib
from graphs import extractions, hand_made
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import build, graph, rdf, resources, shapes, validate
from kg.errors import DataError, ReadError
from kg.settings import Settings
from kg.shapes import checking

BASE = Settings().base
RARE = (
    "jl:ticker",
    "jl:isoCountry",
    "jl:isoCurrency",
    "jl:mic",
    "jl:certain",
    "jl:listedOn",
    "jl:memberOf",
    "jl:issues",
)
NODES = ("ent:sk-hynix", "ent:hbm", "ent:korea", "ent:goldman", "ent:nowhere", "jl:Claim", "jl:Entity", "jl:produces")
LITERALS = (
    '""', '"affirmed"', '"fact"', '"percent"', '"億元"', '"00700.HK"', '"HKG"', '"HK"', '"XHKG"', '"a\\nb"',
    '"名"@zh-Hant', '"名"@zh-Hans', '"另一名"@zh-Hant', '"name"@en', '"nom"@fr', '"name"@en-GB',
    '"7"^^xsd:integer', '"-1"^^xsd:integer', '"9999"^^xsd:integer', '"0.5"^^xsd:decimal', '"1.5"^^xsd:decimal',
    '"7"^^xsd:decimal', '"true"^^xsd:boolean', '"2025"^^xsd:gYear', '"2025-03"^^xsd:gYearMonth',
    '"2025-03-18"^^xsd:date', '"2025-02-30"^^xsd:date', '"seven"^^xsd:integer', '"2025-03-18"',
)  # fmt: skip


def by_pyshacl(triples):
    data = rdflib.Graph().parse(data="".join(rdf.ntriples(triples, base=BASE)), format="nt")
    return {(f.rule, f.focus) for f in validate.shapes(data)}


def by_ours(triples):
    return {(_rule(b), _iri(b.focus)) for b in shapes.breaches(triples)}


def _rule(breach):
    return (breach.path or breach.shape.name).partition(":")[2]


def _iri(term):
    if term.startswith('"'):
        return str(rdflib.util.from_n3(term, nsm=_names()))
    prefix, _, name = term.partition(":")
    return rdf.prefixes(BASE)[prefix] + name


def _names():
    graph_ = rdflib.Graph()
    for prefix, namespace in rdf.prefixes(BASE).items():
        graph_.bind(prefix, namespace)
    return graph_.namespace_manager


@st.composite
def broken(draw):
    """A graph in which triples were taken away, added, or given another object."""
    made = draw(st.one_of(st.just(hand_made()[:1]), extractions(1)))
    found = sorted(graph.assemble(made).triples)
    predicates = sorted({p for _, p, _ in found} | set(RARE))
    subjects = sorted({s for s, _, _ in found if not s.startswith("<")})
    objects = st.sampled_from(NODES + LITERALS) | st.sampled_from(subjects)
    for kind in draw(st.lists(st.sampled_from(["drop", "add", "change"]), max_size=6)):
        n = draw(st.integers(0, len(found) - 1))
        if kind == "drop":
            del found[n]
        elif kind == "add":
            found.append((draw(st.sampled_from(subjects)), draw(st.sampled_from(predicates)), draw(objects)))
        else:
            found[n] = (*found[n][:2], draw(objects))
        found = [t for t in found if t[1] != "rdf:type" or not t[2].startswith('"')]
    return sorted(set(found))


@settings(max_examples=60, deadline=None)
@given(broken())
def test_pyshacl_finds_the_same(triples):
    assert by_ours(triples) == by_pyshacl(triples)


@pytest.mark.parametrize("predicate", ["locatedIn", "produces", "worksFor", "competesWith"])
def test_classes_at_the_ends_of_relations(predicate):
    known = graph.assemble(hand_made())
    for subject, object_ in (("ent:sk-hynix", "ent:korea"), ("ent:korea", "ent:hbm"), ("ent:hbm", "ent:sk-hynix")):
        triples = [*known.triples, (subject, f"jl:{predicate}", object_)]
        assert by_ours(triples) == by_pyshacl(triples)


def test_a_good_graph_has_no_breach_and_a_breach_tells_why():
    known = graph.assemble(hand_made())
    assert shapes.breaches(known.triples) == []
    (breach,) = shapes.breaches([*known.triples, ("ent:hbm", "skos:prefLabel", '"nom"@fr')])
    assert breach.reason.endswith('at most one in each of en, zh-Hans and zh-Hant (found "nom"@fr)')


def test_every_shape_of_the_file_is_read():
    path = resources.ontology() / "shapes.ttl"
    there = {q.subject.value for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
             if isinstance(q.object, ox.NamedNode) and q.object.value.endswith("shacl#NodeShape")}  # fmt: skip
    assert {_iri(s.name) for s in shapes.load()} == there


def test_what_is_not_known_is_refused(tmp_path, monkeypatch):
    text = (resources.ontology() / "shapes.ttl").read_text(encoding="utf-8")
    monkeypatch.setattr(resources, "ontology", lambda: tmp_path)
    for change in ("sh:closed true", "sh:nodeKind sh:Literal", "sh:datatype xsd:duration"):
        (tmp_path / "shapes.ttl").write_text(text.replace("sh:nodeKind sh:IRI ;", f"{change} ;", 1), encoding="utf-8")
        with pytest.raises(DataError, match="not known"):
            shapes.load.__wrapped__()
    (tmp_path / "shapes.ttl").write_text("no turtle", encoding="utf-8")
    with pytest.raises(DataError, match="restore"):
        shapes.load.__wrapped__()


@pytest.fixture
def stricter(tmp_path, monkeypatch):
    """Shapes that a user has made narrower, so that sound facts break them."""

    def use(old, new):
        text = (resources.ontology() / "shapes.ttl").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "shapes.ttl").write_text(text.replace(old, new), encoding="utf-8")
        monkeypatch.setattr(checking.resources, "ontology", lambda: tmp_path)
        shapes.load.cache_clear()

    graph.assemble(hand_made())
    yield use
    monkeypatch.undo()
    shapes.load.cache_clear()


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('sh:in ( "fact" "forecast" "proposal" )', 'sh:in ( "forecast" )', "claims"),
        ('sh:in ( "actual" "forecast" "target" )', 'sh:in ( "actual" )', "observations"),
        ("sh:path nif:endIndex ; sh:minCount 1", "sh:path nif:endIndex ; sh:maxInclusive 20 ; sh:minCount 1", "claims"),
        ("sh:targetObjectsOf jl:locatedIn ;\n    sh:class jl:Place", "sh:targetObjectsOf jl:locatedIn ;\n    sh:class jl:City", "claims"),  # noqa: E501
        ('sh:pattern "^[A-Z0-9-]+\\\\.[A-Z]+$"', 'sh:pattern "^[0-9]+\\\\.HK$"', "entities"),
        ("sh:path dcterms:title ; sh:maxCount 1 ] ,\n        [ sh:path dcterms:creator", "sh:path dcterms:title ; sh:maxCount 0 ] ,\n        [ sh:path dcterms:creator", "articles"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_does_not_fit_is_set_aside_with_its_reason(stricter, old, new, lost):
    first = hand_made()[0]
    stricter(old, new)
    sifted = shapes.sift(first)
    assert len(getattr(sifted, lost)) < len(getattr(first, lost))
    assert shapes.breaches(graph.assemble([sifted]).triples) == []
    assert {p.code for p in sifted.problems} == {"shape"}
    assert all("<" in p.reason and p.document == "d1.txt" for p in sifted.problems)
    assert shapes.sift(sifted) is sifted


def test_other_facts_stay(stricter):
    stricter(
        "sh:targetObjectsOf jl:locatedIn ;\n    sh:class jl:Place",
        "sh:targetObjectsOf jl:locatedIn ;\n    sh:class jl:City",
    )
    first = hand_made()[0]
    sifted = shapes.sift(first)
    assert sifted.entities == first.entities
    assert set(first.claims) - set(sifted.claims) == {c for c in first.claims if c.predicate == "locatedIn"}


def test_a_document_that_does_not_fit_is_refused(stricter):
    stricter("^[0-9a-f]{64}$", "^1{64}$")
    with pytest.raises(ReadError, match="sha256"):
        shapes.sift(hand_made()[0])


def test_a_build_sets_aside_what_does_not_fit(tmp_path, stricter):
    import shutil

    text = tmp_path / "story.txt"
    text.write_text("SK海力士生產HBM，供應英偉達。SK海力士位於韓國。" * 2, encoding="utf-8")
    plain = build([text], settings=Settings(extractors=("patterns",)))
    assert plain.claims
    shutil.copytree(resources.ontology(), tmp_path, dirs_exist_ok=True)
    stricter('sh:in ( "fact" "forecast" "proposal" )', 'sh:in ( "forecast" )')
    known = build([text], settings=Settings(extractors=("patterns",)))
    assert not known.claims
    assert {p.code for p in known.problems} >= {"shape"}
