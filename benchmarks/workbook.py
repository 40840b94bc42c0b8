"""What a workbook of proposals costs, against python-calamine giving its bare rows.

Each round reads the same workbook in four ways; a ratio is taken inside a round, the medians count.

Run: ``PYTHONPATH=. python benchmarks/workbook.py [SIZE [ROUNDS]]``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import attrs
from python_calamine import CalamineWorkbook

import kipp
from benchmarks.rules import entries
from kipp.io.atomic import write_records
from kipp.io.checking import checked
from kipp.io.container import check_container
from kipp.io.files import read_raw
from kipp.io.limits import LIMITS

CYCLE = 2021


def workbook(path: Path, size: int) -> None:
    """Proposals without the lists of records, which no spreadsheet of an agency has."""
    made = entries(kipp.rulebook(CYCLE), size)
    plain = (
        attrs.evolve(each, innovation=attrs.evolve(each.innovation, replica_of=None), words=None)
        for each in made
    )
    write_records(path, plain, kipp.Proposal)


def contenders(path: Path) -> dict[str, Callable[[], int]]:
    """What is measured, by name; each gives the number of rows."""

    def bare() -> int:
        with path.open("rb") as stream:
            sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
            return sum(1 for _ in sheet.iter_rows())

    def container() -> int:
        with path.open("rb") as stream:
            check_container(stream, str(path), LIMITS)
        return 0

    def rows() -> int:
        return sum(1 for _ in read_raw(path, kipp.Proposal))

    def proposals() -> int:
        made = (checked(raw, kipp.Proposal).value for raw in read_raw(path, kipp.Proposal))
        return sum(1 for each in made if each is not None)

    return {
        "bare rows": bare,
        "the container looked into": container,
        "rows read, cell by cell": rows,
        "proposals made": proposals,
    }


def seconds(work: Callable[[], object]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(size: int = 20_000, rounds: int = 7) -> None:
    """Print the medians over *rounds*."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "proposals.xlsx")
        workbook(path, size)
        runs = contenders(path)
        assert runs["proposals made"]() == size
        taken = [{name: seconds(work) for name, work in runs.items()} for _ in range(rounds)]
    for name in runs:
        each = statistics.median(one[name] for one in taken) / size * 1e6
        ratio = statistics.median(one[name] / one["bare rows"] for one in taken)
        print(f"{name:28} {each:6.1f} us a row, {ratio:5.2f} of bare rows")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
