"""A tier carries organiser, year and level; a span covers years, both ends included."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.cycle import Group, Schedule
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue

TOP_45 = Tier(year=2019, level=Level.WINNER, size=45)
SPAN = AwardSpan(level=Level.WINNER, first_year=2014, last_year=2019)

years = st.integers(2010, 2030)


class TestTier:
    """Regional contests reuse the names, so the organiser is part of the label."""

    @pytest.mark.parametrize(
        ("tier", "label"),
        [
            (TOP_45, "Top 45 KIPP 2019"),
            (attrs.evolve(TOP_45, organiser="KOVABLIK"), "Top 45 KOVABLIK 2019"),
            (attrs.evolve(TOP_45, size=None), "terpuji KIPP 2019"),
        ],
    )
    def test_label(self, tier: Tier, label: str) -> None:
        assert tier.label == label


class TestSpan:
    """The tiers of one level over a range of years."""

    @given(years, years, years)
    def test_both_ends(self, first: int, last: int, year: int) -> None:
        first, last = sorted((first, last))
        tier = attrs.evolve(TOP_45, year=year)

        span = AwardSpan(level=Level.WINNER, first_year=first, last_year=last)

        assert span.covers(tier) == (year in range(first, last + 1))

    @pytest.mark.parametrize("year", [2014, 2019])
    def test_first_and_last_year(self, year: int) -> None:
        assert SPAN.covers(attrs.evolve(TOP_45, year=year))

    def test_another_organiser_or_level(self) -> None:
        assert not SPAN.covers(attrs.evolve(TOP_45, organiser="KOVABLIK"))
        assert not SPAN.covers(attrs.evolve(TOP_45, level=Level.FINALIST))

    @pytest.mark.parametrize(
        ("asked", "borne", "covered"),
        [
            (None, None, True),
            (None, Group.REPLICATION, True),
            (Group.GENERAL, Group.GENERAL, True),
            (Group.GENERAL, Group.REPLICATION, False),
        ],
    )
    def test_group(self, asked: Group | None, borne: Group | None, covered: bool) -> None:
        span = attrs.evolve(SPAN, group=asked)

        assert span.covers(attrs.evolve(TOP_45, group=borne)) is covered

    def test_the_wrong_way_round(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            AwardSpan(level=Level.WINNER, first_year=2019, last_year=2018)

        assert str(caught.value) == "AwardSpan.last_year: expected >= 2019, got 2018"

    def test_text(self) -> None:
        assert str(SPAN) == "terpuji 2014–2019"
        assert str(attrs.evolve(SPAN, first_year=2019)) == "terpuji 2019"


def test_a_history_counts_the_awards_in_a_span() -> None:
    awards = tuple(
        Award(
            innovation="ANC Hipnoterapi",
            agency=AgencyKey("luwu-utara"),
            tier=attrs.evolve(TOP_45, year=year),
        )
        for year in (2013, 2014, 2019, 2020)
    )

    assert AwardHistory(innovation="ANC Hipnoterapi", awards=awards).count(SPAN) == 2
    assert AwardHistory(innovation="ANC Hipnoterapi").count(SPAN) == 0


def test_a_history_holds_the_awards_of_its_own_innovation_only() -> None:
    other = Award(innovation="I-2", agency=AgencyKey("kota-ambon"), tier=TOP_45)
    own = attrs.evolve(other, innovation="I-1")

    with pytest.raises(InvalidValue) as caught:
        AwardHistory(innovation="I-1", awards=(own, other))

    assert str(caught.value) == (
        "AwardHistory.awards: expected I-1, the innovation of the history, got 'I-2'"
    )


class TestSchedule:
    """Several closes were extended; the last one announced counts."""

    def test_the_last_close_counts(self) -> None:
        closes = (Date(2018, 3, 10), Date(2018, 3, 31))

        assert Schedule(opens=Date(2018, 1, 17), closes=closes).close == Date(2018, 3, 31)

    def test_at_least_one(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            Schedule(opens=None, closes=())

        assert str(caught.value) == (
            "Schedule.closes: expected at least one announced close, got ()"
        )


def test_the_key_of_a_group() -> None:
    assert [group.key for group in Group] == ["general", "replication", "special"]
