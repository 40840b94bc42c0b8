"""A key that stands twice in an object is never lost, however the text is written."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from kipp.io.document import Repeated, parse

# Colons and quotes wherever they could be taken for those of a key.
TEXTS = st.text(st.sampled_from('ab:" \\,{}\t'), max_size=5)
BLANKS = st.sampled_from(["", " ", "\t", "\n", "\r\n"])
Written = tuple[str, Any]


def twice(pairs: list[tuple[str, Any]]) -> Any:
    """What an object of *pairs* is, by looking at every key."""
    keys = [key for key, _ in pairs]
    repeated = tuple(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
    return Repeated(repeated) if repeated else dict(pairs)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Written]) -> Written:
    """An object as text, blank space where it may stand, and what it is."""
    pairs = draw(st.lists(st.tuples(TEXTS, inner), max_size=4))
    parts = []
    for key, (text, _) in pairs:
        before, after = draw(BLANKS), draw(BLANKS)
        parts.append(f"{json.dumps(key)}{before}:{after}{text}")
    return "{" + ",".join(parts) + "}", twice([(key, value) for key, (_, value) in pairs])


LEAVES = st.one_of(TEXTS, st.integers(0, 9), st.none()).map(
    lambda value: (json.dumps(value), value)
)
LISTS = st.lists(LEAVES, max_size=3).map(
    lambda items: ("[" + ",".join(text for text, _ in items) + "]", [value for _, value in items])
)
DOCUMENTS = st.recursive(LEAVES | LISTS, objects, max_leaves=12)


@given(DOCUMENTS)
@example(('{"a" :1,"a":2}', Repeated(("a",))))
@example(('{"a":1,"a":2,"b":":x"}', Repeated(("a",))))
def test_never_lost(written: Written) -> None:
    """Short documents are read in another way than long ones."""
    text, expected = written

    assert parse(text) == expected
    assert parse(text + " " * 2**14) == expected
