"""What a command shows: values for ``--json``, lines for people, the exit status."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from kipp import messages
from kipp.rules.decision import Classification, Decision, Outcome

__all__ = ["BY_OUTCOME", "Exit", "Shown", "answer_lines"]


class Exit(enum.IntEnum):
    """What the exit status says."""

    MET = 0
    NOT_MET = 1
    BAD_USE = enum.auto()
    UNKNOWN = enum.auto()


BY_OUTCOME = {
    Outcome.MET: Exit.MET,
    Outcome.NOT_MET: Exit.NOT_MET,
    Outcome.UNKNOWN: Exit.UNKNOWN,
}


@attrs.frozen
class Shown:
    """What a command shows: values for ``--json`` (one a line), lines of text, the status.

    A *status* that is known only at the end is asked for after the lines.  *as_json* are the lines
    of ``--json`` where they are not one value each; *verbatim* lines are data, printed as they are.
    """

    values: tuple[object, ...]
    lines: Iterable[str]
    status: Exit | Callable[[], Exit] = Exit.MET
    as_json: Iterable[str] | None = None
    verbatim: bool = False


def answer_lines(answer: Classification[Any] | Decision, lang: str) -> Iterator[str]:
    """An answer with its reasons, a line each."""
    said = answer.outcome if isinstance(answer, Decision) else answer.value
    shown = messages.line("cli.open", lang) if said is None else messages.shown(said, lang)
    title = messages.title(answer.rule, lang)
    yield messages.line(
        "cli.answer",
        lang,
        title=title,
        subject=answer.subject,
        value=shown,
        weakest=answer.evidence,
    )
    for reason in answer.reasons:
        yield f"  {messages.say(reason, lang)}"
