"""``kipp resolve``, ``hub``: agencies by name, and whether one is an innovation hub."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

import attrs

from kipp import messages
from kipp.cli.books import is_number
from kipp.cli.shown import Exit, Shown, answer_lines
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.hub import HubStatus
from kipp.rules.decision import Classification, Outcome
from kipp.rules.resolution import Resolved, Unresolvable

if TYPE_CHECKING:
    from kipp.domain.agency import Agency

__all__ = ["hub_of", "named_agency", "resolve_text"]


def resolve_text(lang: str, text: str, on: str) -> Shown:
    """``kipp resolve``: the agency that *text* names on a day or in a year."""
    from kipp.defaults import resolve

    if not text.strip():
        raise InvalidValue("TEXT", text, "the name or code of an agency")
    answer = resolve(text, on=_moment(on))
    if isinstance(answer, Resolved):
        return Shown((answer,), (_resolved_line(answer, lang),))
    lines = [messages.say(answer.finding, lang)]
    if answer.reason is Unresolvable.UNKNOWN:
        lines += _suggested(text, lang)
    return Shown((answer,), lines, Exit.UNKNOWN)


def _moment(on: str) -> str | int:
    return int(on) if is_number(on) else on


def _resolved_line(answer: Resolved, lang: str) -> str:
    return messages.line(
        "cli.resolved",
        lang,
        text=answer.text,
        name=answer.agency.name,
        key=answer.agency.key,
        kind=answer.agency.kind,
        unit=answer.unit and answer.unit.name,
        unsure=None if answer.sure else messages.line("cli.unsure", lang),
    )


def _suggested(text: str, lang: str) -> list[str]:
    from kipp.registry import registry
    from kipp.rules.resolution import suggest

    agencies = registry()
    keys = suggest(agencies, text)
    said = tuple(f"{agencies.agency(key).name} ({key})" for key in keys)
    return [messages.line("cli.suggestions", lang, keys=said)] if keys else []


def named_agency(text: str, on: str | int) -> Agency:
    """The one agency of that name or key; a name that is not one agency is bad input here."""
    from kipp.registry import registry
    from kipp.rules.resolution import named, suggest

    answer = named(registry(), text, on)
    if isinstance(answer, Resolved):
        return answer.agency
    perhaps = [key for key in answer.candidates or suggest(registry(), text) if key != text]
    cure = f"it may mean {', '.join(perhaps)}" if perhaps else ""
    expected = f"one agency ({answer.reason.name.lower()})"
    raise UnknownName("agency", text, expected, f"on {on}", cure)


def hub_of(lang: str, name: str, on: str) -> Shown:
    """``kipp hub``: what the register says of an agency on a day or in a year."""
    from kipp.defaults import hub

    moment = _moment(on)
    agency = named_agency(name, moment)
    if isinstance(moment, int):
        return _hub_in_year(lang, agency, moment)
    answer = hub(agency, on=on)
    return Shown((answer,), answer_lines(answer, lang), _listed(answer.value))


@attrs.frozen(kw_only=True)
class _From:
    """An answer that holds from a day of a year on, as ``--json`` shows it."""

    on: Date
    answer: Classification[HubStatus]


def _hub_in_year(lang: str, agency: Agency, year: int) -> Shown:
    """One answer where it is the same on every day of *year*, else each from its first day on.

    Days left open only because a date is known by the year are passed over where the others
    agree: what happened some day of the year happened in it.
    """
    from kipp.defaults import hub
    from kipp.rules.agency import year_days

    first, last = year_days(year)
    every = (first.add(days=count) for count in range((last - first).days + 1))
    days = (day for day in every if agency.span.covers(day) is not False)
    answers = [(day, hub(agency, on=day)) for day in days]
    runs = _runs(answers)
    settled = _runs(each for each in answers if not _day_unknown(each[1]))
    if len(settled or runs) == 1:
        ((_, answer),) = settled or runs
        return Shown((answer,), answer_lines(answer, lang), _listed(answer.value))
    lines = [
        line
        for day, answer in runs
        for line in (messages.line("cli.from", lang, day=day), *answer_lines(answer, lang))
    ]
    return Shown(tuple(_From(on=day, answer=answer) for day, answer in runs), lines, Exit.UNKNOWN)


_OnDay: TypeAlias = tuple[Date, Classification[HubStatus]]


def _runs(answers: Iterable[_OnDay]) -> list[_OnDay]:
    """The first of those in a row that say the same."""
    return [next(run) for _, run in groupby(answers, key=lambda each: each[1].value)]


def _day_unknown(answer: Classification[HubStatus]) -> bool:
    return any(
        reason.code == "YEAR_PRECISION_ONLY" and reason.outcome is Outcome.UNKNOWN
        for reason in answer.reasons
    )


def _listed(status: HubStatus | None) -> Exit:
    if status is None:
        return Exit.UNKNOWN
    return Exit.NOT_MET if status is HubStatus.NOT_IN_KNOWN_LIST else Exit.MET
