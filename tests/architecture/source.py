"""The source of kipp as data: modules and their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "kipp"


@attrs.frozen
class Module:
    """One source file: its path below ``src/kipp`` and its dotted name."""

    path: str
    name: str
    tree: ast.Module = attrs.field(repr=False, eq=False)

    @property
    def part(self) -> str:
        """The first name under ``kipp``; empty for the package itself."""
        return self.name.partition(".")[2].partition(".")[0]


@cache
def modules() -> tuple[Module, ...]:
    """Every module of kipp, in the order of paths."""
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def _read(path: Path) -> Module:
    below = path.relative_to(PACKAGE)
    names = ["kipp", *below.with_suffix("").parts]
    if names[-1] == "__init__":
        names.pop()
    return Module(below.as_posix(), ".".join(names), ast.parse(path.read_text(encoding="utf-8")))


def modules_of(*parts: str) -> tuple[Module, ...]:
    """The modules under the given first names (``domain``, ``rules``, ``cli`` …)."""
    return tuple(module for module in modules() if module.part in parts)


def imported(tree: ast.Module) -> Iterator[str]:
    """Every dotted name that the source imports, function bodies included."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(base), names=names):
                yield from (f"{base}.{alias.name}" for alias in names)
