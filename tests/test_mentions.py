from kg import lac, lexicon, mentions
from kg.mentions import authors
from kg.model import Article, Author, Mention, Piece, Span


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


def test_a_listed_name_within_one_that_the_reader_read_stays_when_it_is_safe() -> None:
    outer = Mention(Span(0, 8), "香港交易所上市規則", "Policy", "neural", 0.6)
    safe = Mention(Span(0, 5), "香港交易所", "Market", "gazetteer", 0.6, ("hkex",))
    assert mentions.merge([safe, outer]) == [outer, safe]
    weak = Mention(Span(0, 5), "香港交易所", "Market", "gazetteer", 0.2, ("hkex",))
    assert mentions.merge([weak, outer]) == [outer]


TOLD = "北岸經濟\n筆者認為，我國樓市回穩。他說：「我不同意，筆者也是。」我相信樓價會升。"


def authors_of(text: str, *people: Author) -> tuple[list[Mention], list[Author]]:
    article = Article("a1", "d1", "", text, (Piece(0, 0, len(text)),), people)
    return authors.find(article), authors.with_opinion(article)


def test_an_author_is_who_the_text_calls_so_outside_quotations() -> None:
    found, speaking = authors_of(TOLD, Author("陳大文"))
    assert [(m.surface, TOLD[m.span.start : m.span.end]) for m in found] == [
        ("陳大文", ""), ("陳大文", "筆者"), ("陳大文", "我"),
    ]  # fmt: skip
    assert [a.name for a in speaking] == ["陳大文"]
    both = [m for m in authors_of(TOLD, Author("陳大文"), Author("李小明"))[0] if len(m.span)]
    assert both == []


def test_a_post_gives_an_opinion_but_none_of_the_press() -> None:
    plain = "北岸經濟\n樓市回穩。"
    chair = Author("", role="主席", organization="北岸商會")
    found, speaking = authors_of(plain, chair)
    assert [(m.surface, m.cls) for m in found] == [("北岸商會主席", "Person"), ("北岸商會", "Company")]
    assert speaking == [chair]
    assert authors_of(plain, Author("陳大文", role="財經記者"))[1] == []
    assert authors_of(plain, Author("陳大文"))[1] == []
