"""What a replication costs, against numpy's own Philox drawing as many normal numbers.

Each round runs every contender once; a ratio is taken inside a round, the medians count.  The
yardstick draws ``float32`` normals for every mark of the stages: 3,000 proposals and 5 assessors,
then the nominees at the desk and the finalists after the interview.

Run: ``PYTHONPATH=. python benchmarks/simulation.py [ROUNDS [REPLICATIONS]]``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np

import kipp
from kipp.domain.agency import AgencyKind
from kipp.domain.cycle import Group
from kipp.registry import registry
from kipp.simulation import Field, Funnel, Panel, Spread, Study, simulate

SIZE = 3_000
ASSESSORS = 5
CYCLE = 2021
FUNNEL = Funnel(
    registered=SIZE,
    submitted=SIZE,
    passed=SIZE,
    kinds={
        AgencyKind.REGENCY: 60,
        AgencyKind.CITY: 25,
        AgencyKind.PROVINCE: 10,
        AgencyKind.MINISTRY: 4,
    },
    groups={Group.GENERAL: 1},
)
SPREAD = Spread(quality=(40, 88), noise=12, extra_days=900, sdg_goals=17)
TWO_CAPS = [
    {"stage": "finalists", "by": "agency", "at_most": 3},
    {"stage": "winners", "by": "agency", "at_most": 2},
]
BASE: dict[str, Any] = {
    "groups.general.cap": 50,
    "groups.general.nominees": 400,
    "groups.general.criteria": {"impact": 1},
    "evaluation.evaluators": ASSESSORS,
    "panel.assessors": ASSESSORS,
    "selection.finalists_by": "evaluation",
    "ties.cascade": ["evaluation", "draw"],
    "composition.quota": "demands",
    "composition.demands": TWO_CAPS,
}
FINE = {"marks.quantum": "1/10000"}
"""A scale so fine that hardly anybody is tied."""

LAWS: dict[str, dict[str, Any]] = {
    "both stages, caps per agency, a fine scale": {**BASE, **FINE},
    "marks on the whole scale, ties": BASE,
    "whole marks, no cap": {**BASE, "composition.quota": "none"},
    "whole marks, nominees and three stages": {
        **BASE,
        "groups.general.nominees": 198,
        "selection.finalists_by": "finalists",
        "composition.quota": "none",
    },
    "whole marks, seven criteria of 2023": {
        **{path: value for path, value in BASE.items() if "criteria" not in path},
        "composition.quota": "none",
    },
}


def law(changes: dict[str, Any]) -> kipp.Rulebook:
    """The law of the cycle with its example assumptions and *changes*."""
    book = kipp.rulebook(CYCLE).assume(kipp.assumptions.example(CYCLE))
    return book.reform(changes, name="benchmark")


def field() -> Field:
    """A made-up field of one group."""
    book = law(BASE)
    return Field.synthetic(registry(), FUNNEL, book=book, seed="benchmark", spread=SPREAD)


def seconds(work: Callable[[], object]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


def draw(replications: int) -> None:
    """As many normals as a replication's marks, by numpy."""
    source = np.random.Generator(np.random.Philox(1))
    marks = ASSESSORS * (SIZE + 99)
    for _ in range(replications):
        source.standard_normal(marks, dtype=np.float32)


def run(study: Study, replications: int) -> None:
    """The replications of a study whose setting stands, with everything that is measured."""
    from kipp.simulation.study import _run

    _run(study.setting.kernel, study.setting.scene, range(replications))


def plain(study: Study, replications: int) -> None:
    """The same with plain Python: marks by ``random``, the exact selection."""
    for replication in range(replications):
        study.replay(replication)


def wall(study: Study, replications: int, workers: int) -> float:
    """Seconds on the clock of a whole study."""
    setting = study.setting
    started = time.perf_counter()
    simulate(
        setting.field,
        setting.book,
        noise=Panel(spread=8),
        replications=replications,
        seed=1,
        workers=workers,
    )
    return time.perf_counter() - started


def peak(replications: int) -> int:
    """MiB at most of a process that simulates so many replications; none: that only imports."""
    command = [sys.executable, __file__, "--peak", str(replications)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def measured_peak(replications: int) -> int:
    """As :func:`peak`, in this process."""
    if replications:
        simulate(
            attrs.evolve(field()),
            law(LAWS["both stages, caps per agency, a fine scale"]),
            noise=Panel(spread=8),
            replications=replications,
            seed=1,
            workers=1,
        )
    # The peak of this process alone, without that of the one it was started from (Linux).
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main(rounds: int = 7, replications: int = 200) -> None:
    """Print the medians over *rounds*."""
    entered = field()
    noise = Panel(spread=8)
    studies = {
        name: simulate(entered, law(changes), noise=noise, replications=2, seed=1, workers=1)
        for name, changes in LAWS.items()
    }
    taken: dict[str, list[float]] = {name: [] for name in studies}
    drawn = []
    for _ in range(rounds):
        drawn.append(seconds(lambda: draw(replications)))
        for name, study in studies.items():
            taken[name].append(seconds(lambda study=study: run(study, replications)))  # type: ignore[misc]
    yardstick = statistics.median(drawn) / replications * 1e6
    print(f"{SIZE} proposals, {ASSESSORS} assessors; numpy draws in {yardstick:.0f} us")
    for name, found in taken.items():
        each = statistics.median(found) / replications * 1e6
        ratio = statistics.median(mine / base for mine, base in zip(found, drawn, strict=True))
        print(f"{name:45} {each:6.0f} us a replication, {ratio:5.2f} yardsticks")
    first = next(iter(studies.values()))
    exact = seconds(lambda: plain(first, 2)) / 2
    fast = statistics.median(taken[next(iter(taken))]) / replications
    print(f"the exact selection, sheets and all: {exact / fast:5.0f} times as long")
    if (os.cpu_count() or 1) > 1:
        one, two = (wall(first, 4_000, workers) for workers in (1, 2))
        print(f"two workers: {one / two:4.2f} times as fast as one (4,000 replications)")
    alone, few, many = peak(0), peak(100), peak(10_000)
    print(f"peak: {alone} MiB imports, {few} MiB 100 replications, {many} MiB 10,000")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        print(measured_peak(int(sys.argv[2])))
    else:
        main(*map(int, sys.argv[1:]))
