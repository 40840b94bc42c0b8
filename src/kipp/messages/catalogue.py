"""The catalogue: message templates by stable code, one compiled file per language."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from kipp.domain.checks import TEXT, Kind
from kipp.domain.errors import UnknownName
from kipp.messages.po import read_po
from kipp.rules.arguments import argument

__all__ = ["LANGUAGES", "catalogue", "text"]

LANGUAGES: tuple[str, ...] = ("id", "en")
"""The languages, the reference language first."""


_LANGUAGE = Kind(f"one of {', '.join(LANGUAGES)}", TEXT.accepts)


def text(code: str, lang: str = "id") -> str | None:
    """The template of *code* in *lang*; none where the catalogue has no such code.

    Raises:
        InvalidType, UnknownName: another language.
    """
    found = _compiled(lang).gettext(code)
    return None if found == code else found


def catalogue(lang: str) -> Mapping[str, str]:
    """Every template of *lang* by code, read from the source file (``kipp.po``), in its order.

    Raises:
        InvalidType, UnknownName: another language.
    """
    source = _folder(lang).joinpath("kipp.po").read_text(encoding="utf-8")
    return MappingProxyType({code: text for code, text in read_po(source).items() if code})


def _compiled(lang: str) -> gettext.GNUTranslations:
    return _read(argument("lang", lang, _LANGUAGE))


@cache
def _read(lang: str) -> gettext.GNUTranslations:
    with _folder(lang).joinpath("kipp.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def _folder(lang: str) -> Traversable:
    if lang not in LANGUAGES:
        raise UnknownName("lang", lang, f"one of {', '.join(LANGUAGES)}")
    return files("kipp.messages").joinpath("locale", lang, "LC_MESSAGES")
