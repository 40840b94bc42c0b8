"""The columns of a kind of record, derived from the fields of its type, and what sheets call them.

A nested record is laid flat (``innovation.title``).  A list of simple values stands in one cell,
its items separated by ``;``; a list of records stands in one cell as JSON, and the parts of its
items may have columns of their own.  Names in Indonesian and English are in ``columns.toml``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin

import attrs

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.checks import KIND, Form, Kind, every, maybe, of
from kipp.io.kinds import kind_of

__all__ = [
    "MISSING",
    "Column",
    "Heading",
    "column_letter",
    "columns_of",
    "declared_names",
    "fold",
    "heading",
    "is_unit",
    "nearest",
    "widest",
]

MISSING: Final = object()
"""What a blank cell says of a field in which something must stand."""

_Step: TypeAlias = str | int
_Names: TypeAlias = Mapping[str, tuple[str, ...]]
_NO_NAMES: _Names = MappingProxyType({})
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERED = re.compile(r"(.*?)[\s(#]*([1-9][0-9]?)\s*\)?\s*", re.DOTALL)
_KEYED = re.compile(r"([^:]*):(.*)", re.DOTALL)
_COMMENT = "#"


@attrs.frozen(kw_only=True)
class Column:
    """A column: the *path* of its cells in the record, and what they hold.

    *path* has a 0 where an item of a list is meant.  *kind* is that of the field, *required*
    whether the field has no *default*; *names* are the headers by language, the official first;
    *is_agency* says that the text names an agency.
    """

    path: tuple[_Step, ...]
    kind: Kind
    names: _Names
    required: bool
    default: Any = None
    is_agency: bool = False

    @property
    def bare(self) -> Kind:
        """The kind of a value that is there."""
        return self.kind.parts[0] if self.kind.form is Form.MAYBE else self.kind

    @property
    def is_nullable(self) -> bool:
        """Whether nothing is a value of the field."""
        return self.kind.form is Form.MAYBE

    @property
    def blank(self) -> Any:
        """What a blank cell says: nothing recorded, or a text without letters; else a fault."""
        if self.is_nullable:
            return None
        is_text = self.kind.form is Form.TEXT and "filled" not in self.kind.limits
        return "" if is_text else MISSING

    @property
    def is_part(self) -> bool:
        """Whether this is a part of an item of a list."""
        return 0 in self.path

    @property
    def holds_pairs(self) -> bool:
        """Whether the value is made of pairs, each of which may have a column of its own."""
        bare = self.bare
        return bare.form is Form.TABLE or (
            bare.form is Form.EVERY and bare.parts[0].form is Form.ROW
        )

    def name(self, lang: str) -> str:
        """The header in *lang*: the official term, or its translation."""
        return self.names[lang][0]

    @property
    def dotted(self) -> str:
        """The path as a header: ``innovation.title``."""
        return ".".join(str(step) for step in self.path if step != 0)


@attrs.frozen(kw_only=True)
class Heading:
    """What the header *text* at *position* (from 0) means.

    *column* is none for a comment and for what nobody knows.  *number* is that of the item (from
    1) of a part of a list, *key* the first of a pair.
    """

    text: str
    position: int
    column: Column | None = None
    number: int = 1
    key: str | None = None
    is_comment: bool = False

    @property
    def letter(self) -> str:
        """The letter of the column, as a spreadsheet shows it."""
        return column_letter(self.position)

    @property
    def target(self) -> tuple[_Step, ...]:
        """The place its cells go to: the path, with number or key."""
        path = self.column.path if self.column else ()
        numbered = tuple(self.number if step == 0 else step for step in path)
        return numbered if self.key is None else (*numbered, self.key)


@cache
def columns_of(kind: type) -> tuple[Column, ...]:
    """The columns of the records of *kind*, in the order of the fields.

    Raises:
        InvalidType: records of that type are not read from files.
    """
    kind_of(kind)
    return tuple(_columns(kind, (), (), required=True, resolves=kind is not Agency))


def _columns(
    cls: type,
    path: tuple[_Step, ...],
    owners: tuple[tuple[str, int], ...],
    *,
    required: bool,
    resolves: bool,
) -> Iterator[Column]:
    """The columns of *cls* at *path*; *owners* are the types around it, and where each begins."""
    around = (*owners, (cls.__name__, len(path)))
    for field in attrs.fields(attrs.resolve_types(cls)):
        kind: Kind = field.metadata.get(KIND) or _kind_of_type(field.type)
        place = (*path, field.name)
        is_required = required and field.default is attrs.NOTHING
        bare = kind.parts[0] if kind.form is Form.MAYBE else kind
        if bare.form is Form.RECORD:
            yield from _columns(
                bare.classes[0], place, around, required=is_required, resolves=resolves
            )
            continue
        names = _names(place, around)
        # The parts of items have columns only where a name is declared for them.
        if names or 0 not in place:
            yield Column(
                path=place,
                kind=kind,
                names=names or {"id": (field.name,), "en": (field.name,)},
                required=is_required,
                default=None if field.default is attrs.NOTHING else field.default,
                is_agency=resolves and AgencyKey in _mentioned(field.type),
            )
        item = bare.parts[0] if bare.form is Form.EVERY else bare
        if item.form is Form.RECORD and 0 not in place:
            yield from _columns(
                item.classes[0], (*place, 0), around, required=False, resolves=resolves
            )


def _kind_of_type(type: Any) -> Kind:  # noqa: A002  # reads best
    """The kind of a field that declares none: a record, or none."""
    if get_origin(type) in (Union, UnionType):
        return maybe(_kind_of_type(get_args(type)[0]))
    return every(of(get_args(type)[0])) if get_origin(type) is tuple else of(type)


def _mentioned(type: Any) -> tuple[Any, ...]:  # noqa: A002  # reads best
    inner = tuple(each for part in get_args(type) for each in _mentioned(part))
    return (type, *inner)


def _names(place: tuple[_Step, ...], around: tuple[tuple[str, int], ...]) -> _Names:
    """The names declared for *place*, in the outermost type that declares some."""
    for owner, begins in around:
        if 0 in place[:begins]:
            continue
        found = declared_names(owner, ".".join(str(step) for step in place[begins:] if step != 0))
        if found:
            return found
    return _NO_NAMES


def declared_names(owner: str, dotted: str) -> _Names:
    """What the field *dotted* of the type *owner* is called in sheets, by language."""
    found = _declared().get(owner, {}).get(dotted, {})
    return MappingProxyType({lang: tuple(names) for lang, names in found.items()})


@cache
def _declared() -> Mapping[str, Mapping[str, Any]]:
    text = files("kipp.io").joinpath("columns.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


# Headers


def fold(text: str) -> str:
    """*text* without case, blanks, punctuation and accents: spellings of one header meet.

    >>> fold("Tanggal  Mulai-Implementasi *")
    'tanggalmulaiimplementasi'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, plain))


@cache
def _by_name(kind: type) -> Mapping[str, Column]:
    """The columns of *kind* by every name they go by, folded."""
    found: dict[str, Column] = {}
    for column in columns_of(kind):
        for name in (*(each for names in column.names.values() for each in names), column.dotted):
            found.setdefault(fold(name), column)
    return MappingProxyType(found)


@cache
def _folded(section: str) -> frozenset[str]:
    return frozenset(fold(name) for names in _declared()[section].values() for name in names)


def heading(text: str, position: int, kind: type) -> Heading:
    """What the header *text* at *position* means in a sheet of *kind*."""
    if not text.strip() or text.lstrip().startswith(_COMMENT):
        return Heading(text=text, position=position, is_comment=True)
    known = _by_name(kind)
    for spelled in (text, _PARENTHESES.sub("", text)):
        column = known.get(fold(spelled))
        if column is not None:
            return Heading(text=text, position=position, column=column)
    if fold(text) in _folded("comments") or not fold(text):
        return Heading(text=text, position=position, is_comment=True)
    numbered = _NUMBERED.fullmatch(text)
    column = known.get(fold(numbered[1])) if numbered else None
    if numbered and column is not None and column.is_part:
        return Heading(text=text, position=position, column=column, number=int(numbered[2]))
    keyed = _KEYED.fullmatch(text)
    column = known.get(fold(keyed[1])) if keyed else None
    if keyed and column is not None and column.holds_pairs and keyed[2].strip():
        return Heading(text=text, position=position, column=column, key=keyed[2].strip())
    return Heading(text=text, position=position)


def nearest(text: str, kind: type, lang: str = "id") -> str | None:
    """The header of *kind* that looks most like *text*, for a person to choose; or none."""
    known = _by_name(kind)
    found = difflib.get_close_matches(fold(text), known, n=1, cutoff=0.75)
    return known[found[0]].name(lang) if found else None


def is_unit(text: str) -> bool:
    """Whether *text* only says how a column is to be filled: ``(menit)``, ``dd/mm/yyyy``."""
    return not _PARENTHESES.sub("", text).strip() or fold(text) in _folded("units")


def column_letter(position: int) -> str:
    """The letter of the column at *position* (from 0), as a spreadsheet shows it.

    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    left = position + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def widest(kind: type) -> tuple[Column, ...]:
    """The columns that are written: those whose cells together hold every record of *kind*."""
    return tuple(column for column in columns_of(kind) if not column.is_part)
