"""Every path of a rulebook is declared once, with its kind of value; plain data becomes it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKind
from kipp.domain.assessment import Criterion
from kipp.domain.award import AwardSpan, Level
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange, Period
from kipp.domain.errors import InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.innovation import InstrumentKind
from kipp.rules.terms import SCHEMAS, BookKind, TermKind, leads_on, parse, read, spec

SPAN = AwardSpan(level=Level.WINNER, first_year=2014, last_year=2019)
RANGE = DateRange(Date(2014, 1, 1), Date(2014, 1, 31))
CRITERIA = (Criterion("novelty", Fraction(15)), Criterion("summary", Fraction(1, 2)))


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (TermKind.FLAG, False, False),
        (TermKind.COUNT, 0, 0),
        (TermKind.COUNT, 10, 10),
        (TermKind.NUMBER, 85, Fraction(85)),
        (TermKind.NUMBER, "3/4", Fraction(3, 4)),
        (TermKind.NUMBER, "0.75", Fraction(3, 4)),
        (TermKind.NUMBER, "-1", Fraction(-1)),
        (TermKind.NUMBER, Fraction(1, 3), Fraction(1, 3)),
        (TermKind.TEXT, "umum", "umum"),
        (TermKind.TEXTS, ["a", "b"], ("a", "b")),
        (TermKind.TEXTS, ("a",), ("a",)),
        (TermKind.TEXTS, [], ()),
        (TermKind.PERIOD, "P1Y", Period(years=1)),
        (TermKind.PERIOD, Period(years=1), Period(years=1)),
        (TermKind.DAY, "2021-05-11", Date(2021, 5, 11)),
        (TermKind.DAY, dt.date(2021, 5, 11), Date(2021, 5, 11)),
        (TermKind.DAY, RANGE, RANGE),
        (TermKind.DAY, {"first": "2014-01-01", "last": dt.date(2014, 1, 31)}, RANGE),
        (
            TermKind.DAYS,
            ["2018-03-10", dt.date(2018, 3, 31)],
            (Date(2018, 3, 10), Date(2018, 3, 31)),
        ),
        (TermKind.SPANS, [SPAN], (SPAN,)),
        (
            TermKind.SPANS,
            [{"level": "winner", "first_year": 2014, "last_year": 2019}],
            (SPAN,),
        ),
        (
            TermKind.SPANS,
            [{"level": "finalist", "first_year": 2020, "last_year": 2020, "group": "special"}],
            (
                AwardSpan(
                    level=Level.FINALIST, first_year=2020, last_year=2020, group=Group.SPECIAL
                ),
            ),
        ),
        (TermKind.CRITERIA, {"novelty": 15, "summary": "1/2"}, CRITERIA),
        (TermKind.CRITERIA, CRITERIA, CRITERIA),
        (TermKind.KINDS, ["city", AgencyKind.BUMN], (AgencyKind.CITY, AgencyKind.BUMN)),
        (TermKind.LEVELS, ["outstanding", Level.WINNER], (Level.OUTSTANDING, Level.WINNER)),
        (
            TermKind.INSTRUMENTS,
            ["leader_decree", InstrumentKind.OFFICE_DECREE],
            (InstrumentKind.LEADER_DECREE, InstrumentKind.OFFICE_DECREE),
        ),
    ],
)
def test_what_is_read(kind: TermKind, raw: object, value: object) -> None:
    read = parse(kind, raw, name="path")

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "error", "expected"),
    [
        (TermKind.FLAG, 1, InvalidType, "true or false"),
        (TermKind.COUNT, True, InvalidType, "a whole number from 0"),
        (TermKind.COUNT, "10", InvalidType, "a whole number from 0"),
        (TermKind.COUNT, 10.0, InvalidType, "a whole number from 0"),
        (TermKind.COUNT, -1, InvalidValue, "a whole number from 0"),
        (TermKind.NUMBER, 0.75, InvalidType, str(TermKind.NUMBER)),
        (TermKind.NUMBER, True, InvalidType, str(TermKind.NUMBER)),
        (TermKind.NUMBER, "1e3", InvalidType, str(TermKind.NUMBER)),
        (TermKind.NUMBER, "1.234,5", InvalidType, str(TermKind.NUMBER)),
        (TermKind.NUMBER, "1/0", InvalidType, str(TermKind.NUMBER)),
        (TermKind.TEXT, 3, InvalidType, "a text"),
        (TermKind.TEXT, "  ", InvalidValue, "a text that is not blank"),
        (TermKind.TEXTS, "a", InvalidType, "a list of texts"),
        (TermKind.TEXTS, ["a", 1], InvalidType, "a text"),
        (TermKind.PERIOD, 1, InvalidType, "a period such as P1Y"),
        (TermKind.PERIOD, "1Y", InvalidValue, "a period such as P1Y"),
        (TermKind.DAY, 2021, InvalidType, "a date (not a moment)"),
        (TermKind.DAY, {"first": "2014-01-01"}, InvalidValue, "a table with exactly first, last"),
        (
            TermKind.DAY,
            {"first": "2014-01-01", "last": "2014-01-02", "zone": "WIB"},
            InvalidValue,
            "a table with exactly first, last",
        ),
        (
            TermKind.DAY,
            {"first": "2014-01-02", "last": "2014-01-01"},
            InvalidValue,
            "a day not before 2014-01-02",
        ),
        (TermKind.DAYS, "2018-03-10", InvalidType, "a list of dates, oldest first"),
        (
            TermKind.DAYS,
            ["2018-03-31", "2018-03-10"],
            InvalidValue,
            "a list of dates, oldest first",
        ),
        (
            TermKind.DAYS,
            ["2018-03-31", "2018-03-31"],
            InvalidValue,
            "a list of dates, oldest first",
        ),
        (TermKind.SPANS, {"level": "winner"}, InvalidType, str(TermKind.SPANS)),
        (TermKind.SPANS, ["winner"], InvalidType, "a table with level, first_year, last_year"),
        (
            TermKind.SPANS,
            [{"level": "winner", "first_year": 2014}],
            InvalidValue,
            "a table with exactly level, first_year, last_year",
        ),
        (
            TermKind.SPANS,
            [{"level": "best", "first_year": 2014, "last_year": 2019}],
            InvalidValue,
            "one of intermediate, finalist, finalist_any_group, winner, outstanding, separate",
        ),
        (
            TermKind.SPANS,
            [{"level": "winner", "first_year": 2014, "last_year": 2019, "group": "umum"}],
            InvalidValue,
            "one of general, replication, special",
        ),
        (
            TermKind.SPANS,
            [{"level": "winner", "first_year": 2019, "last_year": 2014}],
            InvalidValue,
            ">= 2019",
        ),
        (TermKind.CRITERIA, ["novelty"], InvalidType, str(TermKind.CRITERIA)),
        (TermKind.CRITERIA, {"novelty": 0.15}, InvalidType, str(TermKind.NUMBER)),
        (TermKind.KINDS, ["village"], InvalidValue, "one of ministry, state_institution, province"),
        (TermKind.LEVELS, "winner", InvalidType, "a list of tier levels"),
        (TermKind.INSTRUMENTS, ["decree"], InvalidValue, "one of office_decree, leader_decree"),
    ],
)
def test_what_is_refused(
    kind: TermKind, raw: object, error: type[KippError], expected: str
) -> None:
    """The error is of one of two kinds, and names what was expected and where it stood."""
    with pytest.raises(error) as caught:
        parse(kind, raw, name="path", where="a file")

    assert f"expected {expected}" in str(caught.value)
    assert str(caught.value).endswith(" @ a file")


def test_a_criterion_is_named_in_its_error() -> None:
    with pytest.raises(InvalidType, match=r"^criteria\.novelty: expected an exact number"):
        parse(TermKind.CRITERIA, {"novelty": None}, name="criteria")


@given(st.fractions())
def test_exact_numbers_survive_as_text(number: Fraction) -> None:
    assert parse(TermKind.NUMBER, str(number), name="path") == number


class TestSpec:
    """A path that is not declared does not exist."""

    def test_each_group_has_its_own_path(self) -> None:
        for group in ("general", "replication", "special"):
            declared = spec(BookKind.CYCLE, f"groups.{group}.cap")
            assert (declared.path, declared.kind) == (f"groups.{group}.cap", TermKind.COUNT)

    def test_years_inside_a_path(self) -> None:
        declared = spec(BookKind.DUTY, "create.minimum.2021")

        assert (declared.path, declared.kind) == ("create.minimum.2021", TermKind.COUNT)

    @pytest.mark.parametrize("path", ["create.minimum", "create.minimum.21", "create.minimum.x"])
    def test_a_year_is_four_digits(self, path: str) -> None:
        with pytest.raises(UnknownName):
            spec(BookKind.DUTY, path)

    @pytest.mark.parametrize(
        ("path", "cure"),
        [
            (
                "cap",
                "; did you mean groups.general.cap, groups.replication.cap, groups.special.cap?",
            ),
            ("groups.general.capp", "; did you mean groups.general.cap?"),
            ("zzz", ""),
        ],
    )
    def test_an_unknown_path_suggests(self, path: str, cure: str) -> None:
        with pytest.raises(UnknownName) as caught:
            spec(BookKind.CYCLE, path, where="KIPP 2021")

        assert str(caught.value) == (
            f"path: expected a path of a cycle rulebook, got {path!r} @ KIPP 2021{cure}"
        )

    def test_kinds_of_rulebook_do_not_share_paths_by_accident(self) -> None:
        with pytest.raises(UnknownName):
            spec(BookKind.HUBS, "groups.general.cap")

    def test_every_declared_path_is_found(self) -> None:
        for kind, schema in SCHEMAS.items():
            for path, declared in schema.items():
                assert spec(kind, path) == declared


@pytest.mark.parametrize(
    ("kind", "path", "answer"),
    [
        (BookKind.CYCLE, "groups", True),
        (BookKind.CYCLE, "groups.general", True),
        (BookKind.CYCLE, "group", False),
        (BookKind.CYCLE, "groups.general.cap", False),
        (BookKind.DUTY, "create.minimum", True),
        (BookKind.INCENTIVE, "cycles.2020", True),
        (BookKind.INCENTIVE, "cycles.x", False),
    ],
)
def test_leads_on(kind: BookKind, path: str, answer: bool) -> None:
    assert leads_on(kind, path) is answer


class TestAnAgeLeavesNoCalendar:
    """A period is subtracted from a day of our time; what leads before year 1 is refused."""

    @pytest.mark.parametrize("period", ["P9000Y", "P2500Y", "P200000M", f"P{10**12}D"])
    @pytest.mark.parametrize("leaf", ["minimum_age", "minimum_age_pandemic"])
    @pytest.mark.parametrize("group", Group)
    def test_refused(self, period: str, leaf: str, group: Group) -> None:
        age = spec(BookKind.CYCLE, f"groups.{group.key}.{leaf}")
        with pytest.raises(InvalidValue, match="expected a period that stays in the calendar"):
            read(age, period)

    def test_every_period_has_the_limit(self) -> None:
        periods = [
            each for each in SCHEMAS[BookKind.CYCLE].values() if each.kind is TermKind.PERIOD
        ]

        assert periods
        assert all(each.limit and each.limit.fits(Period(years=2)) for each in periods)
