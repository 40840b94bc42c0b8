"""Laws of the replication rules, for every cycle and every record that the types allow."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.award import KIPP, Award, AwardHistory, Level, Tier
from kipp.domain.cycle import Group
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.field import field_of
from kipp.rules.replication import SpreadKind, group_router, replication_entry, spread_kind
from kipp.testing import (
    Case,
    award_histories,
    compliant,
    fields_of_proposals,
    innovations,
    proposals,
    replica_sources,
    tiers,
)

HELD = (2014, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2025)
WITH_ROUTER = (2020, 2021, 2023)
cycles = st.sampled_from(HELD)
routed_cycles = st.sampled_from(WITH_ROUTER)
histories = st.none() | award_histories()


def entry(proposal: Proposal, history: AwardHistory | None, *others: Proposal) -> Decision:
    return replication_entry(rulebook(proposal.cycle), proposal, history=history, others=others)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Proposal, AwardHistory | None]:
    """A proposal in the replication group, complete or not, mostly compliant but for one draw."""
    cycle = draw(st.sampled_from((2020, 2021)))
    case = draw(compliant(rulebook(cycle), group=Group.REPLICATION))
    changes: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "replica_of": st.none() | st.lists(replica_sources(), max_size=3).map(tuple),
                "origin": st.none() | st.sampled_from(Origin),
                "started": st.none(),
            },
        )
    )
    innovation = attrs.evolve(case.proposal.innovation, **changes)
    history = draw(st.sampled_from((case.history, None)) | award_histories())
    return attrs.evolve(case.proposal, innovation=innovation), history


@given(
    st.sampled_from((2020, 2021)).flatmap(lambda c: compliant(rulebook(c), group=Group.REPLICATION))
)
def test_built_to_comply_is_met(case: Case) -> None:
    assert entry(case.proposal, case.history, case.proposal).outcome is Outcome.MET


def in_top_99(tier: Tier, first: int, last: int) -> bool:
    """The clause by hand: a Top 99 of KIPP in these years, winners having been in it too."""
    levels = (Level.FINALIST, Level.WINNER, Level.INTERMEDIATE, Level.OUTSTANDING)
    anyhow = (*levels, Level.FINALIST_ANY_GROUP)
    return tier.organiser == KIPP and first <= tier.year <= last and tier.level in anyhow


@given(st.sampled_from(((2020, 2018), (2021, 2019))), tiers())
def test_a_source_counts_exactly_when_its_tier_lies_in_the_list(
    listed: tuple[int, int], tier: Tier
) -> None:
    """2020: Top 99 of 2014–2018; 2021: of 2014–2019 (groups did not exist before 2020)."""
    cycle, last = listed
    assume(tier.group is None or tier.year >= 2020)
    proposal = Proposal(
        id="p",
        innovation=Innovation(
            id="i",
            title="t",
            agency=AgencyKey("kab-contoh"),
            origin=Origin.REPLICA,
            replica_of=(ReplicaSource(title="asal", tiers=(tier,)),),
        ),
        cycle=cycle,
        group=Group.REPLICATION,
    )
    found = set(entry(proposal, AwardHistory(innovation="i")).codes)

    assert ("SOURCE_IN_LIST" in found) is in_top_99(tier, 2014, last)


@given(entries(), replica_sources())
def test_another_source_never_hurts(
    case: tuple[Proposal, AwardHistory | None], more: ReplicaSource
) -> None:
    proposal, history = case
    sources = proposal.innovation.replica_of
    assume(sources)
    before = entry(proposal, history)
    wider = attrs.evolve(proposal.innovation, replica_of=(*(sources or ()), more))
    after = entry(attrs.evolve(proposal, innovation=wider), history)

    ranks = list(Outcome)
    assert ranks.index(after.outcome) >= ranks.index(before.outcome)


@given(entries(), st.data())
def test_knowledge_only_settles(
    case: tuple[Proposal, AwardHistory | None], data: st.DataObject
) -> None:
    """Recording what was not recorded may settle UNKNOWN, never overturn an answer."""
    proposal, history = case
    before = entry(proposal, history)
    assume(before.outcome is not Outcome.UNKNOWN)
    known: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                name: strategy
                for name, strategy in {
                    "replica_of": st.lists(replica_sources(), max_size=2).map(tuple),
                    "pandemic_related": st.booleans(),
                    "origin": st.sampled_from(Origin),
                }.items()
                if getattr(proposal.innovation, name) is None
            },
        )
    )
    # What an innovation adapts and where it comes from are one fact: recorded together.
    assume(known.get("replica_of") or known.get("origin") is not Origin.REPLICA)
    assume(not known.get("replica_of") or proposal.innovation.origin is not Origin.ORIGINAL)
    learnt = attrs.evolve(proposal, innovation=attrs.evolve(proposal.innovation, **known))
    after = entry(learnt, history if history is not None else data.draw(award_histories()))

    assert after.outcome is before.outcome


@given(entries(), fields_of_proposals(), proposals())
def test_order_and_the_proposals_of_others_never_matter(
    case: tuple[Proposal, AwardHistory | None],
    others: tuple[Proposal, ...],
    foreign: Proposal,
) -> None:
    proposal, history = case
    book = rulebook(proposal.cycle)
    rest = [
        attrs.evolve(each, id=f"other-{number}", cycle=proposal.cycle)
        for number, each in enumerate((*others, foreign))
        if each.agency != proposal.agency
    ]
    alone = replication_entry(book, proposal, history=history, others=[proposal])

    forward = replication_entry(
        book, proposal, history=history, others=field_of([proposal, *rest], proposal.cycle)
    )
    backward = replication_entry(
        book, proposal, history=history, others=field_of([*rest[::-1], proposal], proposal.cycle)
    )
    assert forward == backward == alone


@given(compliant(rulebook(2021), group=Group.REPLICATION), st.integers(0, 8), st.integers(0, 12))
def test_the_cap_is_a_plain_count_of_the_agencys_replicas(
    case: Case, replicas: int, general: int
) -> None:
    """2021: at most five replicas of one agency; general proposals are counted elsewhere."""
    more = [
        attrs.evolve(case.proposal, id=f"{group.key}-{number}", group=group)
        for group, count in ((Group.REPLICATION, replicas), (Group.GENERAL, general))
        for number in range(count)
    ]
    decision = entry(case.proposal, case.history, case.proposal, *more)

    assert ("CAP_REACHED" in decision.codes) is (1 + replicas > 5)
    assert (decision.outcome is Outcome.MET) is (1 + replicas <= 5)


@given(compliant(rulebook(2020), group=Group.REPLICATION), award_histories(most=2))
def test_in_2020_any_earlier_award_of_kipp_refuses_a_replica(
    case: Case, history: AwardHistory
) -> None:
    won = [
        award
        for award in history.awards
        if award.tier.organiser == KIPP
        and award.tier.level is not Level.SEPARATE
        and award.tier.year < 2020
    ]
    decision = entry(case.proposal, history, case.proposal)

    assert (decision.outcome is Outcome.NOT_MET) is bool(won)


@given(entries())
def test_an_mou_never_changes_the_outcome(case: tuple[Proposal, AwardHistory | None]) -> None:
    proposal, history = case
    outcomes = {
        entry(attrs.evolve(proposal, mou=mou), history).outcome for mou in (None, True, False)
    }

    assert len(outcomes) == 1


@given(cycles.flatmap(lambda cycle: proposals(cycle=cycle)), histories)
def test_every_deciding_reason_has_a_term(proposal: Proposal, history: AwardHistory | None) -> None:
    decision = entry(proposal, history)

    assert all(reason.terms for reason in decision.reasons if reason.outcome is not None)


# --- The router


def by_hand(cycle: int, adapts: bool, history: AwardHistory) -> Group | None:
    """DR-C2 by hand for one-pool awards of KIPP before the cycle: no doubt about groups."""
    last_special = {2020: 2018, 2021: 2019, 2023: 2021}[cycle]
    won = [a.tier.year for a in history.awards if a.tier.level is Level.WINNER]
    finals = {a.tier.year for a in history.awards}
    if any(year <= last_special for year in won):
        return Group.SPECIAL
    if adapts and cycle == 2020 and not finals:
        return Group.REPLICATION
    if adapts and cycle == 2021:
        return None if finals else Group.REPLICATION
    if won or len(finals) > 1:
        return None
    return Group.GENERAL


one_pool = st.lists(
    st.builds(
        Award,
        innovation=st.just("i"),
        agency=st.just(AgencyKey("kab-contoh")),
        tier=st.builds(
            Tier,
            year=st.integers(2014, 2019),
            level=st.sampled_from((Level.WINNER, Level.FINALIST)),
        ),
    ),
    max_size=3,
).map(lambda awards: AwardHistory(innovation="i", awards=tuple(awards)))


@given(routed_cycles, st.booleans(), one_pool)
def test_the_router_agrees_with_the_clause_by_hand(
    cycle: int, adapts: bool, history: AwardHistory
) -> None:
    listed = (ReplicaSource(title="asal", tiers=(Tier(year=2018, level=Level.FINALIST),)),)
    innovation = Innovation(
        id="i",
        title="t",
        agency=AgencyKey("kab-contoh"),
        origin=Origin.REPLICA if adapts else Origin.ORIGINAL,
        replica_of=listed if adapts else (),
    )
    answer = group_router(rulebook(cycle), innovation, history=history)
    expected = by_hand(cycle, adapts and cycle != 2023, history)
    if adapts and cycle == 2021 and expected is Group.SPECIAL:
        expected = None

    assert answer.value is expected


@given(cycles, innovations(), award_histories(most=3))
def test_the_order_of_awards_and_sources_never_matters(
    cycle: int, innovation: Innovation, history: AwardHistory
) -> None:
    sources = innovation.replica_of
    turned = attrs.evolve(innovation, replica_of=None if sources is None else sources[::-1])
    back = attrs.evolve(history, awards=history.awards[::-1])

    first = group_router(rulebook(cycle), innovation, history=history)
    second = group_router(rulebook(cycle), turned, history=back)
    assert (first.value, sorted(first.codes)) == (second.value, sorted(second.codes))


@given(routed_cycles, innovations())
def test_without_a_history_no_group_is_found(cycle: int, innovation: Innovation) -> None:
    """Two histories lead to different groups, so one that nobody recorded leads to none."""
    assert group_router(rulebook(cycle), innovation, history=None).value is None


@given(cycles, innovations(), histories)
def test_a_group_found_is_a_group_offered(
    cycle: int, innovation: Innovation, history: AwardHistory | None
) -> None:
    answer = group_router(rulebook(cycle), innovation, history=history)
    offered = {2014: 1, 2016: 1, 2018: 1, 2019: 1, 2020: 3, 2021: 3, 2022: 2, 2023: 2, 2025: 2}

    groups = (Group.GENERAL, Group.SPECIAL if cycle != 2025 else Group.REPLICATION)
    allowed = tuple(Group) if offered[cycle] == 3 else groups[: offered[cycle]]
    assert answer.value is None or answer.value in allowed


# --- The kind of spread

maybe = st.none() | st.booleans()
owners = st.none() | st.sampled_from(("a", "b", "c")).map(AgencyKey)


@given(owners, owners, maybe, maybe)
def test_spread_agrees_with_every_way_of_filling_the_blanks(
    before: AgencyKey | None, after: AgencyKey | None, sponsor: bool | None, policy: bool | None
) -> None:
    """A value is given exactly when all completions agree on it."""
    firsts = [before] if before is not None else [AgencyKey("a"), AgencyKey("b")]
    seconds = [after] if after is not None else [AgencyKey("a"), AgencyKey("b")]
    sponsors = [sponsor] if sponsor is not None else [True, False]
    policies = [policy] if policy is not None else [True, False]
    possible = {
        SpreadKind.SCALING_UP
        if s and p
        else SpreadKind.INTERNAL_SPREAD
        if x == y
        else SpreadKind.REPLICATION
        for x in firsts
        for y in seconds
        for s in sponsors
        for p in policies
    }
    answer = spread_kind(
        "i",
        owner_before=before,
        owner_after=after,
        national_sponsor=sponsor,
        national_policy=policy,
    )

    if before is not None and after is not None:
        assert answer.value is (possible.pop() if len(possible) == 1 else None)
    else:
        assert answer.value is None or possible == {answer.value}
