"""Writing that a crash cannot spoil: after it there is the old file or the new one, whole.

The text goes into a file of its own in the same folder, is brought to the disk, and then takes
the name of the old file in one step.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from kipp.domain.errors import InvalidValue
from kipp.io.files import format_of
from kipp.io.kinds import kind_of

__all__ = ["replacing", "write_records"]

_NEW = 0o666


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A stream whose bytes become the file *path* when the block ends without an error.

    The permissions of a file that is there are kept; a link stays one, and what it leads to is
    replaced.

    Raises:
        InvalidValue: the folder is not there or not to be written, or *path* is no file.
    """
    target = Path(os.path.realpath(path))
    try:
        mode = _mode(target)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        expected = f"a file that can be written ({error.strerror})"
        raise InvalidValue("path", os.fspath(path), expected) from None
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            temporary.chmod(mode)
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _keep_name(target.parent)


def _mode(target: Path) -> int:
    """The permissions of *target*, or those of a new file."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return _NEW & ~_mask()
    if not stat.S_ISREG(status.st_mode):
        raise InvalidValue("path", str(target), "a file, not a folder, pipe or device")
    return stat.S_IMODE(status.st_mode)


def _mask() -> int:
    # There is no other way to ask for it than to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _keep_name(folder: Path) -> None:
    """Bring the new name to the disk, where the system lets folders be brought."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_records(
    path: str | os.PathLike[str],
    values: Iterable[Any],
    kind: type,
    *,
    format: str | None = None,  # noqa: A002  # reads best
) -> None:
    """Write *values* of *kind* as the file *path*, in the format its suffix says, all or nothing.

    Raises:
        InvalidType: records of *kind* are not written to files, or a value is of another type.
        InvalidValue: a path that cannot be written, or a value that the format cannot hold.
        UnknownName: no format says how.
    """
    kind_of(kind)
    chosen = format_of(path, format)
    with replacing(path) as stream:
        if not chosen.packed:
            chosen.writer(stream, values, kind)
            return
        # Neither name nor time is kept inside: the same values are the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
            chosen.writer(cast(IO[bytes], packed), values, kind)
