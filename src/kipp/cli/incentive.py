"""``kipp incentive``: whether an award leads to a proposal for the regional incentive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from kipp.cli.agencies import named_agency
from kipp.cli.shown import BY_OUTCOME, Shown, answer_lines
from kipp.domain.award import Level, Tier
from kipp.domain.citation import NotOpen, cited
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.rules.decision import Classification, Decision, Outcome

if TYPE_CHECKING:
    from kipp.rules.rulebook import Rulebook

__all__ = ["incentive_of"]


def incentive_of(lang: str, agency: str, cycle: int, tier: str, group: str | None) -> Shown:
    """``kipp incentive``: what follows from an award for the agency that won it."""
    from kipp import rulebooks
    from kipp.rules.incentive import fiscal_year, incentive_status, propose

    book = rulebooks.rulebook(cycle)
    books = [rulebooks.incentive_book(year) for year in rulebooks.fiscal_years()]
    body = named_agency(agency, cycle)
    reached = _tier(book, tier, None if group is None else Group(group))
    proposed = propose(book, books, body, reached)
    answers: list[Decision | Classification[Any]] = [proposed]
    if proposed.outcome is Outcome.MET:
        answers += [
            fiscal_year(book, books),
            incentive_status(book, books, body, reached),
        ]
    lines = dict.fromkeys(line for answer in answers for line in answer_lines(answer, lang))
    return Shown(tuple(answers), lines, BY_OUTCOME[proposed.outcome])


def _tier(book: Rulebook, text: str, group: Group | None) -> Tier:
    """The tier that *text* names in the cycle: its size (``45``, ``Top 45``) or its level."""
    word = " ".join(text.casefold().replace("_", " ").split())
    level = {each.name.lower().replace("_", " "): each for each in Level} | {
        each.value: each for each in Level
    }
    if word in level:
        return _of_level(book, level[word], group)
    size = re.fullmatch(r"(?:top)? ?(\d+)", word, re.ASCII)
    known = [each for each in _tiers(book) if group in (None, each.group)]
    fitting = [each for each in known if size and each.size == int(size[1])]
    levels = {each.level for each in fitting}
    if len(levels) == 1:
        return attrs.evolve(fitting[0], group=group)
    sizes = ", ".join(dict.fromkeys(f"Top {each.size}" for each in known))
    cure = "name the group with --group" if fitting else f"levels are {', '.join(level)}"
    raise InvalidValue("--tier", text, f"one tier of the cycle ({sizes})", book.name, cure)


def _of_level(book: Rulebook, level: Level, group: Group | None) -> Tier:
    """The tier of *level*; the winners of the special group, and they alone, are outstanding."""
    special = group is Group.SPECIAL or (group is None and level is Level.OUTSTANDING)
    open_ = not isinstance(book[f"groups.{Group.SPECIAL.key}.offered"], NotOpen)
    if (level is Level.OUTSTANDING and not (special and open_)) or (
        level is Level.WINNER and group is Group.SPECIAL
    ):
        expected = "outstanding for the special group where it is open, and for no other"
        raise InvalidValue("--tier", level.name.lower(), expected, book.name)
    return Tier(year=book.year or 0, level=level, group=group)


def _tiers(book: Rulebook) -> Iterator[Tier]:
    """The tiers of the cycle with their sizes, by group; of the whole where no group has one."""
    rows = [
        (f"groups.{group.key}.{name}", level, group)
        for group in Group
        for name, level in (
            ("finalists", Level.FINALIST),
            ("winners", Level.OUTSTANDING if group is Group.SPECIAL else Level.WINNER),
        )
    ]
    found = list(_sized(book, rows))
    whole = [("intermediate.size", Level.INTERMEDIATE, None)]
    if not found:
        whole.append(("winners.total", Level.WINNER, None))
    yield from found
    yield from _sized(book, whole)


def _sized(book: Rulebook, rows: Iterable[tuple[str, Level, Group | None]]) -> Iterator[Tier]:
    for path, level, group in rows:
        for size in cited(book[path]):
            yield Tier(year=book.year or 0, level=level, size=size, group=group)
