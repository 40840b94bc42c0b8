"""The hub register against what decrees, commitments and the ministry say, year by year."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import attrs
import pytest

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.citation import Evidence
from kipp.domain.dates import Date, DateRange, parse_day
from kipp.domain.hub import HubStatus
from kipp.domain.record import HubBasis
from kipp.registry import hubs, registry
from kipp.rulebooks import hubs_book
from kipp.rules.decision import Classification, Outcome
from kipp.rules.hub import hub_counts, hub_status

YEARS = (2020, 2021, 2022, 2023, 2024)

# Ministry and press of each year, province by province: the pilot of 30 September 2020, the four
# of March 2021, the three of 28 September 2022, the seven of 14 March 2023, the two of 2024.
PROVINCES = {
    2020: (
        "prov-jawa-timur",
        "prov-sumatera-selatan",
        "prov-sulawesi-selatan",
        "prov-jawa-tengah",
        "prov-sumatera-barat",
        "prov-kepulauan-bangka-belitung",
        "prov-kalimantan-selatan",
        "prov-gorontalo",
    ),
    2021: ("prov-kalimantan-barat", "prov-riau", "prov-bali", "prov-maluku"),
    2022: ("prov-sumatera-utara", "prov-banten", "prov-nusa-tenggara-timur"),
    2023: (
        "prov-jambi",
        "prov-lampung",
        "prov-jawa-barat",
        "prov-daerah-istimewa-yogyakarta",
        "prov-nusa-tenggara-barat",
        "prov-maluku-utara",
        "prov-kalimantan-timur",
    ),
    2024: ("prov-sulawesi-barat", "prov-kepulauan-riau"),
}
# The twelve of the statement of 20 October 2023.
CENTRAL = (
    "kemenag",
    "atr-bpn",
    "kemenkumham",
    "kkp",
    "kemenkeu",
    "kemendag",
    "kementan",
    "kemensos",
    "polri",
    "ma",
    "bpom",
    "kejaksaan",
)
NAMED = (
    HubStatus.BY_DECREE,
    HubStatus.BY_COMMITMENT,
    HubStatus.BY_STATEMENT,
)


def status(key: str, on: str) -> Classification[HubStatus]:
    return hub_status(hubs_book(), hubs(), registry().agency(key), parse_day(on))


def answer(key: str, on: str) -> tuple[HubStatus | None, tuple[str, ...]]:
    found = status(key, on)
    return found.value, found.codes


class TestTheEightOf2020:
    """Kepmen PANRB 94/2020; its day was not readable, so the year is all that is known."""

    def test_jawa_timur(self) -> None:
        found = status("prov-jawa-timur", "2020-12-31")

        assert found.value is HubStatus.BY_DECREE
        assert found.codes == ("HUB_BY_DECREE", "YEAR_PRECISION_ONLY")
        assert dict(found.reasons[0].values)["act"] == "Kepmen PANRB 94/2020"
        assert found.evidence is Evidence.MINISTRY

    @pytest.mark.parametrize("key", ["prov-jawa-timur", "kab-banyuwangi", "prov-gorontalo"])
    @pytest.mark.parametrize("on", ["2020-01-01", "2020-06-01", "2020-12-30"])
    def test_a_day_of_2020_may_lie_before_the_decree(self, key: str, on: str) -> None:
        found, codes = answer(key, on)

        assert found is None
        assert codes[-2:] == ("HUB_BY_DECREE", "YEAR_PRECISION_ONLY")

    @pytest.mark.parametrize(
        ("on", "codes"),
        [
            ("2019-12-31", ("NOT_IN_KNOWN_LIST",)),
            ("2020-01-01", ("HUB_BY_DECREE", "YEAR_PRECISION_ONLY")),
            ("2020-12-31", ("HUB_BY_DECREE", "YEAR_PRECISION_ONLY")),
            ("2021-01-01", ("HUB_BY_DECREE",)),
        ],
    )
    def test_the_year_has_two_ends(self, on: str, codes: tuple[str, ...]) -> None:
        assert answer("prov-jawa-timur", on)[1] == codes


class TestTheThreeOf2022:
    """Commitment signed on 28 September 2022; no decree was seen."""

    def test_ntt_in_december(self) -> None:
        expected = HubStatus.BY_COMMITMENT, ("HUB_BY_COMMITMENT_ONLY",)

        assert answer("prov-nusa-tenggara-timur", "2022-12-15") == expected

    def test_from_the_day_of_the_signature(self) -> None:
        before, after = (
            answer("prov-nusa-tenggara-timur", f"2022-09-{day}")[0] for day in (27, 28)
        )

        assert (before, after) == (HubStatus.NOT_IN_KNOWN_LIST, HubStatus.BY_COMMITMENT)

    def test_kalimantan_barat_was_one_before(self) -> None:
        """A photo page of that day counts it among four; it stands by the decree of 2021."""
        assert answer("prov-kalimantan-barat", "2022-12-15")[0] is HubStatus.BY_DECREE


class TestLuwuUtara:
    """South Sulawesi is a hub since 2020: its regencies are covered, no hubs themselves."""

    def test_2021(self) -> None:
        found = status("kab-luwu-utara", "2021-06-01")

        assert found.value is HubStatus.COVERED
        assert found.codes == ("COVERED_BY_PROVINCIAL_HUB", "HUB_BY_DECREE")
        assert dict(found.reasons[0].values)["province"] == "prov-sulawesi-selatan"

    def test_2019(self) -> None:
        expected = HubStatus.NOT_IN_KNOWN_LIST, ("NOT_IN_KNOWN_LIST",)

        assert answer("kab-luwu-utara", "2019-06-01") == expected

    def test_every_regency_and_city_of_south_sulawesi(self) -> None:
        found = [
            agency
            for agency in registry().agencies(on=Date(2021, 6, 1))
            if agency.province_on(Date(2021, 6, 1)) == "prov-sulawesi-selatan"
        ]

        assert len(found) == 24
        assert {answer(each.key, "2021-06-01")[0] for each in found} == {HubStatus.COVERED}


class TestPapua:
    """No Papua province is named.  26 regencies and cities changed province in 2022."""

    @pytest.mark.parametrize(
        ("on", "province"),
        [("2022-07-24", "prov-papua"), ("2022-07-25", "prov-papua-selatan")],
    )
    def test_merauke_follows_its_province_of_the_day(self, on: str, province: str) -> None:
        """Had that province been named, and only then, Merauke would be covered."""
        riau = next(row for row in hubs() if row.agency == "prov-riau")
        merauke = registry().agency("kab-merauke")

        for key in ("prov-papua", "prov-papua-selatan"):
            named = attrs.evolve(riau, agency=AgencyKey(key))
            found = hub_status(hubs_book(), [named], merauke, parse_day(on))
            expected = HubStatus.COVERED if key == province else HubStatus.NOT_IN_KNOWN_LIST
            assert found.value is expected

    @pytest.mark.parametrize("key", ["kab-merauke", "kota-sorong", "prov-papua-selatan"])
    def test_in_the_record_they_are_not_named(self, key: str) -> None:
        assert answer(key, "2023-12-31")[0] is HubStatus.NOT_IN_KNOWN_LIST
        assert answer(key, "2024-01-01") == (None, ("LIST_INCOMPLETE",))


class TestTheListOf2024:
    """36 local and 18 central hubs are stated, 24 and 12 are named: from 2024 never "no hub"."""

    def test_sulawesi_barat(self) -> None:
        found = status("prov-sulawesi-barat", "2024-10-08")

        assert found.codes == ("HUB_BY_DECREE", "YEAR_PRECISION_ONLY")
        assert found.evidence is Evidence.PRESS

    def test_kepulauan_riau(self) -> None:
        """Said on 9 August 2024 to have committed itself; the month is what the register holds."""
        assert answer("prov-kepulauan-riau", "2024-12-31")[0] is HubStatus.BY_COMMITMENT
        assert answer("prov-kepulauan-riau", "2024-07-31") == (None, ("LIST_INCOMPLETE",))

    @pytest.mark.parametrize("key", ["prov-aceh", "prov-bengkulu", "kemenkes", "bkn"])
    def test_a_body_that_is_not_named(self, key: str) -> None:
        found = status(key, "2024-01-01")

        assert answer(key, "2023-12-31")[0] is HubStatus.NOT_IN_KNOWN_LIST
        assert (found.value, found.codes) == (None, ("LIST_INCOMPLETE",))
        assert found.reasons[0].outcome is Outcome.UNKNOWN


class TestCounts:
    """Stated totals: 8, 12, 15, 22 and 36 local hubs; twelve of the last fourteen have no name."""

    def test_named_and_stated(self) -> None:
        counts = [hub_counts(hubs(), year) for year in YEARS]

        assert [count.named for count in counts] == [8, 12, 15, 22, 24]
        assert [count.stated for count in counts] == [8, 12, 15, 22, 36]
        assert [count.unnamed for count in counts] == [0, 0, 0, 0, 12]

    def test_by_basis(self) -> None:
        """Decrees 94/2020, 359/2021, 305/2024; commitments of 2022, 2023 and Kepulauan Riau."""
        counts = {year: hub_counts(hubs(), year).by_basis for year in YEARS}

        assert [counts[year][HubBasis.DECREE] for year in YEARS] == [8, 12, 12, 12, 25]
        assert [counts[year][HubBasis.COMMITMENT] for year in YEARS] == [0, 0, 3, 10, 11]
        assert [counts[year][HubBasis.STATEMENT] for year in YEARS] == [0, 0, 0, 0, 0]

    def test_nothing_before_and_nothing_new_after(self) -> None:
        assert hub_counts(hubs(), 2019).stated == 0
        assert hub_counts(hubs(), 2026).stated == hub_counts(hubs(), 2024).stated

    def test_54_in_all(self) -> None:
        """36 local and 18 central at the end of 2024; 34 = 22 + 12 a year before (ministry)."""
        per_year = Counter[int]()
        for row in hubs():
            per_year[row.year] += 1 if row.agency is not None else row.unnamed

        assert per_year.total() == 54
        assert per_year[2024] == 20
        assert per_year.total() - per_year[2024] == 34


class TestTheNames:
    def test_each_province_in_its_year(self) -> None:
        found = {
            year: {row.agency for row in hubs() if row.local and row.agency and row.year == year}
            for year in YEARS
        }

        assert found == {year: set(keys) for year, keys in PROVINCES.items()}

    def test_every_named_province_keeps_its_status(self) -> None:
        for year, keys in PROVINCES.items():
            for key in keys:
                values = [answer(key, f"{later}-12-31")[0] for later in range(year, 2027)]
                assert set(values) <= set(NAMED), key
                assert all(before is after for before, after in pairwise(values)), key

    @pytest.mark.parametrize("key", CENTRAL)
    def test_the_twelve_of_20_october_2023(self, key: str) -> None:
        assert answer(key, "2023-10-20") == (HubStatus.BY_STATEMENT, ("HUB_BY_STATEMENT",))
        assert answer(key, "2023-10-19")[0] is HubStatus.NOT_IN_KNOWN_LIST

    def test_no_one_else(self) -> None:
        named = {row.agency for row in hubs() if row.agency is not None}

        assert named == {*CENTRAL, *(key for keys in PROVINCES.values() for key in keys)}

    def test_a_decree_without_a_day_holds_its_year(self) -> None:
        for row in hubs():
            if row.basis is HubBasis.DECREE:
                whole = DateRange(Date(row.year, 1, 1), Date(row.year, 12, 31))
                assert row.basis_date == whole

    def test_on_no_day_is_a_body_called_no_hub_after_2023(self) -> None:
        """Provinces, regencies, cities and central bodies alike; of 2023 only what is known."""
        for agency in registry().agencies(on=Date(2025, 1, 1)):
            value = answer(agency.key, "2025-01-01")[0]
            assert value is not HubStatus.NOT_IN_KNOWN_LIST
            if agency.kind is AgencyKind.PROVINCE:
                assert (value is None) is (
                    agency.key not in {key for keys in PROVINCES.values() for key in keys}
                )
