"""Batches of records checked by columns: the same faults as reading record by record."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import kipp.testing as draw
from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import Level, Tier
from kipp.domain.checks import Kind
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import InvalidType
from kipp.domain.fault import Fault
from kipp.domain.fault import Origin as Place
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.io import batches
from kipp.io.arrow_rows import plain_rows
from kipp.io.arrow_schema import arrow_schema, column_of, to_batch
from kipp.io.batches import check_batch, check_batches, fault_schema
from kipp.io.checking import checked
from kipp.io.kinds import KINDS
from kipp.io.raw import Raw
from kipp.io.report_data import compact, value_data
from kipp.io.surely_clean import surely_clean
from kipp.io.typed import record_fields
from kipp.io.validation import own_faults, validate
from kipp.registry import registry
from kipp.rulebooks import rulebook
from tests.io.records import RECORDS, fit

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

BOOK, AGENCIES = rulebook(2021), registry()
KIND_TYPES = [kind.type for kind in KINDS.values()]
kinds = pytest.mark.parametrize("kind", KIND_TYPES, ids=lambda kind: kind.__name__)
Told = tuple[Any, ...]


def by_columns(batch: Any, kind: type = Proposal) -> list[Told]:
    return told_in(check_batch(batch, BOOK, AGENCIES, kind=kind))


def told_in(faults: Any) -> list[Told]:
    assert faults.schema == fault_schema()
    names = ("row", "code", "severity", "pointer", "values", "cure", "record")
    return [tuple(row[name] for name in names) for row in faults.to_pylist()]


def by_records(batch: Any, kind: type = Proposal) -> list[Told]:
    """As a file of the same records is read: every row made a record."""
    data = plain_rows(batch, kind)
    report = validate(data, kind=kind, book=BOOK, registry=AGENCIES, cross=False)
    return [told(fault) for fault in report]


def told(fault: Fault) -> Told:
    values = compact({name: value_data(value) for name, value in fault.values})
    return (
        None if fault.origin.row is None else fault.origin.row - 1,
        fault.code,
        fault.severity.value,
        fault.pointer,
        values.encode("utf-8", "backslashreplace").decode(),
        fault.cure and fault.cure.code,
        fault.record,
    )


# The same faults


@kinds
@given(data=st.data())
def test_records_of_the_right_shape(kind: type, data: st.DataObject) -> None:
    values = data.draw(st.lists(RECORDS[kind], max_size=6))
    batch = to_batch(values, kind)

    assert by_columns(batch, kind) == by_records(batch, kind)


REAL = [agency.key for agency in AGENCIES][:3]


def entered() -> st.SearchStrategy[Proposal]:
    """Proposals that the cycle mostly accepts, with a fact or two changed."""

    @st.composite
    def drawn(draw_: st.DrawFn) -> Proposal:
        case = draw_(draw.compliant(BOOK))
        free = draw_(draw.proposals())
        changes = draw_(st.sets(st.sampled_from(FACTS), max_size=2))
        own = {name: getattr(free, name) for name in changes if name in OWN}
        inner = {name: getattr(free.innovation, name) for name in changes if name not in OWN}
        innovation = attrs.evolve(
            case.proposal.innovation, agency=AgencyKey(draw_(st.sampled_from(REAL))), **inner
        )
        return attrs.evolve(case.proposal, innovation=innovation, **own)

    return drawn()


OWN = {each.name for each in attrs.fields(Proposal)} - {"id", "innovation"}
FACTS = sorted(OWN | {"started", "pandemic_related", "replica_of", "origin", "sdgs", "title"})


@given(st.lists(entered(), max_size=25), st.integers(1, 9))
def test_proposals_that_are_mostly_accepted(values: list[Proposal], size: int) -> None:
    batch = to_batch(values, Proposal)

    assert by_columns(batch) == by_records(batch)
    parts = [batch.slice(begin, size) for begin in range(0, batch.num_rows, size)]
    found = [
        (None if row is None else row + size * number, *rest)
        for number, part in enumerate(check_batches(parts, BOOK, AGENCIES))
        for row, *rest in told_in(part)
    ]
    assert found == by_records(batch)


TEXTS = [
    "",
    " ",
    "\u00a0",
    "\x85",
    "\x1f",
    "umum",
    "khusus",
    "Umum",
    "é",
    "😀",
    "x\x1ey",
    "0",
    "1/2",
]
TIMES = [
    "2021-05-03T10:00:00+08:00",
    "2021-05-03T10:00:00Z",
    "2021-05-03T10:00:00.5+23:59",
    "2021-05-03T10:00:00-00:00",
    "2021-05-03T10:00:00-24:00",
    "2021-02-29T10:00:00Z",
    "2020-02-29T10:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T00:00:00Z",
    "2021-05-03",
    "2021-05-03T10:00:60Z",
    "２021-05-03T10:00:00Z",
    "2021-05-03T10:00:00Z\n",
]
NUMBERS = [-(2**63), -(2**53), -1, 0, 1, 17, 18, 2021, 2**53 - 1, 2**53, 2**63 - 1]
DAYS = [Date(1, 1, 1), Date(9999, 12, 31), Date(2021, 5, 3), Date(2020, 2, 29)]


def bent(value: Any, kind: Any, luck: Random) -> Any:
    """Written data with something changed in it here and there, all of the Arrow type *kind*."""
    types = pyarrow.types
    if luck.random() < 0.05:
        return None
    if types.is_struct(kind):
        known = value or {}
        return {each.name: bent(known.get(each.name), each.type, luck) for each in kind}
    if types.is_map(kind):
        pairs = [(key, bent(part, kind.item_type, luck)) for key, part in value or []]
        return twice(pairs, luck)
    if types.is_list(kind):
        return twice([bent(part, kind.value_type, luck) for part in value or []], luck)
    if luck.random() > 0.1:
        return value
    if types.is_boolean(kind):
        return luck.choice([True, False])
    if types.is_integer(kind):
        return luck.choice(NUMBERS)
    return luck.choice(DAYS if types.is_date(kind) else TEXTS + TIMES)


def twice(items: list[Any], luck: Random) -> list[Any]:
    return items + items[:1] if luck.random() < 0.1 else items


@kinds
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_records_that_are_bent(kind: type, data: st.DataObject, seed: int) -> None:
    values = data.draw(st.lists(RECORDS[kind], min_size=1, max_size=6))
    write, schema, luck = column_of(kind).write, arrow_schema(kind), Random(seed)
    rows = [bent(write(value), pyarrow.struct(list(schema)), luck) or {} for value in values]
    batch = pyarrow.RecordBatch.from_pylist(rows, schema=schema)

    assert by_columns(batch, kind) == by_records(batch, kind)


# Schemas that are not ours


def without(batch: Any, name: str) -> Any:
    return batch.drop_columns([name])


def with_column(batch: Any, name: str, column: Any) -> Any:
    kept = {each: batch.column(each) for each in batch.schema.names}
    return pyarrow.RecordBatch.from_pydict({**kept, name: column})


def as_text(array: Any) -> Any:
    return pyarrow.array([None if each is None else str(each) for each in array.to_pylist()])


CHANGES: list[Callable[[Any, str], Any]] = [
    without,
    lambda batch, name: with_column(batch, name, pyarrow.nulls(batch.num_rows)),
    lambda batch, name: with_column(batch, name, as_text(batch.column(name))),
    lambda batch, name: with_column(batch, name, pyarrow.array([7] * batch.num_rows)),
    lambda batch, name: with_column(batch, name, pyarrow.array([b"\xff"] * batch.num_rows)),
    lambda batch, name: with_column(batch, name, pyarrow.array([[{"a": 1}]] * batch.num_rows)),
    lambda batch, name: with_column(
        batch, name, pyarrow.array([b"\xff"] * batch.num_rows).view(pyarrow.string())
    ),
    lambda batch, name: with_column(batch, "more", batch.column(name)),
    lambda batch, name: with_column(batch, "more", pyarrow.nulls(batch.num_rows)),
    lambda batch, name: with_column(batch, name, encoded(batch.column(name))),
    lambda batch, name: with_column(batch, name, large(batch.column(name))),
    lambda batch, name: pyarrow.RecordBatch.from_arrays(
        [*batch.columns, batch.column(name)], [*batch.schema.names, name]
    ),
    lambda batch, name: batch.slice(1),
    lambda batch, name: batch.slice(batch.num_rows),
]


def encoded(array: Any) -> Any:
    try:
        return array.dictionary_encode()
    except pyarrow.ArrowNotImplementedError:
        return array


def large(array: Any) -> Any:
    kind = array.type
    if pyarrow.types.is_string(kind):
        return array.cast(pyarrow.large_string())
    if pyarrow.types.is_list(kind):
        return array.cast(pyarrow.large_list(kind.value_type))
    return array.cast(pyarrow.int32()) if pyarrow.types.is_int64(kind) else array


@given(st.data(), st.sampled_from(CHANGES))
def test_other_schemas(data: st.DataObject, change: Callable[..., Any]) -> None:
    values = data.draw(st.lists(entered(), min_size=1, max_size=5))
    batch = to_batch(values, Proposal)
    name = data.draw(st.sampled_from(batch.schema.names))
    other = change(batch, name)

    assert by_columns(other) == by_records(other)


@given(st.lists(entered(), min_size=1, max_size=5), st.sampled_from(["s", "ms", "us", "ns"]))
def test_moments_with_a_zone(values: list[Proposal], unit: str) -> None:
    """As other programs write them, with one zone for the whole column."""
    batch = to_batch(values, Proposal)
    utc = batch.column("submitted_at").cast(pyarrow.timestamp("us", "UTC"))
    zoned = utc.cast(pyarrow.timestamp(unit, "Asia/Makassar"), safe=False)

    other = with_column(batch, "submitted_at", zoned)

    assert by_columns(other) == by_records(other)


def test_no_rows_and_no_columns() -> None:
    assert by_columns(to_batch([], Proposal)) == []
    empty = pyarrow.RecordBatch.from_struct_array(pyarrow.array([{}], pyarrow.struct([])))
    assert by_columns(empty) == by_records(empty)


@pytest.mark.parametrize("given_", [None, [], pyarrow.table({"id": ["a"]})])
def test_only_a_batch_is_checked(given_: Any) -> None:
    with pytest.raises(InvalidType, match=r"batch: expected a pyarrow.RecordBatch"):
        check_batch(given_, BOOK, AGENCIES)


def test_only_records_are_checked() -> None:
    with pytest.raises(InvalidType, match="kind: expected one of Proposal"):
        check_batch(to_batch([], Proposal), BOOK, AGENCIES, kind=Date)


# What the columns say


@pytest.fixture
def read_as_records(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that were read as records to be explained."""
    rows: list[int] = []

    def noted(raw: Raw, *rest: Any) -> tuple[Fault, ...]:
        rows.append((raw.origin.row or 0) - 1)
        return own_faults(raw, *rest)

    monkeypatch.setattr(batches, "own_faults", noted)
    return rows


def test_what_is_accepted_is_never_made_a_record(read_as_records: list[int]) -> None:
    """Of 300 proposals those with a fault are, and a few beside one that came too late."""
    late = DateTime.instance(dt.datetime(2021, 12, 31, tzinfo=dt.UTC))
    values = [fit(number) for number in range(300)]
    values[50] = fit(50, submitted_at=late)
    values[120] = fit(120, withdrawn=True)
    values[121] = fit(121, cycle=2019)

    faults = by_columns(to_batch(values, Proposal))

    assert {row for row, *_ in faults} == {50, 120, 121, None}
    assert set(read_as_records) >= {50, 120, 121}
    assert len(read_as_records) < 10


def with_sources() -> Any:
    """Replicas that name their source."""
    tier = Tier(year=2019, level=Level.WINNER, size=45, group=Group.GENERAL)
    source = ReplicaSource(title="Asal", agency=AgencyKey("kota-surabaya"), tiers=(tier,))
    values = [fit(number, group=Group.REPLICATION) for number in range(20)]
    inner: dict[str, Any] = {"origin": Origin.REPLICA, "replica_of": (source,)}
    replicas = [
        attrs.evolve(each, innovation=attrs.evolve(each.innovation, **inner)) for each in values
    ]
    return to_batch(replicas, Proposal)


def encoded_texts() -> Any:
    batch = to_batch([fit(number) for number in range(20)], Proposal)
    for name in ("group", "category", "id"):
        batch = with_column(batch, name, encoded(batch.column(name)))
    return batch


@pytest.mark.parametrize("change", [with_sources, encoded_texts], ids=["sources", "dictionaries"])
def test_other_forms_are_looked_at_by_columns_too(
    change: Callable[[], Any], read_as_records: list[int]
) -> None:
    check_batch(change(), BOOK, AGENCIES)

    assert read_as_records == []


def test_nothing_is_sure_without_a_cycle(read_as_records: list[int]) -> None:
    """Then the register alone is asked, of every record."""
    faults = check_batch(to_batch([fit(1)], Proposal), None, AGENCIES)

    assert faults.num_rows == 0
    assert read_as_records == [0]


@given(st.text(max_size=3))
@example("\u00a0")
@example("\x1f")
@example("\u3000")
def test_a_text_that_is_surely_filled_is(text: str) -> None:
    assume(not any("\ud800" <= each <= "\udfff" for each in text))
    batch = pyarrow.RecordBatch.from_pylist([{"id": text, "title": text, "agency": text}])

    surely = surely_clean(batch, Innovation)

    assert not truth(surely) or text.strip()


def test_every_character_that_is_surely_no_blank_is_none() -> None:
    letters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    column = pyarrow.array(letters)
    batch = pyarrow.RecordBatch.from_arrays([column, column, column], ["id", "title", "agency"])

    surely = surely_clean(batch, Innovation).to_pylist()

    assert [
        each for each, sure in zip(letters, surely, strict=True) if sure and not each.strip()
    ] == []
    assert sum(surely) > 90


def truth(mask: Any) -> bool:
    return mask if isinstance(mask, bool) else bool(mask.to_pylist()[0])


MOMENT = (
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,7})?"
    r"(Z|[+-][0-2][0-9]:[0-6][0-9])"
)


@given(st.from_regex(MOMENT, fullmatch=True) | st.sampled_from(TIMES))
def test_a_moment_that_is_surely_one_is(text: str) -> None:
    batch = with_column(to_batch([fit(1)], Proposal), "submitted_at", pyarrow.array([text]))
    (data,) = plain_rows(batch, Proposal)

    sound = checked(Raw(data=data, origin=Place(), place=lambda _: Place()), Proposal).faults == ()
    assert sound or not truth(surely_clean(batch, Proposal))


@given(draw.moments())
def test_any_usual_moment_is_surely_one(moment: DateTime) -> None:
    assume((moment.month, moment.day) != (2, 29))
    batch = to_batch([fit(1, submitted_at=moment)], Proposal)

    assert truth(surely_clean(batch, Proposal))


def test_classes_are_checked_by_their_metadata_alone() -> None:
    """A demand in the code of a class would not be seen by columns."""
    seen, left = set(), [kind for kind in KIND_TYPES if kind is not ScoreSheet]
    while left:
        cls = left.pop()
        seen.add(cls)
        check = getattr(cls, "__attrs_post_init__", None)
        assert check is None or check.__code__.co_names == ("require",), cls
        for kind, _ in record_fields(cls).values():
            left += [each for each in classes_in(kind) if each not in seen]
    assert Tier in seen


def classes_in(kind: Kind) -> Iterator[type]:
    yield from (cls for cls in kind.classes if attrs.has(cls))
    for part in kind.parts:
        yield from classes_in(part)


def test_no_score_sheet_is_surely_clean() -> None:
    """Its marks are checked by the code of its class."""
    sheet = ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="a", marks={"nilai": 7})

    assert not truth(surely_clean(to_batch([sheet], ScoreSheet), ScoreSheet))


# The batch of faults


def test_the_batch_of_faults() -> None:
    batch = with_column(
        to_batch([fit(1), fit(2)], Proposal), "group", pyarrow.array(["umum", "Umum"])
    )

    (found,) = check_batch(batch, BOOK, AGENCIES).to_pylist()[:1]

    values = json.loads(found.pop("values"))
    patch = json.loads(found.pop("patch"))
    assert found == {
        "row": 1,
        "code": "NOT_A_WORD",
        "severity": "menghalangi",
        "pointer": "/group",
        "cure": "WRITE_VALUE",
        "record": None,
    }
    assert (values["name"], values["value"]) == ("group", "Umum")
    assert patch == [{"op": "replace", "path": "/group", "value": "umum"}]


def test_what_depends_on_the_cycle_stands_at_the_end() -> None:
    book = rulebook(2015)
    batch = to_batch([fit(1, cycle=2015)], Proposal)

    rows = check_batch(batch, book, AGENCIES).column("row").to_pylist()
    assert None in rows
    assert rows == sorted(rows, key=lambda row: (row is None, row or 0))
    parts = list(check_batches([batch, batch], book, AGENCIES))
    assert [part.num_rows > 0 for part in parts[-1:]] == [True]
    assert set(parts[-1].column("row").to_pylist()) == {None}


def test_nothing_is_changed_and_the_answer_is_always_the_same() -> None:
    batch = to_batch([fit(1), fit(2, cycle=2019)], Proposal)
    before = batch.to_pylist()

    answers = [check_batch(batch, BOOK, AGENCIES) for _ in range(2)]

    assert answers[0].equals(answers[1])
    assert batch.to_pylist() == before
