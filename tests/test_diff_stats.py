import pytest
from graphs import hand_made

from kg import graph
from kg.diff import diff
from kg.stats import counts, standings


def test_diff_tells_what_was_added_removed_and_changed():
    both, first = graph.assemble(hand_made()), graph.assemble(hand_made()[:1])
    changes = diff(first, both)
    told = {(c.kind, c.text) for c in changes}
    changed = next(c for c in changes if c.kind == "changed" and c.text == "SK海力士 produces 高頻寬記憶體")
    assert changed.what == ("confidence 0.8 → 0.9", "evidence +1")
    assert changed.quote == changed.after.evidence[1].quote
    assert next(c for c in changes if c.text == "SK海力士 (Company)").what == ("mentions 3 → 6",)
    assert ("added", "三星 competesWith SK海力士") in told
    assert ("added", "SK海力士 produces 高頻寬記憶體 (negated)") in told
    assert ("changed", "SK海力士 produces 高頻寬記憶體") in told
    assert ("removed", "三星 dominates 高頻寬記憶體 (forecast)") in {(c.kind, c.text) for c in diff(both, first)}
    assert diff(both, graph.assemble(reversed(hand_made()))) == []


def test_stats_count_and_rank():
    known = graph.assemble(hand_made())
    assert counts(known)["claims"]["produces"] == 2
    ranked = standings(known)
    assert ranked[0].id == "sk-hynix"
    assert sum(s.pagerank for s in ranked) == pytest.approx(1, abs=1e-4)
    assert standings(graph.assemble([])) == []
