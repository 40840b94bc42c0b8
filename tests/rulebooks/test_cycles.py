"""The packaged cycles against the figures that their sources state, year by year."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kipp.domain.award import AwardSpan, Level
from kipp.domain.citation import (
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Unlimited,
    Value,
    alternatives,
    cited,
)
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, Period
from kipp.rulebooks import cycles, duty_book, hubs_book, incentive_book, rulebook
from kipp.rules.rulebook import Rulebook, diff
from kipp.rules.terms import SCHEMAS, BookKind

HELD = (*range(2014, 2024), 2025)
INCENTIVES = range(2017, 2026)
ONE_YEAR = Period(years=1)
TWO_YEARS = Period(years=2)


def every_book() -> Iterator[Rulebook]:
    yield from (rulebook(year) for year in cycles())
    yield from (incentive_book(year) for year in INCENTIVES)
    yield hubs_book()
    yield duty_book()


def stated(year: int, path: str) -> object:
    (value,) = cited(rulebook(year)[path])
    return value


def span(level: Level, first: int, last: int, group: Group | None = None) -> AwardSpan:
    return AwardSpan(level=level, first_year=first, last_year=last, group=group)


FINALISTS = "groups.general.finalists"
WINNERS = "groups.general.winners"
AGE = "groups.general.minimum_age"
CAP = "groups.general.cap"
TOP99 = "groups.general.top99_before"

OFFERED = {
    **{year: {"general"} for year in range(2014, 2020)},
    2020: {"general", "replication", "special"},
    2021: {"general", "replication", "special"},
    2022: {"general", "special"},
    2023: {"general", "special"},
    2025: {"general", "replication"},
}

CLOSES = {
    2015: (Date(2015, 1, 31), Date(2015, 2, 15)),
    2017: (Date(2017, 2, 28), Date(2017, 3, 10)),
    2018: (Date(2018, 3, 10), Date(2018, 3, 31)),
    2019: (Date(2019, 4, 21),),
    2020: (Date(2020, 4, 26), Date(2020, 5, 10)),
    2021: (Date(2021, 5, 11),),
    2022: (Date(2022, 4, 15), Date(2022, 4, 16)),
    2023: (Date(2023, 5, 2), Date(2023, 5, 6)),
    2025: (Date(2025, 6, 3),),
}

# What the sources state, transcribed by hand from the reading of each edition.
FIGURES: dict[int, dict[str, object]] = {
    2014: {FINALISTS: 99, "intermediate.size": 33, WINNERS: 9, "winners.main": 9},
    2015: {FINALISTS: 99, "interview.called": 40, WINNERS: 25, "winners.main": 25},
    2016: {FINALISTS: 99, WINNERS: 35, "winners.main": 35},
    2017: {
        "groups.general.nominees": 150,
        "evaluation.nominees": 150,
        FINALISTS: 99,
        WINNERS: 40,
        "winners.main": 40,
        AGE: ONE_YEAR,
    },
    2018: {
        "groups.general.nominees": 150,
        "evaluation.nominees": 150,
        "evaluation.evaluators": 2,
        FINALISTS: 99,
        WINNERS: 40,
        "winners.main": 40,
        AGE: ONE_YEAR,
        "categories.count": 4,
        "sdg_minimum": 1,
        TOP99: 1,
    },
    2019: {
        FINALISTS: 99,
        WINNERS: 45,
        "winners.main": 45,
        AGE: ONE_YEAR,
        "categories.count": 9,
        TOP99: 1,
    },
    2020: {
        FINALISTS: 99,
        "finalists.shared": True,
        "finalists.total": 114,
        "groups.special.finalists": 15,
        WINNERS: 45,
        "groups.special.winners": 5,
        "evaluation.nominee_factor": 2,
        "evaluation.clusters": 6,
        AGE: ONE_YEAR,
        "groups.replication.minimum_age": ONE_YEAR,
        "groups.special.minimum_age": ONE_YEAR,
        TOP99: 1,
        "groups.replication.itself_never_awarded": True,
        "objection.days": 5,
        "interview.presentation_minutes": 7,
        "interview.question_minutes": 13,
    },
    2021: {
        FINALISTS: 99,
        "groups.replication.finalists": 15,
        "groups.special.finalists": 15,
        "finalists.total": 129,
        WINNERS: 45,
        "groups.replication.winners": 5,
        "groups.special.winners": 5,
        "winners.total": 55,
        AGE: TWO_YEARS,
        "groups.special.minimum_age": TWO_YEARS,
        "groups.replication.minimum_age": ONE_YEAR,
        CAP: 10,
        "groups.replication.cap": 5,
        "groups.special.by_invitation": True,
        TOP99: 1,
        "categories.count": 10,
        "interview.minutes": 20,
        "field_verification.count": 23,
        "field_verification.minutes": 30,
    },
    2022: {
        FINALISTS: 99,
        "groups.special.finalists": 15,
        WINNERS: 45,
        "groups.special.winners": 5,
        "winners.total": 50,
        AGE: TWO_YEARS,
        "groups.general.minimum_age_pandemic": ONE_YEAR,
        "categories.count": 3,
        "interview.presentation_minutes": 7,
        "interview.question_minutes": 13,
        "video.minutes": 3,
    },
    2023: {
        "groups.general.nominees": 198,
        "groups.special.nominees": 30,
        "evaluation.nominees": 228,
        FINALISTS: 99,
        "groups.special.finalists": 15,
        "field_verification.count": 20,
        WINNERS: 45,
        "groups.special.winners": 5,
        TOP99: 1,
        "groups.special.own_tier_before": 1,
        "objection.days": 5,
        "summary.words": 200,
    },
    2025: {
        "evaluation.pass_mark": 85,
        "winners.main": 28,
        "winners.total": 28,
        "categories.count": 9,
        "video.minutes": 5,
        "video.resolution": "720p",
    },
}


@pytest.mark.parametrize(
    ("year", "path", "value"),
    [(year, path, value) for year, row in FIGURES.items() for path, value in row.items()],
)
def test_a_stated_figure(year: int, path: str, value: object) -> None:
    assert stated(year, path) == value


@pytest.mark.parametrize(
    ("year", "path"),
    [
        *((year, AGE) for year in (2014, 2015, 2016, 2023, 2025)),
        *((year, CAP) for year in (2022, 2023, 2025)),
        (2022, "groups.special.cap"),
        (2025, "groups.replication.cap"),
        *((year, "minimum_age.counts_from") for year in (2017, 2018, 2019, 2022, 2023, 2025)),
        *((year, "categories.count") for year in (2014, 2015, 2016, 2017, 2020, 2023)),
        *((year, TOP99) for year in (2014, 2015, 2016, 2017, 2022, 2025)),
        *(
            (year, "groups.general.excluding_awards")
            for year in (2014, 2015, 2016, 2017, 2022, 2025)
        ),
        (2020, "field_verification.held"),
        (2021, "groups.replication.itself_never_awarded"),
        (2025, "groups.replication.itself_never_awarded"),
        (2025, "groups.replication.source_awards"),
        (2022, "groups.special.source_awards"),
        (2022, "decrees.winners"),
        (2023, "decrees.winners"),
        *((year, "composition.quota") for year in HELD),
        *((year, "groups.general.criteria") for year in HELD if year != 2023),
        *((year, "evaluation.combine") for year in HELD),
        *((year, "ties.cascade") for year in HELD),
        (2026, "held"),
        (2026, CAP),
    ],
)
def test_what_no_source_states_is_not_found(year: int, path: str) -> None:
    """Nothing is carried over from another year; what was looked at is said."""
    value = rulebook(year)[path]

    assert isinstance(value, NotFound)
    assert value.searched


class TestCaps:
    """Before 2021 every innovation could be entered; in 2021 ten, five and, by invitation of the
    minister, outside the quota (ministry, 17 March 2021); afterwards no cap was found."""

    @pytest.mark.parametrize("year", range(2014, 2021))
    def test_unlimited_before_2021(self, year: int) -> None:
        assert isinstance(rulebook(year)[CAP], Unlimited)

    def test_the_circular_of_2014_says_so_itself(self) -> None:
        assert rulebook(2015)[CAP].evidence is Evidence.REGULATION

    @pytest.mark.parametrize("group", ["general", "replication", "special"])
    def test_all_groups_of_2020(self, group: str) -> None:
        assert isinstance(rulebook(2020)[f"groups.{group}.cap"], Unlimited)

    def test_the_caps_of_2021_are_the_ministrys_words(self) -> None:
        book = rulebook(2021)

        assert isinstance(book["groups.special.cap"], Unlimited)
        assert {book[f"groups.{group.key}.cap"].evidence for group in Group} == {Evidence.MINISTRY}

    def test_the_inference_for_2022_is_a_note_only(self) -> None:
        cap = rulebook(2022)[CAP]

        assert isinstance(cap, NotFound)
        assert "ten" in cap.note


class TestGroups:
    """One pool to 2019; three groups in 2020 and 2021; two in 2022 and 2023; general and
    replication in 2025."""

    @pytest.mark.parametrize("year", HELD)
    def test_offered(self, year: int) -> None:
        book = rulebook(year)
        offered = {g.key for g in Group if any(cited(book[f"groups.{g.key}.offered"]))}
        closed = {g.key for g in Group if isinstance(book[f"groups.{g.key}.offered"], NotOpen)}

        assert offered == OFFERED[year]
        assert offered | closed == {"general", "replication", "special"}

    @pytest.mark.parametrize("path", ["cap", "finalists", "minimum_age", "source_awards"])
    def test_a_group_not_offered_says_so_at_every_path(self, path: str) -> None:
        book = rulebook(2022)

        assert book[f"groups.replication.{path}"] == book["groups.replication.offered"]

    def test_the_replication_entries_of_2020_have_no_list_and_no_prize_of_their_own(self) -> None:
        book = rulebook(2020)

        assert isinstance(book["groups.replication.finalists"], NotOpen)
        assert isinstance(book["groups.replication.winners"], NotOpen)


class TestEarlierAwards:
    """Which earlier tiers exclude, qualify or bar: level and years, both ends included."""

    @pytest.mark.parametrize(
        ("year", "path", "spans"),
        [
            (2018, "groups.general.excluding_awards", [span(Level.WINNER, 2014, 2017)]),
            (2019, "groups.general.excluding_awards", [span(Level.WINNER, 2014, 2018)]),
            (2020, "groups.general.excluding_awards", [span(Level.WINNER, 2014, 2019)]),
            (2021, "groups.general.excluding_awards", [span(Level.WINNER, 2014, 2020)]),
            (2023, "groups.general.excluding_awards", [span(Level.WINNER, 2014, 2022)]),
            (2020, "groups.replication.source_awards", [span(Level.FINALIST, 2014, 2018)]),
            (2021, "groups.replication.source_awards", [span(Level.FINALIST, 2014, 2019)]),
            (2020, "groups.special.source_awards", [span(Level.WINNER, 2014, 2018)]),
            (2021, "groups.special.source_awards", [span(Level.WINNER, 2014, 2019)]),
            (
                2023,
                "groups.special.source_awards",
                [
                    span(Level.WINNER, 2014, 2020),
                    span(Level.WINNER, 2021, 2021, Group.GENERAL),
                ],
            ),
            (2021, "groups.special.barring_awards", [span(Level.OUTSTANDING, 2020, 2020)]),
            (2023, "groups.special.barring_awards", [span(Level.OUTSTANDING, 2020, 2022)]),
        ],
    )
    def test_spans(self, year: int, path: str, spans: list[AwardSpan]) -> None:
        assert stated(year, path) == tuple(spans)

    def test_the_source_list_of_2021_is_press_only(self) -> None:
        assert rulebook(2021)["groups.replication.source_awards"].evidence is Evidence.PRESS


class TestSchedule:
    """Registration periods include both ends; the last announced close counts."""

    @pytest.mark.parametrize("year", CLOSES)
    def test_closes(self, year: int) -> None:
        assert stated(year, "schedule.registration_closes") == CLOSES[year]

    @pytest.mark.parametrize("year", [2014, 2016])
    def test_no_close_is_known(self, year: int) -> None:
        assert isinstance(rulebook(year)["schedule.registration_closes"], NotFound)

    @pytest.mark.parametrize("year", CLOSES)
    def test_the_zone_is_inferred(self, year: int) -> None:
        zone = rulebook(year)["schedule.closing_zone"]

        assert list(cited(zone)) == ["Asia/Jakarta"]
        assert zone.evidence is Evidence.INFERRED

    @pytest.mark.parametrize(("year", "hour"), [(2021, "23:59"), (2022, "12:00"), (2023, "23:59")])
    def test_hours(self, year: int, hour: str) -> None:
        assert stated(year, "schedule.closing_time") == hour


class TestWeights:
    """General group of 2023, by a guide to Pedoman Menteri PANRB 3/2023: 0, 10, 15, 5, 30, 20,
    5, 15, which add up to 100.  No other weights are known."""

    def test_2023(self) -> None:
        criteria = next(cited(rulebook(2023)["groups.general.criteria"]))

        assert [criterion.weight for criterion in criteria] == [0, 10, 15, 5, 30, 20, 5, 15]
        assert sum(criterion.weight for criterion in criteria) == 100


class TestDisputes:
    """Sources that state different things are all kept, the stronger first."""

    @pytest.mark.parametrize(
        ("year", "path", "readings"),
        [
            (2020, "winners.main", [45, 46]),
            (2020, "winners.total", [50, 51]),
            (
                2025,
                "guideline",
                ["Pedoman Menteri PANRB 4/2025", "Pedoman Menteri PANRB 5/2025"],
            ),
            (2025, "finalists.total", [273, 245]),
            (2019, "decrees.finalists", ["KepmenPANRB 47/2019", "KepmenPANRB 27/2019"]),
        ],
    )
    def test_readings(self, year: int, path: str, readings: list[object]) -> None:
        value = rulebook(year)[path]

        assert isinstance(value, Disputed)
        assert list(cited(value)) == readings

    def test_the_stronger_first_everywhere(self) -> None:
        for book in every_book():
            for value in book.terms.values():
                if isinstance(value, Disputed):
                    ranks = [each.evidence.rank for each in value.alternatives if each.evidence]
                    assert ranks == sorted(ranks)
                    assert len(ranks) == len(value.alternatives)


class TestInferences:
    """An inference becomes a value only for the age of 2019 and the closing zone."""

    def test_nothing_else_in_a_cycle_is_inferred(self) -> None:
        inferred = {
            (book.year, path)
            for book in map(rulebook, cycles())
            for path, value in book.terms.items()
            if value.evidence is Evidence.INFERRED
        }

        assert {each for each in inferred if each[1] != "schedule.closing_zone"} == {(2019, AGE)}


class TestNoContest:
    """2024: announcement B/51/S.PP.00.05/2024, no contest held.  2026: nothing found."""

    @pytest.mark.parametrize("path", sorted(SCHEMAS[BookKind.CYCLE]))
    def test_2024_answers_so_at_every_path(self, path: str) -> None:
        book = rulebook(2024)
        value = book[path]

        assert value.citations
        assert path in book or value == NotOpen(book["held"].citations, "".join(notes(book)))

    def test_2024_was_not_held(self) -> None:
        assert stated(2024, "held") is False

    def test_2026_is_neither_held_nor_not_held(self) -> None:
        book = rulebook(2026)

        assert list(book) == ["held"]
        assert all(isinstance(book[path], NotFound) for path in SCHEMAS[BookKind.CYCLE])


def notes(book: Rulebook) -> Iterator[str]:
    held = book["held"]
    if isinstance(held, Cited):
        yield held.note


class TestSources:
    """No value without a source, and no source that nobody cites."""

    def test_every_value_has_a_source(self) -> None:
        for book in every_book():
            for path, value in book.terms.items():
                for each in alternatives(value):
                    assert each.citations or told(each), f"{book.name}: {path}"

    def test_every_source_has_a_title_and_a_day_or_an_address(self) -> None:
        """Only an inference of the library itself has neither."""
        for book in map(rulebook, cycles()):
            for value in book.terms.values():
                for citation in value.citations:
                    source = citation.source
                    assert source.title
                    known = source.date or source.url
                    assert known or citation.evidence is Evidence.INFERRED, source.key

    def test_one_key_is_one_source_in_all_cycles(self) -> None:
        seen: dict[str, object] = {}
        for book in map(rulebook, cycles()):
            for value in book.terms.values():
                for citation in value.citations:
                    source = citation.source
                    assert seen.setdefault(source.key, source) == source

    def test_nothing_is_assumed(self) -> None:
        for book in every_book():
            for value in book.terms.values():
                assert value.evidence is not Evidence.ASSUMED


def told(value: Value[object]) -> bool:
    return isinstance(value, NotFound) and bool(value.searched)


def test_participants_grow_from_2014_to_2017() -> None:
    """BUMN join in 2016, BUMD are named from 2017 on."""
    sizes = [len(next(cited(rulebook(year)["participants"]))) for year in HELD]

    assert sizes == [5, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7]


def test_the_finalists_of_ten_editions() -> None:
    """The ministry's total of March 2025: 1,065 top innovations in ten editions."""
    sizes = [
        size
        for year in range(2014, 2024)
        for group in Group
        for size in cited(rulebook(year)[f"groups.{group.key}.finalists"])
    ]

    assert sum(sizes) == 1065


def test_what_changed_from_2020_to_2021() -> None:
    changed = {change.path: change for change in diff(rulebook(2020), rulebook(2021))}

    assert isinstance(changed[CAP].before, Unlimited)
    assert list(cited(changed[CAP].after)) == [10]
    assert "minimum_age.counts_from" not in changed
