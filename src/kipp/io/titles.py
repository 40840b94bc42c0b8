"""What records and their fields are called by people, in both languages.

A field that has a column is called as its column; the others have a line of the catalogue.
"""

from __future__ import annotations

from kipp.io.columns import declared_names
from kipp.messages.catalogue import text

__all__ = ["field_title", "record_title"]


def record_title(cls: type, lang: str = "id") -> str:
    """The name of the records of *cls*; that of the class where nobody gave one."""
    return text(f"record.{cls.__name__}", lang) or cls.__name__


def field_title(cls: type, name: str, lang: str = "id") -> str:
    """What the field *name* of *cls* is called; its own name where nobody gave it one."""
    names = declared_names(cls.__name__, name).get(lang)
    return names[0] if names else text(f"field.{cls.__name__}.{name}", lang) or name
