"""Parquet and Arrow: what is written reads back equal, and whatever comes is read or told."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.io import to_json
from kipp.io.checking import checked
from kipp.io.columnar import read_arrow, read_parquet, write_arrow, write_parquet
from kipp.io.kinds import KINDS
from kipp.io.raw import Raw
from tests.io.records import RECORDS

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

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
