"""Eligibility asks only for facts that could change the answer, and reforms add up.

Every way to record what is not recorded is tried: UNKNOWN for want of a fact is right exactly
where two of them lead to different answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.eligibility import earlier_awards, invitation, minimum_age, sdg_link
from kipp.testing import days

OWNER = AgencyKey("kab-contoh")
YES_OR_NO = (True, False)
BEFORE_2022 = days(Date(2018, 1, 1), Date(2022, 4, 16))


def entered(cycle: int, group: Group | None = Group.GENERAL, **facts: Any) -> Proposal:
    innovation = Innovation(id="i", title="Contoh", agency=OWNER)
    own = {name: value for name, value in facts.items() if hasattr(innovation, name)}
    rest = {name: value for name, value in facts.items() if name not in own}
    return Proposal(
        id="p", innovation=attrs.evolve(innovation, **own), cycle=cycle, group=group, **rest
    )


def agreed(answers: Iterable[Decision]) -> Outcome:
    """The one outcome of all *answers*; UNKNOWN where they differ."""
    outcomes = {answer.outcome for answer in answers}
    return outcomes.pop() if len(outcomes) == 1 else Outcome.UNKNOWN


@given(BEFORE_2022, st.sampled_from((Group.GENERAL, Group.SPECIAL)))
def test_whether_about_the_pandemic_is_asked_only_where_it_matters(
    started: Date, group: Group
) -> None:
    """2022, had the age been counted from the close: one year or two."""
    book = rulebook(2022).reform({"minimum_age.counts_from": "registration_closes"}, name="close")
    unrecorded = minimum_age(book, entered(2022, group, started=started))
    known = [
        minimum_age(book, entered(2022, group, started=started, pandemic_related=flag))
        for flag in YES_OR_NO
    ]

    assert unrecorded.outcome is agreed(known)


@given(st.integers(0, 3))
def test_goals_are_asked_only_where_some_are_needed(least: int) -> None:
    book = rulebook(2018).reform({"sdg_minimum": least}, name="goals")
    known = [sdg_link(book, entered(2018, sdgs=tuple(range(1, 1 + n)))) for n in range(5)]

    assert sdg_link(book, entered(2018)).outcome is agreed(known)


@given(st.booleans(), st.sampled_from(Group))
def test_an_invitation_is_asked_only_where_one_is_needed(needed: bool, group: Group) -> None:
    book = rulebook(2021).reform({f"groups.{group.key}.by_invitation": needed}, name="invited")
    known = [invitation(book, entered(2021, group, invited=flag)) for flag in YES_OR_NO]

    assert invitation(book, entered(2021, group)).outcome is agreed(known)


@given(
    st.sets(st.integers(2014, 2019), max_size=2),
    st.booleans(),
    st.sampled_from((Group.GENERAL, Group.SPECIAL)),
    st.sampled_from((2022, 2021)),
)
def test_the_group_of_a_finalist_is_asked_only_where_it_matters(
    one_pool: set[int], special: bool, group: Group, year: int
) -> None:
    """2023: a second Top 99 bars from general, a second Top 15 from special; which was it?"""
    before = [Tier(year=each, level=Level.FINALIST) for each in sorted(one_pool)]
    if group is Group.SPECIAL:
        before.append(Tier(year=2014, level=Level.WINNER))
    if special:
        before.append(Tier(year=2020, level=Level.FINALIST, group=Group.SPECIAL))

    def told(tier: Tier) -> Decision:
        awards = tuple(Award(innovation="i", agency=OWNER, tier=each) for each in (*before, tier))
        history = AwardHistory(innovation="i", awards=awards)
        return earlier_awards(rulebook(2023), entered(2023, group), history=history)

    unnamed = told(Tier(year=year, level=Level.FINALIST_ANY_GROUP))
    known = [told(Tier(year=year, level=Level.FINALIST, group=each)) for each in Group]
    assert unnamed.outcome is agreed(known)


# --- Reforms

NUMBERS = {
    "sdg_minimum": st.integers(0, 3),
    "groups.general.top99_before": st.integers(0, 3),
    "groups.special.own_tier_before": st.integers(0, 3),
    "groups.general.minimum_age": st.sampled_from(("P1Y", "P2Y", "P20M")),
}
PAIRS = st.lists(st.sampled_from(sorted(NUMBERS)), min_size=2, max_size=2, unique=True)


@given(PAIRS, st.data())
def test_two_reforms_both_survive_in_either_order(pair: list[str], data: st.DataObject) -> None:
    changes = [{path: data.draw(NUMBERS[path], label=path)} for path in pair]
    base = rulebook(2021)
    first, second = (base.reform(change, name="reform") for change in changes)
    there = first.reform(changes[1], name="reform")
    back = second.reform(changes[0], name="reform")

    assert there == back
    assert there[pair[0]] == first[pair[0]]
    assert there[pair[1]] == second[pair[1]]


@given(st.integers(0, 4), st.integers(0, 3))
def test_a_reform_is_seen_in_the_reasons_it_touched(most: int, years: int) -> None:
    """A laxer or stricter count of Top 99 decides as a plain comparison, marked as assumed."""
    book = rulebook(2021).reform({"groups.general.top99_before": most}, name="count")
    tiers = [Tier(year=2014 + each, level=Level.FINALIST) for each in range(years)]
    awards = tuple(Award(innovation="i", agency=OWNER, tier=each) for each in tiers)
    history = AwardHistory(innovation="i", awards=awards)

    decision = earlier_awards(book, entered(2021), history=history)
    excluded, counted = decision.reasons
    assert decision.outcome is (Outcome.MET if years <= most else Outcome.NOT_MET)
    assert counted.evidence is Evidence.ASSUMED
    assert excluded.evidence is Evidence.MINISTRY
