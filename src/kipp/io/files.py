"""Files of records: opened safely, read as a stream by the format that the suffix names.

Every format is one function, loaded with the first file of that format::

    read_…(stream, kind, *, file, limits, reading) -> Iterator[Raw]
    write_…(stream, values, kind) -> None

*stream* is an open binary stream, *kind* the type of the records (:mod:`kipp.io.kinds`), *file*
the name for places, *limits* and *reading* as below.  A reader does not close its stream; it
raises only where the file cannot be read at all, everything else is a fault of a record.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Protocol, TypeAlias, cast

import attrs

from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.io.kinds import kind_of
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING, Reading
from kipp.io.raw import Raw

__all__ = ["FORMATS", "FileFormat", "Source", "format_of", "opened", "read_raw"]

Source: TypeAlias = str | os.PathLike[str] | IO[bytes]
"""A file by its path, or an open binary stream."""


class _Reader(Protocol):
    def __call__(
        self, stream: IO[bytes], kind: type, *, file: str, limits: Limits, reading: Reading
    ) -> Iterator[Raw]: ...


class _Writer(Protocol):
    def __call__(self, stream: IO[bytes], values: Iterable[Any], kind: type) -> None: ...


@attrs.frozen
class FileFormat:
    """A format by *name*: the module and the functions that read and write it.

    *packed* says that all of it is packed with gzip.
    """

    name: str
    module: str
    read: str
    write: str
    packed: bool = False

    @property
    def reader(self) -> _Reader:
        """The function that reads it."""
        return cast(_Reader, getattr(import_module(self.module), self.read))

    @property
    def writer(self) -> _Writer:
        """The function that writes it."""
        return cast(_Writer, getattr(import_module(self.module), self.write))


_JSON = ("kipp.io.json_stream", "read_json", "write_json")
_NDJSON = ("kipp.io.json_stream", "read_ndjson", "write_ndjson")
_CSV = ("kipp.io.csv_table", "read_csv", "write_csv")
_XLSX = ("kipp.io.workbook", "read_xlsx", "write_xlsx")
_PARQUET = ("kipp.io.columnar", "read_parquet", "write_parquet")
_ARROW = ("kipp.io.columnar", "read_arrow", "write_arrow")
_SUFFIXES: Mapping[str, tuple[str, tuple[str, str, str]]] = {
    ".json": ("json", _JSON),
    ".ndjson": ("ndjson", _NDJSON),
    ".jsonl": ("ndjson", _NDJSON),
    ".csv": ("csv", _CSV),
    ".tsv": ("csv", _CSV),
    ".xlsx": ("xlsx", _XLSX),
    ".parquet": ("parquet", _PARQUET),
    ".arrow": ("arrow", _ARROW),
    ".feather": ("arrow", _ARROW),
}
_PACKED = ".gz"

FORMATS: Mapping[str, FileFormat] = MappingProxyType(
    {name: FileFormat(name, *functions) for name, functions in _SUFFIXES.values()}
    | {
        f"{name}{_PACKED}": FileFormat(f"{name}{_PACKED}", *functions, packed=True)
        for name, functions in _SUFFIXES.values()
        if name in ("json", "ndjson", "csv")
    }
)
"""Every format by its name, those packed with gzip among them (``ndjson.gz``)."""


def format_of(path: str | os.PathLike[str], format: str | None = None) -> FileFormat:  # noqa: A002  # reads best
    """The format of the file *path*: *format* by its name, or what the suffix says.

    Raises:
        UnknownName: no such format, or a suffix that says none.
    """
    if format is not None:
        if format not in FORMATS:
            raise UnknownName("format", format, f"one of {', '.join(FORMATS)}")
        return FORMATS[format]
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    packed = suffixes[-1:] == [_PACKED]
    said = (suffixes[:-1] if packed else suffixes)[-1:]
    name = _SUFFIXES[said[0]][0] if said and said[0] in _SUFFIXES else ""
    found = FORMATS.get(name + _PACKED * packed)
    if found is None:
        expected = f"a file ending in one of {', '.join(_SUFFIXES)}"
        raise UnknownName("path", os.fspath(path), expected, cure="or name its format")
    return found


def opened(path: str | os.PathLike[str]) -> IO[bytes]:
    """The file *path*, open for reading; never waits, whatever the path is.

    Raises:
        InvalidType: no path.
        InvalidValue: nothing there, no file (a folder, a pipe, a device), or not to be read.
    """
    name = _path(path)
    try:
        _refuse_no_file(name, Path(name).stat())
        # Between the look and the opening a pipe may have taken the place: do not wait for it.
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        stream = os.fdopen(descriptor, "rb")
        try:
            _refuse_no_file(name, os.fstat(descriptor))
        except BaseException:
            stream.close()
            raise
    except FileNotFoundError:
        raise InvalidValue("path", name, "a file that is there") from None
    except PermissionError:
        cure = "ask its owner for the permission to read it"
        raise InvalidValue("path", name, "a file that may be read", cure=cure) from None
    except OSError as error:
        expected = f"a file that can be opened ({error.strerror})"
        raise InvalidValue("path", name, expected) from None
    return stream


_BINARY = getattr(os, "O_BINARY", 0)
_NO_FILES: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _path(path: str | os.PathLike[str]) -> str:
    try:
        name = os.fspath(path)
    except TypeError:
        name = path  # type: ignore[assignment]  # refused in the next line
    if not isinstance(name, str):
        raise InvalidType("path", path, "the path of a file")
    if "\0" in name:
        raise InvalidValue("path", name, "the path of a file")
    return name


def _refuse_no_file(name: str, status: os.stat_result) -> None:
    for is_one, said in _NO_FILES:
        if is_one(status.st_mode):
            raise InvalidValue("path", name, f"a file, not {said}")


def read_raw(
    source: Source,
    kind: type,
    *,
    format: str | None = None,  # noqa: A002  # reads best
    file: str | None = None,
    limits: Limits = LIMITS,
    reading: Reading = READING,
) -> Iterator[Raw]:
    """The records of *source*, each as it stands there, one after the other.

    *format* names the format (:data:`FORMATS`) where no suffix does; *file* is the name that
    places give, the path itself unless given.

    Raises:
        InvalidType: no source, or records of *kind* are not read from files.
        InvalidValue: a path that is no file that can be read.
        UnknownName: no format says how.
    """
    kind_of(kind)
    if isinstance(source, (str, os.PathLike)):
        name = _path(source)
        chosen = format_of(name, format)
        return _closing(opened(name), chosen, kind, file or name, limits, reading)
    name = file or str(getattr(source, "name", ""))
    return _records(source, format_of(name, format), kind, name, limits, reading)


def _closing(
    stream: IO[bytes],
    chosen: FileFormat,
    kind: type,
    file: str,
    limits: Limits,
    reading: Reading,
) -> Iterator[Raw]:
    with stream:
        yield from _records(stream, chosen, kind, file, limits, reading)


def _records(
    stream: IO[bytes],
    chosen: FileFormat,
    kind: type,
    file: str,
    limits: Limits,
    reading: Reading,
) -> Iterator[Raw]:
    return chosen.reader(stream, kind, file=file, limits=limits, reading=reading)
