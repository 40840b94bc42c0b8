"""Laws of eligibility, for every rulebook and every record the types allow."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.award import GROUPS_OF, KIPP, Award, AwardHistory, AwardSpan, Level
from kipp.domain.citation import Cited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, Period
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import cycles, rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.eligibility import (
    RULE_IDS,
    category_offered,
    cycle_held,
    earlier_awards,
    group_offered,
    invitation,
    minimum_age,
    participant,
    sdg_link,
)
from kipp.rules.judge import judge
from kipp.rules.rulebook import Rulebook
from kipp.testing import Case, agencies, award_histories, compliant, days, proposals, tiers
from tests.strategies import cited_books

RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
YEAR = 2021
FIRST, LAST = Date(2019, 1, 1), Date(2021, 6, 30)

barring = (Level.WINNER, Level.FINALIST, Level.OUTSTANDING)
spans = st.builds(
    lambda standing, first, more: AwardSpan(
        level=standing[0], group=standing[1], first_year=first, last_year=first + more
    ),
    st.sampled_from([(level, group) for level in barring for group in (None, *GROUPS_OF[level])]),
    st.integers(2014, 2020),
    st.integers(0, 4),
)
span_lists = st.lists(spans, max_size=2).map(tuple)
periods = st.builds(Period, years=st.integers(0, 2), months=st.integers(0, 11))
AGE: dict[str, st.SearchStrategy[Any]] = {
    "minimum_age.counts_from": st.just("registration_closes"),
    "schedule.registration_opens": days(Date(2021, 1, 1), Date(2021, 3, 1)),
    "schedule.registration_closes": st.lists(
        days(Date(2021, 3, 2), Date(2021, 6, 30)), min_size=1, max_size=2, unique=True
    ).map(lambda closes: tuple(sorted(closes))),
    "groups.{}.minimum_age": periods,
    "groups.{}.minimum_age_pandemic": periods,
}
AWARDS: dict[str, st.SearchStrategy[Any]] = {
    "groups.{}.itself_never_awarded": st.booleans(),
    "groups.{}.excluding_awards": span_lists,
    "groups.{}.source_awards": span_lists,
    "groups.{}.barring_awards": span_lists,
    "groups.{}.top99_before": st.integers(0, 2),
    "groups.{}.own_tier_before": st.integers(0, 2),
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "participants": st.lists(st.sampled_from(AgencyKind), unique=True).map(tuple),
    "categories.names": st.lists(st.sampled_from(("health", "education")), unique=True).map(tuple),
    "sdg_minimum": st.integers(0, 3),
    "groups.{}.by_invitation": st.booleans(),
    "groups.{}.all_invited": st.booleans(),
}


def books(paths: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Rulebook]:
    """An imagined cycle that says the same of every group, in any state a value can have."""
    return cited_books(paths, year=YEAR, offered=Group, certain={"held": True}, disputed=True)


ages, award_books, plain_books = books(AGE), books(AWARDS), books(PLAIN)
real = st.sampled_from([year for year in cycles() if year != 2024]).map(rulebook)
histories = st.none() | award_histories(most=3)


@st.composite
def facts(draw: st.DrawFn, cycle: int = YEAR) -> Proposal:
    """A proposal whose innovation began near the boundary, every fact perhaps not recorded."""
    drawn = draw(proposals(cycle=cycle))
    started = draw(st.none() | days(FIRST, LAST))
    return attrs.evolve(drawn, innovation=attrs.evolve(drawn.innovation, started=started))


SIMPLE: Sequence[Callable[[Rulebook, Proposal], Decision]] = (
    cycle_held,
    group_offered,
    invitation,
    minimum_age,
    category_offered,
    sdg_link,
)
OF_PROPOSAL: dict[str, st.SearchStrategy[Any]] = {
    "group": st.sampled_from(Group),
    "invited": st.booleans(),
    "category": st.sampled_from(("health", "education", "other")),
}
OF_INNOVATION: dict[str, st.SearchStrategy[Any]] = {
    "started": days(FIRST, LAST),
    "pandemic_related": st.booleans(),
    "sdgs": st.lists(st.integers(1, 17), max_size=3).map(tuple),
}


def learn(data: st.DataObject, known: Any, facts: dict[str, st.SearchStrategy[Any]]) -> Any:
    filled: dict[str, Any] = {
        name: data.draw(st.none() | values, label=name)
        for name, values in facts.items()
        if getattr(known, name) is None
    }
    return attrs.evolve(known, **filled)


def learnt_about(data: st.DataObject, proposal: Proposal) -> Proposal:
    learnt: Proposal = learn(data, proposal, OF_PROPOSAL)
    return attrs.evolve(learnt, innovation=learn(data, proposal.innovation, OF_INNOVATION))


@given(ages | plain_books, facts(), st.data())
def test_knowledge_only_settles(book: Rulebook, proposal: Proposal, data: st.DataObject) -> None:
    learnt = learnt_about(data, proposal)

    for decide in SIMPLE:
        before = decide(book, proposal).outcome
        if before is not Outcome.UNKNOWN:
            assert decide(book, learnt).outcome is before


@given(award_books, facts(), award_histories(most=3))
def test_learning_a_history_only_settles(
    book: Rulebook, proposal: Proposal, history: AwardHistory
) -> None:
    before = earlier_awards(book, proposal, history=None).outcome

    if before is not Outcome.UNKNOWN:
        assert earlier_awards(book, proposal, history=history).outcome is before


@given(award_books, st.sampled_from(Group), award_histories(most=3), st.data())
def test_learning_the_group_of_a_finalist_only_settles(
    book: Rulebook, group: Group, history: AwardHistory, data: st.DataObject
) -> None:
    """A finalist of an unnamed group turns out to be of one group or another, one each year."""
    named: dict[int, Group] = {}
    for award in history.awards:
        if award.tier.level in (Level.FINALIST, Level.WINNER, Level.INTERMEDIATE):
            named.setdefault(award.tier.year, award.tier.group or Group.GENERAL)
        elif award.tier.level is Level.OUTSTANDING:
            named.setdefault(award.tier.year, Group.SPECIAL)
    learnt = []
    for award in history.awards:
        tier = award.tier
        if tier.level is Level.FINALIST_ANY_GROUP:
            found = named.setdefault(tier.year, data.draw(st.sampled_from(Group)))
            tier = attrs.evolve(tier, level=Level.FINALIST, group=found)
        learnt.append(attrs.evolve(award, tier=tier))
    proposal = Proposal(id="p", innovation=_innovation(), cycle=YEAR, group=group)
    before = earlier_awards(book, proposal, history=history).outcome
    assume(before is not Outcome.UNKNOWN)

    after = earlier_awards(book, proposal, history=attrs.evolve(history, awards=tuple(learnt)))
    assert after.outcome is before


def _innovation(**facts: Any) -> Innovation:
    return attrs.evolve(Innovation(id="i", title="Contoh", agency=AgencyKey("a")), **facts)


# --- Age


def months_before(day: Date, months: int) -> Date:
    """The same day that many months earlier, or the last day of that month, by plain counting."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return Date(year, month + 1, min(day.day, last))


@given(days(Date(2016, 1, 1), Date(2025, 12, 31)), st.integers(0, 36), st.integers(-40, 40))
@example(Date(2020, 2, 29), 12, 0)
@example(Date(2020, 2, 29), 12, 1)
@example(Date(2024, 2, 29), 48, 0)
@example(Date(2021, 5, 11), 24, 0)
@example(Date(2021, 5, 11), 24, 1)
def test_old_enough_to_the_day(close: Date, months: int, late: int) -> None:
    """The first day too late is the one after the close less the age, whatever the calendar."""
    book = rulebook(2021).reform(
        {
            "schedule.registration_closes": [Date(2015, 1, 1), close],
            "groups.general.minimum_age": Period(months=months),
        },
        name="imagined",
    )
    started = months_before(close, months).add(days=late)
    proposal = Proposal(
        id="p", innovation=_innovation(started=started), cycle=2021, group=Group.GENERAL
    )

    expected = (Outcome.MET, "OLD_ENOUGH") if late <= 0 else (Outcome.NOT_MET, "TOO_YOUNG")
    decision = minimum_age(book, proposal)
    assert (decision.outcome, decision.codes[0]) == expected


@given(
    st.sampled_from([(2017, None), (2018, None), (2019, None), (2022, Group.GENERAL)]),
    st.integers(-5, 120),
)
def test_a_day_nobody_names_is_every_day_of_the_registration(
    entry: tuple[int, Group | None], after: int
) -> None:
    """Met when old enough on every day from the opening to the close, not met when on none."""
    cycle, group = entry
    book = rulebook(cycle)
    opens, closes = book["schedule.registration_opens"], book["schedule.registration_closes"]
    age = book["groups.general.minimum_age"]
    assert isinstance(opens, Cited)
    assert isinstance(closes, Cited)
    assert isinstance(age, Cited)
    started = opens.value.subtract(years=age.value.years).add(days=after)
    span = range(opens.value.toordinal(), closes.value[-1].toordinal() + 1)
    answers = {started <= Date.fromordinal(n).subtract(years=age.value.years) for n in span}
    proposal = Proposal(
        id="p",
        innovation=_innovation(started=started, pandemic_related=False),
        cycle=cycle,
        group=group,
    )

    expected = {True: Outcome.MET, False: Outcome.NOT_MET}
    wanted = expected[answers.pop()] if len(answers) == 1 else Outcome.UNKNOWN
    assert minimum_age(book, proposal).outcome is wanted


@given(ages, facts(), st.integers(1, 400))
def test_starting_earlier_never_hurts(book: Rulebook, proposal: Proposal, sooner: int) -> None:
    started = proposal.started
    assume(started is not None)
    older = attrs.evolve(
        proposal,
        innovation=attrs.evolve(
            proposal.innovation, started=(started or FIRST).subtract(days=sooner)
        ),
    )

    assert RANK[minimum_age(book, older).outcome] >= RANK[minimum_age(book, proposal).outcome]


@given(ages, facts(), st.sampled_from(Group), st.integers(1, 12))
def test_a_lower_age_never_hurts(
    book: Rulebook, proposal: Proposal, group: Group, months: int
) -> None:
    """Asking one year or so less, of every age that is stated."""
    changes: dict[str, object] = {}
    for leaf in ("minimum_age", "minimum_age_pandemic"):
        value = book[f"groups.{group.key}.{leaf}"]
        if isinstance(value, Cited):
            total = max(0, value.value.years * 12 + value.value.months - months)
            changes[f"groups.{group.key}.{leaf}"] = Period(months=total)
    lower = book.reform(changes, name="lower")
    entered = attrs.evolve(proposal, group=group)

    assert RANK[minimum_age(lower, entered).outcome] >= RANK[minimum_age(book, entered).outcome]


# --- Awards


def top_99_years(history: AwardHistory, before: int) -> set[int]:
    """Years in the Top 99 by plain reading, for histories that name every group."""
    counted = (Level.FINALIST, Level.WINNER, Level.INTERMEDIATE)
    return {
        award.tier.year
        for award in history.awards
        if award.tier.organiser == KIPP
        and award.tier.level in counted
        and award.tier.group in (None, Group.GENERAL)
        and award.tier.year < before
    }


clear = st.builds(
    AwardHistory,
    innovation=st.just("i"),
    awards=st.lists(
        st.builds(
            Award,
            innovation=st.just("i"),
            agency=st.just(AgencyKey("a")),
            tier=tiers().filter(lambda tier: tier.level is not Level.FINALIST_ANY_GROUP),
        ),
        max_size=4,
    ).map(tuple),
)


@given(st.sampled_from((2018, 2019, 2020, 2021, 2023)), clear)
def test_general_agrees_with_the_clause_by_hand(cycle: int, history: AwardHistory) -> None:
    """Never a highest tier, and fewer than two Top 99: not terpuji and top 99 < 2."""
    won = [
        award
        for award in history.awards
        if award.tier.organiser == KIPP
        and award.tier.level is Level.WINNER
        and award.tier.year < cycle
    ]
    twice = len(top_99_years(history, cycle)) >= 2
    group = Group.GENERAL if cycle >= 2020 else None
    proposal = Proposal(id="p", innovation=_innovation(), cycle=cycle, group=group)

    decision = earlier_awards(rulebook(cycle), proposal, history=history)
    refused = {r.code for r in decision.reasons if r.outcome is Outcome.NOT_MET}
    assert refused == ({"HIGHEST_TIER_BEFORE"} if won else set()) | (
        {"TOP99_TWICE"} if twice else set()
    )
    assert decision.outcome is (Outcome.NOT_MET if refused else Outcome.MET)


@given(st.sampled_from((2020, 2021, 2023)), clear)
def test_special_agrees_with_the_clause_by_hand(cycle: int, history: AwardHistory) -> None:
    last = {2020: 2018, 2021: 2019, 2023: 2021}[cycle]
    known = [a.tier for a in history.awards if a.tier.organiser == KIPP and a.tier.year < cycle]
    won = [
        tier.year
        for tier in known
        if tier.level is Level.WINNER
        and tier.year <= last
        and (cycle != 2023 or tier.year < 2021 or tier.group is Group.GENERAL)
    ]
    unnamed = cycle == 2023 and any(
        tier.level is Level.WINNER and tier.year == 2021 and tier.group is None for tier in known
    )
    assume(won or not unnamed)
    barred = [
        tier
        for tier in known
        if tier.level is Level.OUTSTANDING
        and tier.year >= 2020
        and (cycle == 2023 or (cycle == 2021 and tier.year == 2020))
    ]
    own = {
        tier.year
        for tier in known
        if tier.level is Level.OUTSTANDING
        or (
            tier.group is Group.SPECIAL
            and tier.level in (Level.FINALIST, Level.WINNER, Level.INTERMEDIATE)
        )
    }
    refused = not won or barred or (cycle == 2023 and len(own) >= 2)
    proposal = Proposal(id="p", innovation=_innovation(), cycle=cycle, group=Group.SPECIAL)

    decision = earlier_awards(rulebook(cycle), proposal, history=history)
    assert decision.outcome is (Outcome.NOT_MET if refused else Outcome.MET)


@given(award_books, facts(), award_histories(most=4), st.integers(0, 99))
def test_order_copies_and_later_awards_never_matter(
    book: Rulebook, proposal: Proposal, history: AwardHistory, seed: int
) -> None:
    later = [attrs.evolve(a, tier=attrs.evolve(a.tier, year=YEAR)) for a in history.awards]
    abroad = [attrs.evolve(a, tier=attrs.evolve(a.tier, organiser="X")) for a in history.awards]
    turned = [*history.awards, *history.awards, *later, *abroad]
    random.Random(seed).shuffle(turned)
    other = attrs.evolve(history, awards=tuple(turned))

    assert earlier_awards(book, proposal, history=other) == earlier_awards(
        book, proposal, history=history
    )


@given(award_books, facts(), award_histories(most=3), st.sampled_from(Group), spans)
def test_one_more_barring_span_never_helps(
    book: Rulebook, proposal: Proposal, history: AwardHistory, group: Group, span: AwardSpan
) -> None:
    path = f"groups.{group.key}.excluding_awards"
    value = book[path]
    barring = value.value if isinstance(value, Cited) else ()
    as_it_is = book.reform({path: barring}, name="as it is")
    stricter = book.reform({path: [*barring, span]}, name="stricter")
    entered = attrs.evolve(proposal, group=group)

    before = earlier_awards(as_it_is, entered, history=history).outcome
    assert RANK[earlier_awards(stricter, entered, history=history).outcome] <= RANK[before]


@given(award_books, facts(), award_histories(most=3), st.integers(1, 3))
def test_a_laxer_count_never_hurts(
    book: Rulebook, proposal: Proposal, history: AwardHistory, more: int
) -> None:
    paths = [
        f"groups.{group.key}.{leaf}"
        for group in Group
        for leaf in ("top99_before", "own_tier_before")
    ]
    raised = {path: value.value + more for path in paths if isinstance(value := book[path], Cited)}
    before = earlier_awards(book, proposal, history=history).outcome
    after = earlier_awards(book.reform(raised, name="laxer"), proposal, history=history).outcome

    assert RANK[after] >= RANK[before]


# --- The rest


@given(plain_books, facts(), agencies())
def test_participants_and_goals_agree_with_plain_membership(
    book: Rulebook, proposal: Proposal, agency: Any
) -> None:
    kinds, least = book["participants"], book["sdg_minimum"]
    if isinstance(kinds, Cited) and agency.kind is not None:
        met = agency.kind in kinds.value
        decision = participant(book, proposal, agency=agency)
        assert decision.outcome is (Outcome.MET if met else Outcome.NOT_MET)
    if isinstance(least, Cited) and proposal.innovation.sdgs is not None:
        enough = len({*proposal.innovation.sdgs}) >= least.value
        assert sdg_link(book, proposal).outcome is (Outcome.MET if enough else Outcome.NOT_MET)


@given(plain_books, facts(), st.sampled_from(("health", "Education ", "other")))
def test_categories_agree_with_plain_membership(
    book: Rulebook, proposal: Proposal, category: str
) -> None:
    names = book["categories.names"]
    decision = category_offered(book, attrs.evolve(proposal, category=category))

    if isinstance(names, Cited):
        met = category.strip().lower() in names.value
        assert decision.outcome is (Outcome.MET if met else Outcome.NOT_MET)


@given(facts(), st.sampled_from(Group), st.booleans(), st.none() | st.booleans())
def test_an_invitation_counts_where_it_is_needed(
    proposal: Proposal, group: Group, needed: bool, everybody: bool | None
) -> None:
    changes: dict[str, object] = {f"groups.{group.key}.by_invitation": needed}
    if everybody is not None:
        changes[f"groups.{group.key}.all_invited"] = everybody
    book = rulebook(2021).reform(changes, name="imagined")
    known = {True: Outcome.MET, False: Outcome.NOT_MET}
    unrecorded = Outcome.MET if everybody else Outcome.UNKNOWN
    expected = unrecorded if proposal.invited is None else known[proposal.invited]

    decision = invitation(book, attrs.evolve(proposal, group=group))
    assert decision.outcome is (expected if needed else Outcome.MET)


@given(real, st.data())
def test_built_to_comply_is_never_refused(book: Rulebook, data: st.DataObject) -> None:
    """UNKNOWN only where the cycle's own value was not found; 2017, 2019 and 2021 are complete."""
    assume(book.year != 2026)
    case: Case = data.draw(compliant(book))
    judgement = judge(book, case.proposal, **case.facts)
    mine = [decision for decision in judgement.decisions if decision.rule in RULE_IDS]

    for decision in mine:
        codes = {r.code for r in decision.reasons if r.outcome is not Outcome.MET}
        assert codes <= {"VALUE_NOT_FOUND"}
        if book.year in (2017, 2019, 2021):
            assert decision.outcome is Outcome.MET


@pytest.mark.parametrize("group", Group)
@given(data=st.data())
def test_a_complete_case_of_2021_is_met_throughout(group: Group, data: st.DataObject) -> None:
    case: Case = data.draw(compliant(rulebook(2021), group=group))
    judgement = judge(rulebook(2021), case.proposal, **case.facts)

    assert judgement.outcome is Outcome.MET
    assert [each.value for each in judgement.classifications] == [group]


@given(ages | plain_books | award_books, facts(), histories, st.sampled_from(Group))
def test_every_reason_rests_on_terms_of_the_book(
    book: Rulebook, proposal: Proposal, history: AwardHistory | None, group: Group
) -> None:
    entered = attrs.evolve(proposal, group=group)
    decisions = [decide(book, entered) for decide in SIMPLE]
    decisions.append(earlier_awards(book, entered, history=history))

    for reason in (reason for decision in decisions for reason in decision.reasons):
        assert reason.terms
        assert all(term.value == book[term.path] for term in reason.terms)


@given(ages, facts(), st.sampled_from(Group))
def test_an_answer_about_age_rests_on_what_it_names(
    book: Rulebook, proposal: Proposal, group: Group
) -> None:
    """With nothing else in the rulebook than the terms named, the answer is the same."""
    entered = attrs.evolve(proposal, group=group)
    decision = minimum_age(book, entered)
    named = {term.path for reason in decision.reasons for term in reason.terms}
    kept = {path: value for path, value in book.terms.items() if path in named or "." not in path}
    kept |= {path: book[path] for path in book if path.endswith("offered")}
    if f"groups.{group.key}.minimum_age_pandemic" in book.terms:
        kept[f"groups.{group.key}.minimum_age_pandemic"] = book[
            f"groups.{group.key}.minimum_age_pandemic"
        ]

    again = minimum_age(attrs.evolve(book, terms=kept), entered)
    assert again.outcome is decision.outcome
