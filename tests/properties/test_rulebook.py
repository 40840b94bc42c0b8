"""Laws of every rulebook, real or imagined: reforms compose and never touch the baseline."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Unlimited,
    Value,
    cited,
)
from kipp.rulebooks import cycles, rulebook
from kipp.rules.rulebook import Rulebook, diff
from kipp.rules.terms import SCHEMAS, BookKind, TermKind

COUNTS = sorted(
    path
    for path, declared in SCHEMAS[BookKind.CYCLE].items()
    if declared.kind is TermKind.COUNT and declared.limit is None
)

citations = st.lists(
    st.builds(
        Citation,
        st.builds(Source, key=st.sampled_from(["a", "b", "c"]), title=st.just("x")),
        st.sampled_from(Evidence),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
stated = st.one_of(
    st.builds(Cited, st.integers(0, 20), citations),
    st.builds(Unlimited, citations),
    st.builds(NotOpen, citations),
)
values: st.SearchStrategy[Value[Any]] = st.one_of(
    stated,
    st.builds(NotFound, st.text(min_size=1).filter(str.strip)),
    st.lists(stated, min_size=2, max_size=3).map(lambda each: Disputed(tuple(each))),
)
imagined = st.dictionaries(st.sampled_from(COUNTS), values, max_size=6).map(
    lambda terms: Rulebook(kind=BookKind.CYCLE, name="imagined", year=2030, terms=terms)
)
rulebooks = st.one_of(imagined, st.sampled_from(cycles()).map(rulebook))
changes = st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 20), max_size=4)


@given(rulebooks, changes)
def test_the_baseline_is_untouched(book: Rulebook, change: dict[str, int]) -> None:
    before = dict(book.terms)

    book.reform(change, name="what if")

    assert dict(book.terms) == before
    assert book.reforms == ()


@given(rulebooks, changes)
def test_a_reform_holds_where_it_speaks_and_nowhere_else(
    book: Rulebook, change: dict[str, int]
) -> None:
    after = book.reform(change, name="what if")

    for path in COUNTS:
        if path in change:
            assert list(cited(after[path])) == [change[path]]
            assert after.term(path).evidence is Evidence.ASSUMED
        else:
            assert after[path] == book[path]


@given(rulebooks, changes, changes)
def test_reforms_compose(book: Rulebook, first: dict[str, int], second: dict[str, int]) -> None:
    """One after the other is both at once, the later winning; apart, their order is nothing."""
    after = book.reform(first, name="x").reform(second, name="x")

    assert dict(after.terms) == dict(book.reform({**first, **second}, name="x").terms)
    if not first.keys() & second.keys():
        other_way = book.reform(second, name="x").reform(first, name="x")
        assert dict(after.terms) == dict(other_way.terms)


@given(rulebooks)
def test_the_reform_of_nothing_changes_nothing(book: Rulebook) -> None:
    after = book.reform({}, name="nothing")

    assert dict(after.terms) == dict(book.terms)
    assert diff(book, after) == ()


@given(rulebooks, changes)
def test_a_reform_back_to_the_stated_value_is_no_difference(
    book: Rulebook, change: dict[str, int]
) -> None:
    known = {path: book[path] for path in change if isinstance(book[path], Cited)}

    assert diff(book, book.reform(known, name="as it was")) == ()


@given(rulebooks)
def test_nothing_differs_from_itself(book: Rulebook) -> None:
    assert diff(book, book) == ()


@given(rulebooks, rulebooks)
def test_differences_are_symmetric_under_swap(one: Rulebook, other: Rulebook) -> None:
    there = {change.path: (change.before, change.after) for change in diff(one, other)}
    back = {change.path: (change.after, change.before) for change in diff(other, one)}

    assert there == back
    assert list(there) == sorted(there)


@given(imagined, changes)
def test_a_difference_is_listed_exactly_where_the_reform_said_something_new(
    book: Rulebook, change: dict[str, int]
) -> None:
    after = book.reform(change, name="what if")

    def says(value: Value[Any], count: int) -> bool:
        return isinstance(value, Cited) and value.value == count

    new = {path for path, count in change.items() if not says(book[path], count)}
    assert {each.path for each in diff(book, after)} == new


@given(imagined, st.randoms())
def test_the_order_of_the_terms_is_nothing(book: Rulebook, random: Any) -> None:
    terms = list(book.terms.items())
    random.shuffle(terms)

    again = Rulebook(kind=book.kind, name=book.name, year=book.year, terms=dict(terms))

    assert again == book
    assert hash(again) == hash(book)
    assert list(again) == list(book)
