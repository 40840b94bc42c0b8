"""Sweeps: many reforms over one field under the same luck, one table out.

With a folder each finished point is kept as a file of its own, named by what it rests on, so that
an interrupted sweep goes on where it stopped, and nothing made under another law, field, noise or
seed is ever taken for it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

import attrs

from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError
from kipp.rules.rulebook import Rulebook
from kipp.simulation.measures import MEASURES, TIERS
from kipp.simulation.study import Comparison, Estimate, Study, compare, prepared, versions
from kipp.simulation.work import Progress

__all__ = ["Point", "Sweep", "grid", "sweep"]

_FORM: Final = "kipp.sweep/1"


@attrs.frozen(kw_only=True)
class Point:
    """One reform of a sweep: its *name*, its *changes* by path, what came of it.

    *values* and *differences* (from the study it was compared with, by pairs) are by tier and
    measure; *stopped* is how many of its *replications* could go no further.
    """

    name: str
    changes: Mapping[str, Any]
    replications: int
    stopped: int
    values: Mapping[tuple[Stage, str], Estimate]
    differences: Mapping[tuple[Stage, str], Estimate]


@attrs.frozen(kw_only=True)
class Sweep:
    """The finished *points*, in the order they were asked for; *interrupted*: some are missing."""

    points: tuple[Point, ...]
    interrupted: bool = False

    def table(self, name: str, tier: Stage = Stage.WINNERS) -> list[dict[str, Any]]:
        """A measure at every point: its changes, value, error, difference and its error.

        Raises:
            InvalidValue: no such measure, or a stage that is no tier.
        """
        if name not in MEASURES:
            raise InvalidValue("measure", name, f"one of {', '.join(MEASURES)}")
        if tier not in TIERS:
            raise InvalidValue("tier", tier, f"one of {', '.join(each.name for each in TIERS)}")
        return [
            {
                "name": point.name,
                **point.changes,
                "value": point.values[tier, name].value,
                "error": point.values[tier, name].error,
                "difference": point.differences[tier, name].value,
                "difference_error": point.differences[tier, name].error,
            }
            for point in self.points
        ]


def grid(levers: Mapping[str, Sequence[object]]) -> dict[str, dict[str, object]]:
    """Every combination of the values of *levers*, by path, as named reforms in a fixed order.

    >>> list(grid({"groups.general.cap": [1, 10]}))
    ['groups.general.cap = 1', 'groups.general.cap = 10']
    """
    names = list(levers)
    return {
        ", ".join(f"{path} = {value}" for path, value in zip(names, values, strict=True)): dict(
            zip(names, values, strict=True)
        )
        for values in itertools.product(*levers.values())
    }


def sweep(
    study: Study,
    reforms: Mapping[str, Mapping[str, object]],
    *,
    folder: str | os.PathLike[str] | None = None,
    replications: int | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Compare *study* with each of *reforms*, by name, under the same luck.

    *folder* keeps finished points; *progress* is called with how many points are done, and of how
    many.  Interrupted by the keyboard, it gives the points that are finished.

    Raises:
        Faults: everything wrong with any of the reforms, before the first draw.
        InvalidValue: a file of the folder that is corrupted or no point of this sweep; a folder
            that cannot be written to.
        InvalidType: an argument of another type.
    """
    if not isinstance(reforms, Mapping):
        raise InvalidType("reforms", reforms, "reforms by name")
    asked = study.asked if replications is None else replications
    _check(study, reforms)
    shelf = None if folder is None else _Shelf(Path(folder), study, asked)
    kept = {name: shelf.found(changes) for name, changes in reforms.items()} if shelf else {}
    points: list[Point] = []
    for name, changes in reforms.items():
        known = kept.get(name)
        try:
            point = known or _point(
                name,
                changes,
                compare(
                    study,
                    changes,
                    name=name,
                    replications=asked,
                    executor=executor,
                    workers=workers,
                ),
            )
            if point is None:
                return Sweep(points=tuple(points), interrupted=True)
            if shelf and not known:
                shelf.keep(point)
            points.append(attrs.evolve(point, name=name))
            if progress is not None:
                progress(len(points), len(reforms))
        except KeyboardInterrupt:
            return Sweep(points=tuple(points), interrupted=True)
    return Sweep(points=tuple(points))


def _check(study: Study, reforms: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse what no law can be made of, all of it at once."""
    faults: list[KippError] = []
    for name, changes in reforms.items():
        try:
            prepared(study, _reformed(study.setting.book, changes, name))
        except Faults as found:
            faults += found.faults
        except KippError as error:
            faults.append(error)
    if faults:
        raise Faults(list({str(each): each for each in faults}.values()))


def _reformed(book: Rulebook, changes: Mapping[str, object], name: str) -> Rulebook:
    if not isinstance(changes, Mapping):
        raise InvalidType(f"reforms.{name}", changes, "values by path")
    return book.reform(changes, name=name)


def _point(name: str, changes: Mapping[str, object], made: Comparison) -> Point | None:
    """What came of a reform; none where it was interrupted."""
    if made.other.interrupted:
        return None
    about = [(tier, measure) for tier in TIERS for measure in MEASURES]
    return Point(
        name=name,
        changes=dict(changes),
        replications=made.other.replications,
        stopped=made.other.tally.stopped,
        values={(tier, measure): made.other.measure(measure, tier) for tier, measure in about},
        differences={(tier, measure): made.measure(measure, tier) for tier, measure in about},
    )


# Finished points on disk


@attrs.frozen
class _Shelf:
    """The folder of a sweep: a file for each point, named by what it rests on."""

    folder: Path
    study: Study
    replications: int

    def found(self, changes: Mapping[str, object]) -> Point | None:
        """The point of these *changes*; none where it is not finished.

        Raises:
            InvalidValue: a file that is corrupted, or that this sweep did not write.
        """
        path = self._path(changes)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise _foreign(path, "unreadable", "a finished point of a sweep") from None
        try:
            data = json.loads(text)
            body = data["point"]
        except (json.JSONDecodeError, TypeError, KeyError):
            raise _foreign(path, "no whole JSON", "a finished point of a sweep") from None
        if data.get("form") != _FORM or data.get("checksum") != _checksum(body):
            raise _foreign(path, data.get("form"), f"{_FORM} with its own checksum")
        if body.get("basis") != self._basis(changes):
            raise _foreign(path, body.get("basis"), "a point of this study")
        return _read(body)

    def keep(self, point: Point) -> None:
        """Write a finished point: all of it, or nothing.

        Raises:
            InvalidValue: the folder cannot be written to; what is there stays.
        """
        body = {"basis": self._basis(point.changes), **_written(point)}
        text = json.dumps(
            {"form": _FORM, "checksum": _checksum(body), "point": body}, sort_keys=True
        )
        path = self._path(point.changes)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace(path, text)
        except OSError as error:
            expected = f"a folder that can be written to ({error.strerror})"
            cure = "finished points are kept: make room and run the sweep again"
            raise InvalidValue("folder", str(self.folder), expected, cure=cure) from None

    def _path(self, changes: Mapping[str, object]) -> Path:
        return self.folder / f"{_checksum(self._basis(changes))}.json"

    def _basis(self, changes: Mapping[str, object]) -> dict[str, Any]:
        return {
            "study": self.study.setting.digest,
            "changes": {path: repr(value) for path, value in sorted(changes.items())},
            "replications": self.replications,
            "numpy": versions()["numpy"],
        }


def _foreign(path: Path, value: object, expected: str) -> InvalidValue:
    cure = "move it away; it is not used and not overwritten"
    return InvalidValue("folder", value, expected, str(path), cure)


def _replace(path: Path, text: str) -> None:
    """Write *text* beside *path* and put it there at once."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _checksum(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _written(point: Point) -> dict[str, Any]:
    return {
        "name": point.name,
        "changes": {path: _plain(value) for path, value in point.changes.items()},
        "replications": point.replications,
        "stopped": point.stopped,
        "values": list(_estimates(point.values)),
        "differences": list(_estimates(point.differences)),
    }


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, list, dict, bool)) else str(value)


def _estimates(found: Mapping[tuple[Stage, str], Estimate]) -> Iterator[list[Any]]:
    for (tier, name), each in found.items():
        yield [tier.name, name, each.value.hex(), each.error.hex()]


def _read(body: Mapping[str, Any]) -> Point:
    return Point(
        name=body["name"],
        changes=body["changes"],
        replications=body["replications"],
        stopped=body["stopped"],
        values=_estimated(body["values"]),
        differences=_estimated(body["differences"]),
    )


def _estimated(found: Sequence[Sequence[Any]]) -> dict[tuple[Stage, str], Estimate]:
    return {
        (Stage[tier], name): Estimate(float.fromhex(value), float.fromhex(error))
        for tier, name, value, error in found
    }
