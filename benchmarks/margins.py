"""How long the margins of a cut take, against one selection of the same field.

Margins of 5,000 proposals × 7 assessors × 8 criteria (distances, fewest changes, leave-one-out,
weights) and 1,000 draws of assessors for 99 × 7 must stay below 20 selections of the large field.
A ratio is taken inside a round; the medians count.  Run: ``python benchmarks/margins.py [ROUNDS]``.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from kipp import Group, Innovation, Proposal, ScoreSheet, Stage, demo
from kipp.domain.agency import AgencyKey
from kipp.rules.cuts import Cut
from kipp.rules.decision import Outcome
from kipp.rules.margins import margins
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select

ASSESSORS = [f"E{number}" for number in range(7)]
CRITERIA = [f"c{number}" for number in range(8)]
Entries = tuple[list[Proposal], list[ScoreSheet]]


def field(size: int) -> Entries:
    """Proposals of the general group, and marks around a quality of their own."""
    luck = Random(f"{size} proposals")
    proposals, sheets = [], []
    for number in range(size):
        innovation = Innovation(id=f"{number:05}", title="made up", agency=AgencyKey("made-up"))
        proposals.append(
            Proposal(id=f"{number:05}", innovation=innovation, cycle=2021, group=Group.GENERAL)
        )
        quality = luck.randint(20, 80)
        for assessor in ASSESSORS:
            marks = {key: quality + luck.randint(-20, 20) for key in CRITERIA}
            sheets.append(
                ScoreSheet(
                    proposal=f"{number:05}",
                    stage=Stage.EVALUATION,
                    assessor=assessor,
                    marks=marks,
                )
            )
    return proposals, sheets


def rulebook(places: int) -> Rulebook:
    """2021 with the assumptions of the demonstration, seven evaluators and eight criteria."""
    weights = {key: number + 1 for number, key in enumerate(CRITERIA)}
    changes: dict[str, object] = {
        "evaluation.evaluators": len(ASSESSORS),
        "groups.general.criteria": weights,
        "groups.general.nominees": places,
        "evaluation.pass_mark": 0,
    }
    return demo.run_cycle(demo.packaged()).book.reform(changes, name="benchmark")


def run(book: Rulebook, entries: Entries) -> Selection:
    return select(book, *entries, screened=lambda _: Outcome.MET)


def nominations(selection: Selection) -> Cut:
    record = selection.at(Stage.NOMINATION)
    assert record is not None, selection.stopped
    return record.cuts[0]


def seconds(work: Callable[[], Any]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(rounds: int = 5) -> None:
    """Print the medians over *rounds*."""
    large, small = field(5000), field(99)
    wide, narrow = rulebook(150), rulebook(45)
    first = nominations(run(wide, large))
    second = nominations(run(narrow, small))
    once, still, drawn, ratios = [], [], [], []
    for _ in range(rounds):
        once.append(seconds(lambda: run(wide, large)))
        still.append(seconds(lambda: margins(first, large[1])))
        drawn.append(seconds(lambda: margins(second, small[1], resamples=1000, seed="benchmark")))
        ratios.append((still[-1] + drawn[-1]) / once[-1])
    for name, times in (("select", once), ("margins, 5,000", still), ("1,000 draws of 99", drawn)):
        print(f"{name}: {statistics.median(times) * 1000:.0f} ms")
    print(f"margins: {statistics.median(ratios):.1f} selections")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
