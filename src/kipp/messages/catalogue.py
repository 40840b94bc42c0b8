"""The catalogue: message templates by stable code, one compiled file per language."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from kipp.domain.errors import UnknownName
from kipp.messages.po import read_po

__all__ = ["LANGUAGES", "catalogue", "text"]

LANGUAGES: tuple[str, ...] = ("id", "en")
"""The languages, the reference language first."""


def text(code: str, lang: str = "id") -> str | None:
    """The template of *code* in *lang*; none where the catalogue has no such code.

    Raises:
        UnknownName: another language.
    """
    found = _compiled(lang).gettext(code)
    return None if found == code else found


def catalogue(lang: str) -> Mapping[str, str]:
    """Every template of *lang* by code, read from the source file (``kipp.po``), in its order.

    Raises:
        UnknownName: another language.
    """
    source = _folder(lang).joinpath("kipp.po").read_text(encoding="utf-8")
    return MappingProxyType({code: text for code, text in read_po(source).items() if code})


@cache
def _compiled(lang: str) -> gettext.GNUTranslations:
    with _folder(lang).joinpath("kipp.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def _folder(lang: str) -> Traversable:
    if lang not in LANGUAGES:
        raise UnknownName("lang", lang, f"one of {', '.join(LANGUAGES)}")
    return files("kipp.messages").joinpath("locale", lang, "LC_MESSAGES")
