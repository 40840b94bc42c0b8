"""``kipp validate``, ``fix``, ``convert``, ``schema``, ``template``: records in files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from kipp import messages
from kipp.cli.files import apart, write_text
from kipp.cli.shown import Exit, Shown
from kipp.domain.errors import InvalidValue
from kipp.domain.fault import Fault, Severity

if TYPE_CHECKING:
    from kipp.io.checking import Checked
    from kipp.io.options import Reading
    from kipp.io.raw import Raw
    from kipp.io.validation import Report, Summary

__all__ = [
    "FORMS",
    "convert_file",
    "fix_file",
    "schema_of",
    "template_of",
    "validate_files",
]

FORMS = ("text", "json", "ndjson", "csv", "sarif")
"""The forms of a report, the one for people first."""


def validate_files(
    lang: str,
    files: tuple[str, ...],
    cycle: int | None,
    kind: str,
    form: str,
    output: str | None,
    annotate: str | None,
    cross: bool,
    **declared: Any,
) -> Shown:
    """``kipp validate``: everything that is wrong with the records of the files."""
    from kipp.defaults import validate
    from kipp.io.reports import pieces

    apart("--output", output, files)
    apart("--annotate", annotate, (*files, *([output] if output else ())))
    bar = form == FORMS[0] or output is not None or not sys.stdout.isatty()
    reading = _reading(declared, cycle)
    source = _Files(files, kind, reading, bar=bar)
    report: Any = validate(source, cycle, kind, cross=cross)
    if annotate is not None:
        report = _Kept(report)
        _annotate(files, report, annotate, kind, lang, reading)
    if output is not None:
        write_text(output, pieces(report, form, lang))
        said = messages.line("cli.reported", lang, file=output, count=report.summary.faults)
        return Shown((), (said,), _status(report.summary))
    return Shown(
        (),
        _lines(pieces(report, form, lang)),
        lambda: _status(report.summary),
        as_json=_lines(pieces(report, "json", lang)),
        verbatim=form != FORMS[0],
    )


class _Kept(Iterator[Fault]):
    """A report that is read once and told again."""

    def __init__(self, report: Report) -> None:
        self.faults = list(report)
        self.summary = report.summary
        self._told = iter(self.faults)

    def __next__(self) -> Fault:
        return next(self._told)


def _annotate(
    files: tuple[str, ...], report: _Kept, target: str, kind: str, lang: str, reading: Reading
) -> None:
    from kipp.io.annotate import annotate
    from kipp.io.atomic import replacing
    from kipp.io.kinds import kind_named

    (file,) = files if len(files) == 1 else _several(files)
    with replacing(target) as stream:
        type_ = kind_named(kind).type
        annotate(file, report.faults, stream, kind=type_, lang=lang, reading=reading)


def _several(files: tuple[str, ...]) -> tuple[str]:
    raise InvalidValue("--annotate", files, "one file to annotate")


def _reading(declared: dict[str, Any], cycle: int | None) -> Reading:
    """What the options declare about a table, and how it names agencies in the cycle."""
    from kipp.defaults import reading_for
    from kipp.io.options import Reading
    from kipp.registry import registry

    return reading_for(Reading(**declared), cycle, registry())


def _status(summary: Summary) -> Exit:
    """One if something blocks, three if only people have to look, none otherwise."""
    if summary.severities[Severity.BLOCKS]:
        return Exit.NOT_MET
    return Exit.UNKNOWN if summary.severities[Severity.NEEDS_PERSON] else Exit.MET


@attrs.frozen
class _Files:
    """The records of several files, one file after the other, as often as somebody asks.

    With *bar* a terminal shows how many were read.
    """

    paths: tuple[str, ...]
    kind: str
    reading: Reading
    bar: bool

    def __iter__(self) -> Iterator[Raw]:
        from kipp.io.files import read_raw
        from kipp.io.kinds import kind_named

        kind = kind_named(self.kind).type
        for path in self.paths:
            records = read_raw(path, kind, reading=self.reading)
            seen = self.bar and sys.stderr.isatty()
            yield from _counted(records, Path(path).name) if seen else records


def _counted(records: Iterator[Raw], label: str) -> Iterator[Raw]:
    """*records*, and on a terminal how many there were so far."""
    import click

    with click.progressbar(records, label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    """Whole lines of a text that comes in pieces."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    if rest:
        yield rest


def convert_file(lang: str, source: str, target: str, kind: str, **declared: Any) -> Shown:
    """``kipp convert``: the records of a file in another format; nothing where one is faulty."""
    from kipp.io.atomic import write_records
    from kipp.io.checking import checked
    from kipp.io.files import format_of, read_raw
    from kipp.io.kinds import kind_named
    from kipp.io.report_data import compact, fault_data

    apart("TARGET", target, (source,))
    format_of(target)
    type_ = kind_named(kind).type
    records = read_raw(source, type_, reading=_reading(declared, None))
    found: list[Checked[Any]] = []
    faults: list[Fault] = []
    for raw in records:
        if raw.is_record:
            found.append(checked(raw, type_))
        faults += found[-1].faults if raw.is_record else raw.faults
    said = [messages.tell(fault, lang) for fault in faults]
    stops = any(fault.severity is not Severity.NOTE for fault in faults)
    status = Exit.NOT_MET if stops else Exit.MET
    if status is Exit.MET:
        write_records(target, (each.value for each in found), type_)
        said.append(messages.line("cli.converted", lang, file=target, count=len(found)))
    as_json = [compact(fault_data(fault, lang)) for fault in faults]
    return Shown((), said, status, as_json=as_json)


def fix_file(
    lang: str, file: str, cycle: int | None, kind: str, yes: bool, dry_run: bool, **declared: Any
) -> Shown:
    """``kipp fix``: the certain cures of a file, each applied if somebody says yes."""
    from kipp.defaults import validate
    from kipp.io.fixing import file_digest, fix, is_fixable
    from kipp.io.kinds import kind_named

    reading = _reading(declared, cycle)
    seen = file_digest(file)
    found = [fault for fault in validate(file, cycle, kind, reading=reading) if is_fixable(fault)]
    if dry_run or not found:
        said = [messages.tell(fault, lang) for fault in found]
        return Shown((), (*said, messages.line("cli.fixable", lang, file=file, count=len(found))))
    count = fix(
        file,
        found,
        kind_named(kind).type,
        (lambda _: True) if yes else (lambda fault: _asked(fault, lang)),
        seen=seen,
        reading=reading,
    )
    return Shown((), (messages.line("cli.fixed", lang, file=file, count=count),))


def _asked(fault: Fault, lang: str) -> bool:
    """Show *fault* and its cure on the terminal, and ask."""
    import click

    click.echo(messages.tell(fault, lang), err=True)
    return click.confirm(messages.line("cli.apply", lang), default=False, err=True)


def schema_of(lang: str, kind: str) -> Shown:
    """``kipp schema``: the JSON Schema of a kind of record."""
    from kipp.io.kinds import kind_named
    from kipp.io.schema import schema_text

    lines = schema_text(kind_named(kind).type, lang=lang).split("\n")
    return Shown((), lines, as_json=lines, verbatim=True)


def template_of(lang: str, kind: str, output: str) -> Shown:
    """``kipp template``: an empty workbook to fill in."""
    from kipp.io.atomic import replacing
    from kipp.io.kinds import kind_named
    from kipp.io.template import write_template

    with replacing(output) as stream:
        write_template(stream, kind_named(kind).type, lang)
    return Shown((), (messages.line("cli.template", lang, file=output),))
