"""Laws of resolution: for every agency, spelling, day and row of a user."""

from __future__ import annotations

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKind, DatedName, Identifier, Span
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import Faults
from kipp.domain.naming import name_keys
from kipp.domain.registry import Registry, UserAgency
from kipp.registry import registry
from kipp.rules.resolution import Resolution, Resolved, Unresolvable, Unresolved, resolve

REGISTRY = registry()
AGENCIES = st.sampled_from(REGISTRY.members)
STANDING = st.sampled_from([agency for agency in REGISTRY if agency.autonomous])
ORDINALS = (Date(2014, 1, 1).toordinal(), Date(2026, 11, 30).toordinal())
DAYS = st.integers(*ORDINALS).map(Date.fromordinal)

# The bare names of three provinces are also those of a regency or city.
KIND_WORD = {AgencyKind.PROVINCE: "Provinsi "}

SHORT = {
    AgencyKind.PROVINCE: (
        "Pemda Prov. ",
        "Pemerintah Daerah Provinsi ",
        "Provinsi ",
        "Pemerintah Provinsi ",
        "Pemprov ",
        "Prov. ",
        "Propinsi ",
    ),
    AgencyKind.REGENCY: ("Kabupaten ", "Pemerintah Kabupaten ", "Pemkab ", "Kab. ", "Pemda Kab. "),
    AgencyKind.CITY: (
        "Kota ",
        "Pemerintah Kota ",
        "Pemkot ",
        "Pemda Kota ",
        "Pemerintah Daerah Kota ",
    ),
}


def edges(span: Span) -> list[Date]:
    """The days about each bound, where a comparison goes wrong first."""
    found = []
    for bound in (span.valid_from, span.valid_to):
        ends = (bound.first, bound.last) if isinstance(bound, DateRange) else (bound,)
        found += [end.add(days=step) for end in ends if end for step in (-1, 0, 1)]
    return found


@st.composite
def borne_names(draw: st.DrawFn) -> tuple[Agency, DatedName, Date]:
    """An agency, one of its official names, and a day; often a day about a bound."""
    agency = draw(STANDING)
    name = draw(st.sampled_from([name for name in agency.names if name.official]))
    near = [*edges(agency.span), *edges(name.span)]
    return agency, name, draw(st.sampled_from(near) | DAYS if near else DAYS)


def written(agency: Agency, name: DatedName) -> str:
    return KIND_WORD.get(agency.kind or AgencyKind.BUMN, "") + name.text


def answer_of(answer: Resolution) -> tuple[object, ...]:
    """What an answer says, the text as written left out."""
    if isinstance(answer, Resolved):
        return answer.agency.key, answer.unit and answer.unit.name, answer.sure
    return answer.reason, answer.candidates


@given(borne_names())
def test_an_official_name_resolves_on_every_day_it_is_borne_and_on_no_other(
    case: tuple[Agency, DatedName, Date],
) -> None:
    """The oracle counts bearers by comparing whole names, without folding."""
    agency, name, day = case
    bearers = {
        other.key
        for other in REGISTRY
        for each in other.names
        if other.kind == agency.kind
        and each.text.lower() == name.text.lower()
        and each.span.covers(day) is not False
        and other.span.covers(day) is not False
    }

    answer = resolve(REGISTRY, written(agency, name), day)

    if bearers:
        assert isinstance(answer, Resolved)
        assert {answer.agency.key} == bearers
    else:
        assert isinstance(answer, Unresolved)
        assert answer.reason in {Unresolvable.NOT_YET, Unresolvable.NO_LONGER}
        assert agency.key in answer.candidates


def spellings(text: str) -> list[str]:
    """The same name as others write it."""
    return [
        text.upper(),
        text.lower(),
        text.swapcase(),
        text.replace(" ", "  "),
        text.replace(" ", "\u00a0"),
        text.replace("-", " "),
        text.replace(",", ""),
        text.replace("Kepulauan", "Kep."),
        text.replace("Kementerian", "Kementrian"),
        text.replace(" dan ", " & "),
        text.replace("Republik Indonesia", "RI"),
        f"  {text}. ",
    ]


@given(borne_names())
def test_folding_variants_never_change_an_answer(case: tuple[Agency, DatedName, Date]) -> None:
    agency, name, day = case
    text = written(agency, name)
    answer = answer_of(resolve(REGISTRY, text, day))

    for spelling in spellings(text):
        assert answer_of(resolve(REGISTRY, spelling, day)) == answer, spelling


EVERY_NAME = [(agency, name) for agency in REGISTRY for name in agency.names]
LOWERED = [name.text.lower() for _, name in EVERY_NAME]
SHARED = [each for each in EVERY_NAME if LOWERED.count(each[1].text.lower()) > 1]


@given(st.sampled_from(SHARED) | st.sampled_from(EVERY_NAME), st.data())
def test_a_name_two_bodies_bear_on_one_day_is_ambiguous(
    case: tuple[Agency, DatedName], data: st.DataObject
) -> None:
    """Aliases too: against whole names, and never the first that comes."""
    agency, name = case
    assume(agency.kind is None or not agency.kind.is_local_government)
    near = [day for other, _ in SHARED for day in edges(other.span)]
    day = data.draw(st.sampled_from(near) | DAYS)
    same = [each for each in EVERY_NAME if each[1].text.lower() == name.text.lower()]
    bearers = {
        other.key
        for other, each in same
        if False not in {each.span.covers(day), other.span.covers(day)}
    }

    answer = resolve(REGISTRY, name.text, day)

    assert isinstance(answer, Resolved) == (len(bearers) == 1)
    if isinstance(answer, Unresolved):
        assert (answer.reason is Unresolvable.AMBIGUOUS) == bool(bearers)
        assert (answer.reason is Unresolvable.NOT_YET) == all(
            (begin := other.span.valid_from) is not None
            and (begin.first if isinstance(begin, DateRange) else begin) > day
            for other, _ in same
        )


@given(st.sampled_from([agency for agency in REGISTRY if len(agency.names) > 1]), st.data())
def test_another_name_in_parentheses_is_no_unit(agency: Agency, data: st.DataObject) -> None:
    first, second = data.draw(st.permutations(agency.names))[:2]
    answer = resolve(REGISTRY, f"{first.text} ({second.text})", None)

    assert not isinstance(answer, Resolved) or answer.unit is None


@given(STANDING, DAYS)
def test_every_way_to_write_a_government_means_the_same(agency: Agency, day: Date) -> None:
    assume(agency.kind in SHORT)
    assert agency.kind is not None
    bare = agency.name.removeprefix("Kabupaten ").removeprefix("Kota ")
    first, *others = (prefix + bare for prefix in SHORT[agency.kind])

    for other in others:
        assert answer_of(resolve(REGISTRY, other, day)) == answer_of(resolve(REGISTRY, first, day))


@given(STANDING, DAYS, st.text("ABCDEFGHIJ klm", min_size=1).map(str.strip).filter(bool))
def test_a_unit_in_parentheses_is_kept_and_changes_nothing(
    agency: Agency, day: Date, unit: str
) -> None:
    text = written(agency, DatedName(agency.name))
    without = resolve(REGISTRY, text, day)
    answer = resolve(REGISTRY, f"{text} (UPT {unit})", day)

    if isinstance(without, Resolved):
        assert isinstance(answer, Resolved)
        assert answer.agency == without.agency
        assert answer.unit is not None
        assert answer.unit.name == f"UPT {unit}"
    else:
        assert answer_of(answer) == answer_of(without)


WORDS = st.text("ABCDEFGHIJ klm", min_size=1).map(str.strip).filter(bool)


@given(STANDING, DAYS, st.lists(WORDS.map("UPT {}".format), min_size=1, max_size=4))
def test_several_units_are_all_kept_in_the_order_written(
    agency: Agency, day: Date, units: list[str]
) -> None:
    text = written(agency, DatedName(agency.name))
    answer = resolve(REGISTRY, " ".join([text, *(f"({unit})" for unit in units)]), day)

    if isinstance(answer, Resolved):
        assert answer.unit is not None
        assert answer.unit.name.split("; ") == units


@given(borne_names())
def test_a_year_resolves_where_its_days_agree(case: tuple[Agency, DatedName, Date]) -> None:
    """Against every single day of the year."""
    agency, name, moment = case
    text = written(agency, name)
    days = (Date(moment.year, 1, 1).add(days=step) for step in range(365 + moment.is_leap_year()))
    daily = [resolve(REGISTRY, text, day) for day in days]
    found = {
        key
        for each in daily
        for key in (
            (each.agency.key,)
            if isinstance(each, Resolved)
            else each.candidates
            if each.reason is Unresolvable.AMBIGUOUS
            else ()
        )
    }

    answer = resolve(REGISTRY, text, moment.year)

    assert isinstance(answer, Resolved) == (len(found) == 1)
    if isinstance(answer, Resolved):
        assert {answer.agency.key} == found


CODES = [(agency, code) for agency in REGISTRY for code in agency.identifiers]


@given(st.sampled_from(CODES), DAYS)
def test_codes_round_trip(case: tuple[Agency, Identifier], day: Date) -> None:
    agency, code = case
    stood = {code.span.covers(day), agency.span.covers(day)}

    answer = resolve(REGISTRY, str(code), day)

    if False in stood:
        assert isinstance(answer, Unresolved)
        assert agency.key in answer.candidates
    elif not agency.autonomous:
        assert isinstance(answer, Unresolved)
        assert answer.reason is Unresolvable.ADMINISTRATIVE
    else:
        assert isinstance(answer, Resolved)
        assert answer.agency == agency


@given(st.sampled_from(CODES), DAYS)
def test_the_way_a_code_is_written_never_changes_an_answer(
    case: tuple[Agency, Identifier], day: Date
) -> None:
    """The case of the scheme, the spaces about; a dotted number needs no scheme."""
    _, code = case
    answer = answer_of(resolve(REGISTRY, str(code), day))
    ways = [f"{code.scheme.upper()}:{code.code}", f" {code.scheme.title()}:{code.code} "]
    if code.scheme == "kemendagri" and "." in code.code:
        ways.append(code.code)

    for text in ways:
        assert answer_of(resolve(REGISTRY, text, day)) == answer


@given(st.sampled_from(CODES), DAYS)
def test_a_number_without_its_scheme_is_refused_with_both_readings(
    case: tuple[Agency, Identifier], day: Date
) -> None:
    agency, code = case
    answer = resolve(REGISTRY, code.code.replace(".", ""), day)

    assert isinstance(answer, Unresolved)
    assert answer.reason is Unresolvable.AMBIGUOUS
    assert agency.key in answer.candidates
    assert str(code) in answer.readings
    assert [reading.partition(":")[0] for reading in answer.readings] == ["kemendagri", "bps"]


@given(st.text() | st.text("abkotprvinsmeuhgd .()-:/0123", max_size=40), DAYS)
def test_unknown_text_never_resolves_by_accident(text: str, day: Date) -> None:
    """What resolves holds a whole name or code of the answer, letter for letter once folded."""
    answer = resolve(REGISTRY, text, day)

    if isinstance(answer, Resolved):
        letters = "".join(filter(str.isalnum, text.casefold()))
        names = [*(name.text for name in answer.agency.names), *map(str, answer.agency.identifiers)]
        folded = [name_keys(name, answer.agency.kind)[-1].strip("=:") for name in names]
        assert any("".join(filter(str.isalnum, each)) in letters for each in folded)


@given(borne_names(), st.integers(1, 3), st.data())
def test_a_name_cut_short_or_mistyped_is_never_taken_for_the_agency(
    case: tuple[Agency, DatedName, Date], cut: int, data: st.DataObject
) -> None:
    agency, name, day = case
    text = written(agency, name)
    letters = [at for at, letter in enumerate(text) if letter.isalpha() and at > len(text) // 2]
    at = data.draw(st.sampled_from(letters))
    broken = data.draw(st.sampled_from([text[:-cut], f"{text[:at]}q{text[at + 1 :]}", text + "q"]))
    assume(name_keys(broken, agency.kind)[0] != name_keys(text, agency.kind)[0])

    answer = resolve(REGISTRY, broken, day)

    known = {key for each in agency.names for key in name_keys(each.text, agency.kind)}
    assume(not known & set(name_keys(broken, agency.kind)))
    assert not isinstance(answer, Resolved) or answer.agency.key != agency.key


LETTERS = st.text("abdegikmnorstu ", min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
NEAR_NAMES = st.sampled_from(
    [
        "Bank DKI",
        "PT Jamkrida Bali Mandara (Perseroda)",
        "Kotamalang",
        "PemerintahBogor",
        "Kementerian Keuangan (Persero)",
        "Malang",
        "BPN",
        "Kemen Keu",
        "Kota Baru",
    ]
)


@st.composite
def user_rows(draw: st.DrawFn) -> UserAgency:
    return UserAgency(
        key="user:" + draw(st.text("abc", min_size=1, max_size=3)),
        name=draw(NEAR_NAMES | LETTERS),
        kind=draw(st.sampled_from(AgencyKind)),
        owner=draw(st.sampled_from(["ri", "prov-bali"])),
        valid_from=draw(DAYS),
        aliases=tuple(draw(st.lists(NEAR_NAMES | LETTERS, max_size=2))),
    )


QUERIES = st.one_of(
    st.sampled_from(["Kota Malang", "Pemerintah Bogor", "Bogor", "BPN", "Kemenkeu", "Kota Baru"]),
    st.builds(
        lambda agency, unit: written(agency, agency.names[0]) + unit,
        STANDING,
        st.sampled_from(["", " (Persero)", " (Dinas Kesehatan)"]),
    ),
)


@given(user_rows(), QUERIES, DAYS)
def test_a_user_row_never_changes_an_answer_about_others(
    row: UserAgency, text: str, day: Date
) -> None:
    try:
        grown = REGISTRY.extended([row])
    except Faults:
        return
    before, after = resolve(REGISTRY, text, day), resolve(grown, text, day)

    if isinstance(before, Resolved) or before.candidates:
        assert answer_of(after) == answer_of(before)


LOCAL = st.sampled_from([agency for agency in REGISTRY if agency.kind in SHORT])


@given(LOCAL, st.data())
def test_a_user_row_that_folds_like_a_government_never_meets_it(
    agency: Agency, data: st.DataObject
) -> None:
    """A company "KotaMalang" would meet "Kota Malang" once spaces are gone."""
    assert agency.kind is not None
    bare = agency.name.removeprefix("Kabupaten ").removeprefix("Kota ")
    text = data.draw(st.sampled_from(SHORT[agency.kind])) + bare
    name = "".join(filter(str.isalnum, text))
    row = UserAgency(
        key="user:a", name=name, kind=AgencyKind.BUMD, owner="ri", valid_from=Date(2014, 1, 1)
    )

    try:
        grown = REGISTRY.extended([row])
    except Faults:
        return
    assert answer_of(resolve(grown, text, None)) == answer_of(resolve(REGISTRY, text, None))


@given(user_rows(), DAYS)
def test_an_accepted_user_row_resolves_by_each_of_its_names(row: UserAgency, day: Date) -> None:
    try:
        grown = REGISTRY.extended([row])
    except Faults:
        return
    for name in (row.name, *row.aliases):
        answer = resolve(grown, name, day)
        if day >= row.valid_from:  # type: ignore[operator]  # a day by its strategy
            assert isinstance(answer, Resolved)
            assert answer.agency.key == row.key
        else:
            assert isinstance(answer, Unresolved)
            assert answer.reason is Unresolvable.NOT_YET


@given(st.permutations(REGISTRY.members[:40]), DAYS)
def test_the_order_of_the_members_never_matters(members: list[Agency], day: Date) -> None:
    plain = [attrs.evolve(each, predecessors=(), successors=(), memberships=()) for each in members]
    one, other = Registry(tuple(plain)), Registry(tuple(reversed(plain)))

    assert one == other
    assert one.agencies(on=day) == other.agencies(on=day)
