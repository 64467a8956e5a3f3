from dataclasses import replace

import pytest
from graphs import THINGS, article, document, evidence, extractions, hand_made
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import graph, validate
from kg.duplicates import sketch
from kg.errors import QueryError
from kg.model import Claim, Credit, Entity, Extraction, Span, decode, encode
from kg.query import find
from kg.stats import counts

quick = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="module")
def known():
    return graph.assemble(hand_made(), copies={})


LONG = (
    "韓國的SK海力士生產高頻寬記憶體，並向英偉達供貨，今年的產能早已售罄，明年的訂單亦大致談妥，管理層對前景表示樂觀。"
)


def story(name, text):
    doc = document(name, text)
    own = Claim("sk-hynix", "supplies", "nvidia", confidence=0.5, evidence=(evidence(doc, 0, 9),))
    body = replace(article(doc), title="", body_start=0)
    body = replace(body, sketch=sketch(body))
    return Extraction(doc, (body,), (THINGS["sk-hynix"], THINGS["nvidia"]), (own,))


def test_syndicated_copies_are_found_and_count_once():
    copies = [story("d1", LONG), story("d2", "（本報訊）" + LONG)]
    known = graph.assemble(copies)
    assert known.claims[0].confidence == pytest.approx(0.5)
    linked = known.query("SELECT ?name ?first { ?a jl:sameStoryAs/dcterms:isPartOf/jl:name ?first ; "
                         "dcterms:isPartOf/jl:name ?name }")  # fmt: skip
    assert [(str(row["name"]), str(row["first"])) for row in linked] == [("d2.txt", "d1.txt")]
    assert [str(row["document"]) for row in known.query(find("same-story").text)] == ["d1.txt", "d2.txt"]
    assert counts(known)["stories"] == {"of one article": 0, "of several": 1}
    assert validate.rules(known.store) == []
    assert validate.shapes(known.rdf) == []
    other = "分析員到訪後說，海力士與英偉達的合約已續至後年，三星則仍在等候認證，差距短期內難以收窄，值得投資者留意。"
    assert graph.assemble([copies[0], story("d3", other)]).claims[0].confidence == pytest.approx(0.75)


def claim(known, *key):
    return next(c for c in known.claims if c.key == key)


@quick
@given(extractions(), st.randoms())
def test_same_bytes_in_any_order_and_with_repeats(made, random):
    shuffled = [*made, made[0]]
    random.shuffle(shuffled)
    assert graph.assemble(shuffled).turtle() == graph.assemble(made).turtle()


@quick
@given(extractions())
def test_adding_and_removing_a_document_leaves_no_trace(made):
    before = graph.assemble(made[:-1]).turtle()
    there = [decode(encode(e), Extraction) for e in made]
    assert graph.assemble([e for e in there if e.document.id != made[-1].document.id]).turtle() == before


def test_claims_of_two_documents_are_one_with_both_evidences(known):
    made = claim(known, "sk-hynix", "produces", "hbm", "affirmed", "fact")
    assert [e.document for e in made.evidence] == ["d1", "d2"]
    assert made.confidence == pytest.approx(1 - 0.2 * 0.5)
    assert made.sources == ("patterns",)


def test_a_denial_stands_beside_the_statement(known):
    assert claim(known, "sk-hynix", "produces", "hbm", "negated", "fact").evidence[0].document == "d2"


def test_copies_of_an_article_count_once():
    copies = {("d1", "a1"): ("d1", "a1"), ("d2", "a1"): ("d1", "a1")}
    made = claim(graph.assemble(hand_made(), copies=copies), "sk-hynix", "produces", "hbm", "affirmed", "fact")
    assert made.confidence == pytest.approx(0.8)
    assert len(made.evidence) == 2


def test_symmetric_claims_have_one_order(known):
    assert claim(known, "samsung", "competesWith", "sk-hynix", "affirmed", "fact")


def test_what_does_not_fit_is_set_aside_with_its_reason():
    doc = document("d1")
    said = (evidence(doc, 0, 5),)
    odd = (
        Claim("sk-hynix", "locatedIn", "hbm", evidence=said),
        Claim("sk-hynix", "produces", "nothing", evidence=said),
        Claim("hbm", "partOf", "hbm", evidence=said),
        Claim("sk-hynix", "produces", "hbm"),
    )
    known = graph.assemble([Extraction(doc, (), (THINGS["sk-hynix"], THINGS["hbm"]), odd)])
    assert not known.claims
    assert sorted(p.code for p in known.problems) == ["classes", "no-evidence", "self-claim", "unknown-entity"]


def thing(id_, cls, *names, **options):
    return Entity(id_, cls, (("zh-Hant", names[0]),), tuple(("zh-Hant", n) for n in names[1:]), **options)


def entities_of(*by_document):
    return graph.assemble(Extraction(document(f"d{n}"), (), made) for n, made in enumerate(by_document)).parts.entities


def test_a_stated_alias_joins_entities_of_two_documents():
    full, short = thing("x-1", "Company", "雲杉能源科技有限公司", "雲杉能源"), thing("x-2", "Company", "云杉能源")
    assert list(entities_of((full,), (short,))) == ["x-1"]
    assert list(entities_of((replace(full, id="spruce"),), (short,))) == ["spruce"]


@pytest.mark.parametrize(
    "by_document",
    [
        [(thing("x-1", "Person", "王小明", "小明"),), (thing("x-2", "Person", "小明"),)],
        [(thing("x-1", "Index", "恒生科技指數", "恒指"),), (thing("x-2", "Index", "恒指"),)],
        [(thing("x-1", "Company", "雲杉能源", "雲杉"), thing("x-2", "Company", "雲杉")), ()],
        [(thing("a", "Company", "長江實業", "長江"),), (thing("b", "Company", "長江"),)],
        [(thing("x-1", "Company", "甲乙", "雲杉"),), (thing("x-2", "Company", "丙丁", "雲杉"),)],
        [(thing("x-1", "Company", "大雲杉", "雲杉"),), (thing("x-2", "Company", "小雲杉", "雲杉"),),
         (thing("x-3", "Company", "雲杉"),)],
        [(thing("x-1", "Company", "雲杉能源", "雲杉"),), (thing("x-2", "Technology", "雲杉"),)],
        [(thing("x-1", "Company", "雲杉能源", "雲杉"),), (thing("x-2", "Company", "雲杉", certain=False),)],
    ],
)  # fmt: skip
def test_what_is_undecided_stays_apart(by_document):
    assert len(entities_of(*by_document)) == sum(map(len, by_document))


def test_entities_without_a_name_or_class_are_set_aside():
    odd = [replace(THINGS["hbm"], labels=(("en", " "),)), replace(THINGS["korea"], cls="Planet")]
    known = graph.assemble([Extraction(document("d1"), (), (*odd, thing("x-1", "Company", "雲杉能源", "")))])
    assert [e.id for e in known.entities] == ["x-1"]
    assert "altLabel" not in known.turtle()
    assert sorted(p.code for p in known.problems) == ["class", "no-name"]


def test_persons_are_one_by_name_and_organisation():
    bank, fund = THINGS["goldman"], THINGS["samsung"]
    made = []
    for n, employer in enumerate((bank, bank, fund)):
        doc, person = document(f"d{n}"), thing(f"x-{n}", "Person", "陳大文")
        works = Claim(person.id, "worksFor", employer.id, evidence=(evidence(doc, 0, 5),), role="分析員")
        made.append(Extraction(doc, (), (person, employer), (works,)))
    people = [e for e in graph.assemble(made).entities if e.cls == "Person"]
    assert [p.id for p in people] == ["x-0", "x-2"]
    assert graph.assemble(made).claims[0].roles == ("分析員",)


def test_who_is_only_known_by_a_post_stays_apart():
    bank = THINGS["goldman"]
    made = []
    for n in range(2):
        doc, person = document(f"d{n}"), thing(f"x-{n}", "Person", f"{bank.labels[0][1]}分析員")
        works = Claim(person.id, "worksFor", bank.id, evidence=(evidence(doc, 0, 5),), role="分析員")
        made.append(Extraction(doc, (), (person, bank), (works,)))
    assert [e.id for e in graph.assemble(made).entities if e.cls == "Person"] == ["x-0", "x-1"]


def test_entities_are_found_by_any_name(known):
    for name in ("英偉達", "英伟达", "輝達", "辉达", "NVIDIA", "nvidia", "ent:nvidia"):
        assert known.names.one(name).id == "nvidia", name
    assert known.names.one("000660.ks").id == "sk-hynix"
    with pytest.raises(QueryError, match="高盛"):
        known.names.one("高盛亞洲")


def test_an_author_becomes_a_person(known):
    ((part, writer),) = known.parts.credits["d1", "a1"]
    assert part == "creator"
    assert known.parts.entities[writer].cls == "Person"
    assert known.parts.credits["d2", "a1"] == (("creator", writer),)


def test_credits_stand_at_their_article():
    made = []
    for n in range(2):
        doc = document(f"d{n}")
        credits = (Credit("高盛", "Company", "publisher"), Credit("方可心", "Person", "contributor"))
        made.append(Extraction(doc, (replace(article(doc), authors=(), credits=credits),), (THINGS["goldman"],)))
    known = graph.assemble(made)
    (first, one), (second, other) = (dict(known.parts.credits[f"d{n}", "a1"]).values() for n in range(2))
    assert one == other == "goldman"
    assert first != second, "an editor known by a name alone is not one across documents"
    assert {known.parts.entities[editor].cls for editor in (first, second)} == {"Person"}
    parts = {p for _, p, who in known.triples if who in {f"ent:{first}", "ent:goldman"} and p.startswith("dcterms:")}
    assert parts == {"dcterms:contributor", "dcterms:publisher"}


def test_paths_lead_over_claims_with_their_sentences(known):
    best = known.paths("韓國", "NVIDIA")[0]
    assert [hop.claim.predicate for hop in best.hops] == ["locatedIn", "supplies"]
    assert all(hop.claim.evidence[0].quote for hop in best.hops)


def test_profile_and_figures(known):
    profile = known.entity("海力士")
    assert profile.entity.id == "sk-hynix"
    assert {c.predicate for c in profile.claims} == {"locatedIn", "produces", "supplies", "competesWith"}
    assert [str(o.value) for o in known.figures("SK hynix")] == ["1200000000000"]
    assert "SK海力士" in profile._repr_html_()
    assert "2 documents" in repr(known)


def test_the_graph_as_rdflib_and_networkx(known):
    assert len(known.rdf) == len(known.triples)
    assert known.nx.number_of_edges() == len(known.claims)
    assert known.nx.nodes["nvidia"]["name"] == "英偉達"


def test_a_graph_is_read_back_from_its_folder(tmp_path, known):
    folder = tmp_path / "extractions"
    folder.mkdir()
    for extraction in hand_made():
        (folder / f"{extraction.document.id}.json").write_bytes(encode(extraction))
    assert graph.load(tmp_path).turtle() == graph.assemble(hand_made()).turtle()
    assert Span(0, 3) == decode(encode(Span(0, 3)), Span)
