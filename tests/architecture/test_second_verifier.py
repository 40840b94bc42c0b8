"""The second verifier stands alone: whoever checks the engine with it must not run the engine."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

from tests.architecture.source import ROOT, imported

FILE = ROOT / "src" / "kipp_verify.py"
TREE = ast.parse(FILE.read_text(encoding="utf-8"))
LONGEST = 1360
"""Lines, blank ones and descriptions included, that a patient auditor reads in a day."""


def test_it_imports_the_standard_library_and_nothing_of_kipp() -> None:
    tops = {name.partition(".")[0] for name in imported(TREE)}

    assert tops - {"__future__"} <= set(sys.stdlib_module_names)
    assert "json" in tops


def test_nothing_else_is_loaded_when_it_runs() -> None:
    code = "import sys, runpy; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(FILE)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    tops = {name.partition(".")[0] for name in done.stdout.split()}

    assert tops & {"kipp", "attrs", "cattrs", "pendulum", "rfc8785"} == set()


def test_no_module_of_kipp_imports_it() -> None:
    for path in sorted((ROOT / "src" / "kipp").rglob("*.py")):
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        assert not any(name.startswith("kipp_verify") for name in names), path


def test_it_is_no_longer_than_an_auditor_reads() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_it_ships() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = config["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert "src/kipp_verify.py" in wheel["packages"]
