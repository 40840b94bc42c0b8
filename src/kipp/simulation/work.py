"""Replications shared out over workers: whoever runs which part, the sums are the same.

Anything with the protocol of :class:`concurrent.futures.Executor` will do.  A worker that dies
loses its part only for a while: it is given out again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from typing import Any, TypeAlias

import attrs

from kipp.domain.errors import InvalidType, InvalidValue, KippError

__all__ = ["Progress", "Ranges", "share_out"]

Progress: TypeAlias = Callable[[int, int], object]
"""Called with how many replications are done, and of how many."""

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Replications as stretches: from the first to before the second number."""

_PART = 1 << 8
"""So many replications are one part of the work."""

_SMALL = 1 << 22
"""Below so many proposals times replications starting processes costs more than it saves."""

_TRIES = 5
"""So often a part is given out again after its worker died."""


@attrs.define
class _Parts:
    """The parts still to do, and what the others came to."""

    total: int
    waiting: list[range]
    done: list[range]
    found: tuple[Any, ...] | None = None

    def add(self, part: range, found: tuple[Any, ...]) -> None:
        self.done.append(part)
        if self.found is None:
            self.found = found
            return
        for mine, theirs in zip(self.found, found, strict=True):
            mine.merge(theirs)

    @property
    def count(self) -> int:
        return sum(map(len, self.done))


def share_out(
    run: Callable[..., tuple[Any, ...]],
    given: tuple[Any, ...],
    replications: int,
    executor: Executor | None,
    workers: int | None,
    progress: Progress | None,
) -> tuple[tuple[Any, ...], Ranges]:
    """*run* on every part of the *replications*, with what is *given*; the sums, and what is done.

    Interrupted by the keyboard, it gives what is done; with nothing done the interruption goes on.

    Raises:
        InvalidType: an executor without ``submit``.
        InvalidValue: a number of workers below 1.
    """
    if executor is not None and not hasattr(executor, "submit"):
        raise InvalidType("executor", executor, "an executor with a method submit")
    if workers is not None and (type(workers) is not int or workers < 1):
        raise InvalidValue("workers", workers, "a number of workers from 1")
    parts = [
        range(begin, min(begin + _PART, replications)) for begin in range(0, replications, _PART)
    ]
    work = _Parts(replications, parts, [])
    size = given[0].law.size
    chosen = workers or (os.cpu_count() or 1 if size * replications >= _SMALL else 1)
    try:
        if executor is None and (chosen == 1 or len(parts) == 1):
            _here(run, given, work, progress)
        else:
            _elsewhere(run, given, work, executor, chosen, progress)
    except KeyboardInterrupt:
        if work.found is None:
            raise
    assert work.found is not None
    return work.found, _stretches(work.done)


def _here(
    run: Callable[..., tuple[Any, ...]],
    given: tuple[Any, ...],
    work: _Parts,
    progress: Progress | None,
) -> None:
    while work.waiting:
        part = work.waiting[0]
        found = run(*given, part)
        work.waiting.pop(0)
        work.add(part, found)
        if progress is not None:
            progress(work.count, work.total)


@contextmanager
def _pool(executor: Executor | None, workers: int) -> Iterator[Executor]:
    """The caller's executor as it is, or a pool that is closed at the end without waiting."""
    if executor is not None:
        yield executor
        return
    pool = ProcessPoolExecutor(max_workers=workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _elsewhere(
    run: Callable[..., tuple[Any, ...]],
    given: tuple[Any, ...],
    work: _Parts,
    executor: Executor | None,
    workers: int,
    progress: Progress | None,
) -> None:
    for tried in range(_TRIES):
        with _pool(executor, workers) as pool:
            if _gathered(run, given, work, pool, progress, last=tried + 1 == _TRIES):
                return


def _gathered(
    run: Callable[..., tuple[Any, ...]],
    given: tuple[Any, ...],
    work: _Parts,
    pool: Executor,
    progress: Progress | None,
    *,
    last: bool,
) -> bool:
    """Give every waiting part to *pool*; whether all of them came back."""
    pending: dict[Future[Any], range] = {}
    try:
        for part in work.waiting:
            pending[pool.submit(run, *given, part)] = part
        while pending:
            ready = _ready(pending)
            for future in ready:
                part = pending.pop(future)
                try:
                    found = future.result()
                except KippError:
                    raise
                except (BrokenExecutor, CancelledError, OSError) as error:
                    if last:
                        raise error from None
                    continue
                work.waiting.remove(part)
                work.add(part, found)
                if progress is not None:
                    progress(work.count, work.total)
    except BrokenExecutor:
        if last:
            raise
    finally:
        for future in pending:
            future.cancel()
    return not work.waiting


def _ready(pending: dict[Future[Any], range]) -> list[Future[Any]]:
    """Those that are done; not every library's futures are those of the standard library."""
    if all(isinstance(future, Future) for future in pending):
        return list(wait(pending, return_when=FIRST_COMPLETED).done)
    done = [future for future in pending if future.done()]
    if done:
        return done
    first = next(iter(pending))
    first.exception()
    return [first]


def _stretches(done: list[range]) -> Ranges:
    found: list[tuple[int, int]] = []
    for part in sorted(done, key=lambda each: each.start):
        if found and found[-1][1] == part.start:
            found[-1] = (found[-1][0], part.stop)
        else:
            found.append((part.start, part.stop))
    return tuple(found)
