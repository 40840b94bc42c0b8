"""Sentences: what the sources said, in both languages, with every placeholder filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp.testing as draw
from kipp import assumptions, rulebooks
from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.assessment import OVERALL, Criterion, ScoreSheet
from kipp.domain.award import Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.citation import Citation, Cited, Evidence, Source, Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateRange, DateTime, Period
from kipp.domain.errors import InvalidType, UnknownName
from kipp.domain.hub import HubCandidate, HubMaturity
from kipp.domain.incentive import FiscalCriterion, FiscalRecord, Grade, Opinion
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.messages import LANGUAGES, line, say, shown, text, title
from kipp.registry import hubs, registry
from kipp.rules.decision import Outcome, Reason, note
from kipp.rules.duty import create_one, enter_one
from kipp.rules.hub import hub_candidate, hub_maturity, hub_status
from kipp.rules.incentive import (
    fiscal_cluster,
    incentive_proposal,
    incentive_status,
    main_criteria,
)
from kipp.rules.judge import judge
from kipp.rules.replication import spread_kind
from kipp.rules.resolution import Unresolved, resolve
from kipp.rules.selection import select

LAUNCH = Source(key="launch", title="launch statement", date="2021-03-17")
CAP = Term("groups.general.cap", Cited(10, (Citation(LAUNCH, Evidence.MINISTRY),)))
BOOKS = [rulebooks.incentive_book(year) for year in rulebooks.fiscal_years()]


def reason(outcome: Outcome | None, code: str, **values: object) -> Reason:
    return Reason(outcome, code, tuple(values.items()))


class TestOneSentence:
    def test_outcome_comparison_and_source(self) -> None:
        reached = Reason(
            Outcome.NOT_MET,
            "CAP_REACHED",
            (("group", Group.GENERAL), ("entered", 11), ("at_most", 10)),
            (CAP,),
        )

        assert say(reached, "en") == (
            "not met: 11 proposals in group umum, the cap is 10 "
            "(launch statement, 17 March 2021 [ministry])"
        )
        assert say(reached) == (
            "tidak terpenuhi: 11 proposal pada kelompok umum, batasnya 10 "
            "(launch statement, 17 Maret 2021 [kementerian])"
        )

    def test_one_is_not_many(self) -> None:
        one = reason(Outcome.MET, "CAP_UNLIMITED", group=Group.SPECIAL, entered=1)

        assert say(one, "en") == "met: 1 proposal in group khusus, which has no cap"

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("code", ["OLD_ENOUGH", "CAP_REACHED", "TOO_YOUNG"])
    def test_a_sentence_without_its_values_is_not_made_up(self, code: str, lang: str) -> None:
        """A reason of somebody's own rule may bear a code of kipp without its values."""
        outcome = {"en": "met", "id": "terpenuhi"}[lang]

        assert say(reason(Outcome.MET, code), lang) == f"{outcome}: {code}"
        assert say(reason(Outcome.MET, code, other=1), lang) == f"{outcome}: {code}: other = 1"

    def test_a_part_without_its_value_is_left_out(self) -> None:
        assert say(reason(Outcome.MET, "SDG_LINKED"), "en") == (
            "met: linked to enough Sustainable Development Goals"
        )
        assert say(reason(Outcome.MET, "SDG_LINKED", linked=2, at_least=1), "en") == (
            "met: linked to enough Sustainable Development Goals: 2 of at least 1"
        )

    def test_a_note_decides_nothing(self) -> None:
        assert say(note("MOU_ABSENT")).startswith("catatan: tidak ada nota kesepahaman")

    def test_a_fact_is_named_in_words(self) -> None:
        unknown = reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", fact="started")

        assert say(unknown, "en") == (
            "unknown: a needed fact is not recorded: the start of implementation"
        )

    def test_a_code_of_somebody_elses_rule_is_shown_with_its_values(self) -> None:
        own = reason(Outcome.MET, "MY_OWN_CODE", days=3, on=Date(2021, 3, 1))

        assert say(own, "en") == "met: MY_OWN_CODE: days = 3, on = 1 March 2021"
        assert say(reason(Outcome.MET, "MY_OWN_CODE"), "en") == "met: MY_OWN_CODE"
        assert title("my-rule", "en") == "my-rule"

    def test_only_a_reason_can_be_said(self) -> None:
        with pytest.raises(InvalidType, match="reason: expected a Reason"):
            say("MET")  # type: ignore[arg-type]  # on purpose

    def test_an_unknown_language_or_code_is_refused(self) -> None:
        with pytest.raises(UnknownName, match="lang: expected one of id, en, got 'fr'"):
            say(note("MOU_ABSENT"), "fr")
        with pytest.raises(UnknownName, match="code: expected a code of the catalogue, got 'NO'"):
            line("NO")


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (None, "tidak tercatat", "not recorded"),
        (True, "ya", "yes"),
        (False, "tidak", "no"),
        (0, "0", "0"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Date(2020, 2, 29), "29 Februari 2020", "29 February 2020"),
        (
            DateTime.fromisoformat("2021-05-01T23:59:00+07:00"),
            "1 Mei 2021 23:59:00 UTC+07:00",
            "1 May 2021 23:59:00 UTC+07:00",
        ),
        (
            DateTime.fromisoformat("2021-05-01T23:59:00Z").in_timezone("Asia/Makassar"),
            "2 Mei 2021 07:59:00 WITA",
            "2 May 2021 07:59:00 WITA",
        ),
        (
            DateRange(Date(2014, 7, 1), Date(2014, 7, 22)),
            "antara 1 Juli 2014 dan 22 Juli 2014",
            "between 1 July 2014 and 22 July 2014",
        ),
        (Period(years=2), "2 tahun", "2 years"),
        (Period(years=1, months=20, days=1), "1 tahun 20 bulan 1 hari", "1 year 20 months 1 day"),
        (Period(), "0 hari", "0 days"),
        (AgencyKind.CITY, "kota", "city"),
        ((Group.GENERAL, Group.SPECIAL), "umum, khusus", "umum, khusus"),
        ((), "tidak ada", "none"),
        ((("a", 1), ("b",)), "a, 1; b", "a, 1; b"),
        (Tier(year=2019, level=Level.WINNER, size=45), "Top 45 KIPP 2019", "Top 45 KIPP 2019"),
        (Criterion("manfaat", Fraction(1, 4)), "manfaat 1/4", "manfaat 1/4"),
        (
            AwardSpan(level=Level.WINNER, first_year=2014, last_year=2018),
            "Top Terpuji 2014–2018",
            "winner (Top Terpuji) 2014–2018",
        ),
        (
            AwardSpan(level=Level.FINALIST, first_year=2020, last_year=2020, group=Group.SPECIAL),
            "finalis (khusus) 2020",
            "finalist (khusus) 2020",
        ),
    ],
)
def test_how_values_read(value: object, indonesian: str, english: str) -> None:
    assert shown(value, "id") == indonesian
    assert shown(value, "en") == english


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("2021-03-17", "17 March 2021"),
        ("2021-03", "March 2021"),
        ("2021", "2021"),
        ("December 2014", "December 2014"),
        ("2021-13", "2021-13"),
        (None, None),
    ],
)
def test_dates_of_sources(printed: str | None, said: str | None) -> None:
    source = Source(key="k", title="Title", date=printed)
    term = Term("held", Cited(True, (Citation(source, Evidence.PRESS),)))
    expected = "Title [press]" if said is None else f"Title, {said} [press]"

    assert say(Reason(Outcome.MET, "KIPP_HELD", (), (term,)), "en").endswith(f"({expected})")


# Every reason that the rules give can be said


OPTIONAL = re.compile(r"<[^<>]*>")
PLACE = re.compile(r"\{(\w+)")


def check(given: Reason) -> None:
    """Both languages have the code, its needed values are there, and nothing is left unfilled."""
    names = {name for name, _ in given.values}
    for lang in LANGUAGES:
        template = text(given.code, lang)
        assert template is not None, given.code
        needed = set(PLACE.findall(OPTIONAL.sub("", template)))
        assert needed <= names, (given.code, needed - names)
        assert not re.search(r"[{}]", say(given, lang)), given


@given(st.data(), st.sampled_from(rulebooks.cycles()))
def test_every_reason_about_a_proposal(data: st.DataObject, year: int) -> None:
    book = rulebooks.rulebook(year)
    proposal = data.draw(draw.proposals(cycle=year))
    agency = data.draw(st.none() | draw.agencies(key=proposal.agency))
    history = data.draw(st.none() | draw.award_histories())
    others = data.draw(draw.fields_of_proposals(cycle=year, agency=proposal.agency))

    answer = judge(book, proposal, history=history, agency=agency, others=others)

    for each in (answer, *answer.classifications):
        for given_reason in each.reasons:
            check(given_reason)


@given(st.data(), st.integers(2012, 2026))
def test_every_reason_about_the_duty(data: st.DataObject, year: int) -> None:
    book = rulebooks.duty_book()
    agency = data.draw(draw.agencies())
    own = draw.innovations(agency=agency.key)
    innovations = data.draw(st.lists(own, max_size=2, unique_by=lambda each: each.id))
    entered = data.draw(draw.fields_of_proposals(cycle=year, agency=agency.key))

    for answer in (
        create_one(book, agency, year, innovations),
        enter_one(book, agency, year, entered),
    ):
        for each in answer.reasons:
            check(each)


def fiscal_records(agency: Agency, year: int) -> st.SearchStrategy[FiscalRecord]:
    maybe = st.none() | st.booleans()
    years = range(year - 7, year)
    opinions = st.tuples(*(st.tuples(st.just(y), st.sampled_from(Opinion)) for y in years))
    return st.builds(
        FiscalRecord,
        agency=st.just(agency.key),
        fiscal_year=st.just(year),
        opinions=st.just(()) | opinions,
        latest_audit=st.none() | st.just(year - 2),
        apbd_on_time=maybe,
        eprocurement=maybe,
        eprocurement_grade=st.none() | st.sampled_from(Grade),
        ebudgeting=maybe,
        eplanning=maybe,
        egovernment=maybe,
        one_stop_service=maybe,
        supplied=st.just(()) | st.booleans().map(lambda b: tuple((c, b) for c in FiscalCriterion)),
    )


@given(st.data(), st.sampled_from(rulebooks.cycles()))
def test_every_reason_about_the_incentive(data: st.DataObject, year: int) -> None:
    cycle = rulebooks.rulebook(year)
    agency = data.draw(draw.agencies())
    tier = data.draw(draw.tiers(first_year=year, last_year=year))
    book = data.draw(st.sampled_from(BOOKS))
    record = data.draw(fiscal_records(agency, book.year or 0))

    for answer in (
        incentive_proposal(cycle, BOOKS, agency, tier),
        incentive_status(cycle, BOOKS, agency, tier, [record]),
        main_criteria(book, agency.key, record),
        fiscal_cluster(book, agency.key, record),
    ):
        for each in answer.reasons:
            check(each)


@given(
    st.sampled_from([*registry()]),
    draw.days(),
    st.tuples(*[st.none() | st.booleans()] * 4),
)
def test_every_reason_about_hubs(agency: Agency, on: Date, judged: tuple[bool | None, ...]) -> None:
    book = rulebooks.hubs_book()
    leader, potential, bureaucracy, external = judged
    candidate = HubCandidate(
        agency=agency.key,
        leader_commitment=leader,
        potential_fits_need=potential,
        bureaucratic_support=bureaucracy,
        external_support=external,
    )

    for answer in (
        hub_status(book, hubs(), agency, on),
        hub_candidate(book, candidate, on.year),
        hub_maturity(book, agency.key, HubMaturity(), on),
    ):
        for each in answer.reasons:
            check(each)


@given(
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([None, "a", "b"]),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)
def test_every_reason_about_spread(
    before: str | None, after: str | None, sponsor: bool | None, policy: bool | None
) -> None:
    answer = spread_kind(
        "x",
        owner_before=AgencyKey(before) if before else None,
        owner_after=AgencyKey(after) if after else None,
        national_sponsor=sponsor,
        national_policy=policy,
    )

    for each in answer.reasons:
        check(each)


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("Kota Atlantis", 2021, "AGENCY_UNKNOWN"),
        ("3578", 2021, "AGENCY_AMBIGUOUS"),
        ("Provinsi Papua Selatan", 2015, "AGENCY_NOT_YET"),
        ("Kementerian Riset dan Teknologi", 2026, "AGENCY_NO_LONGER"),
        ("Kota Jakarta Pusat", 2021, "AGENCY_ADMINISTRATIVE"),
    ],
)
def test_every_reason_about_a_name(name: str, on: int, code: str) -> None:
    answer = resolve(registry(), name, on)

    assert isinstance(answer, Unresolved)
    assert answer.finding.code == code
    check(answer.finding)


def one_proposal(number: int, group: Group | None = Group.GENERAL) -> Proposal:
    innovation = Innovation(id=f"i{number}", title="Contoh", agency=AgencyKey("kota-ambon"))
    return Proposal(id=f"p{number}", innovation=innovation, cycle=2021, group=group, invited=True)


def selections() -> Iterator[Reason]:
    """Runs that reach every stage, and one that stops at a value nobody published."""
    book = rulebooks.rulebook(2021)
    assumed = book.assume(assumptions.example(2021))
    few = [one_proposal(number) for number in range(3)]
    general = assumed["groups.general.criteria"]
    assert isinstance(general, Cited)
    sheets = [
        ScoreSheet(
            proposal=each.id,
            stage=stage,
            assessor=f"a{juror}",
            marks=dict.fromkeys(keys, 70),
        )
        for each in few
        for stage, keys in (
            (Stage.EVALUATION, [c.key for c in general.value]),
            (Stage.FINALISTS, [OVERALL]),
            (Stage.PANEL, [OVERALL]),
        )
        for juror in range(9)
    ]
    cut = assumed.reform({"groups.general.winners": 1, "ties.cascade": []}, name="a tie")
    passed = {each.id: Outcome.MET for each in few}
    for run in (
        select(assumed, few, sheets, screened=passed),
        select(cut, few, sheets, screened=passed),
        select(assumed, [*few, one_proposal(9, None)], [], screened=passed),
        select(assumed, few, sheets, screened={"p0": Outcome.NOT_MET, "p1": Outcome.UNKNOWN}),
        select(book, few, sheets, screened=passed),
        select(book, few, sheets, screened=passed, accept=Evidence.INFERRED),
    ):
        for record in run.stages:
            yield from (each for result in record.results for each in result.reasons)
            yield from record.stop.reasons if record.stop else ()


def test_every_reason_of_a_selection() -> None:
    given_reasons = list(selections())
    codes = {each.code for each in given_reasons}

    for each in given_reasons:
        check(each)
    assert {"REGISTERED", "SCREENING_PASSED", "SCORED", "SELECTED", "TIED_AT_CUT"} <= codes
    assert {"SCREENING_FAILED", "SCREENING_UNKNOWN", "HEARD"} <= codes
    assert {"VALUE_NOT_FOUND", "VALUE_TOO_WEAK"} <= codes


def test_an_award_reads_with_its_tier() -> None:
    tier = Tier(year=2018, level=Level.WINNER, size=40)
    award = Award(innovation="ANC", agency=AgencyKey("kab-luwu-utara"), tier=tier)
    history = AwardHistory(innovation="ANC", awards=(award,))

    assert shown(history.awards) == "ANC (Top 40 KIPP 2018)"
