"""Whatever silences a check says why, on the same line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

FILES = sorted(path for top in ("src", "tests", "examples") for path in (ROOT / top).rglob("*.py"))
BARE = re.compile(r"# (?:type: ignore|noqa)[^#\n]*$", re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_has_its_reason(path: Path) -> None:
    assert BARE.findall(path.read_text(encoding="utf-8")) == []
