"""The lexer that keeps queries small and at home, and the choice of media types."""

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.serve.negotiate import choose
from kg.sparql import check, graphs

OWN = {"ent": "https://w3id.org/jinluo/entity/"}
CALLS = (
    "SERVICE <http://a/> {}", "service<http://a/>{}", "SERVICESILENT<http://a/>{}", "?s ?p trueSERVICE <http://a/> {}",
    "?s ?p 1SERVICE <http://a/> {}", "?s ?p 1e5SERVICE <http://a/> {}", "SERVICEex:a {}", "SERVICE:a {}",
    "?s ?p ex:a\\' } SERVICE <http://a/> {} { ?s ?p ex:a\\'", "?s ?p ex:a\\# . SERVICE <http://a/> {}",
    "?s ?p ex:.SERVICE <http://a/> {}", "# comment\nSERVICE <http://a/> {}", "?s ?p 'x'@en SERVICE <http://a/> {}",
    "FILTER(?a<1)SERVICE<http://a/>{}", "?s ?p '''x' ''' SERVICE <http://a/> {}",
    "?s ?p \"\"\"x\\\"\"\"\" SERVICE <http://a/> {}",
)  # fmt: skip
STAY = (
    "# SERVICE <http://a/> {}", "?s ?p 'SERVICE <http://a/> {}'", '?s ?p """\nSERVICE "<http://a/>" {}"""',
    "?SERVICE ?p ?o", "$service ?p ?o", "<http://a/SERVICE> ?p ?o", "ex:SERVICE ?p ?o", "?s ?p 'x'@SERVICE",
    "_:SERVICE ?p ?o", "?s ?p 'it\\'s SERVICE'", "?s ?p ex:a\\'SERVICE",
)  # fmt: skip
PARTS = (
    "SERVICE", "SILENT", "true", "1", "'", '"', "'''", "ex:a", "ex:", "\\'", "<", ">", "#", "\n",
    " ", ".", "?v", "@en", "_:b", "{", "}", "(", ")", "a-", "é", "·",
)  # fmt: skip


@pytest.mark.parametrize("pattern", CALLS)
def test_calls_are_found(pattern):
    with pytest.raises(QueryError):
        check(f"PREFIX ex: <http://ex/> PREFIX : <http://ex/> SELECT * {{ {pattern} }}")


@pytest.mark.parametrize("pattern", STAY)
def test_the_word_alone_is_no_call(pattern):
    query = f"PREFIX ex: <http://ex/> SELECT * {{ {pattern}\n}}"
    check(query)
    list(ox.Store().query(query))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_what_passes_calls_nobody(parts):
    """Port 9 of this machine takes no calls: Oxigraph tells of one that it tries."""
    query = f"PREFIX ex: <http://127.0.0.1:9/> SELECT * {{ {''.join(parts)} SERVICE <http://127.0.0.1:9/> {{}} }}"
    try:
        check(query)
    except QueryError:
        return
    try:
        list(ox.Store().query(query))
    except (SyntaxError, ValueError):
        pass
    except (OSError, RuntimeError) as error:
        raise AssertionError(f"{query!r} called out: {error}") from error


@pytest.mark.parametrize("deep", ["{" * 101, "(" * 101, "!" * 101, "{[(" * 40])
def test_depth(deep):
    with pytest.raises(QueryError, match="deeper"):
        check(deep)
    check("{}" * 3000)


@pytest.mark.parametrize("hostile", ["a." * 50_000, "a-" * 50_000, '"""\\"' * 20_000, "'\\" * 50_000, "ex:a%" * 20_000])
def test_length_costs_no_more_than_length(hostile):
    with suppress(QueryError):
        check(hostile)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("ASK FROM <http://a/> FROM NAMED ent:x {}", ["http://a/", OWN["ent"] + "x"]),
        ("PREFIX p: <http://p/> ASK FROM p:a {}", ["http://p/a"]),
        ("BASE <http://b/c/> PREFIX p: <d#> ASK FROM <e> FROM p:f {}", ["http://b/c/e", "http://b/c/d#f"]),
        ("ASK { ?s ?p 'FROM <http://a/>' } # FROM <http://b/>", []),
    ],
)
def test_graphs_of_the_dataset(query, named):
    assert graphs(query, OWN) == named


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "a/x"), ("", "a/x"), ("*/*", "a/x"), ("b/z", "b/z"), ("a/x;q=0.1, b/z;q=0.2", "b/z"),
        ("a/*;q=0.5,a/y", "a/y"), ("*/*;q=0.1, a/x;q=0", "a/y"), ("c/c", None), ("a/x;q=0", None),
        ("a/x;q=hello, b/z;q=0.1", "b/z"), ("A/Y", "a/y"),
        ("a/x;charset=utf-8;q=0.3, a/y;q=0.4", "a/y"), (",;/,", None), ("a/x;q=nan", None),
    ],
)  # fmt: skip
def test_choice_by_weight(accept, chosen):
    assert choose(accept, ["a/x", "a/y", "b/z"]) == chosen
