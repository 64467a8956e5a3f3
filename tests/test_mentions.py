from kg import lac, lexicon, mentions
from kg.model import Article, Mention, Piece, Span


def find(text: str) -> list[tuple[str, str, str]]:
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),))
    (path,) = lac.load().read([text])
    found = mentions.find(article, mentions.Context(lexicon.load(), lac.load().words(path)))
    assert all(text[m.span.start : m.span.end] == m.surface for m in found)
    return [(m.surface, m.cls, m.finder) for m in found]


def test_gazetteer_and_tagger_without_the_learned_reader() -> None:
    found = find("三星電子與SK海力士擴大產能，分析師賀明軒表示看好。")
    assert ("三星電子", "Company", "gazetteer") in found
    assert ("SK海力士", "Company", "gazetteer") in found
    assert ("賀明軒", "Person", "tagger") in found


def test_a_name_across_two_words_is_none() -> None:
    assert not any(surface == "中環" for surface, *_ in find("其中環比升幅最大。"))


def test_titles_in_brackets_are_policies() -> None:
    assert ("銀河數據保護條例", "Policy", "rules") in find("當局公布《銀河數據保護條例》草案。")


def test_the_surer_of_two_crossing_names_stays() -> None:
    long = Mention(Span(0, 4), "甲乙丙丁", "Company", "tagger", 0.6)
    crossing = Mention(Span(2, 6), "丙丁戊己", "Company", "gazetteer", 0.85)
    assert mentions.merge([long, crossing]) == [crossing]


def test_nested_names_of_the_learned_reader_stay() -> None:
    outer = Mention(Span(0, 6), "香港科技大學", "AcademicInstitution", "neural", 0.9)
    inner = Mention(Span(0, 2), "香港", "Place", "neural", 0.8)
    assert mentions.merge([inner, outer]) == [outer, inner]


def test_one_character_names_in_a_list() -> None:
    for text in ("工、農、中、建、交五大行公布業績。", "工农中建交五大行公布业绩。"):
        found = [(name, finder) for name, cls, finder in find(text) if cls == "Company" and len(name) == 1]
        assert [finder for _, finder in found] == ["known"] * 5
    places = [name for name, cls, finder in find("中、美、日三國磋商。") if finder == "known"]
    assert places == ["中", "美", "日"]
    assert not any(finder == "known" for *_, finder in find("工程與農業、中間商。"))
