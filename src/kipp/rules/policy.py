"""The words of a tie policy (*penentu nilai sama*), as ``ties.cascade`` lists them.

Keys in order, then at most one last word:

* ``evaluation``, ``finalists``, ``panel``: the score at that stage, where it lies before the one
  whose marks decide the cut;
* ``evaluation.significance`` and the like: the score under one criterion, up to that stage;
* ``earliest submission``, ``earliest start``: a dated fact, the earlier first;
* last ``draw`` (a public draw from ``ties.draw_seed``), ``decision`` (what people decided, with
  minutes), ``all`` (all the tied go through), ``fewer`` (none of them does) or ``stop`` (report
  the tie, as without a last word).
"""

from __future__ import annotations

import enum

from kipp.domain.cycle import Stage

__all__ = ["KNOWN", "MARKED", "Dated", "Last", "criterion_of", "stage_of", "well_formed"]

MARKED = (Stage.EVALUATION, Stage.FINALISTS, Stage.PANEL)
"""The stages in which marks are given: by the evaluation team, by the panel at its desk, by the
panel after the interview."""

_STAGES = {stage.name.lower(): stage for stage in MARKED}


class Last(enum.StrEnum):
    """The last word of a policy; it always settles, but for ``STOP``."""

    DRAW = "draw"
    DECISION = "decision"
    ALL = "all"
    FEWER = "fewer"
    STOP = "stop"


class Dated(enum.StrEnum):
    """A dated fact that can part the tied, the earlier first."""

    SUBMISSION = "earliest submission"
    START = "earliest start"


KNOWN = ", ".join((*_STAGES, *(f"{name}.CRITERION" for name in _STAGES), *Dated))
"""The keys, for people to read."""


def stage_of(key: str) -> Stage | None:
    """The stage whose marks *key* looks at."""
    return _STAGES.get(key.partition(".")[0])


def criterion_of(key: str) -> str:
    """The criterion of that stage *key* looks at; blank for the whole score."""
    return key.partition(".")[-1]


def well_formed(keys: tuple[str, ...]) -> bool:
    """Whether each is a known word and stands once, a last word last or not at all."""
    *before, final = keys or (Last.STOP,)
    known = all(map(_is_key, before)) and (_is_key(final) or final in set(Last))
    return known and len(set(keys)) == len(keys)


def _is_key(word: str) -> bool:
    if word in set(Dated):
        return True
    _, dot, criterion = word.partition(".")
    return stage_of(word) is not None and (not dot or (bool(criterion) and "." not in criterion))
