"""With the extra ``fast`` and without it: the same values and the same faults."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import kipp
from kipp.domain.fault import Origin
from kipp.io import to_json
from kipp.io.checking import checked
from kipp.io.fast import Line, read_cells, taking
from kipp.io.json_stream import record
from kipp.io.kinds import KINDS
from kipp.io.limits import LIMITS
from kipp.io.raw import Raw
from kipp.io.rule_faults import RuleChecks
from kipp.registry import registry
from tests.io.broken import broken
from tests.io.records import RECORDS, fit

pytest.importorskip("msgspec", reason="msgspec is not installed")

TAKEN = [kind.type for kind in KINDS.values() if taking(kind.type) is not None]
kinds = pytest.mark.parametrize("kind", TAKEN, ids=lambda kind: kind.__name__)


def agrees(line: bytes, kind: type) -> bool:
    """Whether the line was taken; then it is what the reader that explains makes of it."""
    take = taking(kind)
    assert take is not None
    read = take(line)
    if read is None:
        return False
    value = Line(read, kind, line, ("", 1, 0)).value
    found: Any = checked(record(line, Origin(), LIMITS), kind)
    assert found.faults == ()
    assert found.value == value
    assert to_json(value) == to_json(found.value)
    return True


def test_the_kinds_that_come_by_the_million_are_taken() -> None:
    assert {kipp.Proposal, kipp.Innovation, kipp.AwardHistory, kipp.FiscalRecord} <= set(TAKEN)


@kinds
@given(data=st.data())
def test_what_is_written_is_taken(kind: type, data: st.DataObject) -> None:
    text = to_json(data.draw(RECORDS[kind]))

    # A quote before a colon inside a text may be that of a key: such lines are read closely.
    assert agrees(text.encode(), kind) or '":' in text.replace('\\"', "") or '" ' in text


@kinds
@given(data=st.data())
def test_what_is_broken_is_not_taken_for_right(kind: type, data: st.DataObject) -> None:
    text = json.dumps(data.draw(broken(kind)), separators=(",", ":"))

    agrees(text.encode("utf-8", "surrogatepass"), kind)


RIGHT = '{"id":"p","innovation":{"id":"i","title":"t","agency":"a"},"cycle":2021}'


@pytest.mark.parametrize(
    "line",
    [
        RIGHT.replace('"cycle"', '"id":"q","cycle"'),
        RIGHT.replace('"cycle"', '"x":1,"cycle"'),
        RIGHT.replace('"title":"t"', '"title":"t","y":{"z":[1,2]}'),
        RIGHT.replace("2021", "2021.0"),
        RIGHT.replace("2021", "9007199254740993"),
        RIGHT.replace("2021", "NaN"),
        RIGHT.replace('"t"', '"\\ud800"'),
        RIGHT.replace('"t"', '" "'),
        RIGHT.replace('"cycle":2021', '"cycle":2021,"group":"Umum"'),
        RIGHT.replace('"cycle":2021', '"cycle":2021,"submitted_at":"2021-05-01T10:00:00"'),
        RIGHT[:-1],
        f"{RIGHT}x",
        "null",
        "[]",
    ],
)
def test_what_is_wrong_is_left_to_the_reader_that_explains(line: str) -> None:
    take = taking(kipp.Proposal)
    assert take is not None

    assert take(line.encode()) is None


@given(st.lists(st.sampled_from(['"x":1', '"id":"q"', '"group":null', '"mou":true', '"w" :1'])))
@example(['"x":1', '"withdrawn":false'])
def test_unknown_and_repeated_keys_never_pass(more: list[str]) -> None:
    line = f"{RIGHT[:-1]}{''.join(f',{each}' for each in more)}}}"

    agrees(line.encode(), kipp.Proposal)


def test_a_line_has_all_that_a_raw_record_has() -> None:
    line = Line(None, kipp.Proposal, b"{}", ("", 1, 0))

    assert {field.name for field in attrs.fields(Raw)} <= set(dir(line))


BOOK = kipp.rulebook(2021)


@given(st.lists(RECORDS[kipp.Proposal], min_size=1, max_size=8))
def test_what_is_surely_fit_has_no_fault(proposals: list[kipp.Proposal]) -> None:
    checks = RuleChecks(BOOK, registry(), cycles=kipp.rulebook)
    take = taking(kipp.Proposal)
    assert take is not None
    for proposal in [*proposals, *proposals]:
        read = take(to_json(proposal).encode())
        if read is not None and checks.surely_fit(read):
            assert checks(proposal) == ()
        else:
            checks(proposal)


def test_what_was_accepted_once_is_surely_fit_when_it_comes_again() -> None:
    checks = RuleChecks(BOOK, registry(), cycles=kipp.rulebook)
    take = taking(kipp.Proposal)
    assert take is not None
    proposal = fit(1)
    read = take(to_json(proposal).encode())

    assert not checks.surely_fit(read)
    assert checks(proposal) == ()
    assert checks.surely_fit(read)


@kinds
@given(data=st.data())
def test_a_row_that_msgspec_takes_is_what_the_reader_that_explains_makes_of_it(
    kind: type, data: st.DataObject
) -> None:
    plain = data.draw(broken(kind) | RECORDS[kind].map(to_json).map(json.loads))
    origin = Origin()
    row = Raw(data=plain, origin=origin, place=lambda _: origin, header=lambda _: None)

    read = read_cells(row, kind)

    if read is not None:
        explained: Any = checked(attrs.evolve(row, header=None), kind)
        assert explained.faults == ()
        assert explained.value == checked(row, kind).value
