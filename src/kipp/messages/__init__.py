"""Every sentence a person reads, Indonesian and English, by stable code.

One gettext catalogue per language (``locale/<language>/LC_MESSAGES/kipp.po``, compiled beside it);
Indonesian is the reference text.  Loading this package reads no file: a catalogue is read when the
first sentence of its language is asked for.
"""

from __future__ import annotations

from kipp.messages.catalogue import LANGUAGES, catalogue, text
from kipp.messages.faults import fault_lines
from kipp.messages.report import place, tell
from kipp.messages.sentences import line, say, shown, sources, title, word

__all__ = [
    "LANGUAGES",
    "catalogue",
    "fault_lines",
    "line",
    "place",
    "say",
    "shown",
    "sources",
    "tell",
    "text",
    "title",
    "word",
]
