"""The registry as a value: look up, count, extend; and how names fold."""

from __future__ import annotations

import pytest

from kipp.domain.agency import (
    Agency,
    AgencyKey,
    AgencyKind,
    DatedName,
    Identifier,
    Membership,
    Span,
)
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.naming import glued_readings, heads, name_keys, readings
from kipp.domain.registry import Borne, HeadCount, Registry, UserAgency
from kipp.registry import registry
from kipp.rules.resolution import Resolved, resolve

DAY = Date(2020, 1, 1)
TAKEN = "UserAgency: expected a name or code that {} does not bear, got '{}' @ user:bank-dki"


def agency(key: str, **fields: object) -> Agency:
    plain = {"kind": AgencyKind.CITY, "names": (DatedName(f"Kota {key.title()}"),), **fields}
    return Agency(key=AgencyKey(key), **plain)  # type: ignore[arg-type]  # fields by name


def row(**fields: object) -> UserAgency:
    plain = {
        "key": "user:bank-dki",
        "name": "Bank DKI",
        "kind": AgencyKind.BUMD,
        "owner": "prov-daerah-khusus-ibukota-jakarta",
        "valid_from": Date(1961, 4, 11),
        **fields,
    }
    return UserAgency(**plain)  # type: ignore[arg-type]  # fields by name


def faults_of(*rows: UserAgency) -> list[str]:
    with pytest.raises(Faults) as caught:
        registry().extended(rows)
    return [str(fault) for fault in caught.value.faults]


class TestLookUp:
    def test_by_key(self) -> None:
        assert registry().agency("kota-malang").name == "Kota Malang"
        assert "kota-malang" in registry()
        assert "kota-atlantis" not in registry()

    def test_an_unknown_key(self) -> None:
        with pytest.raises(UnknownName, match=r"^agency: expected a key of the registry, got 'x'"):
            registry().agency("x")

    def test_members_come_in_the_order_of_their_keys(self) -> None:
        value = Registry((agency("b"), agency("a")))

        assert [each.key for each in value] == ["a", "b"]
        assert len(value) == 2
        assert repr(value) == "Registry(members=<2 agencies>, version='')"

    def test_all_faults_at_once(self) -> None:
        lost = agency("c", successors=("x",), memberships=(Membership(AgencyKey("y")),))

        with pytest.raises(Faults) as caught:
            Registry((agency("a"), agency("a"), lost))

        assert [type(fault) for fault in caught.value.faults] == [
            InvalidValue,
            UnknownName,
            UnknownName,
        ]


class TestCount:
    """Surely there, possibly there, certainly not there."""

    value = Registry(
        (
            agency("sure"),
            agency("maybe", span=Span(DateRange(Date(2019, 1, 1), Date(2020, 12, 31)))),
            agency("unread", span=Span(known=False), kind=AgencyKind.PROVINCE),
            agency("later", span=Span(Date(2020, 1, 2))),
            agency("gone", span=Span(None, DAY)),
            agency("administrative", autonomous=False),
        )
    )

    def test_of_all_kinds(self) -> None:
        assert self.value.count(on=DAY) == HeadCount(sure=1, possible=3)
        assert [each.key for each in self.value.agencies(on=DAY)] == ["maybe", "sure", "unread"]

    def test_of_one_kind(self) -> None:
        assert self.value.count(on=DAY, kinds=[AgencyKind.CITY]) == HeadCount(1, 2)

    def test_a_moment_is_no_day(self) -> None:
        with pytest.raises(InvalidType, match=r"^on: expected a date"):
            self.value.count(on=2020)  # type: ignore[arg-type]  # on purpose


class TestBorne:
    @pytest.mark.parametrize(
        ("span", "standing", "meets"),
        [
            (Span(), Span(), True),
            (Span(), Span(known=False), None),
            (Span(known=False), Span(Date(2020, 1, 2)), False),
            (Span(None, DAY), Span(), False),
        ],
    )
    def test_holds_while_both_hold(self, span: Span, standing: Span, meets: bool | None) -> None:
        assert Borne(AgencyKey("a"), span, standing).meets(DAY, DAY) is meets

    def test_begins_when_the_later_begins(self) -> None:
        late, unread = Span(Date(2020, 1, 2)), Span(Date(2020, 1, 2), known=False)

        assert Borne(AgencyKey("a"), late, Span()).begins_after(DAY)
        assert Borne(AgencyKey("a"), Span(), late).begins_after(DAY)
        assert not Borne(AgencyKey("a"), unread, Span()).begins_after(DAY)


class TestUserRows:
    def test_a_regional_enterprise(self) -> None:
        grown = registry().extended([row(aliases=("PT Bank DKI",), legal_form="Perseroda")])
        found = grown.agency("user:bank-dki")

        assert len(grown) == len(registry()) + 1
        assert grown.version == registry().version
        assert (found.name, found.kind, found.legal_form) == (
            "Bank DKI",
            AgencyKind.BUMD,
            "Perseroda",
        )
        assert found.owner == "prov-daerah-khusus-ibukota-jakarta"
        assert isinstance(resolve(grown, "PT BANK DKI (Cabang Utama)", 2017), Resolved)

    def test_the_packaged_registry_stays_as_it_was(self) -> None:
        registry().extended([row()])

        assert "user:bank-dki" not in registry()

    def test_rows_with_parentheses_codes_and_the_state_as_owner(self) -> None:
        grown = registry().extended(
            [
                row(
                    name="PT Jamkrida Bali Mandara (Perseroda)",
                    identifiers=(Identifier("x-bumd", "17"),),
                    owner="ri",
                    valid_from=Date(2010, 11, 3),
                    valid_to=DateRange(Date(2030, 1, 1), Date(2030, 12, 31)),
                )
            ]
        )

        for text in ("PT Jamkrida Bali Mandara (Perseroda)", "x-bumd:17"):
            answer = resolve(grown, text, 2023)
            assert isinstance(answer, Resolved)
            assert answer.unit is None

    @pytest.mark.parametrize(
        "name",
        [
            "Kementerian Keuangan",
            "kementerian  KEUANGAN (Persero)",
            "BPN",
            "Bogor",
            "KotaMalang",
            "PemerintahBogor",
            "PemdaKabMalang",
        ],
    )
    def test_a_name_that_could_be_taken_for_another_is_refused(self, name: str) -> None:
        (fault,) = faults_of(row(name=name))

        assert "does not bear" in fault

    def test_all_faults_of_all_rows(self) -> None:
        code = Identifier("kemendagri", "35.78")

        assert faults_of(
            row(owner="pt-induk"),
            row(name="---", key="user:b"),
            row(identifiers=(code,)),
            row(),
            row(),
        ) == [
            "UserAgency.owner: expected a region's key or 'ri', got 'pt-induk' @ user:bank-dki",
            "UserAgency.name: expected a name with letters, got '---' @ user:b",
            TAKEN.format("kota-surabaya", "kemendagri:35.78"),
            "UserAgency.key: expected a key that is not taken, got 'user:bank-dki'",
            TAKEN.format("user:bank-dki", "Bank DKI"),
        ]

    @pytest.mark.parametrize(
        ("field", "value", "error"),
        [
            ("key", "bank-dki", InvalidValue),
            ("key", "user: ", InvalidValue),
            ("key", 7, InvalidType),
            ("name", " ", InvalidValue),
            ("name", None, InvalidType),
            ("kind", "bumd", InvalidType),
            ("owner", "", InvalidValue),
            ("valid_from", 1961, InvalidType),
            ("valid_from", "1961-04-11", InvalidType),
            ("valid_to", Date(1961, 4, 11), InvalidValue),
            ("aliases", "PT Bank DKI", InvalidType),
            ("aliases", (1,), InvalidType),
            ("identifiers", ("x:1",), InvalidType),
        ],
    )
    def test_a_wrong_field_is_named(self, field: str, value: object, error: type) -> None:
        with pytest.raises(error, match=r"^UserAgency") as caught:
            row(**{field: value})

        assert isinstance(caught.value, KippError)

    def test_a_range_that_could_end_after_it_begins(self) -> None:
        year = DateRange(Date(2019, 1, 1), Date(2019, 12, 31))

        assert row(valid_from=year, valid_to=year).agency().span == Span(year, year)


class TestNames:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Pemkab Bogor", ("=pemkabbogor", "kabupaten:bogor")),
            (
                "Pemerintah Daerah Istimewa Yogyakarta",
                (
                    "=pemerintahdaerahistimewayogyakarta",
                    ":pemerintahdaerahistimewayogyakarta",
                    ":daerahistimewayogyakarta",
                    ":istimewayogyakarta",
                ),
            ),
            ("Kota", ("=kota", "kota:")),
            ("Republik Indonesia", ("=ri", ":ri")),
            ("Kementerian X RI", ("=kementerianx", ":kementerianx")),
            ("", ("=",)),
        ],
    )
    def test_readings(self, text: str, found: tuple[str, ...]) -> None:
        assert readings(text) == found

    @pytest.mark.parametrize(
        ("name", "kind", "keys"),
        [
            ("Kabupaten Bogor", AgencyKind.REGENCY, ("kabupaten:bogor", ":bogor")),
            ("Jawa Timur", AgencyKind.PROVINCE, ("provinsi:jawatimur", ":jawatimur")),
            ("PT X (Perseroda)", AgencyKind.BUMD, ("=ptx(perseroda)",)),
            ("Otorita IKN", None, ("=otoritaikn",)),
            (
                "Kota Administrasi Jakarta Pusat",
                AgencyKind.CITY,
                (
                    "kota:administrasijakartapusat",
                    "kota:jakartapusat",
                    ":administrasijakartapusat",
                    ":jakartapusat",
                ),
            ),
            ("-", AgencyKind.CITY, ("kota:", ":")),
        ],
    )
    def test_keys(self, name: str, kind: AgencyKind | None, keys: tuple[str, ...]) -> None:
        assert name_keys(name, kind) == keys

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("A", [("A", ())]),
            (" A (b) ", [("A (b)", ()), ("A", ("b",))]),
            (
                "A (b (c)) (d)",
                [("A (b (c)) (d)", ()), ("A (b (c))", ("d",)), ("A", ("b (c)", "d"))],
            ),
            ("A (b", [("A (b", ())]),
            ("A b)", [("A b)", ())]),
            ("(b)", [("(b)", ()), ("", ("b",))]),
            ("", [("", ())]),
        ],
    )
    def test_heads(self, text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
        assert list(heads(text)) == found

    def test_glued(self) -> None:
        assert {":kotamalang", ":malang"} <= set(glued_readings("KotaMalang"))
        assert ":malang" in glued_readings("PemerintahDaerahKabupatenMalang")
