"""``kipp select``, ``verify``: a selection with its certificate, and its replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from kipp import messages
from kipp.cli.books import assumed_book
from kipp.cli.files import apart, bytes_by_name, bytes_of, write_whole
from kipp.cli.shown import Exit, Shown
from kipp.domain.errors import InvalidValue
from kipp.domain.selection import Standing

if TYPE_CHECKING:
    from kipp.rules.selection import Selection

__all__ = ["select_files", "verify_files"]


def select_files(
    lang: str, files: tuple[str, ...], cycle: int, assume: str | None, output: str | None
) -> Shown:
    """``kipp select``: the selection that the files hold, and its certificate."""
    from kipp.defaults import certify, select_contest
    from kipp.io.certificate import digest_of, read_contest

    book = assumed_book(cycle, assume)
    inputs = bytes_by_name(files)
    apart("--output", output, (*files, *([assume] if assume else ())))
    selection = select_contest(read_contest(inputs), book=book)
    lines = [*_stage_lines(selection, lang)]
    if output is not None:
        write_whole(output, certificate := certify(selection, book=book, inputs=inputs))
        lines.append(messages.line("cli.written", lang, file=output, digest=digest_of(certificate)))
    open_ = selection.stopped or selection.unknown
    return Shown((selection,), lines, Exit.UNKNOWN if open_ else Exit.MET)


def _stage_lines(selection: Selection, lang: str) -> Iterator[str]:
    """How many go on from each stage, every tie with how it was settled, who wins or why not."""
    for record in selection.stages:
        yield messages.line(
            "cli.stage",
            lang,
            stage=record.stage,
            entered=len(record.results),
            selected=len(record.selected),
        )
        for each in record.settlements:
            values = attrs.asdict(each, recurse=False)
            yield f"  {messages.line('cli.settled', lang, **_only(values, _SETTLED))}"
    for reason in selection.stopped.reasons if selection.stopped else ():
        yield messages.say(reason, lang)
    for last in () if selection.stopped else selection.final:
        if last.standing is Standing.UNKNOWN:
            said = messages.say(last.reasons[0], lang)
            yield messages.line("cli.left-open", lang, proposal=last.proposal, reason=said)
    for key in selection.winners:
        yield messages.line("cli.winner", lang, proposal=key)


_SETTLED = ("group", "tied", "seats", "key", "selected", "still_tied")


def _only(values: Mapping[str, object], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] or None for name in names}


def verify_files(
    lang: str, certificate: str, files: tuple[str, ...], cycle: int | None, assume: str | None
) -> Shown:
    """``kipp verify``: replay a certificate from the files it was made of."""
    from kipp.defaults import verify

    if cycle is None and assume is not None:
        raise InvalidValue("--assume", assume, "assumptions beside the rulebook of a --cycle")
    book = None if cycle is None else assumed_book(cycle, assume)
    found = verify(bytes_of(certificate), bytes_by_name(files), book=book)
    if not found.holds:
        lines = [line for fault in found.faults for line in messages.fault_lines(fault, lang)]
        return Shown((found,), lines, Exit.NOT_MET)
    lines = [messages.line("cli.verified", lang, digest=found.digest)]
    if book is None:
        lines.append(messages.line("cli.law-unchecked", lang))
    return Shown((found,), lines)
