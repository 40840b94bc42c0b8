"""JSON Schema (2020-12) of every type that is read, generated of the kinds its fields hold.

A schema takes what the reader takes, as far as a schema can say it: a day of the calendar is a
pattern, so no checker of formats is needed.  What no schema says is listed in the documentation.
Titles and descriptions are in the language asked for; those of every language stand beside them,
as ``x-title`` and ``x-description``.
"""

from __future__ import annotations

import enum
import inspect
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import attrs

from kipp.domain.award import GROUPS_OF, KIPP
from kipp.domain.checks import Form, Kind, agreements_of
from kipp.domain.dates import Period
from kipp.domain.errors import InvalidType
from kipp.domain.proposal import Proposal
from kipp.io.document import LARGEST
from kipp.io.finding import expected_of, words_of
from kipp.io.submission import Submission
from kipp.io.titles import field_title, record_title
from kipp.io.typed import (
    ANYTHING,
    DERIVED,
    NOTHING,
    is_open,
    kind_for,
    record_fields,
    vocabulary,
)
from kipp.messages.catalogue import LANGUAGES, text
from kipp.messages.sentences import expectation, word
from kipp.rules.scoring import Scores

__all__ = ["DIALECT", "schema", "schema_text"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of JSON Schema that is written."""

_Schema = dict[str, Any]


def schema(type: Any, *, lang: str = "id") -> dict[str, Any]:  # noqa: A002  # reads best
    """The schema of the records of *type*, as plain data.

    Raises:
        InvalidType: values of *type* are not read; no language.
        UnknownName: another language.
    """
    text("outcome.note", lang)
    kind = kind_for(type)
    made = _Schemas(lang)
    whole = made.of(kind)
    return {
        "$schema": DIALECT,
        "$id": f"urn:kipp:{_name(kind)}",
        **whole,
        **({"$defs": dict(sorted(made.definitions.items()))} if made.definitions else {}),
    }


def _name(kind: Kind) -> str:
    return kind.classes[0].__name__ if kind.classes else kind.key


def schema_text(type: Any, *, lang: str = "id") -> str:  # noqa: A002  # reads best
    """The schema of the records of *type* as JSON that people can read.

    Raises:
        InvalidType, UnknownName: as :func:`schema`.
    """
    return json.dumps(schema(type, lang=lang), ensure_ascii=False, indent=2)


class _Schemas:
    """The schemas of one document in *lang*: those of its records once each, in *definitions*."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self.definitions: dict[str, _Schema] = {}

    def of(self, kind: Kind) -> _Schema:
        """The schema of the values of *kind*."""
        if kind is ANYTHING:
            return self._defined("Anything", self._anything)
        if is_open(kind):
            return {"oneOf": [self._tagged(cls) for cls in kind.classes]}
        if kind is NOTHING:
            return {"type": "null"}
        if Period in kind.classes:
            return dict(_PERIOD)
        if kind.form in _SIMPLE:
            return _SIMPLE[kind.form](kind)
        return self._composed(kind)

    def _composed(self, kind: Kind) -> _Schema:
        parts = kind.parts
        match kind.form:
            case Form.WORD:
                return self._words(kind)
            case Form.RECORD:
                (cls,) = kind.classes
                return self._defined(cls.__name__, lambda: self._record(cls))
            case Form.MAYBE:
                return {"anyOf": [self.of(parts[0]), {"type": "null"}]}
            case Form.EITHER:
                return {"anyOf": [self.of(part) for part in parts]}
            case Form.EVERY:
                return self._list(kind)
            case Form.ROW:
                items = [self.of(part) for part in parts]
                count = {"minItems": len(items), "maxItems": len(items)}
                return {"type": "array", "prefixItems": items, "items": False, **count}
            case _:
                names, values = map(self.of, parts)
                return {"type": "object", "propertyNames": names, "additionalProperties": values}

    def _defined(self, name: str, make: Callable[[], _Schema]) -> _Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _list(self, kind: Kind) -> _Schema:
        found: _Schema = {"type": "array", "items": self.of(kind.parts[0])}
        if "items" in kind.limits:
            found["minItems"] = kind.limits["items"]
        if "distinct" in kind.limits:
            found["uniqueItems"] = True
        return found

    def _words(self, kind: Kind) -> _Schema:
        (cls,) = (each for each in kind.classes if issubclass(each, enum.Enum))
        fitting = words_of(kind)
        if fitting != tuple(member.value for member in cls):
            return {"type": "string", "enum": list(fitting)}
        return self._defined(cls.__name__, lambda: self._word_list(cls))

    def _word_list(self, cls: type[enum.Enum]) -> _Schema:
        return {
            **self._described(cls),
            "type": "string",
            "enum": [member.value for member in cls],
            "x-words": {
                lang: {member.value: word(member, lang) for member in cls} for lang in LANGUAGES
            },
        }

    # Records

    def _record(self, cls: type) -> _Schema:
        if cls is Scores:
            return self.of(kind_for(Mapping[str, Fraction]))
        by_fields = self._by_fields(cls)
        if cls is Submission:
            alone = self.of(kind_for(Proposal))
            return {**self._described(cls), "oneOf": [by_fields, alone]}
        return {**self._described(cls), **by_fields}

    def _by_fields(self, cls: type) -> _Schema:
        fields = record_fields(cls)
        properties = {
            name: {**self._field(cls, name, kind, field), **self.of(kind)}
            for name, (kind, field) in fields.items()
        }
        needed = [name for name, (_, field) in fields.items() if field.default is attrs.NOTHING]
        derived = {name: self._derived() for name in DERIVED.get(cls, ())}
        agreed = [part for each in agreements_of(cls) for part in _AGREED.get(each.code, ())]
        return {
            "type": "object",
            "properties": {**properties, **derived},
            **({"required": needed} if needed else {}),
            "additionalProperties": False,
            **({"allOf": agreed} if agreed else {}),
        }

    def _derived(self) -> _Schema:
        return {"type": ["string", "null"], "readOnly": True}

    def _field(self, cls: type, name: str, kind: Kind, field: attrs.Attribute[Any]) -> _Schema:
        key, more = expected_of(kind)
        said = {lang: _sentence(expectation(key, more, lang)) for lang in LANGUAGES}
        titles = {lang: field_title(cls, name, lang) for lang in LANGUAGES}
        default = {"default": field.default} if type(field.default) in (str, bool) else {}
        return {**self._told(titles, said), **default}

    def _described(self, cls: type) -> _Schema:
        titles = {lang: record_title(cls, lang) for lang in LANGUAGES}
        about = {lang: text(f"about.{cls.__name__}", lang) for lang in LANGUAGES}
        first = inspect.getdoc(cls) or ""
        said = {lang: each or first.partition("\n\n")[0] for lang, each in about.items()}
        return self._told(titles, said)

    def _told(self, titles: Mapping[str, str], said: Mapping[str, str]) -> _Schema:
        return {
            "title": titles[self._lang],
            "description": said[self._lang],
            "x-title": dict(titles),
            "x-description": dict(said),
        }

    # Values of several kinds

    def _tagged(self, cls: type) -> _Schema:
        return {
            "type": "object",
            "properties": {"type": {"const": cls.__name__}, "value": self.of(kind_for(cls))},
            "required": ["type", "value"],
            "additionalProperties": False,
        }

    def _anything(self) -> _Schema:
        itself = {"$ref": "#/$defs/Anything"}
        simple = [self.of(kind_for(each)) for each in (str, int, bool, type(None))]
        named = {"type": "string", "enum": [name for name in vocabulary() if _is_read(name)]}
        tagged = {
            "type": "object",
            "properties": {"type": named, "value": True},
            "required": ["type", "value"],
            "additionalProperties": False,
        }
        return {"anyOf": [*simple, {"type": "array", "items": itself}, tagged]}


def _is_read(name: str) -> bool:
    try:
        kind_for(vocabulary()[name])
    except InvalidType:
        return False
    return True


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


# Simple values


_SPACE = r"\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HALF = r"\ud800-\udfff"
_TEXT = rf"^[^{_HALF}]*$"
_FILLED = rf"^[^{_HALF}]*[^{_SPACE}{_HALF}][^{_HALF}]*$"

_YEAR = "(0{3}[1-9]|0{2}[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_ZONE_YEAR = (
    "(0{3}[2-9]|0{2}[1-9][0-9]|0[1-9][0-9]{2}|[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"
)
_LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = rf"(Z|\+{_CLOCK}|-(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|-00:(0[1-9]|[1-5][0-9]))"
_NO_LINE_END = {"not": {"pattern": r"\n"}}
"""Said besides, for some engines let ``$`` pass over one at the end."""


def _day(year: str) -> str:
    return (
        rf"({year}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
        rf"|{year}-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
        rf"|{year}-02-(0[1-9]|1[0-9]|2[0-8])"
        rf"|{_LEAP_YEAR}-02-29)"
    )


def _pattern(pattern: str) -> _Schema:
    return {"type": "string", "pattern": f"^{pattern}$", **_NO_LINE_END}


def _text(kind: Kind) -> _Schema:
    found: _Schema = {"type": "string", "pattern": _FILLED if "filled" in kind.limits else _TEXT}
    if "prefix" in kind.limits:
        prefix = kind.limits["prefix"]
        found["allOf"] = [{"pattern": rf"^{prefix}[^{_HALF}]*[^{_SPACE}{_HALF}][^{_HALF}]*$"}]
    return found


def _whole(kind: Kind) -> _Schema:
    least = max(kind.limits.get("least", -LARGEST), -LARGEST)
    most = min(kind.limits.get("most", LARGEST), LARGEST)
    return {"type": "integer", "minimum": least, "maximum": most}


def _exact(kind: Kind) -> _Schema:
    below = "(/[1-9][0-9]*)?"
    if "above" in kind.limits:
        return _pattern(f"[1-9][0-9]*{below}")
    if "least" in kind.limits:
        return _pattern(f"(-?0|[1-9][0-9]*){below}")
    return _pattern(f"-?(0|[1-9][0-9]*){below}")


def _moment(kind: Kind) -> _Schema:
    year = _YEAR if kind.base is None else _ZONE_YEAR
    written = rf"{_day(year)}T{_CLOCK}:[0-5][0-9](\.[0-9]{{1,6}})?{_OFFSET}"
    return {**_pattern(written), "format": "date-time"}


_PERIOD: Mapping[str, Any] = MappingProxyType(
    _pattern("P([0-9]+Y([0-9]+M)?([0-9]+D)?|[0-9]+M([0-9]+D)?|[0-9]+D)")
)
_SIMPLE: Mapping[Form, Callable[[Kind], _Schema]] = {
    Form.TEXT: _text,
    Form.FLAG: lambda _: {"type": "boolean"},
    Form.WHOLE: _whole,
    Form.EXACT: _exact,
    Form.DAY: lambda _: {**_pattern(_day(_YEAR)), "format": "date"},
    Form.MOMENT: _moment,
}


# What fields must agree on, as far as a schema says it


def _groups_of_levels() -> tuple[_Schema, ...]:
    """In KIPP, the groups of each level."""
    of_kipp = {"properties": {"organiser": {"const": KIPP}}}
    return tuple(
        {
            "if": {
                "required": ["level"],
                "properties": {"level": {"const": level.value}, **of_kipp["properties"]},
            },
            "then": {"properties": {"group": {"enum": [*(each.value for each in groups), None]}}},
        }
        for level, groups in GROUPS_OF.items()
    )


_AGREED: Mapping[str, tuple[_Schema, ...]] = {"GROUP_NOT_OF_LEVEL": _groups_of_levels()}
