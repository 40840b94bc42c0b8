"""How agency names are written, and folded so that spellings of one name meet.

Folding drops case, spaces, dots, hyphens and commas, and writes out the few short forms that
public lists use (*Kep.* for *Kepulauan*).  It never shortens: no prefix and no near miss is equal.
A folded name carries what the text said about the kind: ``kota:malang`` said *kota*,
``:malang`` said nothing, ``=…`` is the whole text, as ministries and enterprises are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kipp.domain.agency import AgencyKind

__all__ = ["glued_readings", "heads", "name_keys", "readings"]

_WORD = re.compile(r"[^\W_]+|[()&]")
_SPELLED_OUT = {
    "&": "dan",
    "adm": "administrasi",
    "kementrian": "kementerian",
    "kep": "kepulauan",
    "propinsi": "provinsi",
}
_KIND_WORDS = {
    "kab": AgencyKind.REGENCY,
    "kabupaten": AgencyKind.REGENCY,
    "kota": AgencyKind.CITY,
    "prov": AgencyKind.PROVINCE,
    "provinsi": AgencyKind.PROVINCE,
}
_GOVERNMENT_SHORT = {"pemkab": "kabupaten", "pemkot": "kota", "pemprov": "provinsi"}
_GOVERNMENT = (["pemerintah"], ["pemerintah", "daerah"], ["pemda"])


def readings(text: str) -> tuple[str, ...]:
    """Every way to read *text* as a name, folded.

    "Pemerintah Daerah Istimewa Yogyakarta" has two: *Pemerintah Daerah* may be the word for the
    government, or *Daerah* may belong to the name.
    """
    words = _words(text)
    found = ["=" + "".join(words)]
    found += [_local(rest) for rest in _without_government(words) if rest]
    return tuple(dict.fromkeys(found))


def name_keys(name: str, kind: AgencyKind | None) -> tuple[str, ...]:
    """The folded forms under which an agency of *kind* called *name* is found."""
    words = _words(name)
    if kind is None or not kind.is_local_government:
        return ("=" + "".join(words),)
    if _KIND_WORDS.get(words[0] if words else "") is kind:
        words = words[1:]
    forms = [words, words[1:]] if words[:1] == ["administrasi"] else [words]
    bare = ["".join(form) for form in forms]
    return tuple(f"{said}:{form}" for said in (kind.value, "") for form in bare)


def glued_readings(text: str) -> tuple[str, ...]:
    """The local readings *text* has if words need no spaces: ``:malang`` in "KotaMalang".

    Nobody is found by them; but a new name that has one would meet "Kota Malang" after folding.
    """
    whole = "".join(_words(text))
    governments = ("", *_GOVERNMENT_SHORT, *("".join(phrase) for phrase in _GOVERNMENT))
    rests = [whole.removeprefix(government) for government in governments]
    bare = [rest.removeprefix(word) for rest in rests for word in ("", *_KIND_WORDS)]
    return tuple(dict.fromkeys(f":{each}" for each in bare))


def heads(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """*text* whole, then without its last groups in parentheses, each with what was taken off."""
    head = text.strip()
    taken: tuple[str, ...] = ()
    yield head, taken
    while (start := _group_start(head)) is not None:
        taken = (head[start + 1 : -1].strip(), *taken)
        head = head[:start].rstrip()
        yield head, taken


def _group_start(text: str) -> int | None:
    """Where the group in parentheses that ends *text* begins; none where there is no such group."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth <= 0:
            return at if text[at] == "(" else None
    return None


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = [_SPELLED_OUT.get(word, word) for word in _WORD.findall(plain)]
    return _without_state(words)


def _without_state(words: list[str]) -> list[str]:
    """*Republik Indonesia* as *RI*; after the name of a ministry it adds nothing."""
    if words[-1:] == ["indonesia"] and words[:-1][-1:] == ["republik"]:
        words = [*words[:-1][:-1], "ri"]
    return words[:-1] if words[:1] == ["kementerian"] and words[-1:] == ["ri"] else words


def _without_government(words: list[str]) -> Iterator[list[str]]:
    first = words[0] if words else ""
    if first in _GOVERNMENT_SHORT:
        yield [_GOVERNMENT_SHORT[first], *words[1:]]
        return
    yield words
    for phrase in _GOVERNMENT:
        if words[: len(phrase)] == phrase:
            yield words[len(phrase) :]


def _local(words: list[str]) -> str:
    kind = _KIND_WORDS.get(words[0])
    return f":{''.join(words)}" if kind is None else f"{kind}:{''.join(words[1:])}"
