"""How long one cycle takes: judging each proposal, selecting from all, against a bare yardstick.

The yardstick sorts by ``Fraction`` keys and passes once over the marks.  A ratio is taken inside a
round; the medians count.  Run: ``python benchmarks/cycle.py [ROUNDS]``.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction

from kipp import demo
from kipp.defaults import judge_all
from kipp.rules.selection import select


def seconds(work: Callable[[], object]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(rounds: int = 7) -> None:
    """Print the medians over *rounds*."""
    run = demo.run_cycle(demo.packaged())
    proposals, sheets = run.field.proposals, run.field.sheets

    def yardstick() -> object:
        totals = {each.id: Fraction(0) for each in proposals}
        for sheet in sheets:
            totals[sheet.proposal] += sum(mark for _, mark in sheet.marks)
        return sorted(totals, key=totals.__getitem__)

    judged, selected = [], []
    for _ in range(rounds):
        bare = seconds(yardstick)
        judged.append(
            seconds(lambda: judge_all(proposals, histories=run.field.histories, book=run.book))
        )
        selected.append(
            seconds(lambda: select(run.book, proposals, sheets, screened=run.judgements)) / bare
        )
    micro = statistics.median(judged) / len(proposals) * 1_000_000
    print(f"judge: {micro:.0f} microseconds a proposal")
    print(f"select: {statistics.median(selected):.1f} times the yardstick")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
