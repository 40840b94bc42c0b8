"""The stages of a cycle and what each asks of the rulebook (*tahapan seleksi*), before any run.

A selection asks for a value when a stage needs it, and stops where nobody published it.  The plan
lists all of that beforehand: which terms every run asks, which only some do, and which of them are
open, so that whoever runs the selection has to assume them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from kipp.domain.citation import Disputed, NotFound, NotOpen, Term
from kipp.domain.cycle import Group, Stage
from kipp.rules.arguments import items
from kipp.rules.rulebook import Rulebook, cycle_book

__all__ = ["StagePlan", "plan"]


@attrs.frozen(kw_only=True)
class StagePlan:
    """One stage: the terms that every run *asks* there, and those that it *may_ask*.

    The latter depend on the others and on the field: a tie asks for the policy, a trimmed mean for
    its trim, a group that is entered by invitation for who was invited.
    """

    stage: Stage
    asks: tuple[Term[Any], ...]
    may_ask: tuple[Term[Any], ...]

    @property
    def open(self) -> tuple[Term[Any], ...]:
        """The terms asked in every run that nobody published, or that sources dispute."""
        return tuple(term for term in self.asks if isinstance(term.value, (NotFound, Disputed)))


def plan(book: Rulebook, groups: Iterable[Group] | None = None) -> tuple[StagePlan, ...]:
    """The stages under *book*, for proposals in *groups*; without them in each group that is open.

    Raises:
        InvalidType: *book* is not the rulebook of a cycle, or a group is none.
    """
    cycle_book("book", book)
    asked = _open_groups(book) if groups is None else tuple(items("groups", groups, Group))
    return tuple(
        StagePlan(
            stage=stage,
            asks=tuple(map(book.term, _paths(_ASKS.get(stage, ""), asked))),
            may_ask=tuple(map(book.term, _paths(_MAY_ASK.get(stage, ""), asked))),
        )
        for stage in Stage
    )


def _open_groups(book: Rulebook) -> tuple[Group, ...]:
    offered = {group: book[f"groups.{group.key}.offered"] for group in Group}
    return tuple(group for group, value in offered.items() if not isinstance(value, NotOpen))


def _paths(text: str, groups: Iterable[Group]) -> Iterator[str]:
    """The paths of a line of the tables, once each; ``{group}`` stands for every group."""
    for path in dict.fromkeys(text.split()):
        if "{group}" not in path:
            yield path
        else:
            yield from (path.replace("{group}", group.key) for group in groups)


_EVALUATED = """
    groups.{group}.criteria marks.lowest marks.highest marks.quantum evaluation.combine
    evaluation.evaluators
"""
_BY_THE_PANEL = "marks.lowest marks.highest marks.quantum panel.combine panel.assessors panel.trim"
_ANY_MARKS = f"{_EVALUATED} evaluation.trim criteria.total {_BY_THE_PANEL}"
_TIES_AND_QUOTA = "composition.demands composition.shares ties.cascade ties.draw_seed"

_ASKS: Mapping[Stage, str] = {
    Stage.REGISTERED: "held",
    Stage.SCREENING: "schedule.closing_zone",
    Stage.EVALUATION: _EVALUATED,
    Stage.NOMINATION: "groups.{group}.nominees composition.quota selection.nominees_by",
    Stage.FINALISTS: """
        groups.{group}.finalists composition.quota selection.carry_over selection.finalists_by
    """,
    Stage.OBJECTION: "selection.objections selection.withdrawals",
    Stage.PANEL: "selection.winners_by",
    Stage.VERIFICATION: "field_verification.held",
    Stage.WINNERS: """
        groups.{group}.winners composition.quota selection.carry_over selection.winners_by
    """,
}
_MAY_ASK: Mapping[Stage, str] = {
    Stage.SCREENING: "groups.{group}.by_invitation groups.{group}.all_invited",
    Stage.EVALUATION: "evaluation.trim evaluation.pass_mark criteria.total",
    Stage.NOMINATION: f"{_ANY_MARKS} {_TIES_AND_QUOTA}",
    Stage.FINALISTS: f"{_ANY_MARKS} {_TIES_AND_QUOTA}",
    Stage.PANEL: _BY_THE_PANEL,
    Stage.WINNERS: f"{_ANY_MARKS} {_TIES_AND_QUOTA}",
}
