"""Cases of the published record through the public functions: what the rules of their year say."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

import kipp
from kipp.domain.dates import Date

LUWU_UTARA = kipp.AgencyKey("kab-luwu-utara")
BANYUWANGI = kipp.AgencyKey("kab-banyuwangi")
LONG_AGO = Date(2015, 1, 1)


def innovation(
    name: str,
    *,
    agency: kipp.AgencyKey = LUWU_UTARA,
    started: Date | None = LONG_AGO,
    origin: kipp.Origin | None = kipp.Origin.ORIGINAL,
    public_service: bool | None = True,
) -> kipp.Innovation:
    return kipp.Innovation(
        id=name,
        title=name,
        agency=agency,
        started=started,
        origin=origin,
        public_service=public_service,
        sdgs=(3,),
    )


def proposal(
    own: kipp.Innovation,
    cycle: int,
    group: kipp.Group | None = kipp.Group.GENERAL,
    invited: bool | None = None,
) -> kipp.Proposal:
    return kipp.Proposal(id=own.id, innovation=own, cycle=cycle, group=group, invited=invited)


def replica(number: int) -> kipp.Innovation:
    listed = kipp.Tier(year=2018, level=kipp.Level.FINALIST, size=99)
    source = kipp.ReplicaSource(title="Contoh asal", tiers=(listed,))
    return kipp.Innovation(
        id=f"Contoh {number:04}",
        title=f"Contoh {number:04}",
        agency=LUWU_UTARA,
        started=LONG_AGO,
        origin=kipp.Origin.REPLICA,
        replica_of=(source,),
    )


def reached(name: str, *tiers: kipp.Tier) -> kipp.AwardHistory:
    awards = (kipp.Award(innovation=name, agency=LUWU_UTARA, tier=tier) for tier in tiers)
    return kipp.AwardHistory(innovation=name, awards=tuple(awards))


def won(name: str, year: int, size: int) -> kipp.AwardHistory:
    return reached(name, kipp.Tier(year=year, level=kipp.Level.WINNER, size=size))


def finalist(name: str, *years: int) -> kipp.AwardHistory:
    level = kipp.Level.FINALIST
    return reached(name, *(kipp.Tier(year=year, level=level, size=99) for year in years))


def never(own: kipp.Innovation) -> kipp.AwardHistory:
    return kipp.AwardHistory(innovation=own.id)


def decision(judgement: kipp.Judgement, rule: str) -> kipp.Decision:
    found = judgement.decision(rule)
    assert found is not None, rule
    return found


def failing(decision: kipp.Decision) -> set[str]:
    return {each.code for each in decision.reasons if each.outcome is kipp.Outcome.NOT_MET}


def open_paths(reasons: Iterable[kipp.Reason]) -> set[object]:
    return {
        dict(each.values).get("path") for each in reasons if each.outcome is kipp.Outcome.UNKNOWN
    }


class TestTheCap:
    """2021: ten general and five replication proposals per agency; before, no limit."""

    @pytest.mark.parametrize(
        ("entered", "codes"), [(4, set()), (5, set()), (6, {"CAP_REACHED"}), (7, {"CAP_REACHED"})]
    )
    def test_the_sixth_replica_of_one_agency(self, entered: int, codes: set[str]) -> None:
        field = [
            proposal(replica(number), 2021, kipp.Group.REPLICATION) for number in range(entered)
        ]
        last = field[-1]

        judged = kipp.judge(last, history=never(last.innovation), others=field)

        assert failing(decision(judged, "proposal-cap")) == codes
        assert failing(decision(judged, "replication-entry")) == codes
        assert decision(judged, "proposal-cap").evidence is kipp.Evidence.MINISTRY

    def test_a_withdrawn_replica_frees_its_place(self) -> None:
        field = [proposal(replica(number), 2021, kipp.Group.REPLICATION) for number in range(6)]
        gone = kipp.Proposal(
            id="Contoh 0000",
            innovation=field[0].innovation,
            cycle=2021,
            group=kipp.Group.REPLICATION,
            withdrawn=True,
        )

        judged = kipp.judge(
            field[-1], history=never(field[-1].innovation), others=[gone, *field[1:]]
        )

        assert failing(decision(judged, "proposal-cap")) == set()

    @pytest.mark.parametrize("cycle", range(2014, 2021))
    def test_before_2021_unlimited(self, cycle: int) -> None:
        field = [proposal(innovation(f"i{number}"), cycle) for number in range(40)]

        judged = kipp.judge(field[0], history=never(field[0].innovation), others=field)

        assert decision(judged, "proposal-cap").codes == ("CAP_UNLIMITED",)
        assert decision(judged, "proposal-cap").outcome is kipp.Outcome.MET

    def test_special_proposals_stand_outside_it(self) -> None:
        group = kipp.Group.SPECIAL
        field = [proposal(innovation(f"S{number}"), 2021, group) for number in range(20)]

        judged = kipp.judge(field[0], history=None, others=field)

        assert decision(judged, "proposal-cap").codes == ("CAP_UNLIMITED",)

    @pytest.mark.parametrize("cycle", [2022, 2023, 2025])
    def test_after_2021_unknown_by_name(self, cycle: int) -> None:
        own = innovation("a")

        judged = kipp.judge(proposal(own, cycle), history=never(own))

        asked = decision(judged, "proposal-cap")
        assert asked.outcome is kipp.Outcome.UNKNOWN
        assert open_paths(asked.reasons) == {"groups.general.cap"}


class TestBanyuwangiIn2019:
    """Several in one Top 99: one agency one innovation is a minimum, never a maximum."""

    def test_it_breaches_nothing(self) -> None:
        own = [innovation(f"Banyuwangi {number}", agency=BANYUWANGI) for number in range(4)]
        field = [proposal(each, 2019, None) for each in own]

        for each in field:
            judged = kipp.judge(each, history=never(each.innovation), others=field)
            assert {found.outcome for found in judged.decisions} <= {
                kipp.Outcome.MET,
                kipp.Outcome.UNKNOWN,
            }
            assert decision(judged, "proposal-cap").outcome is kipp.Outcome.MET
        _, enter = kipp.duty(BANYUWANGI, 2019, innovations=own, proposals=field)
        assert enter.outcome is kipp.Outcome.MET
        assert dict(enter.reasons[1].values) == {"entered": 4, "at_least": 1}

    def test_the_record_names_the_agency_itself(self) -> None:
        """Its row of 2019 in the award table resolves to the agency that is counted."""
        rows = [
            row
            for row in kipp.record().awards
            if row.year == 2019 and "banyuwangi" in row.agency_name.lower()
        ]

        assert rows
        for row in rows:
            found = kipp.resolve(row.agency_name, on=row.year)
            assert isinstance(found, kipp.Resolved)
            assert found.agency.key == BANYUWANGI


class TestTheAge:
    """To the day, back from the last announced close of registration."""

    @pytest.mark.parametrize(
        ("cycle", "close", "code"),
        [(2021, Date(2021, 5, 11), "TOO_YOUNG"), (2020, Date(2020, 5, 10), "OLD_ENOUGH")],
    )
    def test_begun_20_months_before_the_close(self, cycle: int, close: Date, code: str) -> None:
        own = innovation("twenty months", started=close.subtract(months=20))
        closes = kipp.rulebook(cycle)["schedule.registration_closes"]
        assert isinstance(closes, kipp.Cited)
        assert closes.value[-1] == close

        judged = kipp.judge(proposal(own, cycle), history=never(own))

        assert decision(judged, "minimum-age").codes == (code,)

    @pytest.mark.parametrize(("days", "code"), [(0, "OLD_ENOUGH"), (1, "TOO_YOUNG")])
    def test_two_years_to_the_day(self, days: int, code: str) -> None:
        own = innovation("to the day", started=Date(2019, 5, 11).add(days=days))

        judged = kipp.judge(proposal(own, 2021), history=never(own))

        assert decision(judged, "minimum-age").codes == (code,)

    @pytest.mark.parametrize("group", [kipp.Group.GENERAL, kipp.Group.SPECIAL])
    def test_2023_is_unknown_by_name(self, group: kipp.Group) -> None:
        own = innovation("a")

        judged = kipp.judge(proposal(own, 2023, group), history=never(own))

        asked = decision(judged, "minimum-age")
        assert asked.outcome is kipp.Outcome.UNKNOWN
        assert open_paths(asked.reasons) == {f"groups.{group.key}.minimum_age"}


class TestEarlierAwards:
    """What an innovation reached before decides the group it fits."""

    def test_anc_hipnoterapi(self) -> None:
        """Luwu Utara, Top 40 of 2018: special group in 2021, barred from the general one."""
        own = innovation("ANC Hipnoterapi")
        history = won(own.id, 2018, 40)

        general = kipp.judge(proposal(own, 2021), history=history)
        entered = proposal(own, 2021, kipp.Group.SPECIAL, invited=True)
        special = kipp.judge(entered, history=history)

        assert [each.value for each in general.classifications] == [kipp.Group.SPECIAL]
        assert failing(decision(general, "earlier-awards")) == {"HIGHEST_TIER_BEFORE"}
        assert decision(special, "earlier-awards").outcome is kipp.Outcome.MET
        assert decision(special, "invitation").outcome is kipp.Outcome.MET

    @pytest.mark.parametrize(
        ("invited", "outcome", "code"),
        [
            (True, kipp.Outcome.MET, "INVITED"),
            (False, kipp.Outcome.NOT_MET, "NOT_INVITED"),
            (None, kipp.Outcome.UNKNOWN, "FACT_NOT_RECORDED"),
        ],
    )
    def test_the_special_group_of_2021_is_by_invitation(
        self, invited: bool | None, outcome: kipp.Outcome, code: str
    ) -> None:
        entered = proposal(innovation("s"), 2021, kipp.Group.SPECIAL, invited)

        asked = decision(kipp.judge(entered), "invitation")
        assert (asked.outcome, asked.codes) == (outcome, (code,))

    def test_a_top_45_of_2019_fits_no_group_in_2020(self) -> None:
        own = innovation("Contoh 0045")
        history = won(own.id, 2019, 45)

        judged = kipp.judge(proposal(own, 2020), history=history)

        routed = judged.classifications[0]
        assert routed.value is None
        assert {"TERPUJI_TOO_RECENT_FOR_SPECIAL", "HIGHEST_TIER_BEFORE"} <= set(routed.codes)
        assert routed.codes[-1] == "NO_GROUP_FITS"
        assert any("2019" in kipp.say(reason, "en") for reason in routed.reasons)
        for group in kipp.Group:
            entered = kipp.judge(proposal(own, 2020, group), history=history)
            assert decision(entered, "earlier-awards").outcome is kipp.Outcome.NOT_MET

    def test_pelita_si_abah_may_come_back_after_one_top_99(self) -> None:
        """Kota Probolinggo: Top 99 of 2018 and again in 2021; a third time is one too many."""
        own = innovation("Pelita Si Abah")

        once = kipp.judge(proposal(own, 2021), history=finalist(own.id, 2018))
        twice = kipp.judge(proposal(own, 2021), history=finalist(own.id, 2016, 2018))

        assert decision(once, "earlier-awards").outcome is kipp.Outcome.MET
        assert failing(decision(twice, "earlier-awards")) == {"TOP99_TWICE"}

    def test_kelas_perahu_of_2021_is_not_decided(self) -> None:
        """Pangkep, Top 40 of 2018, in the replication group of 2021 on one page only."""
        perahu = kipp.Innovation(
            id="perahu",
            title="Kelas Perahu",
            agency=kipp.AgencyKey("kab-pangkajene-dan-kepulauan"),
            origin=kipp.Origin.REPLICA,
            replica_of=(kipp.ReplicaSource(title="another innovation"),),
        )

        judged = kipp.judge(proposal(perahu, 2021), history=won("perahu", 2018, 40))

        routed = judged.classifications[0]
        assert routed.value is None
        assert routed.codes[-1] == "TERPUJI_MAY_REPLICATE_UNCLEAR"

    def test_the_replication_group_of_2022_is_not_open(self) -> None:
        own = replica(1)

        judged = kipp.judge(proposal(own, 2022, kipp.Group.REPLICATION), history=never(own))

        assert judged.outcome is kipp.Outcome.NOT_MET
        assert failing(decision(judged, "group-offered")) == {"GROUP_NOT_OFFERED"}
        assert isinstance(kipp.rulebook(2022)["groups.replication.offered"], kipp.NotOpen)
        assert isinstance(kipp.rulebook(2022)["groups.replication.cap"], kipp.NotOpen)


class TestYearsWithoutAContest:
    """2024 was not held; of 2026 nothing was found, which is not the same."""

    def test_2024(self) -> None:
        judged = kipp.judge(proposal(innovation("a"), 2024))

        assert judged.outcome is kipp.Outcome.NOT_MET
        assert judged.codes == ("NO_KIPP_HELD",)
        assert "minimum-age" in judged.not_asked

    def test_2026(self) -> None:
        own = innovation("a")
        judged = kipp.judge(proposal(own, 2026), history=never(own))

        assert judged.outcome is kipp.Outcome.UNKNOWN
        assert judged.reasons[0].code == "VALUE_NOT_FOUND"
        assert open_paths(judged.reasons[:1]) == {"held"}
        assert kipp.Outcome.NOT_MET not in {each.outcome for each in judged.decisions}


class TestTheDuty:
    """At least one created a year, called a duty from December 2014; at least one entered in 2019
    and 2020 only."""

    @pytest.mark.parametrize("year", [2019, 2020])
    def test_one_that_enters_nothing(self, year: int) -> None:
        _, enter = kipp.duty(LUWU_UTARA, year, proposals=[])

        assert failing(enter) == {"NONE_ENTERED"}

    @pytest.mark.parametrize("year", [*range(2014, 2019), *range(2021, 2026)])
    def test_elsewhere_the_duty_to_enter_was_not_found(self, year: int) -> None:
        _, enter = kipp.duty(LUWU_UTARA, year, proposals=[])

        assert enter.outcome is kipp.Outcome.UNKNOWN
        assert open_paths(enter.reasons) == {f"enter.minimum.{year}"}
        assert "ENTRY_DUTY_NOT_FOUND" in enter.codes

    @pytest.mark.parametrize("year", range(2014, 2026))
    def test_a_reprimand_is_on_record_for_2015_and_2016_only(self, year: int) -> None:
        _, enter = kipp.duty(LUWU_UTARA, year, proposals=[])

        assert ("REPRIMAND_2015_2016" in enter.codes) is (year in (2015, 2016))
        assert ("NO_SANCTION_FOUND" in enter.codes) is (year not in (2015, 2016))

    def test_2024_is_unclear(self) -> None:
        own = innovation("new", started=Date(2024, 5, 1))

        create, _ = kipp.duty(LUWU_UTARA, 2024, innovations=[own])

        assert create.outcome is kipp.Outcome.UNKNOWN
        assert "DUTY_2024_UNCLEAR" in create.codes

    @pytest.mark.parametrize("kind", [kipp.AgencyKind.BUMN, kipp.AgencyKind.BUMD])
    @pytest.mark.parametrize(
        ("obliged", "outcomes"),
        [
            (None, {kipp.Outcome.UNKNOWN}),
            (False, {kipp.Outcome.UNKNOWN}),
            (True, {kipp.Outcome.MET}),
        ],
    )
    def test_enterprises(
        self, kind: kipp.AgencyKind, obliged: bool | None, outcomes: set[kipp.Outcome]
    ) -> None:
        """Unknown unless a public-service obligation is recorded, whatever was done."""
        key = kipp.AgencyKey("user:contoh")
        body = kipp.Agency(key=key, kind=kind, names=(), public_service_obligation=obliged)
        own = innovation("Contoh 0001", agency=key, started=Date(2019, 4, 1))

        done = kipp.duty(body, 2019, innovations=[own], proposals=[proposal(own, 2019)])
        nothing = kipp.duty(body, 2019, innovations=[], proposals=[])

        assert {each.outcome for each in done} == outcomes
        left = kipp.Outcome.NOT_MET if obliged else kipp.Outcome.UNKNOWN
        assert {each.outcome for each in nothing} == {left}

    def test_what_nobody_recorded_is_unknown(self) -> None:
        for decision in kipp.duty(LUWU_UTARA, 2019):
            assert decision.outcome is kipp.Outcome.UNKNOWN
            assert decision.codes == ("FACT_NOT_RECORDED",)

    def test_only_replicas_or_older_ones(self) -> None:
        older = innovation("older", started=Date(2020, 12, 31))
        copied = innovation("copied", started=Date(2021, 4, 1), origin=kipp.Origin.REPLICA)
        for own in ([older], [copied], [older, copied]):
            create, _ = kipp.duty(LUWU_UTARA, 2021, innovations=own)
            assert create.outcome is kipp.Outcome.UNKNOWN
            assert {"ONLY_REPLICA", "OLDER_INNOVATION_ONLY"} & set(create.codes)

        new = innovation("new", started=Date(2021, 1, 1))
        create, _ = kipp.duty(LUWU_UTARA, 2021, innovations=[older, copied, new])
        assert create.outcome is kipp.Outcome.MET

    @pytest.mark.parametrize("year", [2019, 2020])
    @pytest.mark.parametrize("group", [None, *kipp.Group])
    def test_any_proposal_not_withdrawn(self, year: int, group: kipp.Group | None) -> None:
        own = innovation("new this year", started=Date(year, 5, 1))

        _, enter = kipp.duty(LUWU_UTARA, year, proposals=[proposal(own, year, group)])

        assert enter.outcome is kipp.Outcome.MET
        assert "ENTERED" in enter.codes

    def test_one_withdrawn_is_none(self) -> None:
        own = innovation("withdrawn")
        gone = kipp.Proposal(id="w", innovation=own, cycle=2019, withdrawn=True)

        _, enter = kipp.duty(LUWU_UTARA, 2019, proposals=[gone])

        assert failing(enter) == {"NONE_ENTERED"}


class TestWhoseFactsTheyAre:
    """The facts of one innovation or body decide nothing about another."""

    def test_a_history_of_another_innovation_is_refused(self) -> None:
        entered = proposal(innovation("I-1"), 2021)

        with pytest.raises(kipp.InvalidValue, match="the history of 'I-1'"):
            kipp.judge(entered, history=kipp.AwardHistory(innovation="I-2"))

    def test_an_administrative_city_enters_through_its_province(self) -> None:
        """The five cities and one regency of Jakarta are no local governments."""
        for key, outcome in (
            ("kota-jakarta-selatan", kipp.Outcome.NOT_MET),
            ("prov-daerah-khusus-ibukota-jakarta", kipp.Outcome.MET),
        ):
            own = innovation("I-1", agency=kipp.AgencyKey(key))
            decision = kipp.judge(proposal(own, 2021)).decision("participant")
            assert decision is not None
            assert decision.outcome is outcome
