"""One cycle run whole: a made-up field through every stage, every tie with how it was settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from kipp import assumptions
from kipp.defaults import judge_all
from kipp.demo.lines import Line, Tables, cite, line_of, settings
from kipp.domain.citation import Cited, Term, Value, weakest
from kipp.domain.cycle import Group
from kipp.domain.errors import MissingExtra
from kipp.domain.record import CompositionRow, StatisticRow
from kipp.domain.selection import Standing
from kipp.io import to_json
from kipp.io.certificate import certify, digest_of
from kipp.io.contest import Contest
from kipp.rules.decision import Judgement, Outcome
from kipp.rules.results import StageRecord
from kipp.rules.rulebook import Assumption, Rulebook
from kipp.rules.selection import Selection, select
from kipp.rules.ties import Settlement
from kipp.simulation.field import MadeUpField, make_up
from kipp.simulation.published import funnel_of, spread_of

__all__ = ["Run", "certificate_lines", "cycle_lines", "run_cycle"]

_EXAMPLE = "kipp.assumptions.example"


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
    year = settings()["kinds"]["year"]
    assumed = assumptions.example(year, lang)
    book = tables.book.assume(assumed, name=_EXAMPLE)
    funnel, rows = funnel_of(tables.record)
    made = make_up(tables.agencies, book, funnel, spread_of(), seed=settings()["seed"])
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


def cycle_lines(run: Run) -> Iterator[Line]:
    """The field, every assumption, every stage, every tie with how it was settled."""
    yield line_of(
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


def certificate_lines(tables: Tables, run: Run) -> Iterator[Line]:
    """The digest of the run's certificate, or what making one lacks.

    The assumptions say why in the reference language, so that everybody reads the same digest.
    """
    book = tables.book.assume(assumptions.example(settings()["kinds"]["year"]), name=_EXAMPLE)
    proposals, sheets = run.field.proposals, run.field.sheets
    selection = select(book, proposals, sheets, screened=run.judgements)
    contest = Contest(
        proposals=proposals,
        sheets=sheets,
        histories=tuple(run.field.histories.values()),
    )
    inputs = {settings()["file"]: to_json(contest).encode()}
    try:
        certificate = certify(selection, book, inputs)
    except MissingExtra as lacking:
        yield Line("demo.no-certificate", (("extra", lacking.extra),))
        return
    values = (("digest", digest_of(certificate)), ("file", settings()["file"]))
    yield Line("demo.certificate", values)


def _plain(value: Value[Any]) -> object:
    return value.value if isinstance(value, Cited) else type(value).__name__


def _of_term(code: str, term: Term[Any], **values: object) -> Line:
    return Line(code, tuple(values.items()), (cite(term),), term.evidence)


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
    sources = tuple(dict.fromkeys(cite(term) for term in record.terms if term.citations))
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
        sources = tuple(cite(term) for term in cascade)
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
