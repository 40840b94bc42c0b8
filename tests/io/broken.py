"""Records of every kind that is read, broken in one place or several."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from kipp.io import to_json
from tests.io.records import RECORDS

Path = tuple[str | int, ...]

JUNK = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        -1,
        17,
        18,
        7.0,
        2.5,
        float("nan"),
        2**53,
        "",
        " ",
        "x",
        "umum",
        "Umum ",
        "terpuji",
        "2021",
        "2021-01-01",
        "2021-02-30",
        "2021-05-01T10:00:00+07:00",
        "2021-05-01T10:00:00",
        "2021-05-01T10:00:00-00:00",
        "2021-05-01T24:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T00:00:00Z",
        "1/2",
        "2/4",
        "-0",
        "\ud800",
        [],
        {},
        [1],
        ["a"],
        [["a", 1]],
        [["a", 1], ["a", 2]],
        [[2019, "tidak wajar"], [2019, "tidak wajar"]],
        {"a": 1},
        {"first": "2021-01-02", "last": "2021-01-01"},
        {"year": 2019, "level": "terpuji", "group": "khusus"},
    ]
)


def plain(value: object) -> Any:
    """*value* as it stands in a file."""
    return json.loads(to_json(value))


def paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every part of *data*."""
    yield path
    if isinstance(data, dict):
        for key in data:
            yield from paths(data[key], (*path, key))
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from paths(item, (*path, index))


def part(data: Any, path: Path) -> Any:
    """What stands at *path*."""
    for step in path:
        data = data[step]
    return data


@st.composite
def broken(draw_: st.DrawFn, kind: type, most: int = 2) -> Any:
    """A record of *kind* changed in up to *most* places; often it is one no more."""
    data = plain(draw_(RECORDS[kind]))
    for _ in range(draw_(st.integers(0, most))):
        path = draw_(st.sampled_from([*paths(data)]))
        data = changed(draw_, data, path)
    return data


def changed(draw_: st.DrawFn, data: Any, path: Path) -> Any:
    junk = copy.deepcopy(draw_(JUNK))
    what = draw_(st.sampled_from(("replace", "remove", "add")))
    if what == "add":
        here = part(data, path)
        if isinstance(here, dict):
            here[draw_(st.sampled_from(("group", "number", "known", "unknown")))] = junk
        elif isinstance(here, list):
            here.append(junk)
        return data
    if not path:
        return junk if what == "replace" else data
    around = part(data, path[:-1])
    if what == "remove":
        del around[path[-1]]
    else:
        around[path[-1]] = junk
    return data
