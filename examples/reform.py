"""For researchers: what would have followed under other rules.

A made-up field of a hundred proposals is judged under the terms of 2021 and under a reform that
asks for one year instead of two.  Run it with ``python examples/reform.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pendulum import Date

import kipp


def field() -> tuple[kipp.Proposal, ...]:
    """A hundred made-up proposals, begun one week apart, four by each of twenty-five regions."""
    local = (each for each in kipp.agencies(on="2021-05-11") if each.is_local_government)
    regions = [agency.key for agency, _ in zip(local, range(25), strict=False)]
    return tuple(
        kipp.Proposal(
            id=f"P-{number:03}",
            innovation=kipp.Innovation(
                id=f"I-{number:03}",
                title=f"Contoh {number:04}",
                agency=regions[number % len(regions)],
                started=Date(2018, 9, 1).add(weeks=number),
            ),
            cycle=2021,
            group=kipp.Group.GENERAL,
        )
        for number in range(100)
    )


def by_age(book: kipp.Rulebook, proposals: Iterable[kipp.Proposal]) -> dict[str, kipp.Outcome]:
    """The outcome of the minimum age for each proposal under the terms of *book*."""
    found = {}
    for each in proposals:
        decision = kipp.judge(each, book=book).decision("minimum-age")
        assert decision is not None
        found[each.id] = decision.outcome
    return found


def said(value: object) -> str:
    """A rulebook value in short: what it says and the class of its strongest source."""
    if isinstance(value, kipp.Cited):
        return f"{value.value} [{value.evidence}]"
    return type(value).__name__


def main() -> None:
    """Print what the reform changes in the law, then what it changes for the field."""
    today = kipp.rulebook(2021)
    younger = today.reform({"groups.general.minimum_age": "P1Y"}, name="one year is enough")
    for change in kipp.diff(today, younger):
        print(f"{change.path}: {said(change.before)} -> {said(change.after)}")

    proposals = field()
    before_and_after = (by_age(today, proposals), by_age(younger, proposals))
    for name, outcomes in zip(("2021", *younger.reforms), before_and_after, strict=True):
        counted = Counter(outcome.name for outcome in outcomes.values())
        print(f"{name}: {dict(sorted(counted.items()))}")
    was, now = before_and_after
    gained = [each for each in was if was[each] is not now[each]]
    print(f"decided otherwise: {len(gained)}, from {gained[0]} to {gained[-1]}")


if __name__ == "__main__":
    main()
