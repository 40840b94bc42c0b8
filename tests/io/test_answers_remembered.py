"""Answers that are remembered are those that are given anew, whatever was asked before."""

from __future__ import annotations

import random

import attrs
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

import kipp
from kipp.io.rule_faults import RuleChecks
from kipp.registry import registry
from tests.io.records import RECORDS

BOOKS = [kipp.rulebook(year) for year in (2017, 2019, 2021, 2023)]


def checks(book: kipp.Rulebook) -> RuleChecks:
    return RuleChecks(book, registry(), cycles=kipp.rulebook)


@given(
    book=st.sampled_from(BOOKS),
    proposals=st.lists(RECORDS[kipp.Proposal], min_size=2, max_size=4),
    seed=st.integers(0, 1000),
)
def test_a_refusal_that_is_remembered_is_that_of_a_first_look(
    book: kipp.Rulebook, proposals: list[kipp.Proposal], seed: int
) -> None:
    remembering = checks(book)
    mixed = [
        attrs.evolve(one, group=other.group, submitted_at=other.submitted_at)
        for one in proposals
        for other in proposals
    ]
    asked = [*proposals, *mixed]
    random.Random(seed).shuffle(asked)
    for proposal in asked:
        assert remembering(proposal) == checks(book)(proposal)


def test_one_moment_on_two_clocks_is_shown_as_it_was_written() -> None:
    remembering = checks(kipp.rulebook(2021))
    late = [
        DateTime.fromisoformat("2021-09-01T10:00:00+07:00"),
        DateTime.fromisoformat("2021-09-01T11:00:00+08:00"),
    ]
    innovation = kipp.Innovation(id="i", title="t", agency=kipp.AgencyKey("kab-sleman"))
    for moment in late:
        proposal = kipp.Proposal(id="p", innovation=innovation, cycle=2021, submitted_at=moment)
        found = remembering(proposal)
        assert found == checks(kipp.rulebook(2021))(proposal)
        shown = [dict(each.values)["value"] for each in found if each.pointer == "/submitted_at"]
        assert [each.isoformat() for each in shown] == [moment.isoformat()]
