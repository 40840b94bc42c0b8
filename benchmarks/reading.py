"""What reading proposals costs: lines of about 700 bytes, against a bare parse of the same lines.

    PYTHONPATH=. python benchmarks/reading.py [SIZE [ROUNDS]]

Each contender is a process of its own, once in each round; a ratio is taken inside a round, and the
median over the rounds counts.  Before the clock counts, what was found is compared with what was
spoilt: two proposals in a hundred, each in one to three places.  Needs orjson, msgspec, pydantic.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

CYCLE = 2021
SECTIONS = ("analysis", "approach", "implementation", "impact", "lessons", "sustainability")
WORDS = ("Administrasi", "Berbasis", "Bola", "Cepat", "Desa", "Ibu", "Jemput", "Mandiri", "Sistem")

SPOILT: dict[str, tuple[tuple[str, ...], Any]] = {
    "/id": (("id",), "  "),
    "/cycle": (("cycle",), 0),
    "/group": (("group",), "Umum"),
    "/submitted_at": (("submitted_at",), "2021-05-01T10:00:00"),
    "/video_minutes": (("video_minutes",), "3"),
    "/careless": (("careless",), 1),
    "/note": (("note",), "unknown field"),
    "/innovation/title": (("innovation", "title"), ""),
    "/innovation/agency": (("innovation", "agency"), None),
    "/innovation/started": (("innovation", "started"), "2018-02-30"),
    "/innovation/origin": (("innovation", "origin"), "asli"),
    "/innovation/sdgs/0": (("innovation", "sdgs"), [18]),
    "/innovation/running": (("innovation", "running"), "ya"),
}
"""Where a fault stands, the field that is spoilt, and what then stands there."""


def lines(size: int, share: float) -> Iterator[tuple[bytes, list[str]]]:
    """Proposals as lines, a *share* of them spoilt, with the places of the faults."""
    import kipp
    from benchmarks.rules import entries

    luck = random.Random(size)
    for proposal in entries(kipp.rulebook(CYCLE), size):
        title = f"{' '.join(luck.choices(WORDS, k=14))} {proposal.id[-6:]}"
        unit = f"Dinas {' '.join(luck.choices(WORDS, k=4))}"
        innovation = attrs.evolve(proposal.innovation, title=title, unit=unit, running=True)
        words = (*(proposal.words or ()), *((name, luck.randint(50, 200)) for name in SECTIONS))
        data = json.loads(kipp.to_json(attrs.evolve(proposal, innovation=innovation, words=words)))
        where = luck.sample(sorted(SPOILT), luck.randint(1, 3)) if luck.random() < share else []
        for place in where:
            path, value = SPOILT[place]
            inner = data if len(path) == 1 else data[path[0]]
            inner[path[-1]] = value
        yield json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), sorted(where)


# The contenders: each reads all lines and gives the faults it found, and where


Found = list[tuple[int, str]]


def bare(path: Path) -> Callable[[], Found]:
    """``orjson.loads`` of each line, dropped at once."""
    import orjson

    held = path.read_bytes().splitlines()
    return lambda: [(0, "") for line in held if not orjson.loads(line)]


def bare_file(path: Path) -> Callable[[], Found]:
    """The same, the lines read from the file."""
    import orjson

    def run() -> Found:
        with path.open("rb") as stream:
            return [(0, "") for line in stream if not orjson.loads(line)]

    return run


def _explained(line: bytes, number: int, kind: type) -> Iterable[tuple[int, str]]:
    from kipp.domain.fault import Origin
    from kipp.io.checking import checked
    from kipp.io.json_stream import record
    from kipp.io.limits import LIMITS

    raw = record(line, Origin(line=number), LIMITS)
    return ((number, fault.pointer) for fault in checked(raw, kind).faults)


def shape(path: Path) -> Callable[[], Found]:
    """Shape, types and closed words, all faults of what is refused."""
    from kipp import Proposal
    from kipp.io.fast import taking

    held = path.read_bytes().splitlines()
    take = taking(Proposal)
    assert take is not None, "the extra fast is not installed"

    def run() -> Found:
        found: Found = []
        for number, line in enumerate(held, 1):
            if take(line) is None:
                found += _explained(line, number, Proposal)
        return found

    return run


def shape_without(path: Path) -> Callable[[], Found]:
    """The same without msgspec; every proposal is made."""
    from kipp import Proposal

    held = path.read_bytes().splitlines()

    def run() -> Found:
        found: Found = []
        for number, line in enumerate(held, 1):
            found += _explained(line, number, Proposal)
        return found

    return run


def rules(path: Path) -> Callable[[], Found]:
    """Shape, register and rulebook, line by line."""
    import kipp
    from kipp.domain.fault import Origin
    from kipp.io.fast import taking
    from kipp.io.json_stream import record
    from kipp.io.limits import LIMITS
    from kipp.io.rule_faults import RuleChecks
    from kipp.io.validation import own_faults
    from kipp.registry import registry

    held = path.read_bytes().splitlines()
    take = taking(kipp.Proposal)
    assert take is not None, "the extra fast is not installed"
    book = kipp.rulebook(CYCLE)

    def run() -> Found:
        checks = RuleChecks(book, registry(), cycles=kipp.rulebook)
        found: Found = []
        for number, line in enumerate(held, 1):
            read = take(line)
            if read is None or not checks.surely_fit(read):
                raw = record(line, Origin(line=number), LIMITS)
                faults = own_faults(raw, kipp.Proposal, checks, CYCLE)
                found += ((number, fault.pointer) for fault in faults)
        return found

    return run


def _validated(path: Path, cycle: int | None) -> Found:
    import kipp

    report = kipp.validate(path, cycle=cycle, cross=False)
    return [(fault.origin.line or 0, fault.pointer) for fault in report if fault.origin.line]


def file_shape(path: Path) -> Callable[[], Found]:
    """The records of the file, streamed with their places; none is made."""
    import kipp
    from kipp.io.checking import checked
    from kipp.io.fast import Line
    from kipp.io.files import read_raw

    def run() -> Found:
        found: Found = []
        for raw in read_raw(path, kipp.Proposal):
            if type(raw) is not Line:
                faults = checked(raw, kipp.Proposal).faults
                found += ((raw.origin.line or 0, fault.pointer) for fault in faults)
        return found

    return run


def file_rules(path: Path) -> Callable[[], Found]:
    """``kipp.validate(path, cycle=…, cross=False)``."""
    return lambda: _validated(path, CYCLE)


def cattrs_detailed(path: Path) -> Callable[[], Found]:
    """cattrs' own JSON converter with detailed validation, constructors and all."""
    from cattrs.preconf.json import make_converter
    from pendulum import Date, DateTime

    from kipp import Proposal

    converter = make_converter(detailed_validation=True, forbid_extra_keys=True)
    converter.register_structure_hook(DateTime, lambda text, _: DateTime.fromisoformat(text))
    converter.register_structure_hook(Date, lambda text, _: Date.fromisoformat(text))
    held = path.read_bytes().splitlines()

    def run() -> Found:
        found: Found = []
        for number, line in enumerate(held, 1):
            try:
                converter.loads(line, Proposal)
            except Exception:  # all that is wrong comes as one
                found.append((number, ""))
        return found

    return run


def _model() -> Any:
    """A pydantic model that asks what the fields declare, made of the same declarations."""
    import datetime as dt
    from typing import Annotated

    import pydantic

    from kipp import Proposal
    from kipp.domain.checks import Form, Kind, agreements_of
    from kipp.io.typed import record_fields

    def type_of(kind: Kind) -> Any:
        match kind.form:
            case Form.TEXT:
                return Annotated[str, pydantic.Field(pattern=r"\S")] if kind.limits else str
            case Form.WHOLE:
                names = {"least": "ge", "most": "le", "above": "gt"}
                limits: Any = {names[name]: limit for name, limit in kind.limits.items()}
                return Annotated[int, pydantic.Field(**limits)]
            case Form.DAY:
                return dt.date
            case Form.MOMENT:
                return pydantic.AwareDatetime
            case Form.FLAG:
                return bool
            case Form.MAYBE:
                return type_of(kind.parts[0]) | None
            case Form.EVERY:
                return tuple[type_of(kind.parts[0]), ...]  # type: ignore[misc]  # made of data
            case Form.ROW:
                parts: Any = tuple(map(type_of, kind.parts))
                return tuple[parts]
            case Form.RECORD:
                return model(kind.classes[0])
            case _:
                return kind.classes[0]

    def model(cls: type) -> Any:
        fields: Any = {
            name: (type_of(kind), ... if field.default is attrs.NOTHING else field.default)
            for name, (kind, field) in record_fields(cls).items()
        }

        def agree(self: Any) -> Any:
            if not all(
                each.holds(*(getattr(self, name) for name in (*each.at, *each.beside)))
                for each in agreements_of(cls)
            ):
                raise ValueError(cls)
            return self

        agreed = {"agree": pydantic.model_validator(mode="after")(agree)}
        return pydantic.create_model(
            cls.__name__,
            __config__=pydantic.ConfigDict(strict=True, extra="forbid", frozen=True),
            __validators__=agreed if agreements_of(cls) else {},
            **fields,
        )

    return model(Proposal)


def pydantic_errors(path: Path) -> Callable[[], Found]:
    """pydantic, with ``errors()`` of what is refused."""
    import pydantic

    validate = _model().model_validate_json
    held = path.read_bytes().splitlines()

    def run() -> Found:
        found: Found = []
        for number, line in enumerate(held, 1):
            try:
                validate(line)
            except pydantic.ValidationError as error:
                found += (
                    (number, "".join(f"/{step}" for step in each["loc"]))
                    for each in error.errors(include_url=False, include_context=False)
                )
        return found

    return run


def held_by_kipp(path: Path) -> Callable[[], Found]:
    """Every proposal made and held, the collector paused."""
    import kipp
    from kipp.io.files import read_raw
    from kipp.io.loading import loading

    def run() -> Found:
        with loading():
            KEPT.extend(raw.value for raw in read_raw(path, kipp.Proposal))
        return []

    return run


def held_by_pydantic(path: Path) -> Callable[[], Found]:
    """The same with pydantic, the collector off."""
    validate = _model().model_validate_json

    def run() -> Found:
        gc.disable()
        with path.open("rb") as stream:
            KEPT.extend(map(validate, stream))
        return []

    return run


KEPT: list[Any] = []
_Contender = Callable[[Path], Callable[[], Found]]
CONTENDERS: dict[str, tuple[_Contender, bool]] = {
    "orjson.loads": (bare, False),
    "orjson.loads, lines of a file": (bare_file, False),
    "shape": (shape, False),
    "shape, register, rulebook": (rules, False),
    "shape; 2 % faulty": (shape, True),
    "shape, register, rulebook; 2 % faulty": (rules, True),
    "shape, a file": (file_shape, False),
    "kipp.validate, cross=False, a file": (file_rules, False),
    "pydantic": (pydantic_errors, False),
    "pydantic errors(); 2 % faulty": (pydantic_errors, True),
    "shape without msgspec": (shape_without, False),
    "cattrs, detailed": (cattrs_detailed, False),
    "held: kipp": (held_by_kipp, False),
    "held: pydantic": (held_by_pydantic, False),
}
"""The contenders, and whether their lines are faulty."""

BARS = (
    ("shape", "orjson.loads", 2.0),
    ("shape, register, rulebook", "orjson.loads", 3.5),
    ("shape; 2 % faulty", "orjson.loads", 2.3),
    ("shape, register, rulebook; 2 % faulty", "orjson.loads", 3.8),
    ("shape, a file", "orjson.loads, lines of a file", 2.0),
    ("kipp.validate, cross=False, a file", "orjson.loads, lines of a file", 3.5),
    ("shape; 2 % faulty", "pydantic errors(); 2 % faulty", 1 / 1.6),
    ("shape without msgspec", "cattrs, detailed", 2.5),
)
"""What is to be reached: so many times as long as the other at the most."""


def measured(name: str, path: Path) -> tuple[float, float, int]:
    """Seconds of CPU, MiB that the run left held, faults found."""
    run = CONTENDERS[name][0](path)
    before = _resident()
    run() if "held" not in name else None  # the second run counts: what is remembered is warm
    started = time.process_time()
    found = run()
    seconds = time.process_time() - started
    return seconds, _resident() - before, len(found)


def _resident() -> float:
    """MiB that the process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def alone(name: str, path: Path) -> tuple[float, float, int]:
    """As :func:`measured`, in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory, faults = json.loads(done.stdout)
    return seconds, memory, faults


def compare(path: Path, truth: Found) -> None:
    """The faults of each contender that should find all of them, against the truth."""
    for name in ("shape; 2 % faulty", "pydantic errors(); 2 % faulty"):
        found = set(CONTENDERS[name][0](path)())
        missed = len(set(truth) - found)
        print(f"{name}: {len(truth) - missed} of {len(truth)} faults at their place")
        assert "pydantic" in name or found == set(truth), name


def main(size: int = 100_000, rounds: int = 7) -> None:
    """Print the medians over *rounds*."""
    from benchmarks.rules import registry  # warm the import before the clock
    from kipp import rulebook
    from kipp.io.rule_faults import RuleChecks

    with tempfile.TemporaryDirectory() as folder:
        paths = {False: Path(folder, "fit.ndjson"), True: Path(folder, "faulty.ndjson")}
        truth: Found = []
        for faulty, path in paths.items():
            made = list(lines(size, 0.02 * faulty))
            path.write_bytes(b"".join(line + b"\n" for line, _ in made))
            truth = [(number, at) for number, (_, where) in enumerate(made, 1) for at in where]
        asked = len(RuleChecks(rulebook(CYCLE), registry()).asked)
        average = statistics.mean(len(line) for line, _ in made)
        print(f"{size} proposals of {average:.0f} bytes, {asked} rules each, {rounds} rounds")
        compare(paths[True], truth)
        taken: dict[str, list[tuple[float, float, int]]] = {name: [] for name in CONTENDERS}
        for turn in range(rounds):
            for name in list(CONTENDERS)[:: -1 if turn % 2 else 1]:
                taken[name].append(alone(name, paths[CONTENDERS[name][1]]))
    for name, found in taken.items():
        seconds, memory, faults = (statistics.median(each) for each in zip(*found, strict=True))
        print(
            f"{name:40} {seconds / size * 1e6:6.2f} us a record  {memory:6.0f} MiB  {faults:5.0f}"
        )
    for name, base, bar in BARS:
        pairs = zip(taken[name], taken[base], strict=True)
        ratio = statistics.median(ours / theirs for (ours, *_), (theirs, *_) in pairs)
        print(f"{name:40} {ratio:5.2f} of {base} (at most {bar:.2f})")
    pairs = zip(taken["held: kipp"], taken["held: pydantic"], strict=True)
    ratio = statistics.median(ours / theirs for (_, ours, _), (_, theirs, _) in pairs)
    print(f"{'held':40} {ratio:5.2f} of pydantic's memory (at most 0.45)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2], Path(sys.argv[3]))))
    else:
        main(*map(int, sys.argv[1:]))
