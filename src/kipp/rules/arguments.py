"""What a public function was handed, checked before anything is done with it.

A wrong type is refused with the argument's name, the value and what was expected; a lookup or an
attribute that fails deep inside would name none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.checks import TEXT, Kind, of
from kipp.domain.errors import InvalidType
from kipp.domain.registry import Registry

__all__ = ["agency_of", "argument", "instance", "items", "mapping", "text"]


def argument(name: str, value: Any, kind: Kind) -> Any:
    """*value*, if it is of *kind*.

    Raises:
        InvalidType: it is not.
    """
    if not kind.accepts(value):
        raise InvalidType(name, value, kind.expected)
    return value


def instance(name: str, value: Any, cls: type) -> Any:
    """*value*, if it is a *cls*; raises as :func:`argument`."""
    return argument(name, value, of(cls))


def text(name: str, value: Any) -> str:
    """*value*, if it is a text; raises as :func:`argument`."""
    found: str = argument(name, value, TEXT)
    return found


def items(name: str, values: Any, cls: type) -> tuple[Any, ...]:
    """*values* as a tuple of *cls*.

    Raises:
        InvalidType: no iterable, a text or a table, or an item of another type (with its place).
    """
    expected = f"an iterable, each item {of(cls).expected}"
    if isinstance(values, (str, bytes, Mapping, type)) or not isinstance(values, Iterable):
        raise InvalidType(name, values, expected)
    found = tuple(values)
    for index, each in enumerate(found):
        if not isinstance(each, cls):
            raise InvalidType(f"{name}[{index}]", each, of(cls).expected)
    return found


def mapping(name: str, values: Any, cls: type) -> Mapping[str, Any]:
    """*values*, if it is a mapping from texts to *cls*.

    Raises:
        InvalidType: no mapping, a key that is no text, a value of another type (with its key).
    """
    found: Mapping[Any, Any] = instance(name, values, Mapping)
    for key, each in found.items():
        text(f"{name} key", key)
        instance(f"{name}[{key!r}]", each, cls)
    return found


def agency_of(value: Agency | str, among: Callable[[], Registry]) -> Agency | AgencyKey:
    """The agency itself, or the one of that key in *among* (asked for only where needed).

    A key that no agency there has comes back as it is: to the rules it is a finding.

    Raises:
        InvalidType: neither an agency nor a text.
    """
    if isinstance(value, Agency):
        return value
    if not isinstance(value, str):
        raise InvalidType("agency", value, "an Agency or the key of one")
    key = AgencyKey(value)
    return among().by_key.get(key, key)
