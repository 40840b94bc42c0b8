"""JSON as a stream: every record with its place, hostile texts as faults, memory bounded."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.fault import Fault
from kipp.domain.proposal import Proposal
from kipp.io import json_stream
from kipp.io.files import read_raw
from kipp.io.limits import LIMITS, Limits
from kipp.io.raw import Raw
from kipp.messages import LANGUAGES, tell

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", " \n", "\n\t\r\n"])
sizes = st.integers(1, 40)


def read(text: bytes, form: str = "ndjson", limits: Limits = LIMITS) -> list[Raw]:
    return list(read_raw(io.BytesIO(text), Proposal, format=form, file="f", limits=limits))


@pytest.fixture(params=[1, 2, 3, 7, 64 * 1024])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", request.param)


def faults(records: list[Raw]) -> list[Fault]:
    return [fault for each in records for fault in each.faults]


def told(records: list[Raw]) -> list[tuple[str, str, int | None, int | None]]:
    """Code, pointer, line and byte of each fault."""
    return [(f.code, f.pointer, f.origin.line, f.origin.offset) for f in faults(records)]


def small_blocks(size: int) -> pytest.MonkeyPatch:
    patch = pytest.MonkeyPatch()
    patch.setattr(json_stream, "_BLOCK", size)
    return patch


# What is good comes out as it is, with its place


@given(st.lists(st.tuples(values, ends)), st.booleans(), st.booleans(), sizes)
def test_lines(rows: list[tuple[Any, str]], marked: bool, ended: bool, size: int) -> None:
    """A brute-force count of lines and bytes agrees, whatever the blocks and the ends of lines."""
    text, line, expected = b"\xef\xbb\xbf" * marked, 1, []
    for value, end in rows:
        written = json.dumps(value, ensure_ascii=False).encode()
        expected.append((json.loads(written), line, len(text)))
        text += written + end.encode()
        line += len((end + "x").splitlines()) - 1
    text = text if ended else text.rstrip(b" \t\r\n")
    patch = small_blocks(size)
    try:
        found = read(text)
    finally:
        patch.undo()

    assert [(each.data, each.origin.line, each.origin.offset) for each in found] == expected
    assert faults(found) == []


@given(st.lists(values, max_size=6), st.none() | st.integers(0, 2), sizes)
def test_items_of_an_array(items: list[Any], indent: int | None, size: int) -> None:
    text = json.dumps(items, ensure_ascii=False, indent=indent).encode()
    items = json.loads(text)
    patch = small_blocks(size)
    try:
        found = read(text, "json")
    finally:
        patch.undo()

    assert [each.data for each in found] == items
    assert faults(found) == []
    for each in found:
        offset = each.origin.offset or 0
        assert value_at(text, offset) == each.data
        assert each.origin.line == text.count(b"\n", 0, offset) + 1


def value_at(text: bytes, offset: int) -> Any:
    return json.JSONDecoder().raw_decode(text[offset:].decode())[0]


@given(st.dictionaries(st.text(max_size=3), values), st.none() | st.integers(0, 2))
def test_every_part_has_its_line_and_byte(value: Any, indent: int | None) -> None:
    text = b"\n " + json.dumps(value, indent=indent, ensure_ascii=False).encode()
    (found,) = read(text, "json")

    for path, part in parts(found.data, ()):
        place = found.place(path)
        assert value_at(text, place.offset or 0) == part
        assert place.line == text.count(b"\n", 0, place.offset) + 1
        assert place.file == "f"
        assert found.place((*path, "not there")) == place or isinstance(part, dict)


def parts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from parts(part, (*path, key))


@pytest.mark.usefixtures("block")
def test_one_value_alone_is_one_record() -> None:
    found = read(b' \n {"a": [1, "]"]}\n', "json")

    assert [each.data for each in found] == [{"a": [1, "]"]}]
    assert (found[0].origin.line, found[0].origin.offset) == (2, 3)


def test_an_empty_text_of_lines_holds_no_record() -> None:
    assert read(b"") == read(b"\xef\xbb\xbf") == read(b"\n \r\n") == []
    assert read(b" [ ] ", "json") == []


# What is not good is a fault at its place; the lines after it are still read

GOOD = b'{"a":1}'


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{oops", ("NOT_JSON", "", 2, 9)),
        (b'{"a": }', ("NOT_JSON", "", 2, 14)),
        (b'{"a": "\xc3\xa9", x}', ("NOT_JSON", "", 2, 20)),
        (b'{"a":1} {"a":2}', ("NOT_JSON", "", 2, 16)),
        (b'{"a":"\x00"}', ("NOT_JSON", "", 2, 14)),
        (b'{"a":"\t"}', ("NOT_JSON", "", 2, 14)),
        (b"\xef\xbb\xbf{}", ("NOT_JSON", "", 2, 8)),
        (b'{"a":"', ("NOT_JSON", "", 2, 13)),
        (b'{"a":01}', ("NOT_JSON", "", 2, 14)),
        (b'{"a":"\xff"}', ("NOT_UTF8", "", 2, 14)),
        (b'{"a":"\xed\xa0\x80"}', ("NOT_UTF8", "", 2, 14)),
        (b"[" * 101 + b"]" * 101, ("TOO_DEEP", "", 2, 8)),
        (b"[" * 50_000, ("TOO_DEEP", "", 2, 8)),
        (b'{"a":' * 50_000, ("TOO_DEEP", "", 2, 8)),
        (b'{"a":1,"a":2}', ("KEY_TWICE", "/a", 2, 19)),
        (b'{"a":1,"\\u0061":2}', ("KEY_TWICE", "/a", 2, 24)),
        (b'{"b":[0,{"a":1,"c":{"a":1},"a":2}]}', ("KEY_TWICE", "/b/1/a", 2, 39)),
    ],
)
def test_a_line_that_is_wrong(line: bytes, expected: tuple[Any, ...]) -> None:
    found = read(GOOD + b"\n" + line + b"\r\n" + GOOD)

    assert told(found) == [expected]
    assert [found[0].data, found[-1].data] == [{"a": 1}, {"a": 1}]
    assert (found[-1].origin.line, found[-1].origin.offset) == (3, 10 + len(line))
    for lang in LANGUAGES:
        assert "_" not in tell(faults(found)[0], lang)


def test_each_key_that_stands_again_is_told_once_with_the_first_one() -> None:
    (found,) = read(b'{"a":1,"b":2,"a":3,"a":4,"b":5}')

    assert told([found]) == [("KEY_TWICE", "/a", 1, 17), ("KEY_TWICE", "/b", 1, 29)]
    assert [fault.others[0].offset for fault in found.faults] == [5, 11]


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "9" * 400, "-" + "9" * 5_000])
def test_numbers_nobody_reads_are_for_the_check_of_the_shape(text: str) -> None:
    (found,) = read(f'{{"a":{text}}}'.encode())

    assert found.faults == ()
    assert type(found.data["a"]) is not int


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53 - 1)])
def test_the_largest_numbers_are_read(number: int) -> None:
    (found,) = read(f"[{number}]".encode(), "json")

    assert found.data == number


def test_half_of_a_surrogate_pair_is_for_the_check_of_the_shape() -> None:
    (found,) = read(b'{"a":"\\ud800"}')

    assert found.data == {"a": "\ud800"}


@pytest.mark.parametrize("form", ["ndjson", "json"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_one_fault(encoding: str, form: str) -> None:
    found = read('[{"a": 1},\n {"a": 2}]\n'.encode(encoding), form)

    assert told(found) == [("OTHER_ENCODING", "", 1, 0)]


@pytest.mark.usefixtures("block")
def test_a_line_that_is_too_long_is_skipped() -> None:
    long = b'{"a":"' + b"\\\\x" * 1_000 + b'"}'
    text = b"\r\n".join([GOOD, long, GOOD, long, b"[" + b" " * 99 + b"]"])

    found = read(text, limits=Limits(record_bytes=100))

    assert [fault.code for fault in faults(found)] == ["RECORD_TOO_LONG"] * 3
    assert [each.origin.offset for each in found] == [
        text.index(GOOD),
        text.index(long),
        text.rindex(GOOD),
        text.rindex(long),
        text.rindex(b"["),
    ]
    assert [each.origin.line for each in found] == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("block")
def test_an_item_that_is_too_long_is_skipped() -> None:
    text = b'[{"a":"' + b'x\\"\r\n' * 100 + b'"},\r\n"' + b"y" * 200 + b'", ' + b"7" * 200 + b", 1]"

    found = read(text, "json", Limits(record_bytes=100))

    assert told(found) == [
        ("RECORD_TOO_LONG", "", 1, 1),
        ("RECORD_TOO_LONG", "", 102, text.index(b'"y')),
        ("RECORD_TOO_LONG", "", 102, text.index(b"77")),
    ]
    assert (found[-1].data, found[-1].origin.offset) == (1, len(text) - 2)


# Arrays that break


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", ("JSON_CUT_SHORT", "", 1, 0)),
        (b"  ", ("JSON_CUT_SHORT", "", 1, 2)),
        (b'[{"a":1}', ("JSON_CUT_SHORT", "", 1, 8)),
        (b'[{"a":1},\n', ("JSON_CUT_SHORT", "", 2, 10)),
        (b'[{"a":1},\n{"b":"', ("JSON_CUT_SHORT", "", 2, 10)),
        (b'[{"a":1} {"a":2}]', ("NOT_JSON", "", 1, 9)),
        (b'[{"a":1},]', ("NOT_JSON", "", 1, 9)),
        (b"[,]", ("NOT_JSON", "", 1, 1)),
        (b'[{"a":1},\n{"b": }, {"a":2}]', ("NOT_JSON", "", 2, 16)),
        (b'[{"a":1},\n{"b":"}, {"a":2}]', ("NOT_JSON", "", 2, 21)),
        (b'[{"a":1},\n{"b":1]}, {"a":2}]', ("NOT_JSON", "", 2, 16)),
        (b'[{"a":1}]\n {', ("TEXT_AFTER_END", "", 2, 11)),
        (b'{"a":1}\n{"a":2}', ("TEXT_AFTER_END", "", 2, 8)),
        (b'[{"a":1}]]', ("TEXT_AFTER_END", "", 1, 9)),
        (b"hello", ("NOT_JSON", "", 1, 0)),
        (b"]", ("NOT_JSON", "", 1, 0)),
    ],
)
def test_what_came_before_is_kept_and_nothing_after_is_guessed(
    text: bytes, expected: tuple[Any, ...]
) -> None:
    found = read(text, "json")

    assert told(found) == [expected]
    assert all(each.data == {"a": 1} for each in found[:-1])
    assert found[-1].data is None
    assert len(found) == 1 + (b'{"a":1}' in text)


@given(st.lists(values.filter(lambda value: not isinstance(value, (int, float)))), st.data())
def test_an_array_cut_anywhere(items: list[Any], data: st.DataObject) -> None:
    text = json.dumps(items).encode()
    cut = data.draw(st.integers(0, len(text) - 1))

    found = read(text[:cut], "json")

    assert [each.data for each in found[:-1]] == json.loads(text)[: len(found) - 1]
    assert found[-1].data is None
    assert [fault.code for fault in found[-1].faults] in (["JSON_CUT_SHORT"], ["NOT_JSON"])


@given(st.binary(max_size=60), st.sampled_from(["ndjson", "json", "ndjson.gz", "json.gz"]), sizes)
def test_whatever_comes_is_read_or_a_fault(text: bytes, form: str, size: int) -> None:
    patch = small_blocks(size)
    try:
        found = read(text, form)
    finally:
        patch.undo()

    for each in found:
        assert each.data is not None or each.faults or text.strip() == b"null" or b"null" in text


# Memory


class Endless(io.RawIOBase):
    """A text of *size* bytes, made while it is read."""

    def __init__(self, head: bytes, body: bytes, tail: bytes, size: int) -> None:
        self.parts = [tail, *[body] * (size // len(body)), head]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self.parts.pop() if self.parts else b""


@pytest.mark.parametrize(
    ("head", "body", "form"),
    [
        (b'{"a":"', b"x" * 65_536, "ndjson"),
        (b"", b'{"a":"%s"}\n' % (b"x" * 1_000) * 64, "ndjson"),
        (b"[", b'{"a":"%s"},\n' % (b"x" * 1_000) * 64, "json"),
        (b'["', b"x" * 65_536, "json"),
        (b"[", b"[" * 65_536, "json"),
        (b"[", b"7" * 65_536, "json"),
        (b"[", b" " * 65_536, "json"),
        (b"", b"\n" * 65_536, "ndjson"),
    ],
)
def test_memory_does_not_grow_with_the_text(head: bytes, body: bytes, form: str) -> None:
    stream = Endless(head, body, b"", 4 * 2**20)
    limits = Limits(record_bytes=2**18)
    tracemalloc.start()
    try:
        for _ in read_raw(stream, Proposal, format=form, limits=limits):  # type: ignore[arg-type]  # reads enough
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2 * 2**20
