"""Numbers of the law are data: the code holds none, and the few other literals have a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.allowed_literals import ALLOWED
from tests.architecture.source import Module, modules_of

PARTS = ("domain", "rules", "simulation", "demo", "cli")
MODULES = modules_of(*PARTS)

DATE = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
DURATION = re.compile(r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?")
NUMBER = re.compile(r"[+-]?\d[\d_]*([.,/]\d+)?")


def literals(tree: ast.AST) -> Iterator[str]:
    """Every number but 0 and 1, and every text that holds a date, duration or number."""
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in prose:
            continue
        match node.value:
            case bool():
                continue
            case int() | float() | complex() as number if number not in (0, 1):
                yield repr(number)
            case str() as text if _is_figure(text):
                yield repr(text)


def _is_figure(text: str) -> bool:
    if NUMBER.fullmatch(text):
        return text not in {"0", "1"}
    return bool(DATE.search(text) or DURATION.fullmatch(text))


def _docstrings(tree: ast.AST) -> set[int]:
    """Texts that stand alone as a statement: docstrings of modules, classes, functions."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_no_figure_in_code(module: Module) -> None:
    """A number, date or duration belongs to a rulebook; what does not is listed with its reason."""
    allowed = {literal for path, literal in ALLOWED if path == module.path}

    assert set(literals(module.tree)) - allowed == set()


def test_every_exception_is_still_needed() -> None:
    found = {(module.path, each) for module in MODULES for each in literals(module.tree)}

    assert set(ALLOWED) - found == set()


def test_every_exception_has_a_reason() -> None:
    assert [key for key, reason in ALLOWED.items() if len(reason.split()) < 3] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 99", ["99"]),
        ("x = -2", ["2"]),
        ("x = 0.5", ["0.5"]),
        ("x = items[0] + 1", []),
        ("x = True", []),
        ("x = '45'", ["'45'"]),
        ("x = '1/3'", ["'1/3'"]),
        ("x = '2021-03-17'", ["'2021-03-17'"]),
        ("x = f'until 2021-03-17 {y}'", ["'until 2021-03-17 '"]),
        ("x = 'P1Y6M'", ["'P1Y6M'"]),
        ("x = 'PT10H'", ["'PT10H'"]),
        ("x = 'P'", []),
        ("x = 'Top 99'", []),
        ("'''Top 99 of 2021-03-17.'''", []),
        ("def f():\n    'On 2021-03-17.'\n    return '2021-03-17'", ["'2021-03-17'"]),
    ],
)
def test_what_counts_as_a_figure(code: str, found: list[str]) -> None:
    assert list(literals(ast.parse(code))) == found
