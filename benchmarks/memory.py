"""How much memory a million proposals take that stream through ``kipp validate``.

Writes made-up proposals that break nothing (agencies of the registry, ids and titles of their own)
and checks the file in a process of its own, with and without comparing records; prints the peak of
that process and the time.

Run: ``python benchmarks/memory.py [RECORDS]``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import kipp
from kipp.domain.dates import Date
from kipp.registry import registry

RECORDS = 1_000_000
MEBIBYTE = 2**20


def write(path: Path, count: int) -> None:
    """*count* proposals, one a line, spread over agencies so that few reach the cap."""
    book = kipp.rulebook(2021)
    kinds = book["participants"].value  # type: ignore[union-attr]  # it is stated for 2021
    fit = [each.key for each in registry().agencies(on=Date(2021, 1, 1), kinds=kinds)]
    with path.open("w", encoding="utf-8") as target:
        for number in range(count):
            innovation = {
                "id": f"inovasi-{number}",
                "title": f"Contoh {number}: layanan terpadu bagi warga di seluruh wilayah",
                "agency": fit[number % len(fit)],
                "unit": "RSUD Contoh",
                "started": f"2017-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "origin": "orisinal",
                "replica_of": [],
                "sdgs": [number % 17 + 1],
                "public_service": True,
            }
            proposal = {
                "id": f"p-{number}",
                "innovation": innovation,
                "cycle": 2021,
                "group": "umum",
                "category": "health",
                "submitted_at": f"2021-04-{number % 28 + 1:02}T10:{number % 60:02}:00+07:00",
                "documents": ["video"],
                "words": [["summary", number % 100 + 50]],
                "video_minutes": 3,
                "careless": False,
            }
            target.write(f"{json.dumps(proposal)}\n")


def measure(path: Path, *options: str) -> None:
    """Print the peak memory and the time of one run."""
    code = (
        "import resource, sys\n"
        "from kipp.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(peak // 1024, file=sys.stderr)\n"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", str(path), "--cycle", "2021", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - started
    summary = [line for line in done.stdout.splitlines() if line][-2:]
    print(f"{' '.join(options) or 'compared'}: peak {done.stderr.split()[-1]} MiB, {took:.0f} s")
    print(*summary, sep="\n")


def main() -> None:
    """Write the file, and measure both ways."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entries.ndjson"
        write(path, count)
        print(f"{count} proposals, {path.stat().st_size // MEBIBYTE} MiB")
        for options in ([], ["--no-cross"]):
            measure(path, *options)


if __name__ == "__main__":
    main()
