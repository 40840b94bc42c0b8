"""What an innovation reached before, as far as the record says it."""

from __future__ import annotations

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.messages import say
from kipp.registry import awards as published
from kipp.rulebooks import rulebook
from kipp.rules.history import (
    any_of,
    by_innovation,
    earlier,
    finalist_years,
    reached,
    tier_refusal,
    within,
)
from kipp.rules.terms import BookKind
from tests.fiscal import disputed, made


def tier(
    year: int, level: Level = Level.FINALIST, group: Group | None = None, organiser: str = "KIPP"
) -> Tier:
    return Tier(year=year, level=level, group=group, organiser=organiser)


def sized(year: int, size: int, level: Level, group: Group | None = None) -> Tier:
    return Tier(year=year, level=level, size=size, group=group)


def awards(*tiers: Tier) -> tuple[Award, ...]:
    return tuple(Award(innovation="i", agency=AgencyKey("a"), tier=each) for each in tiers)


def span(level: Level, first: int, last: int, group: Group | None = None) -> AwardSpan:
    return AwardSpan(level=level, first_year=first, last_year=last, group=group)


ANY = Level.FINALIST_ANY_GROUP


def test_only_kipp_tiers_of_earlier_years_count() -> None:
    kept = tier(2018)
    history = AwardHistory(
        innovation="i",
        awards=awards(
            kept,
            tier(2019),
            tier(2018, organiser="KOVABLIK"),
            tier(2018, Level.SEPARATE),
        ),
    )

    assert [award.tier for award in earlier(history, 2019)] == [kept]
    assert [award.tier.year for award in earlier(history, None)] == [2018, 2019]


class TestOneHistoryEach:
    """Two records of one innovation that say different things are refused, not merged."""

    def history(self, innovation: str, *tiers: Tier) -> AwardHistory:
        return AwardHistory(innovation=innovation, awards=awards(*tiers))

    def test_by_innovation(self) -> None:
        one, other = self.history("i", tier(2018)), self.history("j")

        assert by_innovation([one, other]) == {"i": one, "j": other}

    def test_the_same_again_in_another_order(self) -> None:
        one = self.history("i", tier(2018), tier(2019))
        again = self.history("i", tier(2019), tier(2018))

        assert by_innovation([one, again, one]) == {"i": one}

    @pytest.mark.parametrize("other", [(), (tier(2018), tier(2019)), (tier(2017),)])
    def test_two_that_differ(self, other: tuple[Tier, ...]) -> None:
        with pytest.raises(InvalidValue) as caught:
            by_innovation([self.history("i", tier(2018)), self.history("i", *other)])

        assert str(caught.value) == (
            "AwardHistory.innovation: expected one award history per innovation, got 'i'; "
            "put every award of the innovation into one history"
        )


class TestATierThatNeverWas:
    """The special and the replication group were opened in 2020; 2022 had no replicas."""

    @pytest.mark.parametrize(
        ("found", "code"),
        [
            (tier(2019, Level.OUTSTANDING), "GROUP_NOT_OFFERED"),
            (tier(2019, Level.OUTSTANDING, Group.SPECIAL), "GROUP_NOT_OFFERED"),
            (tier(2019, Level.FINALIST, Group.SPECIAL), "GROUP_NOT_OFFERED"),
            (tier(2022, Level.WINNER, Group.REPLICATION), "GROUP_NOT_OFFERED"),
            (tier(2024, Level.WINNER), "GROUP_NOT_OFFERED"),
            (tier(2026, Level.WINNER), "VALUE_NOT_FOUND"),
            (tier(2019, Level.WINNER), None),
            (tier(2019, Level.SEPARATE), None),
            (tier(2020, Level.OUTSTANDING), None),
            (tier(2021, Level.WINNER, Group.REPLICATION), None),
            (tier(2019, Level.FINALIST, Group.SPECIAL, "KOVABLIK"), None),
        ],
        ids=str,
    )
    def test_by_year_and_group(self, found: Tier, code: str | None) -> None:
        refused = tier_refusal(rulebook(found.year), found)

        assert (refused and refused.code) == code

    @pytest.mark.parametrize(
        ("found", "there"),
        [
            (sized(2019, 45, Level.WINNER), True),
            (sized(2019, 40, Level.WINNER), False),
            (sized(2019, 1_000_000, Level.WINNER), False),
            (sized(2019, 99, Level.FINALIST), True),
            (sized(2014, 33, Level.INTERMEDIATE), True),
            (sized(2014, 34, Level.INTERMEDIATE), False),
            (sized(2019, 34, Level.INTERMEDIATE), True),
            (sized(2020, 45, Level.WINNER, Group.REPLICATION), True),
            (sized(2020, 5, Level.WINNER, Group.REPLICATION), False),
            (sized(2021, 5, Level.WINNER, Group.REPLICATION), True),
            (sized(2021, 5, Level.WINNER), True),
            (sized(2021, 5, Level.WINNER, Group.GENERAL), False),
            (sized(2021, 45, Level.OUTSTANDING), False),
            (sized(2019, 21, Level.SEPARATE), True),
            (sized(2025, 77, Level.WINNER), True),
        ],
        ids=str,
    )
    def test_by_the_size_of_its_name(self, found: Tier, there: bool) -> None:
        """A group that shared its tiers has their size; a size not found is taken as given."""
        refused = tier_refusal(rulebook(found.year), found)

        assert (refused is None) is there
        assert refused is None or refused.code == "TIER_SIZE_NOT_OF_CYCLE"

    def test_a_size_in_dispute_is_as_each_source_says(self) -> None:
        path = "groups.general.winners"
        sizes = disputed(BookKind.CYCLE, path, 40, 45)
        pool = {"groups.general.offered": True, "groups.replication.offered": False}
        book = made(BookKind.CYCLE, 2019, {**pool, path: sizes})

        found = [tier_refusal(book, sized(2019, size, Level.WINNER)) for size in (40, 45, 41)]
        assert [each and each.code for each in found] == [None, None, "TIER_SIZE_NOT_OF_CYCLE"]

    def test_every_published_award_is_of_a_tier_that_was_there(self) -> None:
        for each in published():
            assert tier_refusal(rulebook(each.tier.year), each.tier) is None

    def test_it_is_said_with_its_source(self) -> None:
        refused = tier_refusal(rulebook(2019), tier(2019, Level.OUTSTANDING))

        assert refused is not None
        assert refused.citations
        assert say(refused, "en").startswith(
            "not met: the group khusus is not open in this cycle; "
            "tier: outstanding achievement KIPP 2019 ("
        )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], False),
        ([False, False], False),
        ([False, None], None),
        ([None, True], True),
    ],
)
def test_any_of(answers: list[bool | None], expected: bool | None) -> None:
    assert any_of(answers) is expected


@pytest.mark.parametrize(
    ("listed", "found", "expected"),
    [
        (span(Level.WINNER, 2014, 2018), tier(2014, Level.WINNER), True),
        (span(Level.WINNER, 2014, 2018), tier(2018, Level.WINNER), True),
        (span(Level.WINNER, 2014, 2018), tier(2013, Level.WINNER), False),
        (span(Level.WINNER, 2014, 2018), tier(2019, Level.WINNER), False),
        (span(Level.WINNER, 2014, 2018), tier(2018, Level.FINALIST), False),
        (span(Level.WINNER, 2014, 2018), tier(2018, Level.WINNER, organiser="X"), False),
        (span(Level.WINNER, 2021, 2021, Group.GENERAL), tier(2021, Level.WINNER), None),
        (
            span(Level.WINNER, 2021, 2021, Group.GENERAL),
            tier(2021, Level.WINNER, Group.REPLICATION),
            False,
        ),
        (
            span(Level.WINNER, 2021, 2021, Group.GENERAL),
            tier(2021, Level.WINNER, Group.GENERAL),
            True,
        ),
        (span(Level.FINALIST, 2021, 2021), tier(2021, ANY), True),
        (span(Level.FINALIST, 2021, 2021, Group.GENERAL), tier(2021, ANY), None),
        (span(Level.WINNER, 2021, 2021), tier(2021, ANY), False),
    ],
)
def test_within(listed: AwardSpan, found: Tier, expected: bool | None) -> None:
    assert within(listed, found) is expected


@pytest.mark.parametrize(
    ("level", "group", "expected"),
    [
        (Level.FINALIST, None, True),
        (Level.INTERMEDIATE, None, True),
        (Level.WINNER, None, True),
        (Level.OUTSTANDING, None, True),
        (ANY, None, True),
        (Level.SEPARATE, None, False),
    ],
)
def test_who_was_a_finalist(level: Level, group: Group | None, expected: bool) -> None:
    """Whoever went further was a finalist first; an award of its own says nothing."""
    listed = [span(Level.FINALIST, 2014, 2020)]

    assert reached(listed, [tier(2018, level, group)]) is expected
    assert reached([], [tier(2018, level, group)]) is False


def test_outstanding_comes_from_the_special_group() -> None:
    listed = span(Level.FINALIST, 2020, 2020, Group.SPECIAL)

    assert reached([listed], [tier(2020, Level.OUTSTANDING)]) is True
    assert reached([span(Level.WINNER, 2020, 2020)], [tier(2020, Level.OUTSTANDING)]) is False


@pytest.mark.parametrize(
    ("tiers", "general", "special"),
    [
        ([], (0, 0), (0, 0)),
        ([tier(2018)], (1, 1), (0, 0)),
        ([tier(2018), tier(2018, Level.WINNER)], (1, 1), (0, 0)),
        ([tier(2016), tier(2018)], (2, 2), (0, 0)),
        ([tier(2021, ANY)], (0, 1), (0, 1)),
        ([tier(2021, ANY), tier(2021, Level.WINNER, Group.GENERAL)], (1, 1), (0, 0)),
        ([tier(2021, Level.FINALIST, Group.REPLICATION)], (0, 0), (0, 0)),
        ([tier(2021, Level.OUTSTANDING)], (0, 0), (1, 1)),
    ],
)
def test_in_how_many_years_a_finalist(
    tiers: list[Tier], general: tuple[int, int], special: tuple[int, int]
) -> None:
    """At least and at most: a finalist of an unnamed group may have been in either."""
    assert finalist_years(awards(*tiers), Group.GENERAL) == general
    assert finalist_years(awards(*tiers), Group.SPECIAL) == special
