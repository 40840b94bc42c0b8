"""Patches: the published examples of RFC 6902 (appendix A) and RFC 6901 (section 5)."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.domain.fault import Operation, to_pointer
from kipp.io.patches import from_pointer, operations, patched

# Appendix A of RFC 6902: what the patch is applied to, the patch, what comes out.
APPENDIX_A: dict[str, tuple[Any, list[dict[str, Any]], Any]] = {
    "A.1": (
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux"}],
        {"baz": "qux", "foo": "bar"},
    ),
    "A.2": (
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    "A.3": (
        {"baz": "qux", "foo": "bar"},
        [{"op": "remove", "path": "/baz"}],
        {"foo": "bar"},
    ),
    "A.4": (
        {"foo": ["bar", "qux", "baz"]},
        [{"op": "remove", "path": "/foo/1"}],
        {"foo": ["bar", "baz"]},
    ),
    "A.5": (
        {"baz": "qux", "foo": "bar"},
        [{"op": "replace", "path": "/baz", "value": "boo"}],
        {"baz": "boo", "foo": "bar"},
    ),
    "A.8": (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [
            {"op": "test", "path": "/baz", "value": "qux"},
            {"op": "test", "path": "/foo/1", "value": 2},
        ],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    "A.10": (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    "A.11": (
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}],
        {"foo": "bar", "baz": "qux"},
    ),
    "A.14": (
        {"/": 9, "~1": 10},
        [{"op": "test", "path": "/~01", "value": 10}],
        {"/": 9, "~1": 10},
    ),
    "A.16": (
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
}
REFUSED: dict[str, tuple[Any, list[dict[str, Any]], type[Exception]]] = {
    "A.9": ({"baz": "qux"}, [{"op": "test", "path": "/baz", "value": "bar"}], InvalidValue),
    "A.12": ({"foo": "bar"}, [{"op": "add", "path": "/baz/bat", "value": "qux"}], UnknownName),
    "A.15": (
        {"/": 9, "~1": 10},
        [{"op": "test", "path": "/~01", "value": "10"}],
        InvalidValue,
    ),
}


@pytest.mark.parametrize("name", APPENDIX_A)
def test_the_examples_of_the_standard(name: str) -> None:
    document, patch, expected = APPENDIX_A[name]
    before = copy.deepcopy(document)

    assert patched(document, operations(patch)) == expected
    assert document == before


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_standard_refuses(name: str) -> None:
    document, patch, error = REFUSED[name]
    before = copy.deepcopy(document)

    with pytest.raises(error):
        patched(document, operations(patch))
    assert document == before


@pytest.mark.parametrize("op", ["move", "copy", "", None])
def test_operations_that_no_cure_uses_are_refused(op: object) -> None:
    """A.6 and A.7 move, A.13 names an operation twice, of which a reader keeps the last."""
    with pytest.raises(UnknownName, match="one of add, remove, replace, test"):
        operations([{"op": op, "path": "/a", "from": "/b", "value": 1}])


# RFC 6901, section 5.
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
POINTERS = {
    "": DOCUMENT,
    "/foo": ["bar", "baz"],
    "/foo/0": "bar",
    "/": 0,
    "/a~1b": 1,
    "/c%d": 2,
    "/e^f": 3,
    "/g|h": 4,
    "/i\\j": 5,
    '/k"l': 6,
    "/ ": 7,
    "/m~0n": 8,
}


@pytest.mark.parametrize("pointer", POINTERS)
def test_the_pointers_of_the_standard(pointer: str) -> None:
    same = Operation(op="test", path=pointer, value=POINTERS[pointer])

    assert patched(DOCUMENT, [same]) == DOCUMENT


STEPS = st.text(max_size=4).filter(lambda step: not step.isdigit()) | st.integers(0, 20)


@given(st.lists(STEPS))
def test_a_pointer_reads_back_as_its_steps(steps: list[str | int]) -> None:
    assert from_pointer(to_pointer(steps)) == tuple(steps)


@pytest.mark.parametrize("pointer", ["a", "a/b", "/~", "/a~2", "~0"])
def test_what_is_no_pointer_is_refused(pointer: str) -> None:
    with pytest.raises(InvalidValue, match="a JSON pointer"):
        from_pointer(pointer)


@pytest.mark.parametrize(
    ("document", "operation", "message"),
    [
        ([1], Operation(op="add", path="/2", value=0), "a position from 0 to 1"),
        ([1], Operation(op="replace", path="/1", value=0), "a position from 0 to 0"),
        ([1], Operation(op="remove", path="/-"), "a position from 0 to 0"),
        ([1], Operation(op="remove", path="/00"), "a position from 0 to 0"),
        ([1], Operation(op="remove", path=f"/{'9' * 5_000}"), "a position from 0 to 0"),
        ({"a": 1}, Operation(op="replace", path="/b", value=0), "something that is there"),
        ({"a": 1}, Operation(op="add", path="/a/b", value=0), "something that is there"),
        ({"a": 1}, Operation(op="remove", path=""), "a part of the document"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(
    document: Any, operation: Operation, message: str
) -> None:
    with pytest.raises((InvalidValue, UnknownName), match=message):
        patched(document, [operation])


@pytest.mark.parametrize(
    ("patch", "error"),
    [
        ({"op": "add"}, InvalidType),
        (["add"], InvalidType),
        ([{"op": "add", "path": 3, "value": 1}], InvalidType),
        ([{"op": "add", "path": "/a"}], InvalidType),
        ([{"op": "add", "path": "a", "value": 1}], InvalidValue),
    ],
)
def test_what_is_no_patch_is_refused(patch: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        operations(patch)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_the_whole_document_can_be_replaced_and_tested(one: Any, other: Any) -> None:
    whole = Operation(op="replace", path="", value=other)

    assert patched(one, [whole, Operation(op="test", path="", value=other)]) == other


@given(VALUES, VALUES)
def test_values_are_equal_as_json_and_not_as_python(one: Any, other: Any) -> None:
    """``True`` is no 1: as texts of JSON they differ."""
    alike = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    try:
        patched(one, [Operation(op="test", path="", value=other)])
        same = True
    except InvalidValue:
        same = False

    assert same is alike
