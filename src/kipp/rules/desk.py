"""The score sheets of a run (*lembar penilaian*), and the scores made of them.

Marks are given in three stages: by the evaluation team, by the panel at its desk, by the panel
after the interview.  What a stage needs for its scores (criteria, scale, quorum, way of combining)
it reads from the rulebook; where one is not known the stage halts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

import attrs

from kipp.domain.assessment import OVERALL, Assessor, Criterion, ScoreSheet
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules.policy import MARKED
from kipp.rules.scoring import Combine, Scale, Scheme, Scores, score, score_each
from kipp.rules.stages import Terms

__all__ = ["Desk", "Pools", "scheme_of"]

_RULES_OF = dict.fromkeys(MARKED, "panel") | {Stage.EVALUATION: "evaluation"}
"""Whose rules hold for the marks of a stage."""
_QUORUM = {"evaluation": "evaluation.evaluators", "panel": "panel.assessors"}

Pools: TypeAlias = Mapping[Stage, Mapping[str, Iterable[ScoreSheet]]]
"""Score sheets by stage and proposal."""


class Desk:
    """The score sheets of a run, and the scores made of them, each group and stage once."""

    def __init__(
        self, proposals: Iterable[Proposal], sheets: Pools, assessors: Mapping[str, Assessor]
    ) -> None:
        self._members: defaultdict[Group | None, list[str]] = defaultdict(list)
        for each in proposals:
            self._members[each.group].append(each.id)
        self._sheets = sheets
        self._assessors = assessors
        self._scores: dict[tuple[Stage, Group], Scores] = {}

    def scores(self, stage: Stage, group: Group, terms: Terms) -> Scores:
        """The scores given in *stage* to the proposals of *group*; halts as *terms* does."""
        # Read before the look-up, so that every stage lists what its scores rest on.
        scheme = scheme_of(stage, group, terms)
        found = self._scores.get((stage, group))
        if found is None:
            pools = self._given(stage, group)
            found = self._scores[stage, group] = score_each(pools, scheme, self._assessors)
        return found

    def under(
        self, criterion: str, stage: Stage, group: Group, those: Iterable[str], terms: Terms
    ) -> Scores:
        """The scores of *those* under one *criterion* of *stage*, combined as whole sheets are."""
        scheme = scheme_of(stage, group, terms)
        alone = attrs.evolve(scheme, criteria=(Criterion(criterion, Fraction(1)),))
        given = self._sheets[stage]
        sheets = (_only(criterion, sheet) for key in those for sheet in given.get(key, ()))
        return score(sheets, alone, self._assessors)

    def _given(self, stage: Stage, group: Group) -> dict[str, Iterable[ScoreSheet]]:
        given = self._sheets[stage]
        return {key: given[key] for key in self._members[group] if key in given}


def _only(criterion: str, sheet: ScoreSheet) -> ScoreSheet:
    marks = tuple(each for each in sheet.marks if each[0] == criterion)
    return attrs.evolve(sheet, marks=marks)


def _criteria(group: Group, terms: Terms) -> tuple[Criterion, ...]:
    path = f"groups.{group.key}.criteria"
    criteria: tuple[Criterion, ...] = terms.value(path)
    # Not asked where no book says it: then nothing rests on it, and no certificate lists it.
    if _TOTAL in terms.book.terms:
        total, found = terms.value(_TOTAL), sum(each.weight for each in criteria)
        if found != total:
            raise InvalidValue(path, found, f"weights that add up to {total}", terms.book.name)
    return criteria


_TOTAL = "criteria.total"


def scheme_of(stage: Stage, group: Group, terms: Terms) -> Scheme:
    """How scores are made in *stage* for *group*; halts where a part of it is not known.

    Raises:
        InvalidValue: weights that do not add up to ``criteria.total``, where that is stated.
    """
    by = _RULES_OF[stage]
    criteria: tuple[Criterion, ...] = (Criterion(OVERALL, Fraction(1)),)
    if stage is Stage.EVALUATION:
        criteria = _criteria(group, terms)
    scale = Scale(
        lowest=terms.value("marks.lowest"),
        highest=terms.value("marks.highest"),
        quantum=terms.value("marks.quantum"),
    )
    combine = terms.choice(f"{by}.combine", Combine)
    trimmed = combine is Combine.TRIMMED
    return Scheme(
        criteria=criteria,
        scale=scale,
        quorum=terms.value(_QUORUM[by]),
        combine=combine,
        trim=terms.value(f"{by}.trim") if trimmed else Fraction(0),
    )
