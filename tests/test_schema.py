from kg import schema

LANGUAGES = {"en", "zh-Hans", "zh-Hant"}


def test_every_term_has_a_label_and_a_definition_in_three_languages():
    s = schema.load()
    assert len(s.relations) >= 33
    assert len(s.classes) >= 24
    for term in (*s.classes.values(), *s.relations.values()):
        assert set(term.labels) == LANGUAGES, term.name
        assert set(term.definitions) == LANGUAGES, term.name


def test_classes_form_one_tree():
    s = schema.load()
    assert all(s.is_a(name, "Entity") for name in s.classes)
    assert s.ancestors("City") == ("City", "Place", "Entity")
    assert not s.is_a("Company", "Place")


def test_relations_allow_their_classes_and_no_others():
    s = schema.load()
    assert s.allows("locatedIn", "Company", "City")
    assert not s.allows("locatedIn", "Company", "Product")
    assert s.allows("develops", "AcademicInstitution", "Technology")
    assert not s.allows("worksFor", "Company", "Company")
    assert not s.allows("unknown", "Company", "Company")
    assert {n for n, r in s.relations.items() if r.symmetric} == {"competesWith", "cooperatesWith", "comparableTo"}
