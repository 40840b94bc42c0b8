"""Whom a text names: the forms people write, old names, codes, and what is refused."""

from __future__ import annotations

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import InvalidType, InvalidValue, NotTwoValued
from kipp.registry import registry
from kipp.rules.decision import Outcome
from kipp.rules.resolution import (
    CODES,
    Moment,
    Resolved,
    Unresolvable,
    Unresolved,
    named,
    resolve,
    suggest,
)


def key_of(text: str, on: Moment) -> str:
    answer = resolve(registry(), text, on)
    assert isinstance(answer, Resolved), answer
    return answer.agency.key


def refusal(text: str, on: Moment) -> Unresolved:
    answer = resolve(registry(), text, on)
    assert isinstance(answer, Unresolved), answer
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "Kabupaten Banyuwangi",
        "Pemerintah Kabupaten Banyuwangi",
        "Pemerintah Kab. Banyuwangi",
        "Pemerintah Daerah Kabupaten Banyuwangi",
        "Pemda Kab Banyuwangi",
        "Pemkab Banyuwangi",
        "Kab. Banyuwangi",
        "Kab.Banyuwangi",
        "KAB. BANYUWANGI",
        "PEMERINTAH KABUPATEN BANYUWANGI",
        "  Kabupaten   Banyuwangi ",
        "Banyuwangi",
    ],
)
def test_ways_to_write_a_regency(text: str) -> None:
    assert key_of(text, 2021) == "kab-banyuwangi"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Pemerintah Kota Malang", "kota-malang"),
        ("Pemkot Malang", "kota-malang"),
        ("Pemkab Malang", "kab-malang"),
        ("Provinsi Jawa Timur", "prov-jawa-timur"),
        ("Propinsi Jawa Timur", "prov-jawa-timur"),
        ("Prov. Jawa Timur", "prov-jawa-timur"),
        ("Pemprov Jatim", ""),
        ("Pemprov Kep. Riau", "prov-kepulauan-riau"),
        ("Pemerintah Aceh", "prov-aceh"),
        ("Pemda DIY", "prov-daerah-istimewa-yogyakarta"),
        ("Pemerintah Daerah DI Yogyakarta", "prov-daerah-istimewa-yogyakarta"),
        ("Pemerintah Daerah Istimewa Yogyakarta", "prov-daerah-istimewa-yogyakarta"),
        ("Pemerintah Daerah Daerah Istimewa Yogyakarta", "prov-daerah-istimewa-yogyakarta"),
        ("Pemerintah Kota Yogyakarta", "kota-yogyakarta"),
        ("DKI Jakarta", "prov-daerah-khusus-ibukota-jakarta"),
        ("Pemprov DKI Jakarta", "prov-daerah-khusus-ibukota-jakarta"),
        ("Kab. Toli-Toli", "kab-toli-toli"),
        ("Kabupaten Tolitoli", "kab-toli-toli"),
        ("Kabupaten Kota Baru", "kab-kotabaru"),
        ("Kotabaru", "kab-kotabaru"),
        ("Kota Baru", ""),
        ("Kotawaringin Barat", "kab-kotawaringin-barat"),
        ("Kab. Pangkajene Kepulauan", "kab-pangkajene-dan-kepulauan"),
        ("Kementerian Keuangan", "kemenkeu"),
        ("KEMENTRIAN KEUANGAN", "kemenkeu"),
        ("Kementerian Keuangan Republik Indonesia", "kemenkeu"),
        ("Kementerian Hukum & HAM", "kemenkumham"),
        ("Kementerian PANRB", "kemenpanrb"),
        ("Kepolisian Negara Republik Indonesia", "polri"),
        ("Kepolisian Negara RI", "polri"),
        ("Pemerintah Kementerian Keuangan", ""),
        ("Pemerintah Daerah", ""),
        ("Kota", ""),
        ("...", ""),
        ("", ""),
        ("Kabupaten Banyuwang", ""),
        ("Kabupaten Banyuwangii", ""),
        ("Kabupaten Surabaya", ""),
        ("Kota Administrasi Bandung", ""),
        ("Kabupaten Bandung (Barat", ""),
    ],
)
def test_other_forms(text: str, key: str) -> None:
    """An empty key: unknown, and nothing near is taken instead."""
    if key:
        assert key_of(text, 2021) == key
    else:
        assert refusal(text, 2021).reason is Unresolvable.UNKNOWN


class TestOldNames:
    """An old name is good before the rename and for a year after it (PP 61/2017, 2/2019, 14/2020:
    the old name may be used for up to one year)."""

    @pytest.mark.parametrize(
        ("text", "on", "key"),
        [
            ("Kab. Toba Samosir", "2014-01-01", "kab-toba"),
            ("Kab. Toba Samosir", "2020-02-23", "kab-toba"),
            ("Kab. Toba Samosir", "2021-02-23", "kab-toba"),
            ("Kab. Toba", "2020-02-24", "kab-toba"),
            ("Kab. Toba Samosir", 2021, "kab-toba"),
            ("Kab. Mamuju Utara", 2018, "kab-pasangkayu"),
            ("Kab. Maluku Tenggara Barat", 2015, "kab-kepulauan-tanimbar"),
            ("Kabupaten Pontianak", 2014, "kab-mempawah"),
            ("Pontianak", 2020, "kota-pontianak"),
        ],
    )
    def test_taken(self, text: str, on: Moment, key: str) -> None:
        assert key_of(text, on) == key

    @pytest.mark.parametrize(
        ("text", "on", "reason"),
        [
            ("Kab. Toba Samosir", "2021-02-24", Unresolvable.NO_LONGER),
            ("Kab. Toba Samosir", 2022, Unresolvable.NO_LONGER),
            ("Kab. Toba", "2020-02-23", Unresolvable.NOT_YET),
            ("Nanggroe Aceh Darussalam", 2023, Unresolvable.NO_LONGER),
            ("Daerah Khusus Jakarta", "2024-11-29", Unresolvable.NOT_YET),
            ("Papua Tengah", "2022-07-24", Unresolvable.NOT_YET),
            ("Pontianak", 2014, Unresolvable.AMBIGUOUS),
        ],
    )
    def test_refused(self, text: str, on: Moment, reason: Unresolvable) -> None:
        assert refusal(text, on).reason is reason

    @pytest.mark.parametrize("name", ["Daerah Khusus Jakarta", "Daerah Khusus Ibukota Jakarta"])
    def test_both_names_of_jakarta_are_good_since_2024(self, name: str) -> None:
        assert key_of(name, "2024-11-30") == "prov-daerah-khusus-ibukota-jakarta"


class TestNamesThatNeedADate:
    """The same name returns for another body, and abbreviations clash."""

    @pytest.mark.parametrize(
        ("text", "on", "key"),
        [
            ("Kementerian Pekerjaan Umum", "2014-10-26", "kemenpu-2014"),
            ("Kementerian Pekerjaan Umum", "2024-10-21", "kemenpu"),
            ("Kementerian Kehutanan", 2014, "kemenhut-2014"),
            ("Kementerian Kehutanan", 2025, "kemenhut"),
            ("Kementerian Lingkungan Hidup", 2014, "klh-2014"),
            ("Kementerian Lingkungan Hidup", 2025, "klh-bplh"),
            ("Kementerian Pariwisata", 2019, "kemenpar-2014"),
            ("BPN", 2014, "bpn"),
            ("BPN", 2022, "bapanas"),
            ("BNPP", 2015, "bnpp"),
            ("Basarnas", "2016-09-05", "basarnas-2014"),
            ("Basarnas", "2016-09-06", "basarnas"),
        ],
    )
    def test_with_its_date(self, text: str, on: Moment, key: str) -> None:
        assert key_of(text, on) == key

    @pytest.mark.parametrize(
        ("text", "on", "reason", "candidates"),
        [
            ("Kementerian Pekerjaan Umum", "2014-10-27", "NO_LONGER", "kemenpu kemenpu-2014"),
            ("Kementerian Pekerjaan Umum", None, "AMBIGUOUS", "kemenpu kemenpu-2014"),
            ("Kementerian Haji dan Umrah", "2025-09-07", "NOT_YET", "kemenhaj"),
            ("Badan Penyelenggara Haji", "2025-09-08", "NO_LONGER", "bp-haji"),
            ("BPN", 2016, "NO_LONGER", "bapanas bpn"),
            ("BNPP", 2020, "AMBIGUOUS", "basarnas bnpp"),
            ("Basarnas", 2016, "AMBIGUOUS", "basarnas basarnas-2014"),
        ],
    )
    def test_without(self, text: str, on: Moment, reason: str, candidates: str) -> None:
        answer = refusal(text, on)

        assert answer.reason is Unresolvable[reason]
        assert answer.candidates == tuple(candidates.split())


def test_28_bare_names_belong_to_two_kinds() -> None:
    """Bogor, Malang, Banjar … are a regency and a city; Gorontalo is a province, too."""
    bare = {
        agency.name.removeprefix("Kabupaten ").removeprefix("Kota ")
        for agency in registry()
        if agency.is_local_government
    }
    shared = {
        name: answer.candidates
        for name in bare
        if isinstance(answer := resolve(registry(), name, 2021), Unresolved)
        and answer.reason is Unresolvable.AMBIGUOUS
    }

    assert len(shared) == 28
    assert shared["Banjar"] == ("kab-banjar", "kota-banjar")
    assert shared["Gorontalo"] == ("kab-gorontalo", "kota-gorontalo", "prov-gorontalo")


class TestUnits:
    """A unit in parentheses is kept; an alias in parentheses is no unit."""

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("Kepolisian Negara RI (Polres Malang Kota)", "Polres Malang Kota"),
            ("Kepolisian Negara RI (Polri)", None),
            ("Kepolisian Negara RI (POLRI) (Polres Jayapura)", "Polres Jayapura"),
            ("Kepolisian Negara RI (Polres A (lama)) ", "Polres A (lama)"),
            ("Kepolisian Negara RI (A) (B)", "A; B"),
            ("Kepolisian Negara RI ()", None),
        ],
    )
    def test_of_the_police(self, text: str, unit: str | None) -> None:
        answer = resolve(registry(), text, 2016)

        assert isinstance(answer, Resolved)
        assert answer.agency.key == "polri"
        assert (answer.unit and answer.unit.name) == unit
        assert answer.unit is None or answer.unit.agency == "polri"

    def test_the_key_is_an_alias(self) -> None:
        answer = resolve(registry(), "Kementerian Hukum (Kemenkum)", 2025)

        assert isinstance(answer, Resolved)
        assert answer.unit is None

    def test_parentheses_never_complete_a_name(self) -> None:
        answer = resolve(registry(), "Kabupaten Bandung (Barat)", 2021)

        assert isinstance(answer, Resolved)
        assert (answer.agency.key, answer.unit and answer.unit.name) == ("kab-bandung", "Barat")


class TestCodes:
    """A code only with its scheme: 12.01 is Tapanuli Tengah (Kemendagri), 1201 is Nias (BPS)."""

    @pytest.mark.parametrize(
        ("text", "on", "key"),
        [
            ("kemendagri:35.78", 2020, "kota-surabaya"),
            ("KEMENDAGRI:35.78", 2020, "kota-surabaya"),
            ("35.78", 2020, "kota-surabaya"),
            ("bps:3578", 2020, "kota-surabaya"),
            ("bps:1201", 2020, "kab-nias"),
            ("12.01", 2020, "kab-tapanuli-tengah"),
            ("kemendagri:91.01", "2022-11-08", "kab-merauke"),
            ("kemendagri:93.01", "2022-11-09", "kab-merauke"),
            ("kemendagri:91.01", None, "kab-merauke"),
            ("kemendagri:92", 2023, "prov-papua-barat"),
            ("bps:92", 2023, "prov-papua-barat-daya"),
        ],
    )
    def test_taken(self, text: str, on: Moment, key: str) -> None:
        assert key_of(text, on) == key

    @pytest.mark.parametrize(
        ("text", "on", "reason"),
        [
            ("kemendagri:91.01", "2022-11-09", Unresolvable.NO_LONGER),
            ("kemendagri:93.01", "2022-11-08", Unresolvable.NOT_YET),
            ("kemendagri:99.99", 2020, Unresolvable.UNKNOWN),
            ("sipd:3578", 2020, Unresolvable.UNKNOWN),
            ("bps:35.78", 2020, Unresolvable.UNKNOWN),
            ("kemendagri:31.71", 2020, Unresolvable.ADMINISTRATIVE),
            ("kemendagri:", 2021, Unresolvable.UNKNOWN),
            ("kemendagri: ", 2021, Unresolvable.UNKNOWN),
            ("Kemendagri :", None, Unresolvable.UNKNOWN),
            ("polri:", 2021, Unresolvable.UNKNOWN),
            (":kemendagri", 2021, Unresolvable.UNKNOWN),
            (": 3578", 2021, Unresolvable.UNKNOWN),
        ],
    )
    def test_refused(self, text: str, on: Moment, reason: Unresolvable) -> None:
        assert refusal(text, on).reason is reason

    def test_a_bare_number_is_refused_with_both_readings(self) -> None:
        answer = refusal("1201", 2020)

        assert answer.reason is Unresolvable.AMBIGUOUS
        assert answer.readings == ("kemendagri:12.01", "bps:1201")
        assert answer.candidates == ("kab-nias", "kab-tapanuli-tengah")

    def test_even_where_only_one_reading_exists(self) -> None:
        assert refusal("3578", 2020).candidates == ("kota-surabaya",)
        assert refusal("35", 2020).readings == ("kemendagri:35", "bps:35")

    def test_a_number_that_is_no_code_is_unknown(self) -> None:
        assert refusal("9999", 2020).reason is Unresolvable.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "Kota Administrasi Jakarta Pusat",
        "Kota Jakarta Pusat",
        "Jakarta Pusat",
        "KAB. ADM. KEP. SERIBU",
        "Pemkab Kepulauan Seribu",
    ],
)
def test_administrative_regions_are_no_local_governments(text: str) -> None:
    answer = refusal(text, 2021)

    assert answer.reason is Unresolvable.ADMINISTRATIVE
    assert len(answer.candidates) == 1


class TestWhatIsSure:
    def test_a_body_whose_dates_were_not_read(self) -> None:
        answer = resolve(registry(), "Lembaga Administrasi Negara", 2019)

        assert isinstance(answer, Resolved)
        assert not answer.sure

    @pytest.mark.parametrize(("day", "sure"), [("2014-07-22", False), ("2014-07-23", True)])
    def test_buton_selatan(self, day: str, sure: bool) -> None:
        answer = resolve(registry(), "Kabupaten Buton Selatan", day)

        assert isinstance(answer, Resolved)
        assert answer.sure is sure

    def test_not_before_its_month(self) -> None:
        assert refusal("Kabupaten Buton Selatan", "2014-06-30").reason is Unresolvable.NOT_YET


def test_the_finding_says_what_was_asked() -> None:
    finding = refusal("Bogor", 2020).finding

    assert finding.outcome is Outcome.UNKNOWN
    assert finding.code == "AGENCY_AMBIGUOUS"
    assert dict(finding.values)["candidates"] == ("kab-bogor", "kota-bogor")


def test_codes_cover_every_reason() -> None:
    assert set(CODES) == {
        "AGENCY_UNKNOWN",
        "AGENCY_AMBIGUOUS",
        "AGENCY_NOT_YET",
        "AGENCY_NO_LONGER",
        "AGENCY_ADMINISTRATIVE",
    }


@pytest.mark.parametrize("text", ["Kota Malang", "Atlantis"])
def test_an_answer_is_no_boolean(text: str) -> None:
    with pytest.raises(NotTwoValued, match="neither true nor false"):
        bool(resolve(registry(), text, 2020))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Pemkab Banyuwngi", "kab-banyuwangi"),
        ("Kementerian Keuanga", "kemenkeu"),
        ("Kab. Magelan (RSUD Tidar)", "kab-magelang"),
    ],
)
def test_likeness_only_suggests(text: str, first: str) -> None:
    assert refusal(text, 2020).candidates == ()
    assert suggest(registry(), text)[0] == AgencyKey(first)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Kab. Banyuwngi", "kab-banyuwangi"),
        ("Pemkot Surbaya", "kota-surabaya"),
        ("Kementrian Keuangn", "kemenkeu"),
        ("Pemkab Luwu Utra", "kab-luwu-utara"),
        ("Provinsi Jawa Timr", "prov-jawa-timur"),
        ("Kemenkeuu", "kemenkeu"),
        ("Kota Bandng", "kota-bandung"),
        ("Kementerian Kesehatn", "kemenkes"),
        ("Polrii", "polri"),
        ("Kabupaten Sidoarja", "kab-sidoarjo"),
        ("Pemprov DKI Jakrta", "prov-daerah-khusus-ibukota-jakarta"),
        ("Badan Pusat Statistk", "bps"),
        ("Kota Sidoarjo", "kab-sidoarjo"),
    ],
)
def test_one_slip_suggests_the_one_agency_meant(text: str, meant: str) -> None:
    """What is much farther than the nearest name would only distract."""
    assert refusal(text, 2021).candidates == ()
    assert suggest(registry(), text) == (AgencyKey(meant),)


class TestNamed:
    """A name, or a key: then too the agency has to stand on the day."""

    @pytest.mark.parametrize("text", ["prov-papua-selatan", "Provinsi Papua Selatan"])
    def test_key_and_name_agree(self, text: str) -> None:
        before, after = (named(registry(), text, on) for on in ("2022-07-24", "2022-07-25"))

        assert isinstance(before, Unresolved)
        assert before.reason is Unresolvable.NOT_YET
        assert isinstance(after, Resolved)
        assert after.agency.key == "prov-papua-selatan"

    def test_no_text(self) -> None:
        with pytest.raises(InvalidType, match="text: expected a str, got None"):
            named(registry(), None, 2021)  # type: ignore[arg-type]  # on purpose


def test_a_wrong_kind_word_is_suggested_right() -> None:
    assert "kab-kotabaru" in suggest(registry(), "Kota Baru")


@pytest.mark.parametrize("text", ["", "qqqqqqqq"])
def test_nothing_alike_suggests_nothing(text: str) -> None:
    assert suggest(registry(), text) == ()


@pytest.mark.parametrize("on", [True, 2020.0, DateTime(2020, 1, 1)])
def test_a_moment_that_is_no_day_or_year(on: object) -> None:
    with pytest.raises(InvalidType, match=r"^on: expected"):
        resolve(registry(), "Kota Malang", on)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("on", [0, 10_000, "2020", "2020-13-01", "2020-02-30"])
def test_a_day_or_year_outside_the_calendar(on: Moment) -> None:
    with pytest.raises(InvalidValue, match=r"^on: expected"):
        resolve(registry(), "Kota Malang", on)


def test_the_text_must_be_text() -> None:
    with pytest.raises(InvalidType, match=r"^text: expected the name or code of an agency, got 35"):
        resolve(registry(), 35, Date(2020, 1, 1))  # type: ignore[arg-type]  # on purpose
