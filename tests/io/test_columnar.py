"""Parquet and Arrow: what is written reads back equal, and whatever comes is read or told."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import ScoreSheet
from kipp.domain.errors import InvalidValue
from kipp.domain.fault import Origin
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.domain.record import HubRow
from kipp.io import Submission, to_json
from kipp.io.arrow_rows import plain_rows
from kipp.io.arrow_schema import to_batch
from kipp.io.checking import checked
from kipp.io.columnar import read_arrow, read_parquet, write_arrow, write_parquet
from kipp.io.document import Repeated
from kipp.io.kinds import KINDS
from kipp.io.limits import Limits
from kipp.io.raw import Raw
from tests.io.records import RECORDS

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet")

KIND_TYPES = [kind.type for kind in KINDS.values()]
Write = Callable[[IO[bytes], Any, type], None]
Read = Callable[..., Iterator[Raw]]
FORMATS: dict[str, tuple[Write, Read]] = {
    "parquet": (write_parquet, read_parquet),
    "arrow": (write_arrow, read_arrow),
}
formats = pytest.mark.parametrize("form", FORMATS)


def written(form: str, values: list[Any], kind: type) -> io.BytesIO:
    stream = io.BytesIO()
    FORMATS[form][0](stream, values, kind)
    stream.seek(0)
    return stream


def read(form: str, stream: IO[bytes], kind: type) -> list[Raw]:
    return list(FORMATS[form][1](stream, kind, file=f"entri.{form}"))


# Round trips


def test_every_kind_has_records() -> None:
    assert set(RECORDS) == set(KIND_TYPES)


@formats
@pytest.mark.parametrize("kind", KIND_TYPES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_written_reads_back(form: str, kind: type, data: st.DataObject) -> None:
    """Equal values, and the same text: the offset of each moment among it."""
    values = data.draw(st.lists(RECORDS[kind], max_size=3))

    raws = read(form, written(form, values, kind), kind)

    back = [checked(raw, kind).value for raw in raws]
    assert back == values
    assert [to_json(each) for each in back] == [to_json(each) for each in values]
    assert [raw.origin.row for raw in raws] == list(range(1, len(values) + 1))
    assert {raw.origin.file for raw in raws} <= {f"entri.{form}"}


# Other schemas: what says the same is read the same


PROPOSAL = {
    "id": "P-1",
    "innovation": {"id": "I-1", "title": "Contoh", "agency": "kota-ambon"},
    "cycle": 2021,
}


def one_row(**columns: Any) -> Any:
    """A proposal as a batch of one row, with *columns* more, or others."""
    innovation = pyarrow.array([PROPOSAL["innovation"]])
    named = {"id": pyarrow.array(["P-1"]), "innovation": innovation, "cycle": pyarrow.array([2021])}
    return pyarrow.RecordBatch.from_pydict({**named, **columns})


def rows(batch: Any, kind: type = Proposal) -> list[Any]:
    return plain_rows(batch, kind)


def test_columns_that_are_not_there_are_left_out() -> None:
    assert rows(one_row()) == [PROPOSAL]


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("id", lambda: pyarrow.array(["P-2"], pyarrow.large_string()), "P-2"),
        ("id", lambda: pyarrow.array(["P-2"], pyarrow.string_view()), "P-2"),
        ("id", lambda: pyarrow.array(["P-2"]).dictionary_encode(), "P-2"),
        ("id", lambda: pyarrow.RunEndEncodedArray.from_arrays([1], ["P-2"]), "P-2"),
        ("cycle", lambda: pyarrow.array([2020], pyarrow.int16()), 2020),
        ("cycle", lambda: pyarrow.array([2020], pyarrow.uint64()), 2020),
        ("cycle", lambda: pyarrow.array([Decimal(2020)]), 2020),
        ("group", lambda: pyarrow.array(["umum"]).dictionary_encode(), "umum"),
        ("group", lambda: pyarrow.nulls(1), None),
        ("submitted_at", lambda: moments("s", "+08:00"), "2021-05-03T10:00:00+08:00"),
        ("submitted_at", lambda: moments("us", "Asia/Jayapura"), "2021-05-03T11:00:00+09:00"),
        ("submitted_at", lambda: moments("ns", "UTC"), "2021-05-03T02:00:00Z"),
        ("submitted_at", lambda: moments("ns", "Atlantis/Capital"), "2021-05-03T02:00:00Z"),
        ("documents", lambda: pyarrow.array([["a"]], pyarrow.large_list(pyarrow.string())), ["a"]),
        ("documents", lambda: pyarrow.array([["a"]], pyarrow.list_view(pyarrow.string())), ["a"]),
        ("documents", lambda: pyarrow.array([["a"]], pyarrow.list_(pyarrow.string(), 1)), ["a"]),
        ("words", lambda: pyarrow.array([[{"value": 9, "key": "summary"}]]), [["summary", 9]]),
    ],
)
def test_another_type_that_says_the_same(
    name: str, column: Callable[[], Any], value: object
) -> None:
    (data,) = rows(one_row(**{name: column()}))

    assert data[name] == value
    assert type(data[name]) is type(value)
    assert checked(raw(data), Proposal).faults == ()


def moments(unit: str, zone: str) -> Any:
    """10 o'clock in Makassar, on 3 May 2021."""
    seconds = pyarrow.array([1_620_007_200]).cast(pyarrow.timestamp("s", "UTC"))
    return seconds.cast(pyarrow.timestamp(unit, "UTC")).cast(pyarrow.timestamp(unit, zone))


def raw(data: Any) -> Raw:
    return Raw(data=data, origin=Origin(), place=lambda _: Origin())


@pytest.mark.parametrize(
    ("name", "column", "shown"),
    [
        ("id", lambda: pyarrow.array([7]), "7"),
        ("id", lambda: pyarrow.array([b"P-1"]), "P-1 (binary)"),
        ("id", lambda: pyarrow.array([dt.date(2021, 5, 3)]), "2021-05-03 (date32[day])"),
        ("id", lambda: pyarrow.array([b"\xff"]).view(pyarrow.string()), "'\\udcff'"),
        ("cycle", lambda: pyarrow.array(["2021"]), "'2021'"),
        ("cycle", lambda: pyarrow.array([2021.0]), "2021.0"),
        ("cycle", lambda: pyarrow.array([float("nan")]), "'NaN'"),
        ("cycle", lambda: pyarrow.array([Decimal("2021.5")]), "2021.5"),
        ("cycle", lambda: pyarrow.array([True]), "True"),
        ("cycle", lambda: pyarrow.nulls(1), "None"),
        ("withdrawn", lambda: pyarrow.array([0]), "0"),
        (
            "submitted_at",
            lambda: moments("s", "UTC").cast(pyarrow.timestamp("s")),
            "2021-05-03 02:00:00 (timestamp[s])",
        ),
        ("submitted_at", lambda: pyarrow.array([dt.date(2021, 5, 3)]), "2021-05-03 (date32[day])"),
        (
            "submitted_at",
            lambda: pyarrow.array([1]).cast(pyarrow.timestamp("ns", "UTC")),
            "'1970-01-01T00:00:00.000000001Z'",
        ),
        ("documents", lambda: pyarrow.array(["video"]), "'video'"),
        ("documents", lambda: pyarrow.array([{"a": 1}]), "{'a': 1}"),
        ("words", lambda: pyarrow.array([{"summary": 9}]), "{'summary': 9}"),
        ("video_minutes", lambda: pyarrow.array([dt.time(1)]), "01:00:00.000000 (time64[us])"),
        ("note", lambda: pyarrow.array([1]), "1"),
        ("group", lambda: pyarrow.array([2**63], pyarrow.uint64()), str(2**63)),
    ],
)
def test_a_type_that_says_something_else(name: str, column: Callable[[], Any], shown: str) -> None:
    """Nothing is coerced; it is found at its field, with what stands there."""
    (data,) = rows(one_row(**{name: column()}))

    (fault,) = checked(raw(data), Proposal).faults
    assert fault.pointer == f"/{name}"
    assert repr(dict(fault.values)["value"]) == shown


def test_a_null_is_as_if_nothing_were_there_where_a_value_must_be() -> None:
    withdrawn = one_row(withdrawn=pyarrow.nulls(1, pyarrow.bool_()), note=pyarrow.nulls(1))

    assert rows(withdrawn) == [PROPOSAL]


def test_columns_of_one_name() -> None:
    batch = pyarrow.RecordBatch.from_arrays([["a"], ["b"]], ["id", "id"])

    twice, *missing = checked(raw(rows(batch)[0]), Proposal).faults
    assert (twice.code, twice.pointer) == ("KEY_TWICE", "/id")
    assert [fault.pointer for fault in missing] == ["/innovation", "/cycle"]


def test_no_columns_at_all() -> None:
    batch = pyarrow.RecordBatch.from_struct_array(pyarrow.array([{}, {}], pyarrow.struct([])))

    assert rows(batch) == [{}, {}]


def test_a_part_of_a_batch() -> None:
    """Offsets, lists and nulls inside a slice are its own."""
    whole = pyarrow.array([["a", "b"], None, [], ["c", None]])
    pairs = pyarrow.array(
        [[("s", 1)], None, [], [("t", 2), ("u", None)]],
        pyarrow.map_(pyarrow.string(), pyarrow.int64()),
    )
    batch = pyarrow.RecordBatch.from_pydict({"documents": whole, "words": pairs}).slice(1)

    assert rows(batch) == [
        {"documents": None, "words": None},
        {"documents": [], "words": []},
        {"documents": ["c", None], "words": [["t", 2], ["u", None]]},
    ]


def test_marks_are_a_table() -> None:
    marks = pyarrow.array(
        [[("a", 7), ("b", 8)], [("a", 7), ("a", 8)]], pyarrow.map_("string", "int8")
    )
    batch = pyarrow.RecordBatch.from_pydict({"marks": marks})

    assert rows(batch, ScoreSheet) == [
        {"marks": {"a": 7, "b": 8}},
        {"marks": Repeated(("a",))},
    ]


def test_a_day_where_a_day_or_a_range_may_stand() -> None:
    days = pyarrow.RecordBatch.from_pydict({"basis_date": pyarrow.array([dt.date(2021, 5, 3)])})

    assert rows(days, HubRow) == [{"basis_date": "2021-05-03"}]


def test_a_batch_of_proposals_is_one_of_submissions_without_history() -> None:
    data = rows(one_row(submitted_at=moments("s", "+08:00")), Submission)

    assert checked(raw(data[0]), Submission).faults == ()


# Files that are broken, or never were any


@formats
@pytest.mark.parametrize("content", [b"", b"PAR1", b"ARROW1\0\0", b"{}", b"\xff" * 64])
def test_no_such_file(form: str, content: bytes) -> None:
    with pytest.raises(InvalidValue, match="that is whole, got 'entri"):
        read(form, io.BytesIO(content), Proposal)


@formats
def test_whatever_is_broken_is_told(form: str) -> None:
    """Bytes changed at random: the file is refused, or what can be read of it is."""
    values = [example_proposal(number) for number in range(40)]
    good = written(form, values, Proposal).getvalue()
    luck = Random(form)
    for _ in range(60):
        content = bytearray(good)
        for _ in range(luck.choice([1, 3, 20])):
            content[luck.randrange(len(content))] = luck.randrange(256)
        with contextlib.suppress(InvalidValue):
            assert all(each.origin.row for each in read(form, io.BytesIO(content), Proposal))


def example_proposal(number: int) -> Proposal:
    innovation = Innovation(id=f"I-{number}", title="Contoh", agency=AgencyKey("kota-ambon"))
    return Proposal(id=f"P-{number}", innovation=innovation, cycle=2021)


def test_a_block_that_is_broken_hides_no_other() -> None:
    """Two row groups: the first one's pages are overwritten, the second is read."""
    stream = io.BytesIO()
    batch = to_batch([example_proposal(number) for number in range(3)], Proposal)
    with parquet.ParquetWriter(stream, batch.schema, compression="none") as writer:
        writer.write_batch(batch)
        end = stream.tell()
        writer.write_batch(batch)
    content = bytearray(stream.getvalue())
    content[4:end] = bytes(end - 4)

    found = read("parquet", io.BytesIO(content), Proposal)

    assert [each.origin.row for each in found] == [1, 4, 5, 6]
    (fault,) = found[0].faults
    assert (fault.code, dict(fault.values)["rows"]) == ("BLOCK_BROKEN", 3)


def test_a_block_that_says_it_is_too_large() -> None:
    stream = written("parquet", [example_proposal(1)], Proposal)

    (raw,) = read_parquet(stream, Proposal, file="f", limits=Limits(member_bytes=10))

    assert [fault.code for fault in raw.faults] == ["BLOCK_TOO_LARGE"]


@pytest.mark.parametrize("packing", ["lz4", "zstd"])
@pytest.mark.parametrize("kept", ["new_file", "new_stream"])
def test_an_arrow_block_that_would_unpack_to_too_much(packing: str, kept: str) -> None:
    """What stands before it is read; it is not unpacked."""
    schema = pyarrow.schema([("id", pyarrow.string()), ("title", pyarrow.string())])
    stream = io.BytesIO()
    packed = pyarrow.ipc.IpcWriteOptions(compression=packing)
    with getattr(pyarrow.ipc, kept)(stream, schema, options=packed) as writer:
        for title in ("x", "x" * 100_000):
            writer.write_batch(pyarrow.RecordBatch.from_pylist([{"id": "P", "title": title}]))
    stream.seek(0)

    found = list(read_arrow(stream, Proposal, file="f", limits=Limits(member_bytes=50_000)))

    assert [raw.origin.row for raw in found] == [1, 2]
    assert [fault.code for fault in found[-1].faults] == ["BLOCK_TOO_LARGE"]
    stream.seek(0)
    assert len(list(read_arrow(stream, Proposal, limits=Limits(member_bytes=200_000)))) == 2


def test_encoded_columns_are_read_from_files() -> None:
    encoded = pyarrow.array(["a", "b", "a"]).dictionary_encode()
    stream = io.BytesIO()
    table = pyarrow.table({"id": encoded})
    with pyarrow.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table)
    stream.seek(0)

    assert [raw.data for raw in read_arrow(stream, Proposal)] == [{"id": each} for each in "aba"]


def test_an_arrow_stream_is_read_up_to_where_it_breaks_off() -> None:
    stream = io.BytesIO()
    batch = to_batch([example_proposal(number) for number in range(3)], Proposal)
    with pyarrow.ipc.new_stream(stream, batch.schema) as writer:
        writer.write_batch(batch)
        end = stream.tell()
        writer.write_batch(batch)

    found = read("arrow", io.BytesIO(stream.getvalue()[: end + 100]), Proposal)

    assert [each.origin.row for each in found] == [1, 2, 3, 4]
    assert [fault.code for fault in found[-1].faults] == ["BLOCK_BROKEN"]
