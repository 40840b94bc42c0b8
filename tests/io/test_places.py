"""Where a part of a line stands: the quick way finds what the thorough one does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from kipp.domain.fault import Origin
from kipp.io.json_stream import placed
from kipp.io.json_stream import record as read_record
from kipp.io.limits import LIMITS

texts = st.sampled_from(["a", "b", 'a":', "id", "\\", "é", " ", ""])
values = st.recursive(
    st.integers(0, 3) | texts | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
blanks = st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :")])


def parts(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    yield (*path, "missing")
    if isinstance(data, dict | list):
        steps: Any = data.items() if isinstance(data, dict) else enumerate(data)
        for step, part in steps:
            yield from parts(part, (*path, step))


@given(values, blanks, st.booleans())
@example({"b": {"a": 1}, "c": {}}, (",", ":"), False)
@example({"a": {"id": 1}, "id": "id"}, (", ", ": "), False)
def test_both_ways_find_one_place(data: Any, blank: tuple[str, str], ascii_only: bool) -> None:
    text = json.dumps(data, separators=blank, ensure_ascii=ascii_only).encode()
    origin = Origin(file="f", line=3, offset=100)

    record = read_record(text, origin, LIMITS)
    for path in parts(data):
        assert placed(text, origin, data, path) == placed(text, origin, None, path)
        assert record.place(path) == placed(text, origin, None, path)
