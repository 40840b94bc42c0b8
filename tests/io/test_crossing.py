"""Faults between records, against brute force on small sets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp import rulebook
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.fault import Fault, Origin, Severity
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.io import crossing
from kipp.io.crossing import CODES, Crossing, Seen
from kipp.io.document import Path
from kipp.io.entries import Entry, entry_of_data
from kipp.io.submission import Submission
from kipp.registry import registry
from kipp.rules.rulebook import Rulebook

YEAR = 2021
BOOK = rulebook(YEAR).reform({"groups.general.cap": 2, "groups.replication.cap": 1}, name="small")
# One agency under three spellings, another, and one that nobody knows.
SPELLINGS = {
    "kab-luwu-utara": "kab-luwu-utara",
    "Kab. Luwu Utara": "kab-luwu-utara",
    "Pemkab Luwu Utara": "kab-luwu-utara",
    "kota-bandung": "kota-bandung",
    "Dinas Entah": "?",
    "dinas  entah": "?",
}
LISTED = "Fiducia online"
TITLES = ("Satu", "SATU", " satu ", "Dua", LISTED)


def place(number: int, path: Path) -> Origin:
    return Origin(row=number, column="/".join(map(str, path)))


def faults(
    entries: list[Entry],
    *,
    kind: type = Proposal,
    book: Rulebook | None = BOOK,
    shown: list[Entry] | None = None,
) -> list[Fault]:
    notes = Crossing(kind, book=book, registry=registry(), listed=(LISTED,))
    for entry in entries:
        notes.note(entry)

    def look(numbers: Collection[int]) -> Iterator[tuple[int, Seen]]:
        for number, entry in enumerate(entries if shown is None else shown):
            if number in numbers:
                yield number, Seen(entry, partial(place, number))

    return [fault for _, fault in notes.faults(look)]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    return Entry(
        identity=(draw(st.sampled_from("abc")),) if draw(st.integers(0, 9)) else (),
        agency=draw(st.none() | st.sampled_from(list(SPELLINGS))),
        title=draw(st.none() | st.sampled_from(TITLES)),
        innovation=draw(st.none() | st.sampled_from("xy")),
        group=draw(st.none() | st.sampled_from(Group)),
        cycle=draw(st.sampled_from((YEAR, YEAR, YEAR, 2022, None))),
        counted=draw(st.integers(0, 4)) > 0,
        sources=tuple(
            (title, None) for title in draw(st.lists(st.sampled_from((*TITLES, "Tiga"))))
        ),
        inside=("innovation",),
    )


Found = tuple[str, int, tuple[int, ...]]


def told(found: list[Fault]) -> list[Found]:
    """Code, record at fault and the others, by number."""
    return [
        (each.code, each.origin.row or 0, tuple(other.row or 0 for other in each.others))
        for each in found
    ]


def bruteforce(records: list[Entry]) -> list[Found]:
    """What conflicts, by comparing every record with every other."""
    found = list(pairs(records)) + list(two_names(records)) + list(above_cap(records))
    titles = {plain(each.title) for each in records if each.title} | {plain(LISTED)}
    found += [
        ("REPLICA_NOT_LISTED", number, ())
        for number, each in enumerate(records)
        for title, _ in each.sources
        if plain(title) not in titles
    ]
    return sorted(found, key=lambda each: (each[1], CODES.index(each[0]), each[2]))


def plain(title: str) -> str:
    return " ".join(title.lower().split())


def pairs(records: list[Entry]) -> Iterator[Found]:
    for number, last in enumerate(records):
        before = list(enumerate(records[:number]))
        same = [at for at, each in before if each.identity and each.identity == last.identity]
        if same:
            yield "DUPLICATE_ID", number, (same[0],)
        both = [
            (at, each)
            for at, each in before
            if last.agency
            and each.agency
            and SPELLINGS[each.agency] == SPELLINGS[last.agency]
            and each.counted
            and last.counted
            and each.cycle == last.cycle
        ]
        for code, field in (
            ("DUPLICATE_TITLE", "title"),
            ("INNOVATION_ENTERED_TWICE", "innovation"),
        ):
            value = getattr(last, field)
            alike = [
                (at, each)
                for at, each in both
                if value and getattr(each, field) and plain(getattr(each, field)) == plain(value)
            ]
            if alike and alike[0][1].identity != last.identity:
                yield code, number, (alike[0][0],)


def two_names(records: list[Entry]) -> Iterator[Found]:
    for key in set(SPELLINGS.values()):
        those = [
            (at, each.agency)
            for at, each in enumerate(records)
            if each.agency and SPELLINGS[each.agency] == key
        ]
        spellings = dict.fromkeys(spelling for _, spelling in those)
        for spelling in list(spellings)[1:]:
            at = next(at for at, each in those if each == spelling)
            yield "AGENCY_TWO_NAMES", at, (those[0][0],)


def above_cap(records: list[Entry]) -> Iterator[Found]:
    for key, (group, cap) in product(
        set(SPELLINGS.values()), ((Group.GENERAL, 2), (Group.REPLICATION, 1))
    ):
        those = [
            (at, each.group)
            for at, each in enumerate(records)
            if each.agency
            and SPELLINGS[each.agency] == key
            and each.counted
            and each.cycle == YEAR
            and each.group in (group, None)
        ]
        placed = [at for at, each in those if each is group]
        if len(placed) > cap:
            yield "CAP_REACHED", placed[cap], tuple(placed[:cap])
        elif len(those) > cap:
            every = [at for at, _ in those]
            yield "CAP_UNCLEAR", every[cap], tuple(every[:cap])


@given(st.lists(entries(), max_size=12))
def test_the_conflicts_are_those_that_comparing_all_pairs_finds(records: list[Entry]) -> None:
    assert sorted(told(faults(records))) == sorted(bruteforce(records))


@given(st.lists(entries(), max_size=12))
def test_faults_stand_in_the_order_of_the_records_at_fault(records: list[Entry]) -> None:
    order = [(each[1], CODES.index(each[0])) for each in told(faults(records))]

    assert order == sorted(order)


@given(st.lists(entries(), max_size=12), st.integers(1, 5))
def test_equal_digests_of_different_texts_make_no_fault(
    records: list[Entry], different: int
) -> None:
    """Digests of so few values that nearly everything collides: what is told is true."""
    with pytest.MonkeyPatch.context() as patch:
        real = crossing._digest
        patch.setattr(crossing, "_digest", lambda *parts: real(*parts) % different + 1)
        some = told(faults(records))

    true = {(code, at) for code, at, _ in bruteforce(records)}
    anyone = {code for code, _ in true}
    assert {(code, at) for code, at, _ in some if not code.startswith("CAP")} <= true
    assert {code for code, _, _ in some if code.startswith("CAP")} <= anyone


@given(st.lists(entries(), max_size=12), st.integers(1, 3))
def test_conflicts_are_the_same_however_many_are_looked_at_in_one_go(
    records: list[Entry], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossing, "_AT_ONCE", at_once)
        few = faults(records)

    assert few == faults(records)


def entry(name: str, **fields: object) -> Entry:
    standing = {"title": name, "innovation": name, "cycle": YEAR, "group": Group.SPECIAL}
    given: dict[str, Any] = {"agency": "kota-bandung", **standing, **fields}
    return Entry(identity=(name,), inside=("innovation",), **given)


def test_a_duplicate_names_the_field_the_value_and_the_first_record() -> None:
    (fault,) = faults([entry("a"), entry("b"), entry("a", title="other", innovation="o")])

    assert fault.code == "DUPLICATE_ID"
    assert fault.severity is Severity.BLOCKS
    assert (fault.pointer, fault.record) == ("/id", "a")
    assert dict(fault.values) == {"name": "id", "value": "a"}
    assert fault.origin == Origin(row=2, column="id")
    assert fault.others == (Origin(row=0, column="id"),)


def test_a_title_used_twice_blocks_where_a_source_lists_it() -> None:
    """Listed among the reasons for failing in 2017 and 2018, in no other cycle."""
    twice = [entry("a", title="Satu", cycle=2017), entry("b", title="satu", cycle=2017)]
    (listed,) = faults(twice, book=rulebook(2017))
    (elsewhere,) = faults([entry("a", title="Satu"), entry("b", title="satu")])

    assert listed.severity is Severity.BLOCKS
    assert listed.citations
    assert elsewhere.severity is Severity.NEEDS_PERSON
    assert elsewhere.citations == ()


def test_the_cap_names_cap_and_one_records_and_counts_all() -> None:
    """The caps of 2021, ministry: ten general proposals of one agency."""
    many = [entry(f"p{number}", group=Group.GENERAL) for number in range(13)]
    (fault,) = faults(many, book=rulebook(YEAR))

    assert (fault.code, fault.severity) == ("CAP_REACHED", Severity.BLOCKS)
    assert fault.record == "p10"
    assert len(fault.others) == 10
    assert dict(fault.values)["entered"] == 13
    assert dict(fault.values)["at_most"] == 10
    assert fault.citations


def test_a_proposal_without_group_may_exceed_the_cap() -> None:
    """In 2021 there are several groups, so that nobody can say where it counts."""
    groups = (Group.REPLICATION, None)
    found = faults([entry(str(number), group=each) for number, each in enumerate(groups)])

    assert [each.code for each in found] == ["CAP_UNCLEAR"]
    assert found[0].severity is Severity.NEEDS_PERSON
    assert dict(found[0].values)["unplaced"] == 1


def test_without_a_cap_that_somebody_states_nothing_is_too_many() -> None:
    many = [entry(f"p{number}", group=Group.GENERAL, cycle=2022) for number in range(40)]

    assert faults(many, book=rulebook(2022)) == []
    assert faults(many, book=None) == []


def test_a_unit_of_an_agency_is_not_another_name_of_it() -> None:
    unit = entry("b", agency="Kota Bandung (Puskesmas Garuda)")

    assert faults([entry("a"), unit]) == []


def test_records_that_change_between_the_looks_are_refused() -> None:
    twice = [entry("a"), entry("a", title="b", innovation="b")]

    with pytest.raises(InvalidValue, match="the same records on the second look"):
        faults(twice, shown=[twice[0]])
    with pytest.raises(InvalidValue, match="the same records on the second look"):
        faults(twice, shown=[twice[0], entry("c")])


def test_the_place_of_a_proposal_inside_a_submission() -> None:
    data = {
        "proposal": {
            "id": "a",
            "cycle": YEAR,
            "group": "khusus",
            "innovation": {"id": "i", "agency": "x", "title": "t", "replica_of": [{"title": "Z"}]},
        }
    }
    found = faults([entry_of_data(data, Submission)] * 2, kind=Submission)

    assert [(each.code, each.pointer) for each in found] == [
        ("REPLICA_NOT_LISTED", "/proposal/innovation/replica_of/0/title"),
        ("DUPLICATE_ID", "/proposal/id"),
        ("REPLICA_NOT_LISTED", "/proposal/innovation/replica_of/0/title"),
    ]


def test_innovations_of_one_agency_with_one_title() -> None:
    data = [{"id": name, "agency": "kota-bandung", "title": "Satu"} for name in "ab"]
    found = faults([entry_of_data(each, Innovation) for each in data], kind=Innovation)

    assert [(each.code, each.pointer) for each in found] == [("DUPLICATE_TITLE", "/title")]
