"""How long a selection takes, and its certificate, against a bare yardstick.

A field of 5,000 proposals × 7 assessors × 8 criteria.  The yardstick sorts precomputed scores by
``Fraction`` keys and passes once over the stored marks; *fractions throughout* adds the marks up as
``Fraction`` and sorts.  A ratio is taken inside a round; the medians count.  Then the same run on
1,000, 10,000 and 100,000 proposals, by the microseconds each proposal takes.

Run: ``python benchmarks/selection.py [ROUNDS]``.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import attrs

import kipp
from kipp.domain.assessment import OVERALL
from kipp.rules.selection import select

ASSESSORS, CRITERIA = 7, 8
YEAR = 2021


@attrs.frozen
class Field:
    """Made-up proposals with marks of every stage; the best twentieth is marked by the panel."""

    book: kipp.Rulebook
    contest: kipp.Contest

    @property
    def marks(self) -> list[kipp.ScoreSheet]:
        """The evaluation team's sheets."""
        return [each for each in self.contest.sheets if each.stage is kipp.Stage.EVALUATION]

    def selected(self) -> kipp.Selection:
        """The whole run, the last word on everybody read."""
        assert self.contest.screened is not None
        found = select(
            self.book,
            self.contest.proposals,
            self.contest.sheets,
            screened=self.contest.screened,
        )
        for _ in found.final:
            pass
        return found

    def every_result(self) -> None:
        """The same, and every result of every stage read."""
        for record in self.selected().stages:
            for _ in record.results:
                pass


def field(size: int) -> Field:
    """*size* proposals whose marks spread around their worth."""
    luck = random.Random(size)
    book = kipp.rulebook(YEAR).assume(kipp.assumptions.example(YEAR, "en"))
    book = book.reform({"evaluation.evaluators": ASSESSORS}, name="seven assessors")
    keys = [each.key for each in book["groups.general.criteria"].value]  # type: ignore[union-attr]  # assumed above
    worth = {f"p{number:06}": luck.gauss(60, 10) for number in range(size)}
    heard = set(sorted(worth, key=worth.__getitem__)[-max(size // 20, 300) :])

    def mark(key: str) -> int:
        return min(100, max(0, round(luck.gauss(worth[key], 8))))

    sheets = [
        kipp.ScoreSheet(
            proposal=key, stage=stage, assessor=who, marks={each: mark(key) for each in criteria}
        )
        for key in worth
        for stage, jury, criteria in (
            (kipp.Stage.EVALUATION, range(ASSESSORS), keys),
            (kipp.Stage.FINALISTS, range(key in heard), [OVERALL]),
            (kipp.Stage.PANEL, range(key in heard), [OVERALL]),
        )
        for who in map("a{}".format, jury)
    ]
    proposals = tuple(
        kipp.Proposal(
            id=key,
            innovation=kipp.Innovation(id=key, title=key, agency=kipp.AgencyKey("kota-ambon")),
            cycle=YEAR,
            group=kipp.Group.GENERAL,
        )
        for key in worth
    )
    screened = dict.fromkeys(worth, kipp.Outcome.MET)
    return Field(book, kipp.Contest(proposals=proposals, sheets=tuple(sheets), screened=screened))


def seconds(work: Callable[[], object]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


def compare(rounds: int) -> None:
    """Print the ratios of select, certificate and verification."""
    made = field(5_000)
    sheets = made.marks
    weights = made.selected().at(kipp.Stage.NOMINATION).cuts[0].scheme.criteria  # type: ignore[union-attr]  # it is reached
    weight = {each.key: each.weight for each in weights}

    def throughout() -> dict[str, Fraction]:
        totals: dict[str, Fraction] = {}
        for sheet in sheets:
            worth = sum((weight[key] * mark for key, mark in sheet.marks), Fraction(0))
            totals[sheet.proposal] = totals.get(sheet.proposal, Fraction(0)) + worth
        return dict(sorted(totals.items(), key=lambda each: each[1]))

    totals = throughout()
    scores = {each.id: totals[each.id] / ASSESSORS / 100 for each in made.contest.proposals}

    def yardstick() -> list[str]:
        for sheet in sheets:
            for _ in sheet.marks:
                pass
        return sorted(scores, key=scores.__getitem__)

    inputs = {"field.json": kipp.to_json(made.contest).encode()}
    selection = made.selected()
    certificate = kipp.certify(selection, book=made.book, inputs=inputs)
    ratios: dict[str, list[float]] = {}
    for _ in range(rounds):
        bare, whole = seconds(yardstick), seconds(made.selected)
        read = seconds(made.every_result)
        exact = seconds(throughout)
        written = seconds(lambda: kipp.certify(selection, book=made.book, inputs=inputs))
        verified = seconds(lambda: kipp.verify(certificate, inputs, book=made.book))
        for name, ratio in {
            "select, of the yardstick": whole / bare,
            "with every result of every stage read, of the yardstick": read / bare,
            "fractions throughout, of select": exact / whole,
            "certificate written, of select": written / whole,
            "certificate verified, of select": verified / whole,
        }.items():
            ratios.setdefault(name, []).append(ratio)
    for name, found in ratios.items():
        print(f"{name}: {statistics.median(found):.1f}")


def grow() -> None:
    """Print what one proposal costs in fields of three sizes."""
    for size in (1_000, 10_000, 100_000):
        made = field(size)
        print(f"{size} proposals: {seconds(made.selected) / size * 1e6:.0f} microseconds each")


if __name__ == "__main__":
    compare(*map(int, sys.argv[1:] or ["5"]))
    grow()
