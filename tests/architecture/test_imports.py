"""``import kipp`` is cheap: no extra, no converter, no table, no thread."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

EXTRAS = {
    "click", "rich", "python_calamine", "xlsxwriter", "openpyxl", "msgspec", "numpy", "numba",
    "scipy", "matplotlib", "rapidfuzz", "pyarrow", "dask", "distributed", "hypothesis", "pytest",
}  # fmt: skip
ON_FIRST_USE = {"cattrs", "kipp.messages", "kipp.io"}

# Printed: what the second import took, in seconds, and the modules that were loaded by it.
LOOK = """
import json, sys, threading, time
before = set(sys.modules)
start = time.perf_counter()
import {names}
took = time.perf_counter() - start
print(json.dumps([took, sorted(set(sys.modules) - before), threading.active_count()]))
"""


def look(names: str) -> tuple[float, set[str], int]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOK.format(names=names)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    took, loaded, threads = json.loads(done.stdout)
    return took, set(loaded), threads


def test_importing_kipp_loads_no_extra_and_nothing_that_can_wait() -> None:
    _, loaded, threads = look("kipp")

    assert {name for name in loaded if name.partition(".")[0] in EXTRAS} == set()
    assert loaded & ON_FIRST_USE == set()
    assert threads == 1


@pytest.mark.parametrize("name", sorted(ON_FIRST_USE))
def test_what_waits_can_be_seen_when_it_is_loaded(name: str) -> None:
    """The test above looks for names that exist."""
    _, loaded, _ = look(name)

    assert name in loaded


def test_importing_kipp_takes_no_longer_than_its_three_libraries() -> None:
    """At most 1.25 times attrs, cattrs and pendulum; the quickest of several turns each."""
    ours, theirs = [], []
    for _ in range(5):
        ours.append(look("kipp")[0])
        theirs.append(look("attrs, cattrs, pendulum")[0])

    assert min(ours) <= 1.25 * min(theirs)
