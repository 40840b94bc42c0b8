"""Every code block shown to a reader is of a kind that is executed or read by the tests."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = [page for page in PAGES if "_build" not in page.parts]

FENCE = re.compile(
    r"^(?P<mark>```+|:::+)[ ]*(?P<kind>\S*)[^\n]*\n(?P<body>.*?)^(?P=mark)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
# python and console run as tests of their page; text is for what is not code.
RUN = {"python", "console"}
READ = {"json": json.loads, "toml": tomllib.loads}


def blocks(page: Path) -> list[tuple[str, str]]:
    text = page.read_text(encoding="utf-8")
    return [(found["kind"], found["body"]) for found in FENCE.finditer(text)]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_code_blocks_can_be_trusted(page: Path) -> None:
    for kind, body in blocks(page):
        if kind in READ:
            READ[kind](body)
        else:
            assert kind in RUN | {"text"} or kind.startswith("{"), f"{kind!r} is never executed"


def test_fences_are_seen() -> None:
    kinds = [kind for page in SHOWN for kind, _ in blocks(page)]

    assert {"console", "{toctree}"} <= set(kinds)
