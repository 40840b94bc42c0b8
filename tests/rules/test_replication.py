"""Replicas: entry in the replication group, the group an innovation fits, the kind of spread."""

from __future__ import annotations

import attrs
import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.citation import NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.replication import SpreadKind, group_router, replication_entry, spread_kind
from kipp.rules.rulebook import Rulebook

OWNER = AgencyKey("kab-contoh")
OTHER = AgencyKey("kota-contoh")
OLD = Date(2015, 1, 1)


def tier(year: int, level: Level, group: Group | None = None) -> Tier:
    return Tier(year=year, level=level, group=group)


def source(*tiers: Tier) -> ReplicaSource:
    return ReplicaSource(title="Asal", tiers=tiers)


LISTED = source(tier(2018, Level.FINALIST))
NEVER = AwardHistory(innovation="i")


def reached(*tiers: Tier) -> AwardHistory:
    awards = tuple(Award(innovation="i", agency=OWNER, tier=each) for each in tiers)
    return AwardHistory(innovation="i", awards=awards)


def innovation(*sources: ReplicaSource, origin: Origin | None = Origin.REPLICA) -> Innovation:
    return Innovation(
        id="i",
        title="Contoh",
        agency=OWNER,
        started=OLD,
        origin=origin,
        replica_of=sources,
        pandemic_related=False,
    )


ORIGINAL = innovation(origin=Origin.ORIGINAL)


def replica(
    cycle: int, *sources: ReplicaSource, number: int = 1, mou: bool | None = None
) -> Proposal:
    return Proposal(
        id=f"p{number}",
        innovation=innovation(*sources),
        cycle=cycle,
        group=Group.REPLICATION,
        mou=mou,
    )


def entry(cycle: int, *sources: ReplicaSource, history: AwardHistory | None = NEVER) -> Decision:
    return replication_entry(rulebook(cycle), replica(cycle, *sources), history=history)


def codes(decision: Decision, outcome: Outcome) -> set[str]:
    return {reason.code for reason in decision.reasons if reason.outcome is outcome}


class TestTheSource:
    """A replica adapts an innovation of the Top 99: 2014–2018 in 2020, 2014–2019 in 2021."""

    @pytest.mark.parametrize(
        ("cycle", "year", "outcome"),
        [
            (2020, 2014, Outcome.MET),
            (2020, 2018, Outcome.MET),
            (2020, 2019, Outcome.NOT_MET),
            (2021, 2014, Outcome.MET),
            (2021, 2019, Outcome.MET),
            (2021, 2020, Outcome.NOT_MET),
        ],
    )
    def test_years(self, cycle: int, year: int, outcome: Outcome) -> None:
        decision = entry(cycle, source(tier(year, Level.FINALIST)))

        assert decision.outcome is outcome
        missed = {"SOURCE_YEAR_OUT_OF_RANGE"} if outcome is Outcome.NOT_MET else set()
        assert codes(decision, Outcome.NOT_MET) == missed

    def test_a_winner_was_in_the_top_99(self) -> None:
        assert entry(2021, source(tier(2018, Level.WINNER))).outcome is Outcome.MET

    def test_a_separate_award_is_no_top_99(self) -> None:
        decision = entry(2021, source(tier(2019, Level.SEPARATE)))

        assert codes(decision, Outcome.NOT_MET) == {"SOURCE_NOT_IN_LIST"}

    def test_a_source_in_no_tier_is_not_in_the_list(self) -> None:
        assert codes(entry(2021, source()), Outcome.NOT_MET) == {"SOURCE_NOT_IN_LIST"}

    def test_no_source_named(self) -> None:
        assert codes(entry(2021), Outcome.NOT_MET) == {"NO_SOURCE_NAMED"}

    def test_a_source_not_recorded_is_unknown(self) -> None:
        proposal = replica(2021)
        unrecorded = attrs.evolve(
            proposal, innovation=attrs.evolve(proposal.innovation, replica_of=None)
        )
        decision = replication_entry(rulebook(2021), unrecorded, history=NEVER)

        assert codes(decision, Outcome.UNKNOWN) == {"FACT_NOT_RECORDED"}
        assert not codes(decision, Outcome.NOT_MET)

    def test_one_listed_source_is_enough(self) -> None:
        unrecorded = ReplicaSource(title="Lain")

        assert entry(2021, unrecorded, LISTED).outcome is Outcome.MET
        assert entry(2021, unrecorded, source()).outcome is Outcome.UNKNOWN

    def test_the_conditions_of_2025_were_not_found(self) -> None:
        decision = entry(2025, LISTED)

        assert decision.outcome is Outcome.UNKNOWN
        assert "CONDITIONS_NOT_PUBLISHED_HERE" in decision.codes

    def test_a_book_without_a_list_takes_any_named_source(self) -> None:
        path = "groups.replication.source_awards"
        cited = rulebook(2021)[path].citations
        free = rulebook(2021).reform({path: Unlimited(cited)}, name="any source")
        shut = rulebook(2021).reform({path: NotOpen(cited)}, name="no source")
        proposal = replica(2021, source())

        assert replication_entry(free, proposal, history=NEVER).outcome is Outcome.MET
        closed = replication_entry(shut, proposal, history=NEVER)
        assert codes(closed, Outcome.NOT_MET) == {"SOURCE_NOT_IN_LIST"}


class TestTheReplicaItself:
    """2020: itself never awarded in KIPP.  For 2021 no such condition was found."""

    def test_an_awarded_replica_is_refused_in_2020(self) -> None:
        decision = entry(2020, LISTED, history=reached(tier(2018, Level.FINALIST)))

        assert codes(decision, Outcome.NOT_MET) == {"REPLICA_ALREADY_AWARDED"}

    def test_an_awarded_replica_in_2021_is_unknown(self) -> None:
        assert entry(2021, LISTED, history=reached(tier(2018, Level.WINNER))).outcome is (
            Outcome.UNKNOWN
        )

    def test_a_history_not_recorded_is_unknown(self) -> None:
        assert entry(2020, LISTED, history=None).outcome is Outcome.UNKNOWN


class TestTheGroup:
    """The replication group existed in 2020, 2021 and 2025."""

    @pytest.mark.parametrize("cycle", [2014, 2016, 2019, 2022, 2023])
    def test_not_offered(self, cycle: int) -> None:
        decision = entry(cycle, LISTED)

        assert codes(decision, Outcome.NOT_MET) == {"GROUP_NOT_OFFERED"}

    def test_the_sixth_replica_of_an_agency_is_one_too_many(self) -> None:
        """2021: at most five replicas per agency (ministry, 17 March 2021)."""
        proposals = [replica(2021, LISTED, number=number) for number in range(1, 7)]
        five, six = proposals[:5], proposals

        met = replication_entry(rulebook(2021), five[0], history=NEVER, others=five)
        over = replication_entry(rulebook(2021), six[0], history=NEVER, others=six)

        assert met.outcome is Outcome.MET
        assert codes(over, Outcome.NOT_MET) == {"CAP_REACHED"}

    @pytest.mark.parametrize(("mou", "code"), [(True, "MOU_PRESENT"), (False, "MOU_ABSENT")])
    def test_an_mou_is_noted_and_never_tested(self, mou: bool, code: str) -> None:
        decision = replication_entry(rulebook(2021), replica(2021, LISTED, mou=mou), history=NEVER)

        assert decision.outcome is Outcome.MET
        assert code in decision.codes


def routed(cycle: int, what: Innovation, history: AwardHistory | None) -> tuple[object, set[str]]:
    answer = group_router(rulebook(cycle), what, history=history)
    return answer.value, set(answer.codes)


class TestTheRouter:
    """Special for a Top Terpuji in range, else replication for an adaptation, else general."""

    @pytest.mark.parametrize("cycle", [2020, 2021, 2023])
    def test_never_awarded_and_original_is_general(self, cycle: int) -> None:
        assert routed(cycle, ORIGINAL, NEVER)[0] is Group.GENERAL

    @pytest.mark.parametrize("cycle", [2020, 2021])
    def test_never_awarded_adaptation_is_replication(self, cycle: int) -> None:
        assert routed(cycle, innovation(LISTED), NEVER)[0] is Group.REPLICATION

    @pytest.mark.parametrize(
        ("cycle", "year", "group"),
        [
            (2020, 2014, Group.SPECIAL),
            (2020, 2018, Group.SPECIAL),
            (2020, 2019, None),
            (2021, 2019, Group.SPECIAL),
            (2021, 2020, None),
            (2023, 2020, Group.SPECIAL),
            (2023, 2022, None),
        ],
    )
    def test_last_years_terpuji_fits_no_group(
        self, cycle: int, year: int, group: Group | None
    ) -> None:
        found, seen = routed(cycle, ORIGINAL, reached(tier(year, Level.WINNER, Group.GENERAL)))

        assert found is group
        recent = {"TERPUJI_TOO_RECENT_FOR_SPECIAL", "NO_GROUP_FITS", "HIGHEST_TIER_BEFORE"}
        assert (recent <= seen) is (group is None)

    def test_top_99_once_is_general_and_twice_is_nothing(self) -> None:
        once = reached(tier(2016, Level.FINALIST))
        twice = reached(tier(2016, Level.FINALIST), tier(2018, Level.FINALIST))

        assert routed(2021, ORIGINAL, once)[0] is Group.GENERAL
        found, seen = routed(2021, ORIGINAL, twice)
        assert found is None
        assert "TOP99_TWICE" in seen

    def test_an_outstanding_winner_of_2020_is_barred_from_special_in_2021(self) -> None:
        history = reached(tier(2018, Level.WINNER), tier(2020, Level.OUTSTANDING, Group.SPECIAL))
        found, seen = routed(2021, ORIGINAL, history)

        assert found is None
        assert "BARRED_BY_AWARD" in seen

    def test_kelas_perahu(self) -> None:
        """Top 40 of 2018, entered as an adaptation in 2021: special or replication, not found."""
        found, seen = routed(2021, innovation(LISTED), reached(tier(2018, Level.WINNER)))

        assert found is None
        assert "TERPUJI_MAY_REPLICATE_UNCLEAR" in seen

    def test_in_2020_an_awarded_adaptation_has_no_such_doubt(self) -> None:
        """2020 closed the replication group to it: itself never awarded."""
        assert routed(2020, innovation(LISTED), reached(tier(2018, Level.WINNER)))[0] is (
            Group.SPECIAL
        )

    def test_without_a_history_nothing_is_known(self) -> None:
        found, seen = routed(2021, ORIGINAL, None)

        assert found is None
        assert "FACT_NOT_RECORDED" in seen

    def test_before_2020_there_was_one_pool(self) -> None:
        assert routed(2018, innovation(LISTED), NEVER)[0] is Group.GENERAL

    def test_the_special_group_of_2022_is_not_defined(self) -> None:
        found, seen = routed(2022, ORIGINAL, reached(tier(2018, Level.WINNER)))

        assert found is None
        assert "VALUE_NOT_FOUND" in seen


class TestTheKindOfSpread:
    """Inside one agency, from agency to agency, or with a national sponsor and policy."""

    @pytest.mark.parametrize(
        ("before", "after", "sponsor", "policy", "kind", "seen"),
        [
            (OWNER, OWNER, False, False, SpreadKind.INTERNAL_SPREAD, "SAME_AGENCY"),
            (OWNER, OTHER, False, None, SpreadKind.REPLICATION, "OTHER_AGENCY"),
            (OWNER, OTHER, True, False, SpreadKind.REPLICATION, "NO_NATIONAL_POLICY_YET"),
            (None, None, True, True, SpreadKind.SCALING_UP, "NATIONAL_SPONSOR"),
            (OWNER, OTHER, None, True, None, "FACT_NOT_RECORDED"),
            (OWNER, OTHER, True, None, None, "FACT_NOT_RECORDED"),
            (None, OTHER, False, False, None, "FACT_NOT_RECORDED"),
            (OWNER, None, None, False, None, "FACT_NOT_RECORDED"),
            (OWNER, OTHER, False, True, SpreadKind.REPLICATION, "NO_NATIONAL_SPONSOR"),
        ],
    )
    def test_kinds(
        self,
        before: AgencyKey | None,
        after: AgencyKey | None,
        sponsor: bool | None,
        policy: bool | None,
        kind: SpreadKind | None,
        seen: str,
    ) -> None:
        answer = spread_kind(
            "i",
            owner_before=before,
            owner_after=after,
            national_sponsor=sponsor,
            national_policy=policy,
        )

        assert answer.value is kind
        assert seen in answer.codes


def test_the_baseline_is_untouched() -> None:
    book: Rulebook = rulebook(2021)
    reform = book.reform({"groups.replication.cap": 0}, name="none")

    assert entry(2021, LISTED).outcome is Outcome.MET
    proposal = replica(2021, LISTED)
    over = replication_entry(reform, proposal, history=NEVER, others=[proposal])
    assert codes(over, Outcome.NOT_MET) == {"CAP_REACHED"}
