"""Corrections to names, from the file to the graph."""

from pathlib import Path

from kg.building import run
from kg.settings import Settings

FILE = """
[[alias]]
name = "英偉達"
alias = "綠廠"
[[merge]]
name = "曙嵐科"
into = "高盛"
[[split]]
name = "港交所"
class = "Market"
[[rename]]
name = "騰訊"
to = "騰訊公司"
[[retype]]
name = "美聯儲"
class = "Company"
[[reject]]
name = "三星電子"
[[alias]]
name = "無此公司"
alias = "沒有"
"""
TEXT = "綠廠與騰訊合作。曙嵐科與港交所簽署協議，美聯儲加息，三星電子上升。"


def test_corrections_reach_the_graph_and_hold_in_the_next_build(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "overrides.toml").write_text(FILE, encoding="utf-8")
    for _ in range(2):
        outcome = run([tmp_path / "in"], out, settings=Settings(extractors=("patterns",)), workers=1)
        assert outcome.graph is not None
        entities = {e.id: e for e in outcome.graph.entities}
        assert {"nvidia", "goldman-sachs", "tencent", "fed"} <= entities.keys()
        assert not {"hkex", "samsung-electronics", "samsung"} & entities.keys()
        assert dict(entities["tencent"].labels)["zh-Hant"] == "騰訊公司"
        assert entities["fed"].cls == "Company"
        assert [e.cls for e in entities.values() if e.id.startswith("u-")] == ["Market"]
        assert [(p.code, p.fatal) for p in outcome.problems] == [("correction-unused", False)]
    assert "correction-unused" in (out / "problems.jsonl").read_text(encoding="utf-8")
