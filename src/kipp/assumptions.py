"""Example assumptions: what the law did not publish, filled in so that a whole run is possible.

They are an example, not a finding.  Each has a path, a value and one sentence why, is marked
``ASSUMED`` on everything that rests on it, and is put in by the caller::

    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from kipp import messages
from kipp.domain.checks import COUNT, Kind
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.rules.arguments import argument, instance
from kipp.rules.rulebook import Assumption

__all__ = ["example", "items", "read"]


def example(year: int, lang: str = "id") -> tuple[Assumption, ...]:
    """Every example assumption for the cycle of *year*, flat, in the order of the items.

    Each says why in *lang*, ``id`` (the reference text) or ``en``.

    Raises:
        InvalidType: *year* is not a whole number.
        UnknownName: there is no example for that year, or another language.
    """
    return tuple(each for item in items(year, lang).values() for each in item)


def items(year: int, lang: str = "id") -> Mapping[str, tuple[Assumption, ...]]:
    """The example assumptions by item, ``a`` to ``i``: what is assumed or left out together.

    Each says why in *lang*, ``id`` (the reference text) or ``en``.

    Raises:
        InvalidType: *year* is not a whole number.
        UnknownName: there is no example for that year, or another language.
    """
    why = _why(lang)
    return {
        letter: tuple(
            Assumption(path, row["value"], row[why])
            for path, row in table.items()
            if path != "title"
        )
        for letter, table in _table(year).items()
    }


def read(text: str, lang: str = "id", *, source: str = "text") -> tuple[Assumption, ...]:
    """The assumptions of a file of your own, in the form of the packaged example (TOML).

    Each line is ``"path" = { value = …, why = "…", why_en = "…" }``, at the top or in a table of
    things that belong together; *source* names the file in errors.

    Raises:
        InvalidType: *text* is no text.
        InvalidValue: no TOML, or a line of another form, with its name.
        UnknownName: another language than ``id`` and ``en``.
    """
    import tomllib

    why = _why(lang)
    try:
        whole = tomllib.loads(instance("text", text, str))
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue(source, str(error), "TOML") from None
    tables = [rows for rows in whole.values() if isinstance(rows, dict) and "value" not in rows]
    rows = {path: row for table in (whole, *tables) for path, row in table.items()}
    return tuple(
        _assumption(path, row, why, source)
        for path, row in rows.items()
        if path != "title" and row not in tables
    )


def _assumption(path: str, row: Any, why: str, source: str) -> Assumption:
    known = {"value", "why", *(f"why_{lang}" for lang in messages.LANGUAGES)}
    if not isinstance(row, dict) or not {"value", "why"} <= row.keys() <= known:
        raise InvalidValue(path, row, "a table with value, why and perhaps why_en", source)
    return Assumption(path, row["value"], row[why if why in row else "why"])


def _why(lang: str) -> str:
    """The key of the sentence in *lang*."""
    instance("lang", lang, str)
    if lang not in messages.LANGUAGES:
        raise UnknownName("lang", lang, f"one of {', '.join(messages.LANGUAGES)}")
    return "why" if lang == messages.LANGUAGES[0] else f"why_{lang}"


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
