"""Phase, anchoring and survival of an innovation (DR-B5, DR-D1, and of DR-D2 what was observed).

Indonesian: *fase pembinaan* (penciptaan, pengembangan, pelembagaan) and *pelembagaan*.  What
PermenPANRB 91/2021 itself demands was not readable: the three marks are the ministry's words of
2021, their use as a test is inferred.  No instrument is required here, nothing is predicted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kipp.domain.agency import Agency
from kipp.domain.citation import Disputed, Term, cited
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Instrument, Phase
from kipp.domain.institutionalisation import (
    Institutionalisation,
    Ladder,
    LeaderChange,
    Survival,
)
from kipp.rules.decision import UNSETTLED, Classification, Outcome, Reason, RuleId, note, unrecorded
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CODES",
    "CODES_OF",
    "LEVEL",
    "PHASE",
    "RULE_IDS",
    "SURVIVAL",
    "institutionalisation_level",
    "phase_of",
    "survives_leader_change",
]

PHASE = RuleId("innovation-phase")
LEVEL = RuleId("institutionalisation-level")
SURVIVAL = RuleId("survives-leader-change")

RULE_IDS: tuple[RuleId, ...] = (PHASE, LEVEL, SURVIVAL)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    PHASE: (
        "NOT_YET_RUNNING",
        "NO_LONGER_RUNNING",
        "LEGAL_BASE",
        "NO_LEGAL_BASE",
        "BUDGET_LINE",
        "NO_BUDGET_LINE",
        "COACHING_UNIT",
        "NO_COACHING_UNIT",
        "IMPROVED_OR_SPREAD",
        "NEITHER_IMPROVED_NOR_SPREAD",
        *UNSETTLED,
    ),
    LEVEL: (
        "NO_INSTRUMENT",
        "FRAME_RULE_ONLY",
        "REPEALED",
        "INSTRUMENT_LATER",
        "DECREE_ONLY",
        "REGULATION_IN_FORCE",
        "BUDGET_LINE",
        "NO_BUDGET_LINE",
        "COACHING_UNIT",
        "NO_COACHING_UNIT",
        "ORDER_IS_INFERRED",
        "EXPECTED_NOT_REQUIRED",
        "FACT_NOT_RECORDED",
    ),
    SURVIVAL: ("LEADER_CHANGED", "PREDICTION_NOT_RULE", "FACT_NOT_RECORDED"),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))

_STEPS = tuple(Ladder)
_DECREES = (Ladder.OFFICE_DECREE, Ladder.LEADER_DECREE)
# Mark of the rulebook: the code when it is there, the code when it is not.
_MARKS = {
    "legal_base": ("LEGAL_BASE", "NO_LEGAL_BASE"),
    "budget_line": ("BUDGET_LINE", "NO_BUDGET_LINE"),
    "coaching_unit": ("COACHING_UNIT", "NO_COACHING_UNIT"),
}


# --- DR-B5: the phase -------------------------------------------------------------------------


def phase_of(
    book: Rulebook, innovation: Innovation, on: Date, *, idea_only: bool | None = None
) -> Classification[Phase]:
    """The phase of coaching that *innovation* is in on the day *on*.

    Creation until it runs; institutionalisation where it runs and bears every mark of
    ``institutionalisation.marks``; development where it runs, lacks a mark and is improved or
    spread.  An instrument dated after *on* is none yet.  *idea_only* records that it never ran.

    Raises:
        InvalidValue: it is recorded as running and as not yet begun; or *book* names a mark of
            which an innovation records nothing.
    """
    not_begun = idea_only or (innovation.started is not None and innovation.started > on)
    if not_begun and innovation.running:
        raise InvalidValue("innovation.running", innovation.running, "false or none before it runs")
    if not_begun:
        return _phase(innovation, Phase.CREATION, (note("NOT_YET_RUNNING", on=on),))
    if innovation.running is None:
        return _phase(innovation, None, (unrecorded("running"),))
    if not innovation.running:
        return _phase(innovation, None, (note("NO_LONGER_RUNNING", on=on),))
    return _running(book.term("institutionalisation.marks"), innovation, on)


def _phase(
    innovation: Innovation, value: Phase | None, reasons: tuple[Reason, ...]
) -> Classification[Phase]:
    return Classification(rule=PHASE, subject=innovation.id, value=value, reasons=reasons)


def _running(
    term: Term[tuple[str, ...]], innovation: Innovation, on: Date
) -> Classification[Phase]:
    readings = tuple(cited(term.value))
    names = dict.fromkeys(name for marks in readings for name in marks)
    for name in names:
        if name not in _MARKS:
            raise InvalidValue(term.path, name, f"one of {', '.join(_MARKS)}")
    phases = {_by_marks(innovation, marks, on) for marks in readings}
    reasons = tuple(_mark(innovation, name, on, term) for name in names)
    if len(phases) != 1:
        return _phase(innovation, None, (_unsettled(term), *reasons))
    value = phases.pop()
    if value is not Phase.INSTITUTIONALISATION:
        reasons = (*reasons, _development(innovation))
    return _phase(innovation, value, reasons)


def _unsettled(term: Term[tuple[str, ...]]) -> Reason:
    """Readings of the marks that lead to different phases, or no reading at all."""
    if isinstance(term.value, Disputed):
        seen = (("path", term.path), ("readings", tuple(cited(term.value))))
        return Reason(Outcome.UNKNOWN, "VALUE_DISPUTED", seen, (term,))
    return Reason(Outcome.UNKNOWN, "VALUE_NOT_FOUND", (("path", term.path),), (term,))


def _by_marks(innovation: Innovation, marks: Iterable[str], on: Date) -> Phase | None:
    borne = [_borne(innovation, name, on) for name in marks]
    if all(borne):
        return Phase.INSTITUTIONALISATION
    if False not in borne:
        return None
    return Phase.DEVELOPMENT if innovation.improved_or_spread else None


def _borne(innovation: Innovation, name: str, on: Date) -> bool | None:
    if name != "legal_base":
        found: bool | None = getattr(innovation, name)
        return found
    if innovation.instruments is None:
        return None
    named = [_counts(instrument, on) for instrument in innovation.instruments]
    return True if True in named else None if None in named else False


def _mark(innovation: Innovation, name: str, on: Date, *terms: Term[object]) -> Reason:
    there, missing = _MARKS[name]
    match _borne(innovation, name, on):
        case None:
            return unrecorded(name, *terms)
        case borne:
            return note(there if borne else missing, *terms)


def _development(innovation: Innovation) -> Reason:
    match innovation.improved_or_spread:
        case None:
            return unrecorded("improved_or_spread")
        case True:
            return note("IMPROVED_OR_SPREAD")
        case _:
            return note("NEITHER_IMPROVED_NOR_SPREAD")


# --- DR-D1: the level -------------------------------------------------------------------------


def institutionalisation_level(
    book: Rulebook, innovation: Innovation, agency: Agency, on: Date
) -> Classification[Institutionalisation]:
    """The highest instrument in force that names *innovation*, with budget line and coaching unit.

    One dated after *on* is no step yet; one without a recorded date counts as its facts say.
    A frame rule, which regulates innovating as such, is no step for one innovation.  There is no
    pass mark: the order of the steps is inferred, and what the Ministry of Home Affairs has
    expected of regions since November 2025 is noted, not required.
    """
    reasons = [*_instruments(innovation, on), *_other_marks(innovation, on)]
    reasons.append(note("ORDER_IS_INFERRED", book.term("institutionalisation.ladder")))
    reasons += _expected(book, agency, on)
    step = _step(innovation.instruments, on)
    value = (
        None
        if step is None
        else Institutionalisation(
            step=step,
            budget_line=innovation.budget_line,
            coaching_unit=innovation.coaching_unit,
        )
    )
    return Classification(rule=LEVEL, subject=innovation.id, value=value, reasons=tuple(reasons))


def _later(instrument: Instrument, on: Date) -> bool:
    return instrument.date is not None and instrument.date > on


def _counts(instrument: Instrument, on: Date) -> bool | None:
    """Whether *instrument* is in force and names the innovation; none where not recorded."""
    if _later(instrument, on):
        return False
    facts = (instrument.names_innovation, instrument.in_force)
    return False if False in facts else None if None in facts else True


def _step(instruments: Iterable[Instrument] | None, on: Date) -> Ladder | None:
    """The highest step, or none where an instrument not fully recorded could stand higher."""
    if instruments is None:
        return None
    steps = [(Ladder[each.kind.name], _counts(each, on)) for each in instruments]
    sure = _highest(step for step, counts in steps if counts)
    possible = _highest(step for step, counts in steps if counts is not False)
    return sure if sure is possible else None


def _highest(steps: Iterable[Ladder]) -> Ladder:
    return max(steps, key=_STEPS.index, default=Ladder.NONE)


def _instruments(innovation: Innovation, on: Date) -> list[Reason]:
    instruments = innovation.instruments
    if instruments is None:
        return [unrecorded("instruments")]
    step = _step(instruments, on)
    if step is None:
        return [unrecorded("instrument_facts")]
    if step is not Ladder.NONE:
        return [note("DECREE_ONLY" if step in _DECREES else "REGULATION_IN_FORCE", step=step)]
    if not instruments:
        return [note("NO_INSTRUMENT")]
    issued = [each for each in instruments if not _later(each, on)]
    frame = any(each.names_innovation is False for each in issued)
    repealed = any(each.in_force is False for each in issued)
    return [
        *([note("FRAME_RULE_ONLY")] if frame else []),
        *([note("REPEALED")] if repealed else []),
        *([note("INSTRUMENT_LATER", on=on)] if len(issued) < len(instruments) else []),
    ]


def _other_marks(innovation: Innovation, on: Date) -> list[Reason]:
    return [_mark(innovation, name, on) for name in _MARKS if name != "legal_base"]


def _expected(book: Rulebook, agency: Agency, on: Date) -> list[Reason]:
    since = book.term("institutionalisation.expected_from")
    if not agency.is_local_government or not any(_last(each) <= on for each in cited(since.value)):
        return []
    kinds = book.term("institutionalisation.expected")
    expected = tuple(kind for stated in cited(kinds.value) for kind in stated)
    return [note("EXPECTED_NOT_REQUIRED", kinds, since, expected=expected)]


def _last(stated: Date | DateRange) -> Date:
    return stated.last if isinstance(stated, DateRange) else stated


# --- DR-D2: what was observed -----------------------------------------------------------------


def survives_leader_change(change: LeaderChange) -> Classification[Survival]:
    """Whether an innovation outlived a change of leader (*pergantian pimpinan*), as observed.

    Where no change has happened there is no value: a prediction would be no rule.
    """
    value = None
    if change.leader_changed is None:
        reason = unrecorded("leader_changed")
    elif not change.leader_changed:
        reason = note("PREDICTION_NOT_RULE")
    elif change.running_after is None:
        reason = unrecorded("running_after")
    else:
        value = Survival.OBSERVED_YES if change.running_after else Survival.OBSERVED_NO
        reason = note("LEADER_CHANGED", value=value)
    return Classification(rule=SURVIVAL, subject=change.innovation, value=value, reasons=(reason,))
