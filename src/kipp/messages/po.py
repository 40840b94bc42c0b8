"""Reads the source form of the catalogue, the part of the ``.po`` format that kipp uses.

A ``msgid`` (the stable code) on one line and a ``msgstr`` on one or more; comments; no plural
forms, for Indonesian has one (English chooses its form inside the template).
"""

from __future__ import annotations

import ast
import re

from kipp.domain.errors import InvalidValue

__all__ = ["read_po"]

_ENTRY = re.compile(r'(msgid|msgstr)?\s*("(?:[^"\\]|\\.)*")')


def read_po(source: str) -> dict[str, str]:
    """The messages of a ``.po`` text by id, in the order of the file; the header has the id ``""``.

    Raises:
        InvalidValue: a line of another form, an id twice, an empty text; with its line number.
    """
    messages: dict[str, str] = {}
    code, keyword = "", ""
    for number, line in enumerate(source.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _ENTRY.fullmatch(line.strip())
        where = f"line {number}"
        if match is None:
            raise InvalidValue("catalogue", line, "a msgid, a msgstr or a quoted text", where)
        keyword = match[1] or keyword
        quoted = str(ast.literal_eval(match[2]))
        if match[1] == "msgid":
            code = quoted
            if code in messages:
                raise InvalidValue("msgid", code, "an id that stands once", where)
            messages[code] = ""
        elif keyword == "msgstr":
            messages[code] += quoted
        else:
            raise InvalidValue("msgid", quoted, "an id on one line", where)
    empty = [code for code, text in messages.items() if not text]
    if empty:
        raise InvalidValue("msgstr", empty, "a text for every id")
    return messages
