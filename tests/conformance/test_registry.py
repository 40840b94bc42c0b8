"""The registry against what decrees, ministries and the record state, day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest

from kipp.domain.agency import Agency, AgencyKind
from kipp.domain.dates import Date, DateRange, parse_day
from kipp.domain.naming import name_keys
from kipp.domain.registry import HeadCount
from kipp.registry import awards, compositions, hubs, registry, statistics
from kipp.rules.resolution import Resolved, Unresolvable, Unresolved, resolve

LOCAL = (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)
START = Date(2014, 1, 1)


def bounds(agency: Agency) -> Iterator[Date]:
    spans = [agency.span, *(name.span for name in agency.names)]
    for bound in (edge for span in spans for edge in (span.valid_from, span.valid_to)):
        match bound:
            case DateRange():
                yield from (bound.first, bound.last, bound.last.add(days=1))
            case Date():
                yield bound


def turning_points() -> list[Date]:
    """Every day on which anything changes: between two of them every day is alike."""
    found = {day for agency in registry() for day in bounds(agency)}
    return sorted({START, *(day for day in found if day >= START)})


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2014-01-01", HeadCount(539, 539)),
        ("2014-06-30", HeadCount(539, 539)),
        ("2014-07-01", HeadCount(539, 540)),
        ("2014-07-22", HeadCount(539, 540)),
        ("2014-07-23", HeadCount(542, 542)),
        ("2022-07-24", HeadCount(542, 542)),
        ("2022-07-25", HeadCount(545, 545)),
        ("2022-12-07", HeadCount(545, 545)),
        ("2022-12-08", HeadCount(546, 546)),
        ("2026-11-30", HeadCount(546, 546)),
    ],
)
def test_local_governments(day: str, count: HeadCount) -> None:
    assert registry().count(on=parse_day(day), kinds=LOCAL) == count


def test_local_governments_of_every_day() -> None:
    """No day but the stated ones changes the number."""
    counts = {day: registry().count(on=day, kinds=LOCAL) for day in turning_points()}
    days = list(counts)
    changes = [
        after.isoformat() for before, after in pairwise(days) if counts[before] != counts[after]
    ]

    assert changes == ["2014-07-01", "2014-07-23", "2022-07-25", "2022-12-08"]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2014-03-01", 34),
        ("2015-06-01", 34),
        ("2020-06-01", 34),
        ("2022-06-01", 34),
        ("2025-01-01", 48),
        ("2025-09-15", 49),
        ("2026-06-01", 48),
    ],
)
def test_ministries(day: str, count: int) -> None:
    """The published numbers of the cabinets of 2009, 2014, 2019, 2024."""
    found = registry().count(on=parse_day(day), kinds=[AgencyKind.MINISTRY])

    assert found == HeadCount(count, count)


def test_table_sizes() -> None:
    kinds = Counter(
        agency.kind for agency in registry() if agency.key[:4] in {"prov", "kab-", "kota"}
    )

    assert kinds == {AgencyKind.PROVINCE: 38, AgencyKind.REGENCY: 416, AgencyKind.CITY: 98}
    assert len(registry()) == 552 + 146
    assert [a.key for a in registry() if a.kind is None] == ["oikn"]


def test_administrative_regions() -> None:
    """The regency and the five cities of Jakarta govern nothing of their own."""
    assert [agency.key for agency in registry() if not agency.autonomous] == [
        "kab-kepulauan-seribu",
        "kota-jakarta-barat",
        "kota-jakarta-pusat",
        "kota-jakarta-selatan",
        "kota-jakarta-timur",
        "kota-jakarta-utara",
    ]


def test_no_two_agencies_of_one_kind_bear_one_name_on_one_day() -> None:
    for day in turning_points():
        bearers: dict[tuple[object, str], set[str]] = defaultdict(set)
        for agency in registry():
            for name in agency.names:
                borne = {name.span.covers(day), agency.span.covers(day)}
                if name.official and False not in borne:
                    key = name_keys(name.text, agency.kind)[0]
                    bearers[agency.kind, key].add(agency.key)

        assert {key: who for key, who in bearers.items() if len(who) > 1} == {}, day


def test_every_successor_exists_and_follows_a_body_that_ended() -> None:
    for agency in registry():
        assert [key for key in agency.successors if key not in registry()] == []
        assert agency.span.valid_to is not None or not agency.successors


def test_147_of_151_awards_resolve() -> None:
    answers = {row.agency_name: resolve(registry(), row.agency_name, row.year) for row in awards()}
    unknown = {name: each for name, each in answers.items() if isinstance(each, Unresolved)}
    resolved = [row for row in awards() if row.agency_name not in unknown]

    assert len(awards()) == 151
    assert len(resolved) == 147
    assert sorted(unknown) == [
        "Bank DKI",
        "PAM Jaya",
        "PT Jamkrida Bali Mandara (Perseroda)",
        "Universitas Indonesia",
    ]
    assert {each.reason for each in unknown.values()} == {Unresolvable.UNKNOWN}


def test_awards_resolve_to_the_kind_and_province_the_table_states() -> None:
    kinds = {
        "ministry": AgencyKind.MINISTRY,
        "state_institution": AgencyKind.STATE_INSTITUTION,
        "province": AgencyKind.PROVINCE,
        "regency": AgencyKind.REGENCY,
        "city": AgencyKind.CITY,
    }
    for row in awards():
        answer = resolve(registry(), row.agency_name, row.year)
        if isinstance(answer, Resolved):
            assert answer.agency.kind is kinds[row.agency_kind], row.agency_name
            if row.province and answer.agency.is_local_government:
                province = answer.agency.province_on(Date(row.year, 12, 31))
                stated = resolve(registry(), f"Provinsi {row.province}", row.year)
                assert isinstance(stated, Resolved)
                assert stated.agency.key == (province or answer.agency.key)


def test_hubs_name_agencies_that_stood() -> None:
    for row in hubs():
        if row.agency is not None:
            agency = registry().agency(row.agency)
            assert agency.span.meets(Date(row.year, 1, 1), Date(row.year, 12, 31)) is not False


def test_table_of_2018_adds_up() -> None:
    """Top 99 of 2018: 16 of 11, 10 of 5, 18 of 13, 39 of 32, 16 of 12 (Humas Kemensetneg)."""
    rows = [row for row in compositions() if row.year == 2018 and row.tier_key == "top_99"]
    itemised = [row for row in rows if row.agencies is not None]

    assert [(row.innovations, row.agencies) for row in itemised] == [
        (16, 11),
        (10, 5),
        (18, 13),
        (39, 32),
        (16, 12),
    ]
    assert sum(row.innovations for row in itemised) == 99
    assert sum(row.agencies or 0 for row in itemised) == 73


def test_preferred_registrations_add_up() -> None:
    """26,039 in 2014-2023, as the ministry states."""
    preferred = [
        row.value
        for row in statistics()
        if row.statistic == "proposals_registered" and row.preferred and row.last_year <= 2023
    ]

    assert sum(preferred) == 26_039


def test_every_figure_has_a_source() -> None:
    sources = [
        *(row.source_url for row in awards()),
        *(row.source_url for row in compositions()),
        *(row.source_url for row in statistics()),
        *(row.source_url for row in hubs()),
    ]

    assert all(sources)
    assert [agency.key for agency in registry() if not agency.source] == []
