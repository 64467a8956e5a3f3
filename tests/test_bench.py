"""The generator of documents, and that the benchmark runs. No time is asserted."""

from pathlib import Path

from kg import bench


def test_documents_are_always_the_same_and_differ() -> None:
    made = list(bench.texts(6))
    assert made == [*bench.texts(3), *bench.texts(3, first=3)]
    assert len(set(made)) == 6


def test_the_report(tmp_path: Path) -> None:
    lines = list(bench.report(tmp_path, [10]))
    assert any("characters a second with two workers" in line for line in lines)
    assert any("jieba.posseg alone" in line for line in lines)
