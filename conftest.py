"""Runs the code blocks of README.md and docs/ as tests."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parent
OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE


def run_console(example: Example) -> str | None:
    """Run each ``$ kipp …`` line of a console block and compare what it prints.

    Other commands (make, pip) change the machine and are left to the reader.
    """
    for command, expected in _commands(example.parsed):
        words = shlex.split(command)
        if words[0] != "kipp":
            continue
        code = "import sys; from kipp.cli import main; sys.exit(main())"
        done = subprocess.run(
            [sys.executable, "-c", code, *words[1:]],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", "NO_COLOR": "1"},
            check=False,
        )
        printed = done.stdout + done.stderr
        if not OutputChecker().check_output(expected, printed, OPTIONS):
            return f"{command}\nexpected:\n{expected}\nprinted:\n{printed}"
    return None


def _commands(block: str) -> list[tuple[str, str]]:
    """Split a console block into commands and the output shown under each."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].strip(), ""))
        elif found:
            command, output = found[-1]
            found[-1] = (command, output + line)
    return found


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=OPTIONS),
        CodeBlockParser("console", run_console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    excludes=["docs/_build/**"],
    path=str(ROOT),
).pytest()
