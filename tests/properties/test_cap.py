"""Laws of the cap, for every rulebook and every field that the types allow."""

from __future__ import annotations

import random
from collections.abc import Sequence

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Cited, NotFound, NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.cap import proposal_cap
from kipp.rules.decision import Decision, Outcome
from kipp.rules.field import field_of
from kipp.rules.rulebook import Rulebook
from kipp.testing import proposals
from tests.strategies import cited_books

SUBJECT = AgencyKey("kab-contoh")
OTHER = AgencyKey("kota-contoh")
RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}

books = cited_books(
    {f"groups.{group.key}.cap": st.integers(0, 4) for group in Group},
    offered=Group,
)


@st.composite
def own_proposals(draw: st.DrawFn, *, unplaced: bool = True) -> tuple[Proposal, ...]:
    """Some proposals of the agency, few of them withdrawn, enough to reach a small cap."""
    known = st.sampled_from(Group)
    group = (st.none() | known) if unplaced else known
    rows = draw(st.lists(st.tuples(group, st.integers(0, 4)), max_size=9))
    return tuple(entered(number, group, not gone) for number, (group, gone) in enumerate(rows))


def entered(
    number: int, group: Group | None, withdrawn: bool = False, agency: AgencyKey = SUBJECT
) -> Proposal:
    innovation = Innovation(id=f"i{number}", title=f"Contoh {number}", agency=agency)
    return Proposal(
        id=f"p{number}", innovation=innovation, cycle=2021, group=group, withdrawn=withdrawn
    )


def decided(book: Rulebook, facts: Sequence[Proposal]) -> Decision:
    return proposal_cap(book, SUBJECT, facts)


def caps(book: Rulebook) -> dict[Group, object]:
    return {group: book[f"groups.{group.key}.cap"] for group in Group}


@given(books, own_proposals(unplaced=False))
def test_agrees_with_a_plain_count(book: Rulebook, facts: tuple[Proposal, ...]) -> None:
    for group, reason in zip(Group, decided(book, facts).reasons, strict=True):
        count = len([p for p in facts if p.group is group and not p.withdrawn])
        match caps(book)[group]:
            case Cited(value=most):
                expected = Outcome.MET if count <= most else Outcome.NOT_MET
            case Unlimited():
                expected = Outcome.MET
            case NotOpen():
                expected = Outcome.MET if count == 0 else Outcome.NOT_MET
            case NotFound():
                expected = Outcome.UNKNOWN
        assert reason.outcome is expected


@given(books, own_proposals())
def test_every_way_to_place_the_unplaced(book: Rulebook, facts: tuple[Proposal, ...]) -> None:
    """UNKNOWN exactly when placing the unplaced one way or another would change a reason."""
    unplaced = [p for p in facts if p.group is None and not p.withdrawn]
    assume(len(unplaced) <= 3)
    for group, reason in zip(Group, decided(book, facts).reasons, strict=True):
        if isinstance(caps(book)[group], NotFound):
            continue
        seen = set()
        for inside in range(len(unplaced) + 1):
            there = {p.id for p in unplaced[:inside]}
            other = next(g for g in Group if g is not group)
            placed = [
                p
                if p.group is not None
                else attrs.evolve(p, group=group if p.id in there else other)
                for p in facts
            ]
            seen.add(decided(book, placed).reasons[list(Group).index(group)].outcome)
        assert reason.outcome is (seen.pop() if len(seen) == 1 else Outcome.UNKNOWN)


@given(books, own_proposals(), proposals(), st.integers(0, 99))
def test_order_and_what_is_beside_the_point_never_matter(
    book: Rulebook, facts: tuple[Proposal, ...], other: Proposal, seed: int
) -> None:
    """Withdrawn proposals, those of other agencies and of other years, and any order."""
    beside = [
        attrs.evolve(other, id="beside", cycle=2021, withdrawn=True),
        attrs.evolve(other, id="beside-2", cycle=2020, withdrawn=False),
        entered(900, other.group, agency=OTHER),
    ]
    turned = [*facts, *beside]
    random.Random(seed).shuffle(turned)

    assert decided(book, turned) == decided(book, facts)
    assert proposal_cap(book, SUBJECT, field_of(turned, 2021)) == decided(book, facts)


@given(books, own_proposals(), st.sampled_from(Group), st.integers(0, 4), st.integers(0, 6))
def test_a_laxer_cap_never_hurts(
    book: Rulebook, facts: tuple[Proposal, ...], group: Group, cap: int, more: int
) -> None:
    """Monotone: raising a cap never makes the answer worse."""
    path = f"groups.{group.key}.cap"
    strict = book.reform({path: cap}, name="strict")
    laxer = book.reform({path: cap + more}, name="laxer")

    assert RANK[decided(laxer, facts).outcome] >= RANK[decided(strict, facts).outcome]


@given(books, own_proposals(), st.none() | st.sampled_from(Group))
def test_one_more_proposal_never_helps(
    book: Rulebook, facts: tuple[Proposal, ...], group: Group | None
) -> None:
    more = [*facts, entered(99, group)]

    assert RANK[decided(book, more).outcome] <= RANK[decided(book, facts).outcome]


@given(books, own_proposals(), st.data())
def test_learning_a_group_never_overturns_an_answer(
    book: Rulebook, facts: tuple[Proposal, ...], data: st.DataObject
) -> None:
    before = decided(book, facts).outcome
    assume(before is not Outcome.UNKNOWN)
    filled = [
        p
        if p.group is not None
        else attrs.evolve(p, group=data.draw(st.none() | st.sampled_from(Group)))
        for p in facts
    ]

    assert decided(book, filled).outcome is before


@given(books, own_proposals())
def test_every_reason_rests_on_the_cap_it_names(
    book: Rulebook, facts: tuple[Proposal, ...]
) -> None:
    for group, reason in zip(Group, decided(book, facts).reasons, strict=True):
        path = f"groups.{group.key}.cap"
        assert [(term.path, term.value) for term in reason.terms] == [(path, book[path])]


@given(st.sampled_from((2020, 2021)), st.data())
def test_built_to_comply_is_met_and_one_above_the_cap_is_not(
    cycle: int, data: st.DataObject
) -> None:
    """At the cap exactly, in every group at once; then one more where there is a cap."""
    book = rulebook(cycle)
    most = {group: value.value for group, value in caps(book).items() if isinstance(value, Cited)}
    groups = [g for g in Group for _ in range(most.get(g, data.draw(st.integers(0, 30))))]
    facts = [attrs.evolve(entered(n, g), cycle=cycle) for n, g in enumerate(groups)]

    assert proposal_cap(book, SUBJECT, facts).outcome is Outcome.MET
    for group in most:
        over = [*facts, attrs.evolve(entered(999, group), cycle=cycle)]
        assert proposal_cap(book, SUBJECT, over).outcome is Outcome.NOT_MET


@given(books, st.integers(0, 9), st.integers(0, 9))
def test_two_reforms_both_survive(book: Rulebook, general: int, special: int) -> None:
    after = book.reform({"groups.general.cap": general}, name="a").reform(
        {"groups.special.cap": special}, name="b"
    )
    found = [each.value for each in caps(after).values() if isinstance(each, Cited)]

    assert (found[0], found[-1]) == (general, special)
    assert after.reforms[-2:] == ("a", "b")
