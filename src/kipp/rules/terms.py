"""Every path a rulebook may hold, its kind of value, and how plain data becomes that value.

Declared once: the loader, reforms, assumptions, the schema and the generated pages read it.
``{group}`` in a path stands for each group's key.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, TypeVar

import attrs
import pendulum

from kipp.domain.agency import AgencyKind
from kipp.domain.assessment import Criterion
from kipp.domain.award import AwardSpan, Level
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateRange, Period, day, parse_period
from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.domain.incentive import FiscalCriterion, Grade
from kipp.domain.innovation import InstrumentKind
from kipp.rules.apportionment import Method
from kipp.rules.composition import Demand
from kipp.rules.policy import KNOWN, Last, well_formed
from kipp.rules.quota import Quota, StageDemand, StageShares
from kipp.rules.scoring import Combine

__all__ = [
    "SCHEMAS",
    "BookKind",
    "Limit",
    "TermKind",
    "TermSpec",
    "leads_on",
    "parse",
    "read",
    "spec",
]


class BookKind(enum.StrEnum):
    """Kind of rulebook: one file each per cycle or fiscal year, one for hubs, one for the duty."""

    CYCLE = "cycle"
    INCENTIVE = "incentive"
    HUBS = "hubs"
    DUTY = "duty"


class TermKind(enum.StrEnum):
    """Kind of value a path holds, named as documentation prints it."""

    FLAG = "true or false"
    COUNT = "a whole number from 0"
    NUMBER = "an exact number (whole, or text such as 3/4 or 0.75)"
    TEXT = "a text"
    TEXTS = "a list of texts"
    PERIOD = "a period such as P1Y"
    DAY = "a date, or a first and last date"
    DAYS = "a list of dates, oldest first"
    SPANS = "a list of award spans (level, first_year, last_year)"
    CRITERIA = "a table of criteria and exact weights"
    KINDS = "a list of kinds of agency"
    LEVELS = "a list of tier levels"
    FISCAL_CRITERIA = "a list of main criteria of the incentive"
    GRADE = "a grade of e-procurement (a to d)"
    INSTRUMENTS = "a list of kinds of legal instrument"
    DEMANDS = "a list of demands (stage, group, name, by, of, at_least, at_most)"
    SHARES = "a list of shares (stage, group, by, method, at_least)"


@attrs.frozen
class Limit:
    """What a rule can work with at a path, beyond the kind of value: in words, and as a test."""

    expected: str
    fits: Callable[[Any], bool]


@attrs.frozen
class TermSpec:
    """A path of one kind of rulebook, with what the rules that read it know."""

    path: str
    kind: TermKind
    limit: Limit | None = None


def _flag(raw: object, name: str, where: str) -> bool:
    if not isinstance(raw, bool):
        raise InvalidType(name, raw, TermKind.FLAG, where)
    return raw


def _count(raw: object, name: str, where: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise InvalidType(name, raw, TermKind.COUNT, where)
    if raw < 0:
        raise InvalidValue(name, raw, TermKind.COUNT, where)
    return raw


_EXACT = re.compile(r"-?\d+(?:/\d+|\.\d+)?", re.ASCII)


def _number(raw: object, name: str, where: str) -> Fraction:
    if isinstance(raw, str) and _EXACT.fullmatch(raw) and not raw.endswith("/0"):
        return Fraction(raw)
    if isinstance(raw, bool) or not isinstance(raw, (int, Fraction)):
        raise InvalidType(name, raw, TermKind.NUMBER, where)
    return Fraction(raw)


def _text(raw: object, name: str, where: str) -> str:
    if not isinstance(raw, str):
        raise InvalidType(name, raw, TermKind.TEXT, where)
    if not raw.strip():
        raise InvalidValue(name, raw, "a text that is not blank", where)
    return raw


def _period(raw: object, name: str, where: str) -> Period:
    return raw if isinstance(raw, Period) else parse_period(raw, name=name, where=where)  # type: ignore[arg-type]  # checked there


def _day(raw: object, name: str, where: str) -> Date | DateRange:
    if isinstance(raw, DateRange):
        return raw
    if isinstance(raw, Mapping):
        bounds = _table(raw, ("first", "last"), name, where)
        return DateRange(*(day(bound, name=name, where=where) for bound in bounds))
    return day(raw, name=name, where=where)


def _items(raw: object, name: str, where: str, expected: TermKind) -> tuple[object, ...]:
    if isinstance(raw, str) or not isinstance(raw, (list, tuple)):
        raise InvalidType(name, raw, expected, where)
    return tuple(raw)


def _table(
    raw: object, keys: tuple[str, ...], name: str, where: str, optional: tuple[str, ...] = ()
) -> list[object]:
    if not isinstance(raw, Mapping):
        raise InvalidType(name, raw, f"a table with {', '.join(keys)}", where)
    missing = [key for key in keys if key not in raw]
    extra = [key for key in raw if key not in (*keys, *optional)]
    if missing or extra:
        raise InvalidValue(name, dict(raw), f"a table with exactly {', '.join(keys)}", where)
    return [raw.get(key) for key in (*keys, *optional)]


def _texts(raw: object, name: str, where: str) -> tuple[str, ...]:
    return tuple(_text(item, name, where) for item in _items(raw, name, where, TermKind.TEXTS))


def _days(raw: object, name: str, where: str) -> tuple[Date, ...]:
    found = tuple(day(i, name=name, where=where) for i in _items(raw, name, where, TermKind.DAYS))
    if list(found) != sorted(set(found)):
        raise InvalidValue(name, raw, TermKind.DAYS, where)
    return found


_Word = TypeVar("_Word", bound=enum.StrEnum)


def _choice(enumeration: type[_Word], raw: object, name: str, where: str) -> _Word:
    try:
        return enumeration[str(raw).upper()] if not isinstance(raw, enumeration) else raw
    except KeyError:
        known = ", ".join(member.name.lower() for member in enumeration)
        raise InvalidValue(name, raw, f"one of {known}", where) from None


def _span(raw: object, name: str, where: str) -> AwardSpan:
    if isinstance(raw, AwardSpan):
        return raw
    level, first, last, group = _table(
        raw, ("level", "first_year", "last_year"), name, where, ("group",)
    )
    return AwardSpan(
        level=_choice(Level, level, name, where),
        first_year=_count(first, name, where),
        last_year=_count(last, name, where),
        group=None if group is None else _choice(Group, group, name, where),
    )


def _spans(raw: object, name: str, where: str) -> tuple[AwardSpan, ...]:
    return tuple(_span(item, name, where) for item in _items(raw, name, where, TermKind.SPANS))


def _criteria(raw: object, name: str, where: str) -> tuple[Criterion, ...]:
    if isinstance(raw, tuple) and all(isinstance(item, Criterion) for item in raw):
        return raw
    if not isinstance(raw, Mapping):
        raise InvalidType(name, raw, TermKind.CRITERIA, where)
    return tuple(
        Criterion(key, _number(weight, f"{name}.{key}", where)) for key, weight in raw.items()
    )


def _kinds(raw: object, name: str, where: str) -> tuple[enum.StrEnum, ...]:
    items = _items(raw, name, where, TermKind.KINDS)
    return tuple(_choice(AgencyKind, item, name, where) for item in items)


def _levels(raw: object, name: str, where: str) -> tuple[enum.StrEnum, ...]:
    items = _items(raw, name, where, TermKind.LEVELS)
    return tuple(_choice(Level, item, name, where) for item in items)


def _fiscal_criteria(raw: object, name: str, where: str) -> tuple[enum.StrEnum, ...]:
    items = _items(raw, name, where, TermKind.FISCAL_CRITERIA)
    return tuple(_choice(FiscalCriterion, item, name, where) for item in items)


def _grade(raw: object, name: str, where: str) -> enum.StrEnum:
    return _choice(Grade, raw, name, where)


def _instruments(raw: object, name: str, where: str) -> tuple[enum.StrEnum, ...]:
    items = _items(raw, name, where, TermKind.INSTRUMENTS)
    return tuple(_choice(InstrumentKind, item, name, where) for item in items)


def _demand(raw: object, name: str, where: str) -> StageDemand:
    if isinstance(raw, StageDemand):
        return raw
    optional = ("group", "name", "of", "at_least", "at_most")
    stage, by, group, called, of, least, most = _table(raw, ("stage", "by"), name, where, optional)
    return StageDemand(
        stage=_choice(Stage, stage, name, where),
        group=None if group is None else _choice(Group, group, name, where),
        demand=Demand(
            name=str(called or of or by),
            by=_text(by, name, where),
            of=None if of is None else _text(of, name, where),
            at_least=0 if least is None else _count(least, name, where),
            at_most=None if most is None else _count(most, name, where),
        ),
    )


def _demands(raw: object, name: str, where: str) -> tuple[StageDemand, ...]:
    return tuple(_demand(item, name, where) for item in _items(raw, name, where, TermKind.DEMANDS))


def _share(raw: object, name: str, where: str) -> StageShares:
    if isinstance(raw, StageShares):
        return raw
    stage, by, method, group, least = _table(
        raw, ("stage", "by", "method"), name, where, ("group", "at_least")
    )
    return StageShares(
        stage=_choice(Stage, stage, name, where),
        group=None if group is None else _choice(Group, group, name, where),
        by=_text(by, name, where),
        method=_choice(Method, method, name, where),
        at_least=0 if least is None else _count(least, name, where),
    )


def _shares(raw: object, name: str, where: str) -> tuple[StageShares, ...]:
    return tuple(_share(item, name, where) for item in _items(raw, name, where, TermKind.SHARES))


_PARSERS: dict[TermKind, Callable[[object, str, str], object]] = {
    TermKind.FLAG: _flag,
    TermKind.COUNT: _count,
    TermKind.NUMBER: _number,
    TermKind.TEXT: _text,
    TermKind.TEXTS: _texts,
    TermKind.PERIOD: _period,
    TermKind.DAY: _day,
    TermKind.DAYS: _days,
    TermKind.SPANS: _spans,
    TermKind.CRITERIA: _criteria,
    TermKind.KINDS: _kinds,
    TermKind.LEVELS: _levels,
    TermKind.FISCAL_CRITERIA: _fiscal_criteria,
    TermKind.GRADE: _grade,
    TermKind.INSTRUMENTS: _instruments,
    TermKind.DEMANDS: _demands,
    TermKind.SHARES: _shares,
}


def parse(kind: TermKind, raw: object, *, name: str, where: str = "") -> object:
    """Plain data (as a file or a caller gives it) as the value of *kind*.

    Raises:
        InvalidType, InvalidValue: *raw* is not of that kind; the error names *name* and *where*.
    """
    try:
        return _PARSERS[kind](raw, name, where)
    except InvalidValue as fault:
        place = fault.where or where
        raise InvalidValue(fault.name, fault.value, fault.expected, place, fault.cure) from None


def read(declared: TermSpec, raw: object, *, where: str = "") -> object:
    """Plain data as the value of the path *declared*: files, reforms and records come in here.

    Raises:
        InvalidType, InvalidValue: as :func:`parse`; or a value that no rule of the path knows.
    """
    value = parse(declared.kind, raw, name=declared.path, where=where)
    if declared.limit is not None and not declared.limit.fits(value):
        raise InvalidValue(declared.path, raw, declared.limit.expected, where)
    return value


def _one_of(*words: str) -> Limit:
    return Limit(f"one of {', '.join(words)}", lambda value: value in words)


def _zone(name: str) -> bool:
    try:
        pendulum.timezone(name)
    except ValueError:  # what looks like a path raises another one than an unknown name does
        return False
    return True


def _hour(text: str) -> bool:
    try:
        return f"{dt.time.fromisoformat(text):%H:%M}" == text
    except ValueError:
        return False


_EPOCH = pendulum.from_timestamp(0).date()


def _stays_in_calendar(period: Period) -> bool:
    try:
        period.before(_EPOCH)
    except InvalidValue:
        return False
    return True


_MARKED = (_EVALUATION, _FINALISTS, _PANEL) = ("evaluation", "finalists", "panel")
_JOINED = _one_of(*Combine)
_ONLY_NONE = _one_of("none")
_SOMEBODY = Limit("a whole number from 1", lambda count: count >= 1)
_NOT_NEGATIVE = Limit("an exact number from 0", lambda number: number >= 0)
_CALENDAR_YEAR = Limit("a year of the calendar", lambda year: dt.MINYEAR <= year <= dt.MAXYEAR)

_IN_CALENDAR = Limit(f"a period that stays in the calendar before {_EPOCH}", _stays_in_calendar)

_LIMITS: Mapping[str, Limit] = {
    "minimum_age.counts_from": _one_of("registration_closes"),
    "schedule.closing_zone": Limit("the name of a time zone, such as Asia/Jakarta", _zone),
    "schedule.closing_time": Limit("a time written HH:MM", _hour),
    "evaluation.evaluators": _SOMEBODY,
    "panel.assessors": _SOMEBODY,
    "evaluation.combine": _JOINED,
    "panel.combine": _JOINED,
    "selection.nominees_by": _one_of(_EVALUATION),
    "selection.finalists_by": _one_of(_EVALUATION, _FINALISTS),
    "selection.winners_by": _one_of(*_MARKED),
    "selection.carry_over": _ONLY_NONE,
    "composition.quota": _one_of(*Quota),
    "ties.cascade": Limit(
        f"each of {KNOWN} at most once, last or not at all one of {', '.join(Last)}", well_formed
    ),
    "marks.quantum": Limit("a step above 0", lambda step: step > 0),
    "evaluation.pass_mark": _NOT_NEGATIVE,
    "innovation.weight": _NOT_NEGATIVE,
    "envelope.billion_rupiah": _NOT_NEGATIVE,
    "envelope.prior_year_billion_rupiah": _NOT_NEGATIVE,
    "floor.billion_rupiah": _NOT_NEGATIVE,
    "clusters.a.share_percent": _NOT_NEGATIVE,
    "clusters.b.share_percent": _NOT_NEGATIVE,
    "clusters.c.share_percent": _NOT_NEGATIVE,
    "cycles.{year}.fiscal_year": _CALENDAR_YEAR,
    "cycles.{year}.fiscal_year_also_said": _CALENDAR_YEAR,
    "criteria.first_year": _CALENDAR_YEAR,
    "criteria.last_year": _CALENDAR_YEAR,
    "criteria.external_from": _CALENDAR_YEAR,
    "register.complete_to": _CALENDAR_YEAR,
    "target.year": _CALENDAR_YEAR,
    **{
        f"groups.{group.key}.{age}": _IN_CALENDAR
        for group in Group
        for age in ("minimum_age", "minimum_age_pandemic")
    },
}


def _specs(rows: Mapping[TermKind, str]) -> Mapping[str, TermSpec]:
    paths = ((kind, path) for kind, text in rows.items() for path in text.split())
    expanded = (
        (kind, path.replace("{group}", group.key))
        for kind, path in paths
        for group in (Group if "{group}" in path else (Group.GENERAL,))
    )
    return {path: TermSpec(path, kind, _LIMITS.get(path)) for kind, path in expanded}


_CYCLE = _specs(
    {
        TermKind.FLAG: """
            held  groups.{group}.offered  groups.{group}.by_invitation  groups.{group}.all_invited
            groups.{group}.itself_never_awarded  field_verification.held  field_verification.virtual
            selection.objections  selection.withdrawals  entry.online
            finalists.shared  winners.shared
        """,
        TermKind.COUNT: """
            edition  categories.count  sdg_minimum  video.minutes  summary.words
            evaluation.evaluators  evaluation.nominees  evaluation.clusters
            evaluation.nominee_factor  evaluation.team_size  panel.size  objection.days
            interview.minutes  interview.presentation_minutes  interview.question_minutes
            field_verification.count  field_verification.minutes
            winners.total  winners.main  finalists.total  intermediate.size  interview.called
            groups.{group}.cap  groups.{group}.top99_before  groups.{group}.own_tier_before
            groups.{group}.nominees  groups.{group}.finalists  groups.{group}.winners
            groups.{group}.aspects  panel.assessors
        """,
        TermKind.NUMBER: "evaluation.pass_mark  marks.lowest  marks.highest  marks.quantum "
        "evaluation.trim  panel.trim  criteria.total",
        TermKind.TEXT: """
            theme  guideline  replacement  decrees.finalists  decrees.winners
            decrees.announcement  decrees.panel  minimum_age.counts_from  schedule.closing_time
            schedule.closing_zone  groups.{group}.definition  groups.{group}.admits
            groups.{group}.finalist_tier  groups.{group}.winner_tier  evaluation.combine
            evaluation.priority  evaluation.by  entry.unit  entry.route  screening.period
            field_verification.period
            selection.nominees_by  selection.finalists_by  selection.winners_by
            selection.carry_over  composition.quota  ties.draw_seed  interview.period
            evaluation.period  video.resolution  tiers.finalist  tiers.winner
            tiers.intermediate  objection.outcome  panel.combine
        """,
        TermKind.TEXTS: """
            legal_basis  categories.names  documents.required  documents.finalists
            composition.rules  screening.fail_reasons  criteria.names  ties.cascade
            form.aspects  form.rules  video.rules
            entitlements.finalist  entitlements.winner  entitlements.special
            entitlements.replication  stages  panel.rules
        """,
        TermKind.PERIOD: "groups.{group}.minimum_age  groups.{group}.minimum_age_pandemic",
        TermKind.DAY: """
            schedule.registration_opens  schedule.launch  schedule.finalists_announced
            schedule.finalist_award
            schedule.winners_announced  schedule.award  schedule.objection_ends
        """,
        TermKind.DAYS: "schedule.registration_closes",
        TermKind.SPANS: """
            groups.{group}.excluding_awards  groups.{group}.source_awards
            groups.{group}.barring_awards
        """,
        TermKind.CRITERIA: "groups.{group}.criteria",
        TermKind.KINDS: "participants  evaluation.cluster_kinds",
        TermKind.DEMANDS: "composition.demands",
        TermKind.SHARES: "composition.shares",
    }
)

_INCENTIVE = _specs(
    {
        TermKind.FLAG: """
            link  criteria.skip_without_data  criteria.closed_list  cycles.{year}.proposed
        """,
        TermKind.COUNT: """
            criteria.opinion_years  clusters.a.opinion_years  clusters.b.opinion_years
            clusters.c.opinion_years  cycles.{year}.top_tier
            cycles.{year}.fiscal_year  cycles.{year}.fiscal_year_also_said
        """,
        TermKind.NUMBER: "envelope.billion_rupiah  envelope.prior_year_billion_rupiah "
        "clusters.a.share_percent clusters.b.share_percent clusters.c.share_percent "
        "floor.billion_rupiah  innovation.weight",
        TermKind.TEXT: """
            fund  proposer  decider  innovation.indicator  criteria.apbd_deadline
            cycles.{year}.wording
        """,
        TermKind.TEXTS: "instruments  use  innovation.counts",
        TermKind.FISCAL_CRITERIA: """
            criteria.required  clusters.a.criteria  clusters.b.criteria  clusters.c.criteria
        """,
        TermKind.GRADE: """
            criteria.eprocurement_grade  clusters.a.eprocurement_grade
            clusters.b.eprocurement_grade  clusters.c.eprocurement_grade
        """,
        TermKind.KINDS: "recipients",
        TermKind.LEVELS: "cycles.{year}.levels.{group}",
    }
)

_HUBS = _specs(
    {
        TermKind.FLAG: "criteria.all_needed",
        TermKind.COUNT: "criteria.first_year  criteria.last_year  criteria.external_from "
        "register.complete_to  target.year",
        TermKind.TEXT: "legal_basis  structure  coverage  target.aim",
        TermKind.TEXTS: "criteria.names  maturity.aspects  tasks  activities  phases "
        "institutionalisation.marks  maturity.levels",
        TermKind.INSTRUMENTS: "institutionalisation.ladder  institutionalisation.expected",
        TermKind.DAY: "maturity.introduced  institutionalisation.expected_from",
    }
)

_DUTY = _specs(
    {
        TermKind.COUNT: "create.minimum.{year}  enter.minimum.{year}",
        TermKind.FLAG: "create.replica_counts  create.older_counts  create.suspended_2024",
        TermKind.TEXT: "create.wording  enter.wording  consequence.{year}",
        TermKind.DAY: "movement.launched  create.duty_from",
        TermKind.KINDS: "subjects",
    }
)

SCHEMAS: Mapping[BookKind, Mapping[str, TermSpec]] = {
    BookKind.CYCLE: _CYCLE,
    BookKind.INCENTIVE: _INCENTIVE,
    BookKind.HUBS: _HUBS,
    BookKind.DUTY: _DUTY,
}

_YEAR = re.compile(r"(?<=\.)\d{4}(?=\.|$)", re.ASCII)


def spec(kind: BookKind, path: str, *, where: str = "") -> TermSpec:
    """The declaration of *path* in a rulebook of *kind*.

    Raises:
        UnknownName: no such path; the error suggests the paths that end alike or look alike.
    """
    schema = SCHEMAS[kind]
    found = schema.get(path) or schema.get(_YEAR.sub("{year}", path))
    if found is None:
        alike = _alike(path, schema)
        cure = f"did you mean {', '.join(alike)}?" if alike else ""
        raise UnknownName("path", path, f"a path of a {kind} rulebook", where, cure)
    return attrs.evolve(found, path=path)


def leads_on(kind: BookKind, path: str) -> bool:
    """Whether paths of a rulebook of *kind* lie below *path*."""
    below = (f"{path}.", f"{_YEAR.sub('{year}', path)}.")
    return any(known.startswith(below) for known in SCHEMAS[kind])


def _alike(path: str, schema: Mapping[str, TermSpec]) -> list[str]:
    leaf = path.rsplit(".", 1)[-1]
    same = [known for known in schema if known.rsplit(".", 1)[-1] == leaf]
    return same or get_close_matches(path, schema, n=1)
