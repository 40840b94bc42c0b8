"""From the shell and back: arguments in, exit status out, errors as lines of text."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kipp import messages
from kipp.cli.application import application, printable
from kipp.cli.shown import Exit
from kipp.domain.errors import InvalidValue, KippError, MissingExtra

if TYPE_CHECKING:
    pass

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on *argv* (without the name of the program); the exit status.

    An error is one line on the standard error, never a traceback.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    lang = _language(words)
    try:
        import click
    except ImportError:
        return _complain(
            *messages.fault_lines(MissingExtra("the command line", "click", "cli"), lang)
        )
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that lacks a letter shows its number instead of ending the program.
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not the main function of click: it answers a closed pipe with the status of "not met".
        with application(lang).make_context("kipp", words) as context:
            status = context.command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.Abort:
        # The question was not answered: the input ended, or somebody interrupted.
        said = InvalidValue("input", None, "an answer; nothing was changed")
        return _complain(*messages.fault_lines(said, lang))
    except click.ClickException as error:
        return _complain(error.format_message())
    except KippError as error:
        return _complain(*messages.fault_lines(error, lang))
    except KeyboardInterrupt:
        return _ended_by("SIGINT")
    except BrokenPipeError:
        return _ended_by("SIGPIPE")
    except OSError as error:
        sys.stdout = None  # nothing more can be written there
        said = InvalidValue("output", error.strerror, "a place that takes it")
        return _complain(*messages.fault_lines(said, lang))
    return int(status)


def _complain(*lines: str) -> int:
    """Each fault on one line."""
    for line in lines:
        print(f"kipp: {printable(line)}", file=sys.stderr)
    return Exit.BAD_USE


def _ended_by(name: str) -> int:
    """End as a shell expects it of a program that this signal ends; nothing more is printed."""
    number = getattr(signal, name, None)
    if number is not None:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    return Exit.BAD_USE


def _language(words: Sequence[str]) -> str:
    """The language of the help texts, which click prints before it has read the options."""
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    return next((lang for lang in asked if lang in messages.LANGUAGES), messages.LANGUAGES[0])
