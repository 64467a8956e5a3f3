from pathlib import Path

import pytest

from kg import gazetteer, lexicon, resources
from kg.errors import DataError
from kg.text import fold

HEADER = "\t".join(lexicon.COLUMNS)


def ids(text: str) -> list[tuple[str, str]]:
    folded = fold(text)
    return [(text[m.start : m.end], m.ids[0]) for m in lexicon.load().scan(folded)]


@pytest.mark.parametrize("name", ["英偉達", "英伟达", "輝達", "NVIDIA", "Nvidia"])
def test_one_company_whatever_the_script_or_language(name: str) -> None:
    assert lexicon.load().lookup(name)[0] == ("nvidia",)


def test_two_indices_are_never_one() -> None:
    assert [i for _, i in ids("恒生指數與恒生科技指數")] == ["hang-seng-index", "hang-seng-tech-index"]


def test_latin_names_are_whole_words() -> None:
    assert ("AI", "artificial-intelligence") not in ids("MAIN street")
    assert ids("AI熱潮")[0][0].startswith("AI")


def test_the_built_in_lists_have_no_clash() -> None:
    assert gazetteer.check(sorted((resources.seeds() / "gazetteer").glob("*.tsv"))) == []


def test_the_gazetteer_is_as_large_as_promised() -> None:
    counts: dict[str, int] = {}
    for entry in lexicon.load().entries.values():
        counts[entry.cls] = counts.get(entry.cls, 0) + 1
    assert counts["Company"] >= 1500
    assert counts["Index"] >= 120
    assert counts["GovernmentBody"] + counts["Association"] + counts["Market"] >= 150


def test_a_file_with_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Company-mine.tsv"
    path.write_text(f"{HEADER}\nacme\t甲\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"Company-mine\.tsv:2"):
        lexicon.read_file(path)


def test_a_users_csv_becomes_a_list_that_is_found(tmp_path: Path) -> None:
    source = tmp_path / "mine.csv"
    source.write_text("name,class,en,aliases,ticker\n玄海重工,Company,Genkai Heavy,玄海,9999.T\n", encoding="utf-8-sig")
    written = gazetteer.write(gazetteer.convert(source), tmp_path / "gazetteer", "mine")
    found = lexicon.load(tuple(written))
    assert found.lookup("玄海")[0] == found.lookup("Genkai Heavy")[0] == ("genkai-heavy",)
    assert dict(found.entries["genkai-heavy"].identifiers) == {"ticker": "9999.T"}


def test_a_csv_with_an_unknown_class_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "mine.csv"
    source.write_text("name,class\n甲,Firm\n", encoding="utf-8")
    with pytest.raises(DataError, match="class Firm"):
        gazetteer.convert(source)


def test_clashes_between_lists_are_found(tmp_path: Path) -> None:
    path = tmp_path / "Company-mine.tsv"
    path.write_text(f"{HEADER}\nother\t英伟达\t英偉達\tOther\t\t\t\tuser\n", encoding="utf-8")
    every = [*sorted((resources.seeds() / "gazetteer").glob("*.tsv")), path]
    assert any("英伟达" in line for line in gazetteer.check(every))
