"""A report as text for people, as JSON, JSON Lines, CSV or SARIF, written as the faults are found.

Each is an iterator of pieces of text; nothing is held but what the form needs.  What one of them
says of a fault the others say too; only the text rolls faults of one code up: how many, and the
first of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs

from kipp.domain.errors import UnknownName
from kipp.domain.fault import Fault, Origin, Severity
from kipp.io.report_data import compact, fault_data, summary_data
from kipp.io.validation import Report, Summary
from kipp.messages.catalogue import LANGUAGES
from kipp.messages.report import cure_text, place, tell
from kipp.messages.sentences import line, word

__all__ = ["COLUMNS", "REPORTS", "pieces"]

_FIRST = 3
"""How many faults of one code the text tells in full."""

_PLACES = 10
"""How many further ones it names by their place."""

COLUMNS: tuple[str, ...] = (
    "code",
    "severity",
    "file",
    "sheet",
    "row",
    "column",
    "line",
    "offset",
    "pointer",
    "record",
    "message",
    "cure",
    "others",
)
"""The columns of the report as CSV."""


def pieces(report: Report, form: str = "text", lang: str = "id") -> Iterator[str]:
    """*report* in one of the forms of :data:`REPORTS`, piece by piece.

    Raises:
        UnknownName: another form or language.
    """
    if form not in REPORTS:
        raise UnknownName("form", form, f"one of {', '.join(REPORTS)}")
    if lang not in LANGUAGES:
        raise UnknownName("lang", lang, f"one of {', '.join(LANGUAGES)}")
    return map(_encodable, REPORTS[form](report, lang))


def _encodable(piece: str) -> str:
    r"""*piece* with half characters written out (``\ud800``), as JSON writes them too."""
    if piece.isascii():
        return piece
    return piece.encode("utf-8", "backslashreplace").decode()


# Forms


def _as_json(report: Report, lang: str) -> Iterator[str]:
    """One object: ``faults`` and, after them, ``summary``."""
    before = '{"faults":[\n'
    for fault in report:
        yield before + compact(fault_data(fault, lang))
        before = ",\n"
    yield before if before.startswith("{") else ""
    yield f'],\n"summary":{compact(summary_data(report.summary))}}}\n'


def _as_ndjson(report: Report, lang: str) -> Iterator[str]:
    """One fault a line, and last ``{"summary": …}``."""
    for fault in report:
        yield f"{compact(fault_data(fault, lang))}\n"
    yield f"{compact({'summary': summary_data(report.summary)})}\n"


def _as_csv(report: Report, lang: str) -> Iterator[str]:
    """One fault a row; a cell that a spreadsheet would calculate is told to be text."""
    yield _row(COLUMNS)
    for fault in report:
        yield _row(_cells(fault, lang))


def _cells(fault: Fault, lang: str) -> Iterator[object]:
    origin = fault.origin
    yield from (fault.code, word(fault.severity, lang))
    yield from (getattr(origin, name) for name in _PLACE)
    yield from (fault.pointer, fault.record, tell(fault, lang), cure_text(fault, lang))
    yield "; ".join(place(each, lang) for each in fault.others)


def _row(cells: Iterable[object]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, behind an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


_PLACE = tuple(each.name for each in attrs.fields(Origin))
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@attrs.define
class _Alike:
    """The faults of one code: the *first*, and the *places* of more."""

    first: list[str] = attrs.field(factory=list)
    places: list[str] = attrs.field(factory=list)
    count: int = 0


def _as_text(report: Report, lang: str) -> Iterator[str]:
    """Faults by code, the gravest first: how many, the first ones in full, then places."""
    alike: dict[tuple[Severity, str], _Alike] = {}
    for fault in report:
        group = alike.setdefault((fault.severity, fault.code), _Alike())
        group.count += 1
        if len(group.first) < _FIRST:
            group.first.append(tell(fault, lang))
        elif len(group.places) < _PLACES:
            group.places.append(place(fault.origin, lang))
    order = list(Severity)
    for (severity, code), group in sorted(alike.items(), key=lambda each: order.index(each[0][0])):
        said = line("report.group", lang, severity=severity, name=code, count=group.count)
        yield f"{said}\n"
        yield from (f"  {sentence}\n" for sentence in group.first)
        if group.count > len(group.first):
            yield f"  {_rest(group, lang)}\n"
        yield "\n"
    yield from _summary_lines(report.summary, lang)


def _rest(group: _Alike, lang: str) -> str:
    more = group.count - len(group.first)
    places = "; ".join(filter(None, group.places))
    left = more - len(group.places)
    return line("report.more", lang, count=more, places=places, left=left or None)


def _summary_lines(summary: Summary, lang: str) -> Iterator[str]:
    counts = summary.severities
    said = line(
        "report.summary",
        lang,
        records=summary.records,
        accepted=summary.accepted,
        faults=summary.faults,
        blocks=counts[Severity.BLOCKS],
        person=counts[Severity.NEEDS_PERSON],
        note=counts[Severity.NOTE],
    )
    yield f"{said}\n"
    if summary.rules:
        said = line("report.rules", lang, count=len(summary.rules), cycle=summary.cycle)
        yield f"{said}\n"


def _as_sarif(report: Report, lang: str) -> Iterator[str]:
    from kipp.io.sarif import as_sarif

    return as_sarif(report, lang)


REPORTS: Mapping[str, Callable[[Report, str], Iterator[str]]] = MappingProxyType(
    {
        "text": _as_text,
        "json": _as_json,
        "ndjson": _as_ndjson,
        "csv": _as_csv,
        "sarif": _as_sarif,
    }
)
"""The forms of a report by name."""
