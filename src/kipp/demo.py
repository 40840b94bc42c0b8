"""``kipp demo``: the published record, its arithmetic, one whole cycle, what follows, the hubs.

Everything is a function of :class:`Tables`, so that a changed row changes the figure.  Each line
has a code of the message catalogue, its values and the sources it rests on.
"""

from __future__ import annotations

import enum
import functools
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, TypeAlias

import attrs

from kipp import assumptions, messages, registry, rulebooks
from kipp.defaults import judge_all
from kipp.domain.agency import AgencyKind
from kipp.domain.assessment import Criterion
from kipp.domain.award import Level, Tier
from kipp.domain.citation import Cited, Evidence, NotFound, Term, Value, cited, weakest
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.proposal import Proposal
from kipp.domain.record import AwardRow, CompositionRow, HubBasis, HubRow, Record, StatisticRow
from kipp.domain.registry import Registry
from kipp.domain.selection import Standing
from kipp.rules.decision import Judgement, Outcome, Reason
from kipp.rules.hub import hub_counts
from kipp.rules.incentive import incentive_status, propose
from kipp.rules.resolution import Resolution, Resolved, Unresolved, resolve
from kipp.rules.results import StageRecord
from kipp.rules.rulebook import Assumption, Rulebook
from kipp.rules.selection import Selection, select
from kipp.rules.ties import Settlement
from kipp.simulation.field import Funnel, MadeUpField, Spread, make_up

__all__ = [
    "Line",
    "Run",
    "Section",
    "Tables",
    "arithmetic_lines",
    "as_text",
    "cycle_lines",
    "demonstrate",
    "hub_lines",
    "incentive_lines",
    "packaged",
    "record_lines",
    "run_cycle",
]


_Row: TypeAlias = AwardRow | CompositionRow | StatisticRow | HubRow


@attrs.frozen
class Line:
    """One line: a code of the catalogue, the values of its sentence, sources and their class."""

    code: str
    values: tuple[tuple[str, object], ...] = ()
    sources: tuple[str, ...] = ()
    evidence: Evidence | None = None


@attrs.frozen
class Section:
    """A part of the demonstration: its heading and its lines."""

    heading: Line
    lines: tuple[Line, ...]


@attrs.frozen(kw_only=True)
class Tables:
    """Everything the demonstration reads: agencies, the record, the rulebook of the cycle run."""

    agencies: Registry
    record: Record
    book: Rulebook


def packaged() -> Tables:
    """The packaged tables, with the rulebook of the year the demonstration runs."""
    year = _settings()["kinds"]["year"]
    return Tables(
        agencies=registry.registry(), record=registry.record(), book=rulebooks.rulebook(year)
    )


@functools.cache
def _settings() -> Mapping[str, Any]:
    text = resources.files("kipp").joinpath("demo.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def demonstrate(tables: Tables, lang: str = "id") -> tuple[Section, ...]:
    """The five sections, each line with its source; assumptions say why in *lang*."""
    run = run_cycle(tables, lang)
    year = (("year", tables.book.year),)
    return (
        Section(Line("demo.record"), tuple(record_lines(tables))),
        Section(Line("demo.arithmetic"), tuple(arithmetic_lines(tables))),
        Section(Line("demo.cycle", year), tuple(cycle_lines(run))),
        Section(Line("demo.incentive"), tuple(incentive_lines(tables, run))),
        Section(Line("demo.hubs"), tuple(hub_lines(tables))),
    )


def _line(code: str, rows: Iterable[_Row] = (), **values: object) -> Line:
    found = list(rows)
    sources = tuple(dict.fromkeys(row.source_url for row in found))
    return Line(code, tuple(values.items()), sources, weakest(row.evidence for row in found))


# 1. The published record


def record_lines(tables: Tables) -> Iterator[Line]:
    """Awards by year and tier, each with the agency it resolves to or the reason why not."""
    rows = tables.record.awards
    answers = [(row, resolve(tables.agencies, row.agency_name, row.year)) for row in rows]
    tiers: dict[tuple[int, str], list[tuple[AwardRow, Resolution]]] = {}
    for row, answer in answers:
        tiers.setdefault((row.year, row.tier_key), []).append((row, answer))
    for (year, tier), pairs in tiers.items():
        found = sum(isinstance(answer, Resolved) for _, answer in pairs)
        counts = {"count": len(pairs), "resolved": found}
        yield _line("demo.awards", [row for row, _ in pairs], year=year, tier=tier, **counts)
        yield from (_award(row, answer) for row, answer in pairs)
    resolved = sum(isinstance(answer, Resolved) for _, answer in answers)
    yield _line("demo.resolved", rows, resolved=resolved, count=len(rows))


def _award(row: AwardRow, answer: Resolution) -> Line:
    if isinstance(answer, Unresolved):
        values: dict[str, object] = {"name": row.agency_name, "reason": answer.reason}
        return _line("demo.unresolved", [row], year=row.year, **values)
    values = {"innovation": row.innovation, "name": row.agency_name, "agency": answer.agency.key}
    return _line("demo.award", [row], year=row.year, tier=row.tier_key, **values)


# 2. Its arithmetic


def arithmetic_lines(tables: Tables) -> Iterator[Line]:
    """Breakdowns, registrations and finalists: sums beside the totals that others published."""
    yield from _breakdowns(tables.record)
    yield from _registrations(tables.record)
    yield from _finalists(tables.record)


def _breakdowns(record: Record) -> Iterator[Line]:
    """Every published breakdown on its own: competing ones stand side by side."""
    tables: dict[tuple[int, str, str], list[CompositionRow]] = {}
    for row in record.compositions:
        tables.setdefault((row.year, row.tier_key, row.source_url), []).append(row)
    for (year, tier, _), rows in tables.items():
        parts = tuple((row.agency_kind, row.innovations, row.agencies) for row in rows)
        counted = [row.agencies for row in rows if row.agencies is not None]
        yield _line(
            "demo.breakdown" if len(counted) == len(rows) else "demo.breakdown-innovations",
            rows,
            year=year,
            tier=tier,
            parts=parts,
            innovations=sum(row.innovations for row in rows),
            agencies=sum(counted) if len(counted) == len(rows) else None,
        )


def _registrations(record: Record) -> Iterator[Line]:
    name = _settings()["funnel"]["registered"]
    rows = [row for row in record.statistics if row.statistic == name]
    preferred = [row for row in rows if row.preferred]
    yield _line(
        "demo.registered",
        preferred,
        first=min(row.first_year for row in preferred),
        last=_last_of_ten(record).last_year,
        total=sum(_within(preferred, _last_of_ten(record))),
    )
    for row in rows:
        code = "demo.registered-year" if row.preferred else "demo.registered-other"
        yield _line(code, [row], years=row.years, value=row.value)
    for name in _settings()["totals"]["names"]:
        for row in _statistics(record, name):
            yield _line("demo.total", [row], years=row.years, name=name, value=row.value)


def _within(rows: Iterable[StatisticRow], range_row: StatisticRow) -> Iterator[int]:
    first, last = range_row.first_year, range_row.last_year
    return (row.value for row in rows if first <= row.first_year <= last)


def _last_of_ten(record: Record) -> StatisticRow:
    return _statistics(record, _settings()["totals"]["registered"])[-1]


def _finalists(record: Record) -> Iterator[Line]:
    first, last = _last_of_ten(record).first_year, _last_of_ten(record).last_year
    sizes = [_finalist_terms(year) for year in range(first, last + 1)]
    terms = [term for year in sizes for term in year]
    yield Line(
        "demo.finalists",
        (
            ("first", first),
            ("last", last),
            ("total", sum(size for term in terms for size in cited(term.value))),
        ),
        tuple(dict.fromkeys(_cite(term) for term in terms)),
        weakest(term.evidence for term in terms if term.evidence),
    )
    for row in _statistics(record, _settings()["totals"]["finalists"]):
        yield _line("demo.total", [row], years=row.years, name=row.statistic, value=row.value)


def _finalist_terms(year: int) -> list[Term[Any]]:
    book = rulebooks.rulebook(year)
    terms = (book.term(f"groups.{group.key}.finalists") for group in Group)
    return [term for term in terms if isinstance(term.value, Cited)]


def _statistics(record: Record, name: str) -> list[StatisticRow]:
    rows = [row for row in record.statistics if row.statistic == name]
    if not rows:
        raise UnknownName("statistic", name, "a statistic of the record")
    return rows


def _figure(record: Record, name: str, year: int) -> StatisticRow:
    """The preferred figure of one year."""
    rows = _statistics(record, name)
    found = [row for row in rows if row.first_year == row.last_year == year and row.preferred]
    if not found:
        raise UnknownName("statistic", (name, year), "a preferred figure of that year")
    return found[0]


def _cite(term: Term[Any]) -> str:
    return "; ".join(dict.fromkeys(each.source.title for each in term.citations))


# 3. One cycle run whole


@attrs.frozen(kw_only=True)
class Run:
    """A made-up field, run whole under a rulebook with its assumptions."""

    book: Rulebook
    assumed: tuple[Assumption, ...]
    field: MadeUpField
    judgements: Mapping[str, Judgement]
    selection: Selection
    rows: tuple[StatisticRow | CompositionRow, ...]


def run_cycle(tables: Tables, lang: str = "id") -> Run:
    """Make up a field of the published size and run it through every stage.

    The assumptions it rests on say why in *lang*.
    """
    year = _settings()["kinds"]["year"]
    assumed = assumptions.example(year, lang)
    book = tables.book.assume(assumed, name=f"kipp.assumptions.example({year})")
    funnel, rows = _funnel(tables.record, year)
    spread = Spread(**{**_settings()["spread"], "quality": tuple(_settings()["spread"]["quality"])})
    made = make_up(tables.agencies, book, funnel, spread, seed=_settings()["seed"])
    judgements = judge_all(
        made.proposals, histories=made.histories, book=book, among=tables.agencies
    )
    selection = select(book, made.proposals, made.sheets, screened=judgements)
    return Run(
        book=book,
        assumed=assumed,
        field=made,
        judgements=judgements,
        selection=selection,
        rows=rows,
    )


def _funnel(record: Record, year: int) -> tuple[Funnel, tuple[StatisticRow | CompositionRow, ...]]:
    settings = _settings()
    sizes = {step: _figure(record, name, year) for step, name in settings["funnel"].items()}
    groups = {
        group: _figure(record, settings["groups"][group.key], settings["groups"]["year"])
        for group in Group
    }
    kinds = {
        AgencyKind[row.agency_kind.upper()]: row
        for row in record.compositions
        if (row.year, row.tier_key) == (year, settings["kinds"]["tier"])
        and row.agency_kind in settings["kinds"]["mapped"]
    }
    funnel = Funnel(
        **{step: row.value for step, row in sizes.items()},
        kinds={kind: row.innovations for kind, row in kinds.items()},
        groups={group: row.value for group, row in groups.items()},
    )
    return funnel, (*sizes.values(), *groups.values(), *kinds.values())


def cycle_lines(run: Run) -> Iterator[Line]:
    """The field, every assumption, every stage, every tie with how it was settled."""
    yield _line(
        "demo.made-up",
        run.rows,
        count=len(run.field.proposals),
        seed=run.field.seed,
        first=run.field.proposals[0].title,
        last=run.field.proposals[-1].title,
        rulebook=run.book.name,
    )
    for each in run.assumed:
        term = run.book.term(each.path)
        yield _of_term("demo.assumed", term, path=term.path, value=_plain(term.value))
    yield from _failures(run)
    for record in run.selection.stages:
        yield from _stage(record)
    if run.selection.stopped:
        stop = run.selection.stopped
        yield Line("demo.stopped", (("stage", stop.stage), ("paths", stop.paths)))


def _plain(value: Value[Any]) -> object:
    return value.value if isinstance(value, Cited) else type(value).__name__


def _of_term(code: str, term: Term[Any], **values: object) -> Line:
    return Line(code, tuple(values.items()), (_cite(term),), term.evidence)


def _failures(run: Run) -> Iterator[Line]:
    """Why proposals failed screening: how many for each reason, with what the reason rests on."""
    reasons = [
        reason
        for judgement in run.judgements.values()
        for reason in judgement.reasons
        if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)
    ]
    counted = Counter(reason.code for reason in reasons)
    first = {reason.code: reason for reason in reversed(reasons)}
    for code, count in sorted(counted.items()):
        sources = tuple(dict.fromkeys(each.source.title for each in first[code].citations))
        values = (("reason", code), ("count", count))
        yield Line("demo.screened-out", values, sources, first[code].evidence)


def _stage(record: StageRecord) -> Iterator[Line]:
    """How many were selected at a stage, by group, and every tie with how it was settled."""
    groups = Counter(r.group for r in record.results if r.standing is Standing.SELECTED)
    parts = tuple((group, groups[group]) for group in Group)
    sources = tuple(dict.fromkeys(_cite(term) for term in record.terms if term.citations))
    yield Line(
        "demo.stage",
        (
            ("stage", record.stage),
            ("entered", len(record.results)),
            ("selected", groups.total()),
            ("parts", parts),
        ),
        sources,
        weakest(term.evidence for term in record.terms if term.evidence),
    )
    cascade = [term for term in record.terms if term.path.startswith("ties.")]
    for each in record.settlements:
        sources = tuple(_cite(term) for term in cascade)
        evidence = weakest(term.evidence for term in cascade if term.evidence)
        yield Line("demo.tie", _tie_values(each), sources, evidence)
    for tie in record.ties:
        values = (("stage", tie.stage), ("group", tie.group), ("tied", tie.proposals))
        yield Line("demo.tie-left", (*values, ("seats", tie.seats)))


def _tie_values(each: Settlement) -> tuple[tuple[str, object], ...]:
    return (
        ("stage", each.stage),
        ("group", each.group),
        ("tied", each.tied),
        ("seats", each.seats),
        ("key", each.key),
        ("selected", each.selected),
        ("still_tied", each.still_tied),
    )


# 4. The incentive proposals that follow


def incentive_lines(tables: Tables, run: Run) -> Iterator[Line]:
    """For each winner: proposed for the incentive, or why not."""
    books = [rulebooks.incentive_book(year) for year in rulebooks.fiscal_years()]
    entered = {each.id: each for each in run.field.proposals}
    counted: Counter[Outcome] = Counter()
    for key in run.selection.winners:
        proposal = entered[key]
        agency = tables.agencies.agency(proposal.agency)
        tier = _tier_won(proposal)
        decision = propose(tables.book, books, agency, tier)
        counted[decision.outcome] += 1
        about = {"title": proposal.title, "agency": agency.name, "group": proposal.group}
        if decision.outcome is Outcome.MET:
            status = incentive_status(tables.book, books, agency, tier)
            known = status.value or Outcome.UNKNOWN
            yield _following("demo.proposed", status.reasons, status=known, **about)
        else:
            outcome = decision.outcome
            yield _following("demo.not-proposed", decision.reasons, outcome=outcome, **about)
    parts = tuple((outcome, counted[outcome]) for outcome in Outcome)
    yield Line("demo.incentive-sum", (("parts", parts), ("winners", counted.total())))


def _following(code: str, reasons: Iterable[Reason], **values: object) -> Line:
    """A line that names the worst reason, with what that reason rests on."""
    outcomes = list(Outcome)
    decisive = min(
        (reason for reason in reasons if reason.outcome is not None),
        key=lambda reason: outcomes.index(reason.outcome or Outcome.MET),
    )
    cited_in = dict.fromkeys(each.source.title for each in decisive.citations)
    searched = (t.value.searched for t in decisive.terms if isinstance(t.value, NotFound))
    sources = tuple(cited_in) or tuple(searched)
    named = (*values.items(), ("reason", decisive.code))
    return Line(code, named, sources, decisive.evidence)


def _tier_won(proposal: Proposal) -> Tier:
    """The tier a winner of the demonstration's cycle reached."""
    special = proposal.group is Group.SPECIAL
    level = Level.OUTSTANDING if special else Level.WINNER
    return Tier(year=proposal.cycle, level=level, group=proposal.group)


# 5. The hubs


def hub_lines(tables: Tables) -> Iterator[Line]:
    """Local hubs at the end of each year: named, stated, unnamed, by what makes them hubs."""
    for year in sorted({row.year for row in tables.record.hubs}):
        rows = [row for row in tables.record.hubs if row.year <= year]
        count = hub_counts(rows, year)
        parts = tuple((basis, count.by_basis[basis]) for basis in HubBasis)
        numbers = {"named": count.named, "stated": count.stated, "unnamed": count.unnamed}
        yield _line("demo.hub-year", rows, year=year, parts=parts, **numbers)


# As text


def as_text(sections: Iterable[Section], lang: str = "id") -> Iterator[str]:
    """The demonstration as lines of text in *lang*, each figure followed by its source.

    Raises:
        UnknownName: another language than ``id`` and ``en``.
    """
    for section in sections:
        yield _say(section.heading, lang)
        for line in section.lines:
            yield f"  {_say(line, lang)}"
            yield f"    {_source_of(line, lang)}"
        yield ""


def _say(line: Line, lang: str) -> str:
    values = {name: _shown(name, value, lang) for name, value in line.values}
    return messages.line(line.code, lang, **values)


def _source_of(line: Line, lang: str) -> str:
    if not line.sources:
        return messages.line("demo.no-source", lang)
    more = len(line.sources) - 1 or None
    return messages.line(
        "demo.source", lang, evidence=line.evidence, source=line.sources[0], more=more
    )


def _shown(name: str, value: object, lang: str) -> object:
    match name, value:
        case "parts", tuple():
            return ", ".join(_part(part, lang) for part in value)
        case "value", tuple():
            return ", ".join(_worth(item) for item in value)
        case "key", str():
            return messages.line(f"demo.key.{value}", lang)
        case _:
            return value


def _worth(item: object) -> str:
    return f"{item.key} {item.weight}" if isinstance(item, Criterion) else str(item)


def _part(part: tuple[object, ...], lang: str) -> str:
    match part:
        case (str(kind), innovations, agencies):
            named = messages.line(f"demo.kind.{kind}", lang)
            return messages.line(
                "demo.part", lang, kind=named, innovations=innovations, agencies=agencies
            )
        case (enum.Enum() as word, count):
            return messages.line("demo.count", lang, word=word, count=count)
        case _:
            raise InvalidValue("parts", part, "a kind with its numbers, or a word with a count")
