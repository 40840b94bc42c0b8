"""The packaged incentive rulebooks against what their sources state, fiscal year by fiscal year."""

from __future__ import annotations

import pytest

from kipp.domain.agency import AgencyKind
from kipp.domain.award import Level
from kipp.domain.citation import (
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Value,
    alternatives,
    cited,
)
from kipp.domain.cycle import Group
from kipp.domain.incentive import FiscalCriterion, Grade
from kipp.rulebooks import cycles, fiscal_years, incentive_book

APBD = FiscalCriterion.APBD_ON_TIME
WTP = FiscalCriterion.UNQUALIFIED_OPINION
WTP_OR_WDP = FiscalCriterion.QUALIFIED_OPINION
PTSP = FiscalCriterion.ONE_STOP_SERVICE
LINKED = range(2018, 2023)


def state(value: Value[object]) -> object:
    """The value that sources state; the class of the state where they state none."""
    match value:
        case Cited(value=stated):
            return stated
        case Disputed():
            return tuple(cited(value))
        case _:
            return type(value)


def test_there_is_one_book_for_each_year_from_2017_to_2025() -> None:
    assert tuple(fiscal_years()) == tuple(range(2017, 2026))
    for year in fiscal_years():
        assert incentive_book(year).year == year


# --- A2: name, money, instruments -------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "fund", "envelope", "prior_year"),
    [
        (2017, "Dana Insentif Daerah", 7500, NotFound),
        (2018, "Dana Insentif Daerah", 8500, NotFound),
        (2019, "Dana Insentif Daerah", 10000, NotFound),
        (2020, "Dana Insentif Daerah", 15000, NotFound),
        (2021, "Dana Insentif Daerah", 13500, NotFound),
        (2022, "Dana Insentif Daerah", 7000, 4000),
        (2023, "Insentif Fiskal", 8000, 4000),
        (2024, "Insentif Fiskal", 8000, 4000),
        (2025, "Dana Insentif Fiskal", NotFound, NotFound),
    ],
)
def test_name_and_envelope_in_billions_of_rupiah(
    year: int, fund: str, envelope: object, prior_year: object
) -> None:
    """Slides of the Ministry of Finance to 2020 (1.7, 5.0, 7.5, 8.5, 10.0, 15.0 trillion from
    2015); draft budget 2021; Kompas 2022; Kontan 2023; IDN Times 2024."""
    book = incentive_book(year)

    assert state(book["fund"]) == fund
    assert state(book["envelope.billion_rupiah"]) == envelope
    assert state(book["envelope.prior_year_billion_rupiah"]) == prior_year


@pytest.mark.parametrize(
    ("year", "named"),
    [
        (2018, ["PMK 50/PMK.07/2017"]),
        (2019, ["PMK 50/PMK.07/2017", "PMK 121/PMK.07/2018"]),
        (2020, ["PMK 141/PMK.07/2019"]),
        (2021, ["PMK 141/PMK.07/2019", "PMK 167/PMK.07/2020"]),
        (2022, ["PMK 160/PMK.07/2021"]),
        (2023, ["UU 1/2022", "Perpres 130/2022", "PMK 208/PMK.07/2022", "PMK 67/2023"]),
        (2024, ["UU 19/2023", "PMK 125/2023"]),
        (2025, ["PP 37/2023", "PMK 91/2024"]),
    ],
)
def test_governing_instruments(year: int, named: list[str]) -> None:
    (instruments,) = cited(incentive_book(year)["instruments"])

    for name in named:
        assert any(each.startswith(name) for each in instruments), name


def test_instruments_that_were_not_confirmed_are_not_claimed() -> None:
    """PMK 112/PMK.07/2017 and 19/PMK.07/2018 were seen in no source; PMK 106 is a misprint."""
    claimed = [
        each
        for year in fiscal_years()
        for instruments in cited(incentive_book(year)["instruments"])
        for each in instruments
    ]

    for slip in ("PMK 112/", "PMK 19/", "PMK 106"):
        assert not [each for each in claimed if each.startswith(slip)]
    assert isinstance(incentive_book(2017)["instruments"], NotFound)


@pytest.mark.parametrize(
    ("year", "expected"), [(2017, "15/2"), (2018, NotOpen), (2019, NotFound), (2022, NotFound)]
)
def test_the_floor_of_2017_was_abolished_in_2018(year: int, expected: object) -> None:
    """7.5 billion per region with WTP and a budget on time (Okezone, Kontan)."""
    found = state(incentive_book(year)["floor.billion_rupiah"])

    assert (str(found) if isinstance(expected, str) else found) == expected


# --- A1, E1: the link, who proposes, decides, receives ----------------------------------------


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2017, False),
        *((year, True) for year in LINKED),
        *((y, NotFound) for y in (2023, 2024, 2025)),
    ],
)
def test_the_link(year: int, expected: object) -> None:
    """No to FY2017, yes FY2018 to FY2022, from FY2023 on neither proven."""
    assert state(incentive_book(year)["link"]) == expected


@pytest.mark.parametrize("year", fiscal_years())
def test_one_ministry_proposes_another_decides_for_three_kinds(year: int) -> None:
    """Said for FY2018 to FY2022 only."""
    book = incentive_book(year)
    found = [state(book[path]) for path in ("proposer", "decider", "recipients")]

    local = (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)
    said = ["Kementerian PANRB", "Kementerian Keuangan", local]
    assert found == (said if year in LINKED else [NotFound] * 3)


@pytest.mark.parametrize("year", fiscal_years())
def test_what_the_sources_leave_open_stays_open(year: int) -> None:
    """The weights, the day that makes a budget late, whether a list is complete."""
    book = incentive_book(year)

    assert isinstance(book["innovation.weight"], NotFound)
    assert isinstance(book["criteria.apbd_deadline"], NotFound)
    assert True not in list(cited(book["criteria.closed_list"]))


@pytest.mark.parametrize("year", fiscal_years())
def test_the_counts_were_said_of_2021_only(year: int) -> None:
    counted = list(cited(incentive_book(year)["innovation.counts"]))

    assert [len(each) for each in counted] == ([3] if year == 2021 else [])


# --- A2, A3: main criteria --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2017, (WTP_OR_WDP, APBD)),
        (
            2018,
            (
                (WTP, APBD, FiscalCriterion.EPROCUREMENT),
                (WTP_OR_WDP, APBD, FiscalCriterion.EPLANNING, FiscalCriterion.EBUDGETING),
            ),
        ),
        (2019, NotFound),
        (
            2020,
            (
                (WTP, APBD, FiscalCriterion.EGOVERNMENT, PTSP),
                (WTP, APBD, FiscalCriterion.EBUDGETING, FiscalCriterion.EPROCUREMENT),
            ),
        ),
        (2021, (WTP, APBD, FiscalCriterion.EGOVERNMENT_OR_ONE_STOP)),
        (2022, NotOpen),
        (2023, NotFound),
        (2024, NotFound),
        (2025, NotFound),
    ],
)
def test_main_criteria(year: int, expected: object) -> None:
    assert state(incentive_book(year)["criteria.required"]) == expected


@pytest.mark.parametrize("year", [2018, 2020])
def test_two_sets_are_kept_as_disputed(year: int) -> None:
    assert isinstance(incentive_book(year)["criteria.required"], Disputed)


@pytest.mark.parametrize("year", fiscal_years())
def test_only_2021_leaves_out_what_lacks_data(year: int) -> None:
    expected = True if year == 2021 else NotFound

    assert state(incentive_book(year)["criteria.skip_without_data"]) == expected


@pytest.mark.parametrize("year", fiscal_years())
def test_only_2018_disputes_one_year_or_three(year: int) -> None:
    """At least WTP (Kontan); three years running (Katadata, October 2017, of the next year)."""
    expected = (1, 3) if year == 2018 else NotFound

    assert state(incentive_book(year)["criteria.opinion_years"]) == expected


@pytest.mark.parametrize(
    ("cluster", "opinions", "share"), [("a", 5, 50), ("b", 1, 35), ("c", NotFound, 15)]
)
def test_the_clusters_of_2022(cluster: str, opinions: object, share: int) -> None:
    """Kompas, 9 December 2021, and Pajak.com: A five years of WTP, B the latest, C nothing."""
    book = incentive_book(2022)
    both_ask = (WTP, APBD, FiscalCriterion.EPROCUREMENT_GRADE, FiscalCriterion.EBUDGETING, PTSP)
    strict = cluster != "c"

    assert state(book[f"clusters.{cluster}.criteria"]) == (both_ask if strict else ())
    assert state(book[f"clusters.{cluster}.opinion_years"]) == opinions
    grade = state(book[f"clusters.{cluster}.eprocurement_grade"])
    assert grade == (Grade.B if strict else NotFound)
    assert state(book[f"clusters.{cluster}.share_percent"]) == share


@pytest.mark.parametrize("year", [year for year in fiscal_years() if year != 2022])
def test_no_other_year_has_clusters(year: int) -> None:
    assert not [path for path in incentive_book(year) if path.startswith("clusters.")]


# --- DR-A1, DR-A2: the cycles -----------------------------------------------------------------

HOME = {
    **dict.fromkeys((2014, 2015, 2016), 2017),
    2017: 2018,
    2018: 2019,
    2019: 2020,
    2020: 2021,
    2021: 2022,
    2022: 2022,
    2023: 2024,
    2025: 2025,
}
"""The book that speaks of each cycle; 2024 was not held, of 2026 nothing was found."""


def test_each_cycle_stands_in_exactly_one_book() -> None:
    for cycle in cycles():
        spoken = [
            year
            for year in fiscal_years()
            if any(path.startswith(f"cycles.{cycle}.") for path in incentive_book(year))
        ]
        assert spoken == ([HOME[cycle]] if cycle in HOME else []), cycle


@pytest.mark.parametrize(
    ("cycle", "proposed", "size", "counts_for", "wording"),
    [
        (2014, False, NotFound, NotFound, NotFound),
        (2015, False, NotFound, NotFound, NotFound),
        (2016, False, NotFound, NotFound, NotFound),
        (2017, True, 40, 2018, NotFound),
        (2018, True, 40, 2019, "consideration"),
        (2019, True, 45, 2020, "entitlement"),
        (2020, True, 45, 2021, "reward"),
        (2021, True, 45, 2022, "proposal"),
        (2022, True, 45, (2022, 2023), "proposal"),
        (2023, NotFound, NotFound, NotFound, NotFound),
        (2025, NotFound, NotFound, NotFound, NotFound),
    ],
)
def test_what_each_cycle_leads_to(
    cycle: int, proposed: object, size: object, counts_for: object, wording: object
) -> None:
    book = incentive_book(HOME[cycle])
    leaves = ("proposed", "top_tier", "fiscal_year", "wording")

    found = [state(book[f"cycles.{cycle}.{leaf}"]) for leaf in leaves]

    assert found == [proposed, size, counts_for, wording]


WON = (Level.WINNER,)
FIVE_TOO = (Level.WINNER, Level.OUTSTANDING)


@pytest.mark.parametrize(
    ("cycle", "general", "replication", "special"),
    [
        (2017, WON, NotOpen, NotOpen),
        (2018, WON, NotOpen, NotOpen),
        (2019, WON, NotOpen, NotOpen),
        (2020, WON, WON, FIVE_TOO),
        (2021, WON, NotFound, NotFound),
        (2022, WON, NotOpen, NotFound),
    ],
)
def test_which_tier_of_which_group(
    cycle: int, general: object, replication: object, special: object
) -> None:
    """2020: Top 45 of general and replication and the five Outstanding (interview, 13 May 2020);
    2021 and 2022 beyond the Top 45: not stated; groups before 2020 and replicas in 2022: none."""
    book = incentive_book(HOME[cycle])
    groups = (Group.GENERAL, Group.REPLICATION, Group.SPECIAL)

    found = [state(book[f"cycles.{cycle}.levels.{group.key}"]) for group in groups]

    assert found == [general, replication, special]


def test_the_counter_source_of_2020_is_press_and_stands_apart() -> None:
    """A local report of July 2020 says "for budget 2020"."""
    book = incentive_book(2021)
    also = book["cycles.2020.fiscal_year_also_said"]

    assert (state(also), also.evidence) == (2020, Evidence.PRESS)
    assert isinstance(book["cycles.2020.fiscal_year"], Cited)


def test_every_lag_rests_on_the_ministrys_word() -> None:
    for cycle in range(2017, 2023):
        value = incentive_book(HOME[cycle])[f"cycles.{cycle}.fiscal_year"]
        first = alternatives(value)[0]

        assert isinstance(first, Cited)
        assert first.evidence is Evidence.MINISTRY
