"""``__all__`` is true everywhere, and the package's own list is what is really there."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator

import pytest

import kipp
from tests.architecture.source import Module, modules

# Written for the command line's ``-m``: nothing is imported from it.
SCRIPTS = {"kipp.__main__"}
NAMED = [module for module in modules() if module.name not in SCRIPTS]


def defined(tree: ast.Module) -> Iterator[str]:
    """The names that a module defines at its top; imports and type variables left out."""
    for node in tree.body:
        match node:
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                continue
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


@pytest.mark.parametrize("module", NAMED, ids=lambda module: module.name)
def test_every_module_says_what_is_public(module: Module) -> None:
    """Everything listed exists, once; everything defined without an underscore is listed."""
    loaded = importlib.import_module(module.name)
    listed = list(loaded.__all__)
    public = {name for name in defined(module.tree) if not name.startswith("_")}

    assert [name for name in listed if not hasattr(loaded, name)] == []
    assert len(listed) == len(set(listed))
    assert public - set(listed) == set()


def test_kipp_all_is_what_is_really_there() -> None:
    submodules = {
        name.partition(".")[2]
        for name in sys.modules
        if name.startswith("kipp.") and name.count(".") == 1
    }
    there = {name for name in dir(kipp) if not name.startswith("_")} - {"annotations"}

    assert there - (submodules - set(kipp.__all__)) == set(kipp.__all__) - {"__version__"}


def test_kipp_can_be_starred() -> None:
    names: dict[str, object] = {}
    exec("from kipp import *", names)

    assert set(kipp.__all__) - set(names) == set()
