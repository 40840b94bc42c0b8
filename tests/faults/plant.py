"""Plant one-line faults in a copy of the project and see whether the tests catch them.

Run from the project's root::

    python tests/faults/plant.py [FAMILY …]

``planted/FAMILY.toml`` lists the faults of a rule family, ten or more: each a file, a text that
occurs there exactly once, and what it becomes; ``tests`` names the test modules of the family
(``cap`` stands for every ``test_cap*.py``).  For every fault the family's tests must fail; the
property tests alone must catch at least seven in ten.  The script prints one line per fault and
exits with 1 when a family misses the bar, or when its tests fail without a fault.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import attrs

__all__ = ["Fault", "main", "read_faults"]

ROOT = Path(__file__).resolve().parents[2]
PLANTED = Path(__file__).with_name("planted")
COPIED = ("src", "tests", "conftest.py", "pyproject.toml")
PROPERTY_SHARE = 0.7


@attrs.frozen
class Fault:
    """One planted fault: in *file*, the only occurrence of *find* becomes *become*."""

    family: str
    file: str
    find: str
    become: str
    tests: tuple[str, ...]

    def planted(self, source: str) -> str:
        """The source with the fault.

        Raises:
            ValueError: the text does not occur exactly once, so the fault is not what it says.
        """
        if source.count(self.find) != 1:
            raise ValueError(
                f"{self.file}: {self.find!r} occurs {source.count(self.find)} times, expected once"
            )
        return source.replace(self.find, self.become)


@attrs.frozen
class Verdict:
    """Whether all the family's tests, and its property tests alone, caught a fault."""

    fault: Fault
    by_all: bool
    by_properties: bool


def read_faults(folder: Path = PLANTED) -> tuple[Fault, ...]:
    """The faults of every family file of *folder*, in order."""
    return tuple(
        Fault(path.stem, row["file"], row["find"], row["become"], tuple(table["tests"]))
        for path in sorted(folder.glob("*.toml"))
        for table in (tomllib.loads(path.read_text(encoding="utf-8")),)
        for row in table["faults"]
    )


def _targets(copy: Path, fault: Fault) -> tuple[list[str], list[str]]:
    """Every test module of the fault's family, and the property tests among them."""
    found = [
        path
        for name in fault.tests
        for path in sorted(copy.glob(f"tests/*/test_{name}*.py"))
        if path.parent.name != "faults"
    ]
    everything = [*found, *sorted(copy.glob("tests/conformance/test_*.py"))]
    properties = [str(path) for path in found if path.parent.name == "properties"]
    return list(dict.fromkeys(map(str, everything))), properties


def _pytest(copy: Path, targets: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *targets]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, check=False
    ).returncode


def _fails(copy: Path, targets: list[str]) -> bool:
    """Whether a test failed; tests that cannot even be collected catch nothing."""
    return bool(targets) and _pytest(copy, targets) == 1


@contextmanager
def _copy() -> Iterator[Path]:
    """A fresh copy of what the tests need; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        yield copy


def passes_without(fault: Fault) -> bool:
    """Whether the tests of the family pass in a copy without a fault: else nothing is proved."""
    with _copy() as copy:
        return _pytest(copy, _targets(copy, fault)[0]) == 0


def try_fault(fault: Fault) -> Verdict:
    """Plant *fault* in a fresh copy and run the tests."""
    with _copy() as copy:
        target = copy / fault.file
        target.write_text(fault.planted(target.read_text(encoding="utf-8")), encoding="utf-8")
        everything, properties = _targets(copy, fault)
        by_properties = _fails(copy, properties)
        return Verdict(fault, by_properties or _fails(copy, everything), by_properties)


def _short_of_bar(verdicts: Iterable[Verdict]) -> Mapping[str, str]:
    families: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        families[verdict.fault.family].append(verdict)
    short = {}
    for family, found in families.items():
        caught = sum(verdict.by_all for verdict in found)
        alone = sum(verdict.by_properties for verdict in found)
        print(f"{family}: {caught} of {len(found)} caught, {alone} by properties alone")
        if caught < len(found) or alone < PROPERTY_SHARE * len(found):
            short[family] = f"{caught}/{len(found)}, properties {alone}"
    return short


def main(families: list[str]) -> int:
    """Try the faults of *families* (all without an argument); 0 when every family is good."""
    chosen = [fault for fault in read_faults() if not families or fault.family in families]
    if unknown := set(families) - {fault.family for fault in chosen}:
        print(f"no faults are listed for {', '.join(sorted(unknown))}")
        return 1
    verdicts = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        first = {fault.family: fault for fault in reversed(chosen)}
        sound = dict(zip(first, pool.map(passes_without, first.values()), strict=True))
        if broken := sorted(family for family, passes in sound.items() if not passes):
            print(f"without a fault the tests fail too: {', '.join(broken)}")
            return 1
        for verdict in pool.map(try_fault, chosen):
            verdicts.append(verdict)
            mark = "caught" if verdict.by_all else "MISSED"
            alone = " (properties alone)" if verdict.by_properties else ""
            print(f"{mark}{alone}: {verdict.fault.file}: {verdict.fault.become!r}", flush=True)
    return 1 if _short_of_bar(verdicts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
