"""What a layer may use.  Who may import whom inside kipp is import-linter's business."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, imported, modules, modules_of

PURE = modules_of("domain", "rules")
PURE_PACKAGES = {"attrs", "pendulum", "kipp"}
# Clocks, chance, files, the outside world, and state that could be observed.
IMPURE = {
    "asyncio", "concurrent", "ctypes", "io", "locale", "logging", "multiprocessing",
    "os", "pathlib", "pickle", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
IMPURE_CALLS = {"breakpoint", "eval", "exec", "hash", "id", "input", "open", "print"}
CLOCKS = {"local_timezone", "now", "today", "utcnow"}


def _outside_hash(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those of ``__hash__``: only there may a hash be taken."""
    if isinstance(tree, ast.FunctionDef) and tree.name == "__hash__":
        return
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _outside_hash(child)


def _ids(module: Module) -> str:
    return module.path


@pytest.mark.parametrize("module", PURE, ids=_ids)
def test_domain_and_rules_import_attrs_pendulum_and_the_standard_library_only(
    module: Module,
) -> None:
    tops = {name.partition(".")[0] for name in imported(module.tree)}

    assert tops - PURE_PACKAGES - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("module", PURE, ids=_ids)
def test_domain_and_rules_import_no_clock_no_chance_and_no_files(module: Module) -> None:
    tops = {name.partition(".")[0] for name in imported(module.tree)}

    assert tops & IMPURE == set()


@pytest.mark.parametrize("module", PURE, ids=_ids)
def test_domain_and_rules_call_nothing_that_looks_outside(module: Module) -> None:
    calls = [node.func for node in _outside_hash(module.tree) if isinstance(node, ast.Call)]
    named = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    dotted = {ast.unparse(call) for call in calls if isinstance(call, ast.Attribute)}

    assert named & IMPURE_CALLS == set()
    assert methods & CLOCKS == set()
    assert "pendulum.parse" not in dotted


@pytest.mark.parametrize("module", modules(), ids=_ids)
def test_nothing_below_the_root_imports_the_public_names(module: Module) -> None:
    """``kipp/__init__`` may import everything, so only the outermost modules may use it."""
    if module.part in {"", "cli", "demo", "testing"}:
        return
    parts = {other.name for other in modules()}
    through_root = {
        name
        for name in imported(module.tree)
        if name == "kipp"
        or (name.count(".") == 1 and name.startswith("kipp.") and name not in parts)
    }

    assert through_root == set()


def test_the_pure_layers_were_looked_at() -> None:
    assert {"domain", "rules"} <= {module.part for module in PURE}
