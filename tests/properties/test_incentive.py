"""Laws of the incentive, for every cycle and every record that the types allow."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.award import GROUPS_OF, Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group
from kipp.domain.incentive import (
    FiscalCluster,
    FiscalCriterion,
    FiscalRecord,
    Grade,
    IncentiveStatus,
    InnovationCounts,
    Opinion,
)
from kipp.rules.decision import Classification, Decision, Outcome
from kipp.rules.history import tier_refusal
from kipp.rules.incentive import (
    fiscal_cluster,
    fiscal_year,
    incentive_status,
    innovation_counts,
    main_criteria,
    propose,
)
from tests.fiscal import body, books, cycle, either, fiscal

BOOKS = books()
BY_YEAR = {book.year: book for book in BOOKS}
KEY = AgencyKey("kab-contoh")
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
RANK = {NOT_MET: 0, UNKNOWN: 1, MET: 2}

years = st.integers(2014, 2026)
linked_years = st.integers(2017, 2022)
kinds = st.none() | st.sampled_from(AgencyKind)
sizes = st.sampled_from((None, 5, 15, 40, 45, 99))
along = st.sampled_from([level for level in Level if level is not Level.SEPARATE])


@st.composite
def tiers(draw: st.DrawFn, year: st.SearchStrategy[int] = years) -> Tier:
    level = draw(st.sampled_from(Level))
    group = draw(st.sampled_from((None, *GROUPS_OF[level])))
    return Tier(year=draw(year), level=level, size=draw(sizes), group=group)


def asked(tier: Tier, kind: AgencyKind | None = AgencyKind.REGENCY) -> Decision:
    return propose(cycle(tier.year), BOOKS, body(kind), tier)


# --- DR-A1 and DR-A2 --------------------------------------------------------------------------

# What the ministry's words say of the winners of each group; "open" is what they do not say.
ONE_POOL = {Group.GENERAL: "winners", Group.REPLICATION: "none", Group.SPECIAL: "none"}
WINNERS = {
    2017: ONE_POOL,
    2018: ONE_POOL,
    2019: ONE_POOL,
    2020: dict.fromkeys(Group, "winners"),
    2021: {Group.GENERAL: "winners", Group.REPLICATION: "open", Group.SPECIAL: "open"},
    2022: {Group.GENERAL: "winners", Group.REPLICATION: "none", Group.SPECIAL: "open"},
}
NAMED = {2017: 40, 2018: 40, 2019: 45, 2020: 45, 2021: 45, 2022: 45}
LOCAL = (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)
TOP = (Level.WINNER, Level.OUTSTANDING)


def plain(tier: Tier, kind: AgencyKind | None) -> Outcome:
    """The same by table: whether it was held, linked, local, and what each possible group gives."""
    if tier.year == 2024 or tier.year <= 2016:
        return NOT_MET
    if tier.year >= 2023:
        return UNKNOWN
    if not fits(tier):
        return NOT_MET
    said = WINNERS[tier.year]
    if tier.group is not None:
        possible = [tier.group]
    elif tier.level is Level.OUTSTANDING:
        possible = [Group.SPECIAL]
    elif tier.size == NAMED[tier.year]:
        possible = [Group.GENERAL]
    else:
        possible = [group for group in Group if said[group] != "none"]
    answers = {in_group(said[group], tier.level) for group in possible}
    reached = answers.pop() if len(answers) == 1 else UNKNOWN
    is_local = UNKNOWN if kind is None else MET if kind in LOCAL else NOT_MET
    return min((reached, is_local), key=RANK.__getitem__)


MAIN = {2014: 9, 2015: 25, 2016: 35, 2017: 40, 2018: 40} | dict.fromkeys(range(2019, 2024), 45)


def fits(tier: Tier) -> bool:
    """Whether the cycle had a tier of that size, by table; of 2025 no size of a group is known."""
    beside = tier.level in (Level.SEPARATE, Level.FINALIST_ANY_GROUP)
    if tier.size is None or beside or tier.year == 2025:
        return True
    if tier.level is Level.INTERMEDIATE:
        return tier.year != 2014 or tier.size == 33
    first, last = (99, 15) if tier.level is Level.FINALIST else (MAIN[tier.year], 5)
    replication = first if tier.year == 2020 else last
    of = {Group.GENERAL: first, Group.REPLICATION: replication, Group.SPECIAL: last}
    groups = GROUPS_OF[tier.level] if tier.group is None else (tier.group,)
    return tier.size in {of[each] for each in groups if each in was_open(tier.year)}


def was_open(year: int) -> set[Group]:
    """One pool to 2019, three groups in 2020 and 2021, no replicas in 2022 and 2023, none special
    in 2025."""
    others = {2023: OPEN[2022], 2025: {Group.GENERAL, Group.REPLICATION}}
    return (OPEN | others).get(year, {Group.GENERAL})


OPEN = {2020: set(Group), 2021: set(Group), 2022: {Group.GENERAL, Group.SPECIAL}}


def in_group(said: str, level: Level) -> Outcome:
    if said == "none" or level not in TOP:
        return NOT_MET
    return MET if said == "winners" else UNKNOWN


@given(tiers(), kinds)
def test_as_the_table_says(tier: Tier, kind: AgencyKind | None) -> None:
    assert asked(tier, kind).outcome is plain(tier, kind)


@given(tiers(), kinds, st.permutations(BOOKS))
def test_the_order_of_the_rulebooks_never_matters(
    tier: Tier, kind: AgencyKind | None, shuffled: list[Any]
) -> None:
    agency, contest = body(kind), cycle(tier.year)

    assert propose(contest, shuffled, agency, tier) == asked(tier, kind)
    assert fiscal_year(contest, shuffled) == fiscal_year(contest, BOOKS)


@given(tiers(), along, along, kinds)
def test_a_higher_tier_never_hurts(
    tier: Tier, one: Level, other: Level, kind: AgencyKind | None
) -> None:
    order = list(Level)
    low, high = sorted((one, other), key=order.index)
    assume(tier.group in (None, *GROUPS_OF[low]) and tier.group in (None, *GROUPS_OF[high]))
    # Outstanding is of the special group: without a group it is no step above the general one.
    assume(tier.group is not None or Level.OUTSTANDING not in (low, high))

    lower = asked(attrs.evolve(tier, level=low), kind).outcome
    higher = asked(attrs.evolve(tier, level=high), kind).outcome

    assert RANK[lower] <= RANK[higher]


@given(tiers(), st.sampled_from(AgencyKind))
def test_learning_the_kind_or_the_group_only_settles(tier: Tier, kind: AgencyKind) -> None:
    unknown_kind = asked(tier, None).outcome
    assert unknown_kind in (UNKNOWN, asked(tier, kind).outcome)
    refused = tier_refusal(cycle(tier.year), tier)
    assume(refused is None or refused.code != "TIER_SIZE_NOT_OF_CYCLE")
    if tier.group is not None and tier.year in WINNERS:
        group_said = WINNERS[tier.year][tier.group] != "none"
        without = asked(attrs.evolve(tier, group=None, size=None), kind).outcome
        assert not group_said or without in (UNKNOWN, asked(tier, kind).outcome)


@given(tiers(st.sampled_from((*range(2014, 2024), 2025))))
def test_no_tier_of_a_group_that_was_not_open_or_of_another_size(tier: Tier) -> None:
    there = was_open(tier.year)
    possible = {tier.group} if tier.group is not None else set(GROUPS_OF[tier.level]) or there
    refused = tier_refusal(cycle(tier.year), tier)

    group = bool(possible & there)
    assert (refused is None) is (group and fits(tier))
    if refused is not None:
        code = "TIER_SIZE_NOT_OF_CYCLE" if group else "GROUP_NOT_OFFERED"
        assert (refused.outcome, refused.code) == (NOT_MET, code)
        assert tier_refusal(cycle(tier.year), attrs.evolve(tier, organiser="KOVABLIK")) is None
        if tier.year in WINNERS:
            assert refused in asked(tier).reasons


@given(tiers(linked_years), kinds)
def test_what_decides_has_a_source(tier: Tier, kind: AgencyKind | None) -> None:
    for reason in asked(tier, kind).reasons:
        assert reason.outcome is UNKNOWN or reason.citations
        assert reason.outcome is not UNKNOWN or reason.terms


@given(years)
def test_the_year_counts_for_the_next_one_or_for_none(year: int) -> None:
    found = fiscal_year(cycle(year), BOOKS)

    assert found.value == (year + 1 if 2017 <= year <= 2021 else None)


@given(tiers(linked_years), kinds, st.sampled_from(("winner", "finalist", "outstanding")))
def test_a_reform_is_seen_in_the_answer_and_leaves_the_baseline(
    tier: Tier, kind: AgencyKind | None, lowest: str
) -> None:
    assume(tier_refusal(cycle(tier.year), tier) is None)
    before = asked(tier, kind)
    paths = {f"cycles.{tier.year}.levels.{group.key}": [lowest] for group in Group}
    changed = [book.reform(paths, name="other levels") for book in BOOKS]

    after = propose(cycle(tier.year), changed, body(kind), tier)

    assert Evidence.ASSUMED in {term.evidence for r in after.reasons for term in r.terms}
    assert asked(tier, kind) == before


# --- DR-A3 ------------------------------------------------------------------------------------

AUDITED = tuple(range(2016, 2021))
"""The five years that FY2022 looks at."""
EVER_AUDITED = tuple(range(2011, 2021))
BEST_FIRST = tuple(Opinion)
FLAGS = (
    "apbd_on_time",
    "eprocurement",
    "ebudgeting",
    "eplanning",
    "egovernment",
    "one_stop_service",
)
maybe = st.sampled_from((None, True, True, True, False))


@st.composite
def records(draw: st.DrawFn, year: int) -> FiscalRecord:
    """A record of which most is recorded and most is good, so that every outcome is reached."""
    opinions = [
        (audited, draw(st.sampled_from((None, *(Opinion.UNQUALIFIED,) * 6, *Opinion))))
        for audited in EVER_AUDITED
    ]
    supplied = [(criterion, draw(maybe)) for criterion in FiscalCriterion]
    facts: dict[str, Any] = {flag: draw(maybe) for flag in FLAGS}
    return FiscalRecord(
        agency=KEY,
        fiscal_year=year,
        opinions=tuple((audited, opinion) for audited, opinion in opinions if opinion is not None),
        latest_audit=draw(st.sampled_from((None, *(min(2020, year - 2),) * 6))),
        eprocurement_grade=draw(st.none() | st.sampled_from((*Grade, Grade.A, Grade.B))),
        supplied=tuple((criterion, said) for criterion, said in supplied if said is not None),
        **facts,
    )


def filled(record: FiscalRecord, good: bool) -> FiscalRecord:
    """The record with everything that is not recorded filled in, for the better or the worse.

    Without the latest audited year no opinion can be placed, so that all of them are filled in.
    """
    known = dict(record.opinions) if record.latest_audit else {}
    supplied = dict(record.supplied)
    fill = Opinion.UNQUALIFIED if good else Opinion.DISCLAIMER
    changes: dict[str, Any] = {flag: good for flag in FLAGS if getattr(record, flag) is None}
    if record.eprocurement_grade is None:
        changes["eprocurement_grade"] = Grade.A if good else Grade.D
    return attrs.evolve(
        record,
        opinions=tuple((year, known.get(year, fill)) for year in EVER_AUDITED),
        supplied=tuple((each, supplied.get(each, not good)) for each in FiscalCriterion),
        **changes,
    )


def opinions_of(record: FiscalRecord, count: int) -> list[Opinion | None]:
    latest = min(2020, record.fiscal_year - 2)
    return [record.opinion(latest - index) for index in range(count)]


def wtp(record: FiscalRecord, count: int = 1) -> bool:
    return all(opinion is Opinion.UNQUALIFIED for opinion in opinions_of(record, count))


def wdp(record: FiscalRecord, count: int = 1) -> bool:
    accepted = (Opinion.UNQUALIFIED, Opinion.QUALIFIED)
    return all(opinion in accepted for opinion in opinions_of(record, count))


def fulfils(year: int, record: FiscalRecord) -> list[bool | None]:
    """By hand: what each reading of the law of the year says of a record without gaps."""
    r = record
    e_gov, ptsp = bool(r.egovernment), bool(r.one_stop_service)
    apbd, e_proc = bool(r.apbd_on_time), bool(r.eprocurement)
    e_bud, e_plan = bool(r.ebudgeting), bool(r.eplanning)
    match year:
        case 2017:
            return [wdp(r) and apbd]
        case 2018:
            return [
                reading
                for count in (1, 3)
                for reading in (
                    wtp(r, count) and apbd and e_proc,
                    wdp(r, count) and apbd and e_plan and e_bud,
                )
            ]
        case 2020:
            return [wtp(r) and apbd and e_gov and ptsp, wtp(r) and apbd and e_bud and e_proc]
        case _:
            return [fulfils_2021(r, {"wtp": wtp(r), "apbd": apbd, "either": e_gov or ptsp})]


def fulfils_2021(record: FiscalRecord, asked: dict[str, bool]) -> bool | None:
    keys = {
        "wtp": FiscalCriterion.UNQUALIFIED_OPINION,
        "apbd": FiscalCriterion.APBD_ON_TIME,
        "either": FiscalCriterion.EGOVERNMENT_OR_ONE_STOP,
    }
    supplied = dict(record.supplied)
    left = {name: met for name, met in asked.items() if met or supplied[keys[name]]}
    return all(left.values()) if left else None


published = st.sampled_from((2017, 2018, 2020, 2021))


@st.composite
def cases(draw: st.DrawFn) -> FiscalRecord:
    return draw(records(draw(published)))


def criteria(record: FiscalRecord) -> Decision:
    return main_criteria(BY_YEAR[record.fiscal_year], KEY, record)


@given(cases())
def test_met_is_the_worst_that_may_be_and_not_met_the_best(record: FiscalRecord) -> None:
    """The answer holds however the gaps are filled and however the law of the year is read."""
    worst = fulfils(record.fiscal_year, filled(record, good=False))
    best = fulfils(record.fiscal_year, filled(record, good=True))
    refused = all(reading is False for reading in best)
    expected = MET if all(worst) else NOT_MET if refused else UNKNOWN

    assert criteria(record).outcome is expected


FACTS = (*FLAGS, "eprocurement_grade")


@given(cases(), st.sampled_from((*FACTS, "opinion", "supplied")))
def test_learning_a_fact_never_overturns_an_answer(record: FiscalRecord, fact: str) -> None:
    before = criteria(record).outcome
    for good in (True, False):
        whole = filled(record, good)
        names = {"opinion": "opinions"}.get(fact, fact)
        learned = attrs.evolve(record, **{names: getattr(whole, names)})

        assert before in (UNKNOWN, criteria(learned).outcome)


def better(record: FiscalRecord, year: int) -> FiscalRecord:
    """The record with the opinion of *year* one step better, if one is recorded."""
    raised = tuple(
        (each, BEST_FIRST[max(BEST_FIRST.index(opinion) - (each == year), 0)])
        for each, opinion in record.opinions
    )
    return attrs.evolve(record, opinions=raised)


CLUSTERS = {None: 0, FiscalCluster.C: 1, FiscalCluster.B: 2, FiscalCluster.A: 3}


@given(cases(), st.sampled_from(AUDITED))
def test_a_better_opinion_never_hurts(record: FiscalRecord, year: int) -> None:
    assert RANK[criteria(record).outcome] <= RANK[criteria(better(record, year)).outcome]


@given(cases(), st.sampled_from(FLAGS))
def test_a_criterion_fulfilled_never_hurts(record: FiscalRecord, flag: str) -> None:
    changes: dict[str, Any] = {flag: True}
    fulfilled = criteria(attrs.evolve(record, **changes))

    assert RANK[criteria(record).outcome] <= RANK[fulfilled.outcome]


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_a_record_never_matters(record: FiscalRecord, random: Any) -> None:
    opinions, supplied = list(record.opinions), list(record.supplied)
    random.shuffle(opinions)
    random.shuffle(supplied)
    shuffled = attrs.evolve(record, opinions=tuple(opinions), supplied=tuple(supplied))

    assert criteria(shuffled) == criteria(record)


@given(cases(), st.integers(1990, 2010), st.sampled_from(Opinion))
def test_opinions_nobody_asks_about_never_matter(
    record: FiscalRecord, year: int, opinion: Opinion
) -> None:
    older = attrs.evolve(record, opinions=(*record.opinions, (year, opinion)))

    assert criteria(older) == criteria(record)


lists = st.lists(st.sampled_from(FiscalCriterion), unique=True, max_size=4)


@given(records(2021), lists, lists)
def test_a_disputed_set_never_decides_unless_both_sets_do(
    record: FiscalRecord, one: list[FiscalCriterion], other: list[FiscalCriterion]
) -> None:
    path = "criteria.required"

    def answer(value: object) -> Outcome:
        return main_criteria(fiscal(2021, {path: value}), KEY, record).outcome

    alone = {answer(one), answer(other)}
    both = answer(either(path, one, other))

    assert both is (alone.pop() if len(alone) == 1 else UNKNOWN)


@given(cases())
def test_a_list_is_never_taken_as_closed(record: FiscalRecord) -> None:
    assert criteria(record).codes[-1] == "CRITERIA_LIST_OPEN"


# --- FY2022: clusters -------------------------------------------------------------------------


def clustered(record: FiscalRecord) -> Classification[FiscalCluster]:
    return fiscal_cluster(BY_YEAR[2022], KEY, record)


def by_hand(record: FiscalRecord) -> FiscalCluster:
    rest = (
        record.apbd_on_time
        and record.eprocurement_grade in (Grade.A, Grade.B)
        and record.ebudgeting
        and record.one_stop_service
    )
    if rest and wtp(record, 5):
        return FiscalCluster.A
    return FiscalCluster.B if rest and wtp(record) else FiscalCluster.C


@given(records(2022))
def test_a_cluster_is_given_where_it_holds_however_the_gaps_are_filled(
    record: FiscalRecord,
) -> None:
    filled_in = {by_hand(filled(record, good)) for good in (True, False)}

    found = clustered(record).value

    assert found is (filled_in.pop() if len(filled_in) == 1 else None)


@given(records(2022), st.sampled_from(AUDITED), st.sampled_from(FLAGS))
def test_better_facts_never_lead_to_a_lower_cluster(
    record: FiscalRecord, year: int, flag: str
) -> None:
    whole = filled(attrs.evolve(record, latest_audit=2020), good=False)
    value = clustered(whole).value
    changes: dict[str, Any] = {flag: True}

    assert CLUSTERS[value] <= CLUSTERS[clustered(better(whole, year)).value]
    assert CLUSTERS[value] <= CLUSTERS[clustered(attrs.evolve(whole, **changes)).value]


@given(records(2022), st.sampled_from((*FLAGS, "eprocurement_grade", "opinions")))
def test_learning_a_fact_never_moves_a_cluster(record: FiscalRecord, fact: str) -> None:
    before = clustered(record).value
    for good in (True, False):
        learned = attrs.evolve(record, **{fact: getattr(filled(record, good), fact)})
        assert before in (None, clustered(learned).value)


# --- DR-A4 and DR-A5 --------------------------------------------------------------------------


@st.composite
def counted(draw: st.DrawFn) -> InnovationCounts:
    """One region's counts, a number left out here and there."""
    whole = sorted(draw(st.tuples(*[st.integers(0, 20)] * 3)), reverse=True)
    names = ("passed", "finalists", "winners")
    return InnovationCounts(
        **{
            name: draw(st.sampled_from((None, n, n, n)))
            for name, n in zip(names, whole, strict=True)
        }
    )


@given(st.lists(counted(), max_size=4), st.randoms(use_true_random=False))
def test_counts_add_up_in_any_order_and_none_is_never_zero(
    parts: list[InnovationCounts], random: Any
) -> None:
    found = innovation_counts(BY_YEAR[2021], KEY, parts)
    random.shuffle(parts)

    assert innovation_counts(BY_YEAR[2021], KEY, parts) == found
    whole = all(None not in (p.passed, p.finalists, p.winners) for p in parts)
    assert (found.value is not None) is whole
    if found.value is not None:
        assert found.value.winners == sum(part.winners or 0 for part in parts)
        assert found.value.finalists == sum(part.finalists or 0 for part in parts)
        assert found.value.passed == sum(part.passed or 0 for part in parts)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Tier, tuple[FiscalRecord, ...]]:
    tier = draw(tiers(linked_years))
    likely = attrs.evolve(tier, level=Level.WINNER, size=NAMED[tier.year], group=None)
    tier = draw(st.sampled_from((tier, likely, likely)))
    found = [draw(records(year)) for year in range(2018, 2024) if draw(st.booleans())]
    return tier, tuple(found)


def status(
    tier: Tier, kept: tuple[FiscalRecord, ...], kind: AgencyKind | None = AgencyKind.REGENCY
) -> IncentiveStatus | None:
    return incentive_status(cycle(tier.year), BOOKS, body(kind), tier, kept).value


@given(histories(), kinds)
def test_the_status_is_made_of_its_parts(
    history: tuple[Tier, tuple[FiscalRecord, ...]], kind: AgencyKind | None
) -> None:
    tier, kept = history
    proposed = asked(tier, kind).outcome
    year = fiscal_year(cycle(tier.year), BOOKS).value
    record = next((each for each in kept if each.fiscal_year == year), None)
    if proposed is not MET:
        expected = IncentiveStatus.NOT_ELIGIBLE if proposed is NOT_MET else None
    elif year is None:
        expected = None
    elif year == 2022:
        found = fiscal_cluster(BY_YEAR[year], KEY, record).value
        sure = found in (FiscalCluster.A, FiscalCluster.B)
        expected = IncentiveStatus.ELIGIBLE_PENDING_MOF if sure else None
    else:
        expected = {
            MET: IncentiveStatus.ELIGIBLE_PENDING_MOF,
            NOT_MET: IncentiveStatus.NOT_ELIGIBLE,
            UNKNOWN: None,
        }[main_criteria(BY_YEAR[year], KEY, record).outcome]

    assert status(tier, kept, kind) is expected


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_never_matters(
    history: tuple[Tier, tuple[FiscalRecord, ...]], random: Any
) -> None:
    tier, kept = history
    shuffled = list(kept)
    random.shuffle(shuffled)
    agency, contest = body(), cycle(tier.year)

    assert incentive_status(contest, BOOKS, agency, tier, shuffled) == incentive_status(
        contest, BOOKS, agency, tier, kept
    )


@given(histories(), st.sampled_from(AUDITED))
def test_a_better_opinion_never_costs_the_status(
    history: tuple[Tier, tuple[FiscalRecord, ...]], year: int
) -> None:
    tier, kept = history
    order = {IncentiveStatus.NOT_ELIGIBLE: 0, None: 1, IncentiveStatus.ELIGIBLE_PENDING_MOF: 2}
    raised = tuple(better(each, year) for each in kept)

    assert order[status(tier, kept)] <= order[status(tier, raised)]


# --- Boundaries asked for by name -------------------------------------------------------------


@given(st.sampled_from((2021, 2022)), st.sampled_from((None, 5)), st.sampled_from(TOP))
def test_winners_of_no_named_group_or_size_may_be_those_nobody_speaks_of(
    year: int, size: int | None, level: Level
) -> None:
    """A Top 5 of 2022 without replicas is outstanding, and nothing else."""
    none_such = (year, size, level) == (2022, 5, Level.WINNER)

    assert asked(Tier(year=year, level=level, size=size)).outcome is (
        NOT_MET if none_such else UNKNOWN
    )


@given(st.sets(st.sampled_from(AUDITED)))
def test_a_row_of_five_needs_every_one_of_them_recorded(recorded: set[int]) -> None:
    """FY2022, everything else fulfilled: a gap in the row leaves cluster A or B open."""
    record = FiscalRecord(
        agency=KEY,
        fiscal_year=2022,
        opinions=tuple((year, Opinion.UNQUALIFIED) for year in recorded),
        latest_audit=2020,
        apbd_on_time=True,
        eprocurement_grade=Grade.B,
        ebudgeting=True,
        one_stop_service=True,
    )

    assert clustered(record).value is (FiscalCluster.A if len(recorded) == 5 else None)


@given(records(2022), records(2023))
def test_no_record_gives_kipp_2022_a_status(one: FiscalRecord, other: FiscalRecord) -> None:
    """It counts for FY2022 or FY2023, and the criteria of FY2023 were not published."""
    tier = Tier(year=2022, level=Level.WINNER, size=45)

    assert status(tier, (one, other)) is None


@given(st.sampled_from(sorted(WINNERS)), kinds)
def test_outstanding_is_of_the_special_group_said_or_not(
    year: int, kind: AgencyKind | None
) -> None:
    """The answer rests on what is said of that group, and on no other's levels."""

    def rests_on(group: Group | None) -> list[tuple[str, list[str]]]:
        reasons = asked(Tier(year=year, level=Level.OUTSTANDING, group=group), kind).reasons
        return [(each.code, [term.path for term in each.terms]) for each in reasons]

    assert rests_on(None) == rests_on(Group.SPECIAL)
