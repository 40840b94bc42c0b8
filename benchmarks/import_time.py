"""How long ``import kipp`` takes, against importing attrs, cattrs and pendulum.

Each contender runs in a process of its own, in turn; a ratio is taken inside a round.  The bar
is 1.25, the aim 1.0 (medians).  Run: ``python benchmarks/import_time.py [ROUNDS]``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

CONTENDERS = {"kipp": "import kipp", "dependencies": "import attrs, cattrs, pendulum"}
TOUCHED = "import kipp; kipp.rulebook, kipp.Proposal, kipp.judge"


def seconds(code: str) -> float:
    """Wall time of a fresh interpreter that runs *code*, less an empty one."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main(rounds: int = 11) -> None:
    """Print the medians and quartiles."""
    for label, code in (("import kipp", CONTENDERS["kipp"]), ("first names used", TOUCHED)):
        ratios = []
        for _ in range(rounds):
            empty = seconds("pass")
            ours = seconds(code) - empty
            theirs = seconds(CONTENDERS["dependencies"]) - empty
            ratios.append(ours / theirs)
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"{label}: {middle:.2f} of attrs + cattrs + pendulum (quartiles {low:.2f}, {high:.2f})"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
