"""What a report costs: a file of proposals without faults, the same with one fault in each.

    PYTHONPATH=. python benchmarks/validating.py [SIZE [ROUNDS]]

Each contender is a process of its own, so that memory is its own too; a ratio is taken inside a
round, and the median over the rounds counts.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CYCLE = 2021
SIZE = 100_000
CONTENDERS: dict[str, tuple[str, str, bool]] = {
    "no faults": ("fit", "", True),
    "no faults, records not compared": ("fit", "", False),
    "a fault of shape in one of ten": ("some", "", True),
    "the same, told as JSON": ("some", "json", True),
    "a fault of shape in each": ("misshapen", "", True),
    "a fault of a rule in each": ("unfit", "", True),
    "an id twice in each": ("twice", "", True),
    "shape, told as text": ("misshapen", "text", True),
    "shape, told as JSON": ("misshapen", "json", True),
    "shape, told as CSV": ("misshapen", "csv", True),
    "shape, told as SARIF": ("misshapen", "sarif", True),
}
"""The file, the form of the report, and whether records are compared."""


def _misshapen(data: dict[str, Any], luck: random.Random) -> None:
    where = luck.choice(("cycle", "group", "video_minutes"))
    data[where] = "x"


def _some(data: dict[str, Any], luck: random.Random) -> None:
    if luck.randrange(10) == 0:
        _misshapen(data, luck)


def _unfit(data: dict[str, Any], luck: random.Random) -> None:
    data["innovation"]["started"] = f"2021-01-{luck.randint(1, 28):02}"


def _twice(data: dict[str, Any], _luck: random.Random) -> None:
    data["id"] = "proposal"


SPOILT: dict[str, Callable[[dict[str, Any], random.Random], None]] = {
    "fit": lambda _data, _luck: None,
    "misshapen": _misshapen,
    "some": _some,
    "unfit": _unfit,
    "twice": _twice,
}


def lines(size: int, spoil: str) -> Iterator[str]:
    """The records of a file, one a line."""
    import kipp
    from benchmarks.rules import entries
    from kipp.registry import awards

    luck = random.Random(size)
    listed = [row.innovation for row in awards()]
    for proposal in entries(kipp.rulebook(CYCLE), size):
        data = json.loads(kipp.to_json(proposal))
        for source in data["innovation"].get("replica_of", ()):
            source["title"] = luck.choice(listed)
        SPOILT[spoil](data, luck)
        yield json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def measured(path: str, form: str, cross: bool) -> tuple[float, int, int]:
    """Seconds of CPU, MiB at most, faults."""
    import kipp
    from kipp import Group
    from kipp.io.reports import pieces

    # Too many proposals of one agency are no fault of a single record.
    without = {f"groups.{group.key}.cap": 10**9 for group in (Group.GENERAL, Group.REPLICATION)}
    book = kipp.rulebook(CYCLE).reform(without, name="without caps")
    list(kipp.validate([], book=book))  # tables are read before the clock runs
    started = time.process_time()
    report = kipp.validate(path, book=book, cross=cross)
    if form:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            nowhere.writelines(pieces(report, form))
    faults = report.summary.faults
    seconds = time.process_time() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, faults


def alone(path: Path, form: str, cross: bool) -> tuple[float, int, int]:
    """As :func:`measured`, in a process of its own."""
    command = [sys.executable, __file__, "--measure", str(path), form, str(cross)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory, faults = json.loads(done.stdout)
    return seconds, memory, faults


def main(size: int = SIZE, rounds: int = 7) -> None:
    """Print the medians over *rounds*."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, f"{name}.ndjson") for name in SPOILT}
        for name, path in paths.items():
            with path.open("w", encoding="utf-8") as file:
                file.writelines(lines(size, name))
        taken: dict[str, list[tuple[float, int, int]]] = {name: [] for name in CONTENDERS}
        for turn in range(rounds):
            for name in list(CONTENDERS)[:: -1 if turn % 2 else 1]:
                file, form, cross = CONTENDERS[name]
                taken[name].append(alone(paths[file], form, cross))
    first = [seconds for seconds, _, _ in taken["no faults"]]
    print(f"{size} proposals of {CYCLE}, {rounds} rounds")
    for name, found in taken.items():
        ratios = [seconds / base for (seconds, _, _), base in zip(found, first, strict=True)]
        seconds, memory, faults = (statistics.median(each) for each in zip(*found, strict=True))
        print(
            f"{name:34} {seconds / size * 1e6:7.1f} us a record  x {statistics.median(ratios):4.2f}"
            f"  {memory:5.0f} MiB  {faults:7.0f} faults"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2], sys.argv[3], sys.argv[4] == "True")))
    else:
        main(*map(int, sys.argv[1:]))
