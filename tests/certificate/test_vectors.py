"""The vectors of RFC 8785, section 3.2 and appendix B, against both writers of canonical JSON."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import kipp_verify
from kipp.io.canonical import canonical, is_canonical

# Section 3.2.2: the sample object, and what becomes of it (3.2.3, as the octets of 3.2.4).
SAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
OCTETS = """
7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e
75 6d 62 65 72 73 22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30
2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24
5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d
"""
# Section 3.2.3: names in the order of their UTF-16 code units.
SORTING = r"""{
  "\u20ac": "Euro Sign",
  "\r": "Carriage Return",
  "\ufb33": "Hebrew Letter Dalet With Dagesh",
  "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face",
  "\u0080": "Control",
  "\u00f6": "Latin Small Letter O With Diaeresis"
}"""
SORTED = [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
]
# Appendix B: the bits of a double, and how it is written.
DOUBLES = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]
WRITERS = [canonical, kipp_verify.canonical]


def test_the_sample_of_the_standard() -> None:
    assert canonical(json.loads(SAMPLE)) == bytes.fromhex(OCTETS)


@pytest.mark.parametrize("write", WRITERS)
def test_the_sample_without_its_numbers(write: Callable[[object], bytes]) -> None:
    sample = json.loads(SAMPLE)
    del sample["numbers"]

    start, end = OCTETS.index("22 6e\n75 6d"), OCTETS.index("22 73 74 72 69 6e 67")
    assert write(sample) == bytes.fromhex(OCTETS[:start] + OCTETS[end:])


@pytest.mark.parametrize("write", WRITERS)
def test_names_go_by_their_code_units(write: Callable[[object], bytes]) -> None:
    written = json.loads(write(json.loads(SORTING)))

    assert list(written.values()) == SORTED
    assert b"\\u0080" not in write(json.loads(SORTING))


VALUES = st.recursive(
    st.one_of(st.text(max_size=4), st.integers(-9, 9), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)


@given(VALUES, VALUES)
@example(json.loads(SORTING), {})
@example({"a": 1}, {"a": True})
def test_what_is_canonical(value: object, other: object) -> None:
    """Against the library: the form it writes, no other, and of no other value."""
    written = canonical(value)

    assert is_canonical(written, value)
    assert not is_canonical(written + b" ", value)
    assert is_canonical(written, other) == (written == canonical(other))


def test_names_by_their_code_points_are_not_canonical() -> None:
    by_code_point = json.dumps(
        json.loads(SORTING), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )

    assert not is_canonical(by_code_point.encode(), json.loads(SORTING))


@pytest.mark.parametrize(("bits", "text"), DOUBLES)
def test_doubles(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number) == text.encode()
    with pytest.raises(kipp_verify.Refused, match="a whole number below"):
        kipp_verify.canonical(number)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0, "0"),
        (2**53 - 1, "9007199254740991"),
        (1 - 2**53, "-9007199254740991"),
        (True, "true"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
        ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
        ({"": 1, "\x00": "\x7f"}, '{"":1,"\\u0000":"\x7f"}'),
        ('\b\t\n\f\r"\\/\x1f\u2028', '"\\b\\t\\n\\f\\r\\"\\\\/\\u001f\u2028"'),
    ],
)
def test_what_both_write(write: Callable[[object], bytes], value: object, text: str) -> None:
    assert write(value) == text.encode()


@pytest.mark.parametrize("value", [2**53, -(2**53), 1.5, {1: 2}, (1,), {"a": float("nan")}])
def test_what_the_small_writer_refuses(value: object) -> None:
    with pytest.raises(kipp_verify.Refused):
        kipp_verify.canonical(value)


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(kipp_verify.Refused, match="surrogate"):
        kipp_verify.canonical({"a": "\ud800"})
