"""Agencies, their dated names and what lies inside a span."""

from __future__ import annotations

import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName, Membership, Span
from kipp.domain.dates import Date, DateRange

DAY = Date(2014, 7, 10)
JULY = DateRange(Date(2014, 7, 1), Date(2014, 7, 23))


class TestSpan:
    """Half-open; a bound known to the month leaves the month open."""

    @pytest.mark.parametrize(
        ("span", "covers"),
        [
            (Span(), True),
            (Span(known=False), None),
            (Span(DAY), True),
            (Span(DAY.add(days=1)), False),
            (Span(None, DAY), False),
            (Span(None, DAY.add(days=1)), True),
            (Span(JULY), None),
            (Span(None, JULY), None),
            (Span(JULY, DAY), False),
            (Span(DateRange(DAY, DAY)), True),
            (Span(DateRange(DAY.add(days=1), DAY.add(days=2))), False),
        ],
    )
    def test_covers(self, span: Span, covers: bool | None) -> None:
        assert span.covers(DAY) is covers

    @pytest.mark.parametrize(
        ("first", "last", "meets"),
        [
            (Date(2014, 1, 1), Date(2014, 6, 30), False),
            (Date(2014, 1, 1), Date(2014, 7, 1), None),
            (Date(2014, 1, 1), Date(2014, 12, 31), True),
            (Date(2015, 1, 1), Date(2015, 12, 31), False),
        ],
    )
    def test_meets_a_stretch_of_days(self, first: Date, last: Date, meets: bool | None) -> None:
        assert Span(JULY, Date(2015, 1, 1)).meets(first, last) is meets

    @pytest.mark.parametrize(
        ("span", "later"),
        [
            (Span(), False),
            (Span(DAY), False),
            (Span(DAY.add(days=1)), True),
            (Span(JULY), False),
            (Span(DAY.add(days=1), known=False), False),
        ],
    )
    def test_begins_after(self, span: Span, later: bool) -> None:
        assert span.begins_after(DAY) is later


class TestAgency:
    toba = Agency(
        key=AgencyKey("kab-toba"),
        kind=AgencyKind.REGENCY,
        names=(
            DatedName("Kabupaten Toba Samosir", Span(Date(1999, 3, 9), DAY)),
            DatedName("Kabupaten Toba", Span(DAY)),
            DatedName("Tobasa", official=False),
        ),
        memberships=(Membership(AgencyKey("prov-sumatera-utara"), Span(Date(1999, 3, 9))),),
    )

    def test_the_name_is_the_latest_official_one(self) -> None:
        assert self.toba.name == "Kabupaten Toba"

    def test_without_an_official_name_the_key_stands_for_it(self) -> None:
        nameless = Agency(key=AgencyKey("x"), kind=None, names=())

        assert nameless.name == "x"

    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (DAY, "Kabupaten Toba"),
            (DAY.subtract(days=1), "Kabupaten Toba Samosir"),
            (Date(1999, 3, 8), None),
        ],
    )
    def test_the_name_of_a_day(self, day: Date, name: str | None) -> None:
        assert self.toba.name_on(day) == name

    @pytest.mark.parametrize(
        ("day", "province"), [(DAY, "prov-sumatera-utara"), (Date(1999, 3, 8), None)]
    )
    def test_the_province_of_a_day(self, day: Date, province: str | None) -> None:
        assert self.toba.province_on(day) == province

    @pytest.mark.parametrize(
        ("kind", "autonomous", "local"),
        [
            (AgencyKind.CITY, True, True),
            (AgencyKind.CITY, False, False),
            (AgencyKind.MINISTRY, True, False),
            (None, True, False),
        ],
    )
    def test_local_governments(
        self, kind: AgencyKind | None, autonomous: bool, local: bool
    ) -> None:
        found = Agency(key=AgencyKey("x"), kind=kind, names=(), autonomous=autonomous)

        assert found.is_local_government is local


def test_kinds() -> None:
    assert [kind for kind in AgencyKind if kind.is_local_government] == [
        AgencyKind.PROVINCE,
        AgencyKind.REGENCY,
        AgencyKind.CITY,
    ]
    assert [kind for kind in AgencyKind if kind.is_enterprise] == [AgencyKind.BUMN, AgencyKind.BUMD]
