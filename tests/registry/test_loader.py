"""What the packaged tables become."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from kipp.domain.award import Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange, parse_day
from kipp.domain.record import Confidence, HubBasis
from kipp.registry import (
    awards,
    compositions,
    data_version,
    hubs,
    record,
    registry,
    statistics,
)
from kipp.registry.loader import _date, _tier


def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = (
        "import kipp.registry as r; from kipp.registry import loader; "
        "print(loader.registry.cache_info().misses, loader.awards.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "0"]


def test_everything_is_read_once() -> None:
    assert registry() is registry()
    assert record() is record()
    assert record().awards is awards()


def test_the_data_have_a_version_of_their_own() -> None:
    assert registry().version == record().version == data_version


def test_the_registry_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(registry())) == registry()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("", None),
        ("2014-07-21", Date(2014, 7, 21)),
        ("2014", DateRange(Date(2014, 1, 1), Date(2014, 12, 31))),
        ("2020-02", DateRange(Date(2020, 2, 1), Date(2020, 2, 29))),
        ("2014-07-01/2014-07-23", DateRange(Date(2014, 7, 1), Date(2014, 7, 23))),
    ],
)
def test_dates_of_the_tables(text: str, date: Date | DateRange | None) -> None:
    assert _date(text) == date


def test_a_region_keeps_names_codes_and_provinces_on_clocks_of_their_own() -> None:
    """Merauke left Papua by law on 2022-07-25; its code changed on 2022-11-09."""
    merauke = registry().agency("kab-merauke")
    codes = {str(code): code.span for code in merauke.identifiers}

    assert merauke.province_on(parse_day("2022-07-24")) == "prov-papua"
    assert merauke.province_on(parse_day("2022-07-25")) == "prov-papua-selatan"
    assert codes["kemendagri:91.01"].covers(parse_day("2022-11-08"))
    assert codes["kemendagri:93.01"].covers(parse_day("2022-11-08")) is False
    assert codes["kemendagri:93.01"].covers(parse_day("2022-11-09"))


def test_a_renamed_region_says_its_name_of_the_day() -> None:
    toba = registry().agency("kab-toba")

    assert toba.name == "Kabupaten Toba"
    assert toba.name_on(parse_day("2020-02-23")) == "Kabupaten Toba Samosir"
    assert toba.name_on(parse_day("2020-02-24")) == "Kabupaten Toba"


def test_central_bodies() -> None:
    kumham = registry().agency("kemenkumham")

    assert kumham.sub_kind == "ministry"
    assert kumham.successors == ("kemenkum", "kemenham", "kemenimipas")
    assert not registry().agency("bps").span.known
    assert sum(not agency.span.known for agency in registry()) == 47


def test_an_award_row() -> None:
    ambon = next(row for row in awards() if row.agency_name == "Pemerintah Kota Ambon")

    assert (ambon.year, ambon.tier_key) == (2019, "top_45")
    assert ambon.tier == Tier(year=2019, level=Level.WINNER, size=45)
    assert ambon.evidence is Evidence.PRESS


def test_an_official_list_is_the_ministry_s_word() -> None:
    classes = {row.confidence: row.evidence for row in awards()}

    assert classes == {
        Confidence.OFFICIAL_LIST: Evidence.MINISTRY,
        Confidence.PRESS_LIST: Evidence.PRESS,
        Confidence.SINGLE_MENTION: Evidence.PRESS,
    }


@pytest.mark.parametrize(
    ("key", "year", "level", "size", "group"),
    [
        ("top_9", 2014, Level.WINNER, 9, None),
        ("top_40", 2018, Level.WINNER, 40, None),
        ("top_45", 2020, Level.WINNER, 45, None),
        ("top_45", 2021, Level.WINNER, 45, Group.GENERAL),
        ("top_99", 2018, Level.FINALIST, 99, Group.GENERAL),
        ("special_15", 2020, Level.FINALIST, 15, Group.SPECIAL),
        ("replication_15", 2021, Level.FINALIST, 15, Group.REPLICATION),
        ("replication_5", 2021, Level.WINNER, 5, Group.REPLICATION),
        ("opsi_28", 2025, Level.WINNER, 28, None),
        ("covid19_21", 2020, Level.SEPARATE, 21, None),
        ("finalist_any_group", 2021, Level.FINALIST_ANY_GROUP, None, None),
        ("terpuji_tier_not_stated", 2020, Level.WINNER, None, None),
    ],
)
def test_tiers(key: str, year: int, level: Level, size: int | None, group: Group | None) -> None:
    assert _tier(key, year) == Tier(year=year, level=level, size=size, group=group)


def test_a_tier_the_table_does_not_know() -> None:
    with pytest.raises(LookupError, match=r"tiers\.csv: no row for top_1 in 2020"):
        _tier("top_1", 2020)


def test_sizes_of_the_tables() -> None:
    assert [len(table) for table in (awards(), compositions(), statistics(), hubs())] == [
        151,
        93,
        109,
        38,
    ]


def test_a_statistic_of_several_years() -> None:
    total = next(row for row in statistics() if row.value == 26_039)

    assert (total.first_year, total.last_year, total.years) == (2014, 2023, "2014-2023")
    assert total.preferred
    assert total.evidence is Evidence.MINISTRY
    assert {row.years for row in statistics() if row.first_year == row.last_year} >= {
        "2014",
        "2025",
    }


def test_hubs_named_and_unnamed() -> None:
    unnamed = [row for row in hubs() if row.agency is None]
    first = hubs()[0]

    assert [row.unnamed for row in unnamed] == [12, 6]
    assert sum(row.unnamed for row in hubs() if row.agency) == 0
    assert (first.agency, first.basis) == ("prov-jawa-timur", HubBasis.DECREE)
    assert first.basis_date == DateRange(Date(2020, 1, 1), Date(2020, 12, 31))
    assert first.evidence is Evidence.MINISTRY
