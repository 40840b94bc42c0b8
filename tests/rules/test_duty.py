"""One Agency One Innovation: to create one a year, to enter one a year."""

from __future__ import annotations

import attrs
import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName
from kipp.domain.citation import Cited, Disputed, Evidence, NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.messages import say
from kipp.rulebooks import duty_book
from kipp.rules.decision import Decision, Outcome
from kipp.rules.duty import create_one, enter_one
from kipp.rules.rulebook import Rulebook

BOOK = duty_book()
MALANG = Agency(
    key=AgencyKey("kota-malang"), kind=AgencyKind.CITY, names=(DatedName("Kota Malang"),)
)
ALL_YEARS = range(2014, 2026)


def innovation(
    number: int = 1,
    *,
    started: Date | None = Date(2021, 6, 1),  # noqa: B008  # frozen
    origin: Origin | None = Origin.ORIGINAL,
    public: bool | None = True,
    agency: Agency = MALANG,
) -> Innovation:
    return Innovation(
        id=f"i{number}",
        title=f"Contoh {number}",
        agency=agency.key,
        started=started,
        origin=origin,
        public_service=public,
    )


def proposal(
    number: int = 1,
    year: int = 2019,
    *,
    group: Group | None = None,
    withdrawn: bool = False,
    agency: Agency = MALANG,
    started: Date | None = None,
) -> Proposal:
    return Proposal(
        id=f"p{number}",
        innovation=innovation(number, agency=agency, started=started),
        cycle=year,
        group=group,
        withdrawn=withdrawn,
    )


def deciding(decision: Decision) -> set[str]:
    """The codes of the reasons that make the outcome, the reach of the duty aside."""
    outcome = decision.outcome
    found = {reason.code for reason in decision.reasons if reason.outcome is outcome}
    return found - {"SUBJECT_TO_DUTY"}


def created(year: int, *own: Innovation, book: Rulebook = BOOK) -> Decision:
    return create_one(book, MALANG, year, own)


class TestCreateOne:
    """At least one public-service innovation a year: a duty in the ministry's words from
    December 2014, in the considerans of PermenPANRB 5/2019 and 7/2021 compulsory."""

    @pytest.mark.parametrize("year", range(2015, 2024))
    def test_one_that_started_in_the_year_meets_it(self, year: int) -> None:
        for day in (Date(year, 1, 1), Date(year, 12, 31)):
            assert created(year, innovation(started=day)).outcome is Outcome.MET

    @pytest.mark.parametrize("year", range(2015, 2024))
    def test_none_at_all(self, year: int) -> None:
        decision = created(year)

        assert decision.outcome is Outcome.NOT_MET
        assert deciding(decision) == {"NONE_THIS_YEAR"}

    def test_one_of_next_year_does_not_count(self) -> None:
        decision = created(2021, innovation(started=Date(2022, 1, 1)))

        assert deciding(decision) == {"NONE_THIS_YEAR"}

    def test_only_an_older_one(self) -> None:
        """Whether it counts was not found."""
        decision = created(2021, innovation(started=Date(2020, 12, 31)))

        assert decision.outcome is Outcome.UNKNOWN
        assert deciding(decision) == {"OLDER_INNOVATION_ONLY"}

    def test_only_a_replica(self) -> None:
        """The ministry holds a replica worth as much, the duty says create: not found."""
        decision = created(2021, innovation(origin=Origin.REPLICA))

        assert decision.outcome is Outcome.UNKNOWN
        assert deciding(decision) == {"ONLY_REPLICA"}

    def test_a_replica_beside_an_original_one(self) -> None:
        own = (innovation(1, origin=Origin.REPLICA), innovation(2))

        assert deciding(created(2021, *own)) == {"CREATED_ONE"}

    def test_no_public_service(self) -> None:
        decision = created(2021, innovation(public=False))

        assert decision.outcome is Outcome.NOT_MET
        assert deciding(decision) == {"NOT_PUBLIC_SERVICE"}

    def test_no_public_service_in_another_year_is_none(self) -> None:
        old = innovation(public=False, started=Date(2020, 1, 1))

        assert deciding(created(2021, old)) == {"NONE_THIS_YEAR"}

    @pytest.mark.parametrize(
        "unrecorded",
        [innovation(started=None), innovation(origin=None), innovation(public=None)],
        ids=["started", "origin", "public service"],
    )
    def test_a_fact_not_recorded(self, unrecorded: Innovation) -> None:
        decision = created(2021, unrecorded)

        assert decision.outcome is Outcome.UNKNOWN
        assert deciding(decision) == {"FACT_NOT_RECORDED"}

    def test_an_unrecorded_innovation_outweighs_a_replica(self) -> None:
        """It may be the one that settles the matter."""
        own = (innovation(1, origin=Origin.REPLICA), innovation(2, started=None))

        assert deciding(created(2021, *own)) == {"FACT_NOT_RECORDED"}

    def test_of_another_agency(self) -> None:
        other = attrs.evolve(MALANG, key=AgencyKey("kab-malang"))

        assert deciding(created(2021, innovation(agency=other))) == {"NONE_THIS_YEAR"}

    def test_a_unit_counts_for_its_agency(self) -> None:
        own = attrs.evolve(innovation(), unit="RSUD Contoh")

        assert created(2021, own).outcome is Outcome.MET

    def test_what_was_counted_is_told(self) -> None:
        decision = created(
            2021,
            innovation(1, origin=Origin.REPLICA),
            innovation(2, started=Date(2019, 1, 1)),
            innovation(3, started=None),
        )
        values = dict(decision.reasons[1].values)

        assert values["created"] == 0
        assert (values["replicas"], values["older"], values["unrecorded"]) == (1, 1, 1)
        assert values["at_least"] == 1


class TestBeforeItWasCompulsory:
    """The ministry calls it a duty from December 2014."""

    def test_none_in_2014_is_no_breach(self) -> None:
        decision = created(2014)

        assert decision.outcome is Outcome.UNKNOWN
        assert deciding(decision) == {"BEFORE_COMPULSORY"}

    def test_one_in_2014_is_enough(self) -> None:
        assert created(2014, innovation(started=Date(2014, 3, 1))).outcome is Outcome.MET

    def test_2013(self) -> None:
        decision = created(2013, innovation(started=Date(2013, 3, 1)))

        assert deciding(decision) == {"BEFORE_COMPULSORY"}

    @pytest.mark.parametrize(
        ("begun", "code"),
        [("2021-01-01", "NONE_THIS_YEAR"), ("2021-01-02", "BEFORE_COMPULSORY")],
    )
    def test_a_duty_from_the_first_day_of_the_year_holds_all_year(
        self, begun: str, code: str
    ) -> None:
        book = BOOK.reform({"create.duty_from": begun}, name="later")

        assert deciding(created(2021, book=book)) == {code}

    def test_a_beginning_nobody_found_leaves_a_year_without_one_open(self) -> None:
        terms = {path: value for path, value in BOOK.terms.items() if path != "create.duty_from"}
        book = attrs.evolve(BOOK, terms=terms)

        assert deciding(created(2021, book=book)) == {"VALUE_NOT_FOUND"}
        assert created(2021, innovation(), book=book).outcome is Outcome.MET

    def test_a_duty_without_a_beginning_always_held(self) -> None:
        always = Unlimited(BOOK["create.duty_from"].citations)
        book = BOOK.reform({"create.duty_from": always}, name="always")

        assert deciding(created(2014, book=book)) == {"NONE_THIS_YEAR"}


class TestMisuse:
    """What cannot be meant is refused."""

    def test_one_id_for_two_innovations(self) -> None:
        with pytest.raises(InvalidValue, match="expected one innovation per id, got 'i1'"):
            created(2021, innovation(1), innovation(1, public=False))

    @pytest.mark.parametrize("year", [True, "2021", 2021.0])
    def test_a_year_that_is_none(self, year: object) -> None:
        with pytest.raises(InvalidType, match="year: expected a year as a whole number"):
            created(year)  # type: ignore[arg-type]  # on purpose


class TestYearsNobodySpokeOf:
    """2024: the announcement does not mention the duty.  2025: no minimum found."""

    @pytest.mark.parametrize("own", [(), (innovation(started=Date(2024, 5, 1)),)])
    def test_2024(self, own: tuple[Innovation, ...]) -> None:
        assert deciding(created(2024, *own)) == {"DUTY_2024_UNCLEAR"}
        assert created(2024, *own).outcome is Outcome.UNKNOWN

    @pytest.mark.parametrize("lang", ["en", "id"])
    def test_2024_says_what_was_searched_and_whose_words_the_duty_is_in(self, lang: str) -> None:
        unclear = next(each for each in created(2024).reasons if each.outcome is Outcome.UNKNOWN)

        assert "B/51/S.PP.00.05/2024" in say(unclear, lang)
        assert "PermenPANRB 7/2021" in say(unclear, lang)

    def test_2025(self) -> None:
        assert deciding(created(2025)) == {"VALUE_NOT_FOUND"}

    @pytest.mark.parametrize(
        ("suspended", "code"), [(True, "DUTY_SUSPENDED"), (False, "NONE_THIS_YEAR")]
    )
    def test_what_if_2024_were_clear(self, suspended: bool, code: str) -> None:
        changes = {"create.suspended_2024": suspended, "create.minimum.2024": 1}
        book = BOOK.reform(changes, name="2024")

        assert deciding(created(2024, book=book)) == {code}


class TestWhatIfTheOpenPointsWereSettled:
    """Reforms: a replica counts or does not; an older one counts or does not."""

    @pytest.mark.parametrize(("counts", "code"), [(True, "CREATED_ONE"), (False, "NONE_THIS_YEAR")])
    def test_a_replica(self, counts: bool, code: str) -> None:
        book = BOOK.reform({"create.replica_counts": counts}, name="replica")

        assert deciding(created(2021, innovation(origin=Origin.REPLICA), book=book)) == {code}

    @pytest.mark.parametrize(("counts", "code"), [(True, "CREATED_ONE"), (False, "NONE_THIS_YEAR")])
    def test_an_older_one(self, counts: bool, code: str) -> None:
        book = BOOK.reform({"create.older_counts": counts}, name="older")

        assert deciding(created(2021, innovation(started=Date(2019, 1, 1)), book=book)) == {code}

    def test_two_a_year(self) -> None:
        book = BOOK.reform({"create.minimum.2021": 2}, name="two")

        assert deciding(created(2021, innovation(1), book=book)) == {"NONE_THIS_YEAR"}
        assert created(2021, innovation(1), innovation(2), book=book).outcome is Outcome.MET

    def test_none_at_all(self) -> None:
        free = Unlimited(BOOK["create.minimum.2021"].citations)
        book = BOOK.reform({"create.minimum.2021": free, "enter.minimum.2019": free}, name="free")

        assert deciding(created(2021, book=book)) == {"NO_MINIMUM"}
        assert deciding(enter_one(book, MALANG, 2019, ())) == {"NO_MINIMUM"}


class TestEnterOne:
    """PermenPANRB 5/2019, article 3: each enters at least one innovation every year
    (2019 and 2020); for other years no such duty was found."""

    @pytest.mark.parametrize("year", [2019, 2020])
    @pytest.mark.parametrize("group", [None, *Group])
    def test_any_proposal_of_any_group_and_age(self, year: int, group: Group | None) -> None:
        decision = enter_one(
            BOOK, MALANG, year, [proposal(year=year, group=group, started=Date(1990, 1, 1))]
        )

        assert decision.outcome is Outcome.MET
        assert deciding(decision) == {"ENTERED"}
        assert decision.evidence is Evidence.SECONDHAND

    @pytest.mark.parametrize("year", [2019, 2020])
    def test_none(self, year: int) -> None:
        decision = enter_one(BOOK, MALANG, year, ())

        assert decision.outcome is Outcome.NOT_MET
        assert deciding(decision) == {"NONE_ENTERED"}

    def test_a_withdrawn_one_does_not_count(self) -> None:
        facts = [proposal(withdrawn=True)]

        assert deciding(enter_one(BOOK, MALANG, 2019, facts)) == {"NONE_ENTERED"}

    def test_nor_one_of_another_year_or_agency(self) -> None:
        other = attrs.evolve(MALANG, key=AgencyKey("kab-malang"))
        facts = [proposal(1, 2020), proposal(2, 2019, agency=other)]

        assert deciding(enter_one(BOOK, MALANG, 2019, facts)) == {"NONE_ENTERED"}

    @pytest.mark.parametrize("year", [y for y in ALL_YEARS if y not in (2019, 2020)])
    def test_elsewhere_not_found_even_where_one_was_entered(self, year: int) -> None:
        for facts in ([], [proposal(year=year)]):
            decision = enter_one(BOOK, MALANG, year, facts)
            assert decision.outcome is Outcome.UNKNOWN
            assert deciding(decision) == {"ENTRY_DUTY_NOT_FOUND"}
            assert dict(decision.reasons[1].values)["path"] == f"enter.minimum.{year}"


class TestWhomItReaches:
    """Ministries, institutions, local governments; enterprises with a recorded obligation."""

    def reach(self, kind: AgencyKind | None, obliged: bool | None = None) -> Decision:
        agency = attrs.evolve(MALANG, kind=kind, public_service_obligation=obliged)
        return enter_one(BOOK, agency, 2019, [proposal()])

    @pytest.mark.parametrize("kind", [kind for kind in AgencyKind if not kind.is_enterprise])
    def test_government(self, kind: AgencyKind) -> None:
        assert self.reach(kind).reasons[0].code == "SUBJECT_TO_DUTY"
        assert self.reach(kind).outcome is Outcome.MET

    @pytest.mark.parametrize("kind", [AgencyKind.BUMN, AgencyKind.BUMD])
    @pytest.mark.parametrize(
        ("obliged", "outcome", "code"),
        [
            (True, Outcome.MET, "SUBJECT_TO_DUTY"),
            (None, Outcome.UNKNOWN, "FACT_NOT_RECORDED"),
            (False, Outcome.UNKNOWN, "ENTERPRISE_REACH_UNCLEAR"),
        ],
    )
    def test_enterprises(
        self, kind: AgencyKind, obliged: bool | None, outcome: Outcome, code: str
    ) -> None:
        decision = self.reach(kind, obliged)

        assert decision.outcome is outcome
        assert decision.reasons[0].code == code

    def test_a_kind_nobody_knows(self) -> None:
        """Otorita Ibu Kota Nusantara."""
        assert self.reach(None).reasons[0].code == "FACT_NOT_RECORDED"

    def test_what_is_missing_decides_nothing_while_the_reach_is_unknown(self) -> None:
        agency = attrs.evolve(MALANG, kind=AgencyKind.BUMD)

        assert create_one(BOOK, agency, 2021, ()).outcome is Outcome.UNKNOWN
        assert enter_one(BOOK, agency, 2019, ()).outcome is Outcome.UNKNOWN

    def test_a_duty_that_reaches_nobody(self) -> None:
        nobody = NotOpen(BOOK["subjects"].citations)
        book = BOOK.reform({"subjects": nobody}, name="nobody")

        assert enter_one(book, MALANG, 2019, ()).outcome is Outcome.MET

    def test_whom_it_does_not_reach_has_nothing_to_do(self) -> None:
        book = BOOK.reform({"subjects": ["ministry"]}, name="ministries only")

        decision = enter_one(book, MALANG, 2019, ())

        assert decision.outcome is Outcome.MET
        assert decision.codes == ("NOT_SUBJECT_TO_DUTY", "NO_SANCTION_FOUND")


@pytest.mark.parametrize("year", ALL_YEARS)
def test_the_consequence_is_a_note_that_decides_nothing(year: int) -> None:
    """The minister reprimands agencies that enter nothing: 2015 and 2016; no later sanction."""
    for decision in (created(year), enter_one(BOOK, MALANG, year, ())):
        last = decision.reasons[-1]
        assert last.outcome is None
        expected = "REPRIMAND_2015_2016" if year in (2015, 2016) else "NO_SANCTION_FOUND"
        assert last.code == expected


class TestWhatAnAnswerRestsOn:
    """Each reason names the values of the law that it read."""

    replica = innovation(1, origin=Origin.REPLICA)
    older = innovation(2, started=Date(2019, 5, 1))

    @pytest.mark.parametrize(
        ("own", "path"), [(replica, "create.replica_counts"), (older, "create.older_counts")]
    )
    def test_an_open_point_is_named(self, own: Innovation, path: str) -> None:
        assert path in [term.path for term in created(2021, own).reasons[1].terms]

    @pytest.mark.parametrize("counts", [True, False])
    def test_an_assumption_about_it_shows(self, counts: bool) -> None:
        book = BOOK.reform({"create.replica_counts": counts}, name="my reading")
        decision = created(2021, self.replica, book=book)

        assert [term.path for term in decision.assumptions] == ["create.replica_counts"]
        assert decision.evidence is Evidence.ASSUMED

    def test_an_origin_that_cannot_matter_is_not_missed(self) -> None:
        book = BOOK.reform({"create.replica_counts": True}, name="replicas count")

        assert created(2021, innovation(origin=None), book=book).outcome is Outcome.MET
        assert created(2021, innovation(origin=None)).outcome is Outcome.UNKNOWN

    def test_a_year_without_a_breach_before_the_duty_names_its_beginning(self) -> None:
        reason = created(2014).reasons[1]

        assert reason.terms[0].path == "create.duty_from"

    def test_the_suspension_of_2024_shows(self) -> None:
        changes = {"create.suspended_2024": False, "create.minimum.2024": 1}
        decision = created(2024, book=BOOK.reform(changes, name="as before"))

        assert {term.path for term in decision.assumptions} == set(changes)


@pytest.mark.parametrize(
    ("count", "code"), [(0, "NONE_ENTERED"), (1, "VALUE_DISPUTED"), (2, "ENTERED")]
)
def test_each_reading_of_a_disputed_minimum_is_tried(count: int, code: str) -> None:
    cites = BOOK["enter.minimum.2019"].citations
    one_or_two = Disputed((Cited(2, cites), Cited(1, cites)))
    book = attrs.evolve(BOOK, terms={**BOOK.terms, "enter.minimum.2019": one_or_two})
    own = [proposal(number) for number in range(count)]

    assert enter_one(book, MALANG, 2019, own).codes[1] == code


@pytest.mark.parametrize("entries", [[], [proposal()]])
@pytest.mark.parametrize("kind", [AgencyKind.BUMN, AgencyKind.BUMD])
def test_what_an_enterprise_left_out_is_noted(kind: AgencyKind, entries: list[Proposal]) -> None:
    decision = enter_one(BOOK, attrs.evolve(MALANG, kind=kind), 2019, entries)

    assert decision.outcome is Outcome.UNKNOWN
    assert decision.reasons[1].code == ("ENTERED" if entries else "NONE_ENTERED")
    assert decision.reasons[1].outcome is (Outcome.MET if entries else None)


def test_one_id_for_two_proposals_is_refused() -> None:
    with pytest.raises(InvalidValue, match="one proposal per id"):
        enter_one(BOOK, MALANG, 2019, [proposal(), proposal(withdrawn=True)])


def test_a_year_has_four_digits() -> None:
    with pytest.raises(UnknownName, match=r"enter\.minimum\.99"):
        enter_one(BOOK, MALANG, 99, ())
