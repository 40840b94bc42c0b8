"""Example assumptions: what the law did not publish, filled in so that a whole run is possible.

They are an example, not a finding.  Each has a path, a value and one sentence why, is marked
``ASSUMED`` on everything that rests on it, and is put in by the caller::

    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from kipp.domain.checks import COUNT, Kind
from kipp.domain.errors import UnknownName
from kipp.rules.arguments import argument
from kipp.rules.rulebook import Assumption

__all__ = ["example", "items"]


def example(year: int) -> tuple[Assumption, ...]:
    """Every example assumption for the cycle of *year*, flat, in the order of the items.

    Raises:
        InvalidType: *year* is not a whole number.
        UnknownName: there is no example for that year.
    """
    return tuple(each for item in items(year).values() for each in item)


def items(year: int) -> Mapping[str, tuple[Assumption, ...]]:
    """The example assumptions by item, ``a`` to ``i``: what is assumed or left out together.

    Raises:
        InvalidType: *year* is not a whole number.
        UnknownName: there is no example for that year.
    """
    return {
        letter: tuple(
            Assumption(path, row["value"], row["why"])
            for path, row in table.items()
            if path != "title"
        )
        for letter, table in _table(year).items()
    }


def _table(year: int) -> dict[str, dict[str, Any]]:
    import tomllib

    argument("year", year, Kind("a year such as 2021", COUNT.accepts))
    folder = resources.files("kipp.rulebooks") / "assumptions"
    known = {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir()}
    entry = known.get(str(year))
    if entry is None:
        years = ", ".join(sorted(known))
        raise UnknownName("year", year, f"a cycle with example assumptions ({years})")
    return tomllib.loads(entry.read_text(encoding="utf-8"))
