"""What was written once is read for good; what is newer than its reader is told, never dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kipp
from kipp.io import to_ndjson
from kipp.io.checking import checked
from kipp.io.files import read_raw
from kipp.io.kinds import KINDS

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*/*.ndjson"))
NEWEST = [path for path in SAMPLES if path.parent.name == "v1"]


def values(path: Path) -> list[Any]:
    kind = KINDS[path.stem].type
    found: list[Any] = []
    for raw in read_raw(path, kind):
        answer: Any = checked(raw, kind)
        assert answer.faults == ()
        found.append(answer.value)
    return found


def test_every_kind_has_a_sample() -> None:
    assert {path.stem for path in NEWEST} == set(KINDS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_written_is_read_without_a_fault(path: Path) -> None:
    assert values(path)


@pytest.mark.parametrize("path", NEWEST, ids=lambda path: path.stem)
def test_the_newest_form_is_written_to_the_letter(path: Path) -> None:
    """With a new form this line moves on to its samples; the old ones stay above."""
    assert to_ndjson(values(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NEWEST, ids=lambda path: path.stem)
def test_a_field_of_a_later_version_is_told_and_not_dropped(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    data["of_a_later_version"] = 1

    found = kipp.validate([data], kind=path.stem)

    told = [fault for fault in found if fault.code == "FIELD_UNKNOWN"]
    assert [fault.pointer for fault in told] == ["/of_a_later_version"]


@pytest.mark.parametrize("path", NEWEST, ids=lambda path: path.stem)
def test_a_field_that_older_data_lacks_is_at_its_default(path: Path) -> None:
    """Fields that came later have defaults: without all of those a record is still whole."""
    import attrs

    kind = KINDS[path.stem].type
    data = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    needed = {field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING}
    bare = {
        name: part for name, part in data.items() if name in needed or path.stem == "submission"
    }

    found = kipp.validate([bare], kind=path.stem)

    assert [fault for fault in found if fault.code in ("FIELD_MISSING", "FIELD_UNKNOWN")] == []
