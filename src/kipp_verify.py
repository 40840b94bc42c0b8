"""A second verifier of certificates of a selection, in one file that needs nothing but Python.

``python -m kipp_verify CERTIFICATE INPUT…`` (or this file, copied anywhere) reads a certificate of
the format ``kipp-certificate/1`` and the files it was made from, works everything out again and
prints one line for each thing that is not as the certificate says.  It is written from the page
that describes the format and shares no code with the engine that makes certificates: scores are
plain fractions, composition is a greedy walk that asks before each step whether all can be filled.

Exit status: 0 it holds, 1 it does not, 2 wrong use.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from math import lcm
from pathlib import Path
from typing import Any

__all__ = ["FORMAT", "canonical", "main", "notes", "verify"]

FORMAT = "kipp-certificate/1"

STAGES = {
    "registered": "terdaftar",
    "screening": "seleksi administrasi",
    "evaluation": "penilaian tim evaluasi",
    "nomination": "nominasi",
    "finalists": "finalis",
    "objection": "uji publik",
    "panel": "tim panel independen",
    "verification": "verifikasi lapangan",
    "winners": "terpuji",
}
ORDER = list(STAGES)
NAMES = {word: name for name, word in STAGES.items()}
GROUPS = {"umum": "general", "replikasi": "replication", "khusus": "special"}
MARKED = ("evaluation", "finalists", "panel")
CUTS = {"nomination": "nominees", "finalists": "finalists", "winners": "winners"}
EVIDENCE = ("regulation", "secondhand", "ministry", "press", "inferred", "assumed")
SELECTED, NOT_SELECTED, UNKNOWN = "terpilih", "tidak terpilih", "belum dapat dipastikan"
TIED = "seri pada batas"
LEAVING = {"mengundurkan diri": "WITHDRAWN", "didiskualifikasi": "DISQUALIFIED"}
VERDICTS: dict[str, tuple[str, str]] = {
    "terpenuhi": (SELECTED, "SCREENING_PASSED"),
    "tidak terpenuhi": (NOT_SELECTED, "SCREENING_FAILED"),
    "belum dapat dipastikan": (UNKNOWN, "SCREENING_UNKNOWN"),
}
SOURCE = {"key": str, "title": str, "date?": str, "url?": str}
ABSENT = object()


class Refused(Exception):
    """Something that no certificate of this format, or no input of one, may say."""

    def __init__(self, place: str, stated: Any, expected: str) -> None:
        super().__init__(f"{place}: stated {_shown(stated)}, expected {expected}")


class Halt(Exception):
    """A stage cannot go on, for this reason."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.reason: dict[str, Any] = {"code": code, "values": values}


def _shown(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = ascii(value) if isinstance(value, bytes) else json.dumps(value, default=repr)
    return text if len(text) <= 120 else f"{text[:117]}..."


# Canonical JSON, digests, strict reading


def canonical(value: Any) -> bytes:
    """*value* as RFC 8785 writes it; of numbers only whole ones that every reader keeps exact.

    Raises:
        Refused: another kind of value, a larger number, half of a surrogate pair.
    """
    try:
        return _written(value).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("JSON", "half of a surrogate pair", "text") from None


def _written(value: Any) -> str:
    if value is None or type(value) in (bool, str):
        return json.dumps(value, ensure_ascii=False)
    if type(value) is int and abs(value) < 2**53:
        return str(value)
    if type(value) is list:
        return f"[{','.join(map(_written, value))}]"
    if type(value) is dict and all(type(key) is str for key in value):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return f"{{{','.join(f'{_written(key)}:{_written(value[key])}' for key in keys)}}}"
    expected = "null, true, false, text, a whole number below 2^53, a list or an object"
    raise Refused("JSON", repr(value)[:60], expected)


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _loaded(content: bytes, place: str) -> Any:
    """JSON in UTF-8 in which no key of an object stands twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Refused(place, [key for key, _ in pairs], "each key of an object once")
        return found

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refused(place, content[:40], "JSON in UTF-8") from None


def _a(kind: type, value: Any, place: str) -> Any:
    if type(value) is not kind or (type(value) is int and value < 0):
        raise Refused(place, value, f"a value of the kind {kind.__name__}")
    return value


def _shaped(value: Any, shape: Any, place: str) -> Any:
    """*value*, if it has that shape: a type, one of some words, a list, an object, a reader.

    A list of a shape and ``...`` is not empty.  The keys of an object that end in ``?`` may be
    absent, or null; those that end in ``=`` may be absent.
    """
    if isinstance(shape, type):
        return value if shape is object else _a(shape, value, place)
    if isinstance(shape, tuple):
        if type(value) is not str or value not in shape:
            raise Refused(place, value, f"one of {', '.join(shape)}")
    elif isinstance(shape, list):
        if not _a(list, value, place) and len(shape) > 1:
            raise Refused(place, value, "at least one")
        for each in value:
            _shaped(each, shape[0], place)
    elif isinstance(shape, dict):
        needed = {key for key in shape if not key.endswith(("?", "="))}
        parts = {key.rstrip("?="): part for key, part in shape.items()}
        if not needed <= _a(dict, value, place).keys() <= parts.keys():
            raise Refused(place, sorted(value), f"the keys {', '.join(parts)}")
        for key, part in value.items():
            if part is not None or f"{key}?" not in shape:
                _shaped(part, parts[key], f"{place}.{key}")
    else:
        shape(value, place)
    return value


def _fraction(value: Any, place: str) -> Fraction:
    form = r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?"
    if type(value) is not str or not re.fullmatch(form, value):
        raise Refused(place, value, 'an exact number written "p/q" or "p"')
    return Fraction(value)


def _lowest(value: Any, place: str) -> None:
    if str(_fraction(value, place)) != value:
        raise Refused(place, value, "an exact number in lowest terms")


def _mark(value: Any, place: str) -> Fraction | int:
    return value if type(value) is int else _fraction(value, place)


def _marks(value: Any, place: str) -> None:
    for name, mark in _a(dict, value, place).items():
        _mark(mark, f"{place}.{name}")


def _day(text: Any, place: str) -> date:
    if type(text) is not str or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise Refused(place, text, "a date written YYYY-MM-DD")
    return date.fromisoformat(text)


def _moment(text: Any, place: str) -> datetime:
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
    if type(text) is not str or not re.fullmatch(form, text, re.ASCII) or text.endswith("-00:00"):
        raise Refused(place, text, "a moment with its offset")
    return datetime.fromisoformat(text)


STAGE, GROUP = tuple(STAGES.values()), tuple(GROUPS)
INNOVATION = (
    "unit origin replica_of sdgs public_service pandemic_related running improved_or_spread "
    "instruments budget_line coaching_unit"
)
PROPOSAL = "category documents words video_minutes careless mou"
RELATION = {"agency": str, "kind": ("bekerja", "pernah bekerja", "penasihat", "keluarga")}
INPUT = {
    "proposals=": [
        {f"{key}?": object for key in PROPOSAL.split()}
        | {"id": str, "cycle": int, "group?": GROUP, "submitted_at?": _moment, "invited?": bool}
        | {"withdrawn=": bool, "disqualified=": bool}
        | {
            "innovation": {f"{key}?": object for key in INNOVATION.split()}
            | {"id": str, "title": str, "agency": str, "started?": _day}
        }
    ],
    "sheets=": [{"proposal": str, "stage": STAGE, "assessor": str, "marks": _marks}],
    "histories=": [object],
    "assessors?": [{"key": str, "weight=": _fraction, "relations=": [RELATION]}],
    "exits=": [{"proposal": str, "stage": STAGE, "standing": tuple(LEAVING), "why?": str}],
    "decisions=": [
        {"stage": STAGE, "group": GROUP, "minutes": str, "day": _day}
        | {"people": [str], "chosen": [str]}
    ],
    "screened?": dict,
    "traits?": dict,
    "visited?": [str],
}
CITED = {"citations": [{"source": SOURCE, "evidence": EVIDENCE}, ...], "note?": str}
STATES = {
    "Cited": {**CITED, "value": object},
    "Unlimited": CITED,
    "NotOpen": CITED,
    "NotFound": {"searched": str, "note?": str},
    "Disputed": {"alternatives": [{"type": str, "value": dict}], "note?": str},
}
NUMBER = {"type": ("Fraction",), "value": _lowest}
CRITERIA = [{"type": ("Criterion",), "value": {"key": str, "weight": _lowest}}]
DEMAND = {"name": str, "by": str, "of?": str, "at_least?": int, "at_most?": int}
DEMANDS = [{"type": ("StageDemand",), "value": {"stage": STAGE, "group?": GROUP, "demand": DEMAND}}]
METHODS: dict[str, Callable[..., Fraction]] = {
    "sisa terbesar, kuota Hare": lambda votes, held, seats, total: (
        Fraction(seats * votes, total) - held
    ),
    "sisa terbesar, kuota Droop": lambda votes, held, seats, total: (
        Fraction(votes, total // (seats + 1) + 1) - held
    ),
    "rata-rata tertinggi, D'Hondt": lambda votes, held, *_: Fraction(votes, held + 1),
    "rata-rata tertinggi, Sainte-Laguë": lambda votes, held, *_: Fraction(votes, 2 * held + 1),
}
SHARE = {"stage": STAGE, "group?": GROUP, "by": str, "method": tuple(METHODS), "at_least?": int}
SHARES = [{"type": ("StageShares",), "value": SHARE}]
CONTENT = {
    "format": (FORMAT,),
    "rulebook": {"name": str, "year": int, "digest": str},
    "law": {"kind": ("cycle",), "name": str, "year": int, "terms": dict},
    "accept": EVIDENCE,
    "inputs": list,
    "stages": [{"stage": str, "results": dict, "cuts": [dict], "stop?": [dict]}],
    "final": dict,
}


# The law


class Law:
    """The terms of law a certificate states; what is read is kept, a stage is told what lacks."""

    def __init__(self, content: dict[str, Any]) -> None:
        law = content["law"]
        self.name, self.year, self.terms = law["name"], law["year"], law["terms"]
        self.accept: str = content["accept"]
        self.read: set[str] = set()
        self.stage = ""

    def term(self, path: str) -> tuple[str, dict[str, Any]]:
        """The state of a term, and what it says."""
        self.read.add(path)
        place = f"certificate.law.terms.{path}"
        term = _shaped(self.terms.get(path), {"type": tuple(STATES), "value": dict}, place)
        return term["type"], _shaped(term["value"], STATES[term["type"]], place)

    def state(self, path: str) -> tuple[str, Any]:
        """The state of a term that must be settled, and its value; else the stage halts."""
        kind, said = self.term(path)
        about = {"path": path, "stage": STAGES[self.stage]}
        if kind == "NotFound":
            searched = {"searched": said["searched"]} if said["searched"] else {}
            raise Halt("VALUE_NOT_FOUND", **about, **searched)
        if kind == "Disputed":
            raise Halt("VALUE_DISPUTED", **about)
        best = min(EVIDENCE.index(each["evidence"]) for each in said["citations"])
        if EVIDENCE[best] != "assumed" and best > EVIDENCE.index(self.accept):
            raise Halt("VALUE_TOO_WEAK", **about, evidence=EVIDENCE[best], accept=self.accept)
        return kind, said.get("value")

    def value(self, path: str, shape: Any = str) -> Any:
        """The value of a term that must have one of that shape."""
        state, value = self.state(path)
        place = f"certificate.law.terms.{path}"
        return _shaped(value if state == "Cited" else state, shape, place)

    def optional(self, path: str, shape: Any) -> Any:
        """As value, but none where nobody states one, or none is set."""
        return self.value(path, shape) if self.term(path)[0] in ("Cited", "Disputed") else None

    def number(self, path: str) -> Fraction:
        """An exact number."""
        return Fraction(self.value(path, NUMBER)["value"])


# The inputs


class Contest:
    """What the input files record, joined, and refused where they contradict themselves."""

    def __init__(self, files: dict[str, bytes], year: int) -> None:
        self.parts: dict[str, Any] = dict.fromkeys(key.rstrip("?=") for key in INPUT)
        for name, content in sorted(files.items()):
            for key, given in _shaped(_loaded(content, name), INPUT, name).items():
                if given is not None:
                    self._join(f"{name}.{key}", key, given)
        self.proposals: dict[str, dict[str, Any]] = self._by("proposals", "id")
        for key, each in self.proposals.items():
            if each["cycle"] != year:
                raise Refused(f"proposals.{key}.cycle", each["cycle"], f"the year {year}")
        self.screened, self.traits = self.parts["screened"], self.parts["traits"]
        for key, word in (self.screened or {}).items():
            _shaped(word, tuple(VERDICTS), f"screened.{key}")
        listed = self.parts["assessors"]
        self.assessors = None if listed is None else self._by("assessors", "key")
        self.weights: dict[str, Fraction | int] = {
            key: Fraction(each.get("weight", 1)) for key, each in (self.assessors or {}).items()
        }
        if any(weight <= 0 for weight in self.weights.values()):
            raise Refused("assessors", sorted(self.weights), "weights above 0")
        self.sheets: dict[tuple[str, str], dict[str, dict[str, Fraction | int]]] = {}
        for sheet in self.parts["sheets"] or ():
            self._sheet(sheet)
        self.exits = self._exits()
        self.decisions: list[dict[str, Any]] = self.parts["decisions"] or []
        for each in self.decisions:
            self._known(each["chosen"], "decisions.chosen")
            if not all(0 < len(set(each[who])) == len(each[who]) for who in ("chosen", "people")):
                raise Refused("decisions", each["minutes"], "somebody, and everybody once")
        visited = self.parts["visited"]
        self.visited: set[str] | None = None if visited is None else set(visited)
        if len(self.visited or ()) < len(visited or ()):
            raise Refused("visited", visited, "each finalist once")
        self._known(self.visited or (), "visited")

    def _join(self, place: str, key: str, given: Any) -> None:
        before = self.parts[key]
        if isinstance(given, list):
            self.parts[key] = [*(before or ()), *given]
            return
        if twice := sorted((before or {}).keys() & given.keys()):
            raise Refused(place, twice[0], "each proposal in one file only")
        self.parts[key] = {**(before or {}), **given}

    def _by(self, part: str, name: str) -> dict[str, Any]:
        given = self.parts[part] or []
        found = {each[name]: each for each in given}
        if len(found) < len(given):
            raise Refused(part, [each[name] for each in given], f"every {name} once")
        return found

    def _known(self, keys: Iterable[str], place: str) -> None:
        for key in keys:
            if key not in self.proposals:
                raise Refused(place, key, "an entered proposal")

    def _sheet(self, sheet: dict[str, Any]) -> None:
        key, assessor, stage = sheet["proposal"], sheet["assessor"], NAMES[sheet["stage"]]
        place = f"sheets.{key}, {sheet['stage']}, {assessor}"
        _shaped(stage, MARKED, f"{place}.stage")
        self._known([key], "sheets.proposal")
        if self.assessors is not None:
            who = _shaped(self.assessors.get(assessor), dict, place)
            bound = [each["agency"] for each in who.get("relations") or ()]
            if self.proposals[key]["innovation"]["agency"] in bound:
                raise Refused(place, assessor, "nobody bound to the agency")
        pool = self.sheets.setdefault((stage, key), {})
        if assessor in pool:
            raise Refused(place, assessor, "one sheet each")
        pool[assessor] = {name: _mark(mark, place) for name, mark in sheet["marks"].items()}

    def _exits(self) -> dict[tuple[str, str], str]:
        """The standing with which a proposal leaves at a stage."""
        withdrawn, disqualified = LEAVING
        found = {
            (key, "registered"): withdrawn if each.get("withdrawn") else disqualified
            for key, each in self.proposals.items()
            if each.get("withdrawn") or each.get("disqualified")
        }
        left = self._by("exits", "proposal")
        self._known(left, "exits.proposal")
        return found | {(key, NAMES[e["stage"]]): e["standing"] for key, e in left.items()}


# Scores


def _combined(given: list[tuple[Fraction, Fraction | int]], how: str, trim: Fraction) -> Fraction:
    """What several assessors gave (score, weight), as one score."""
    whole = sum(weight for _, weight in given)
    if how == "mean":
        return Fraction(sum(score * weight for score, weight in given)) / whole
    if how == "median":
        middle, upto = [], Fraction(0)
        for score, weight in sorted(given):
            before, upto = upto, upto + weight
            # Half the weight is reached at the lower middle one, and passed at the upper.
            middle += [score] * (before * 2 < whole <= upto * 2)
            middle += [score] * (before * 2 <= whole < upto * 2)
        return Fraction(sum(middle), 2)
    total, upto = Fraction(0), Fraction(0)
    for score, weight in sorted(given):
        total += score * max(min(upto + weight, whole - trim) - max(upto, trim), Fraction(0))
        upto += weight
    return total / (whole - 2 * trim)


# Composition: sets that are nested or disjoint, each with the fewest and the most to be taken


class Sets:
    """The demands on one cut, as sets of candidates in order, wider ones first."""

    def __init__(
        self, demands: list[dict[str, Any]], keys: list[str], traits: Any, places: int
    ) -> None:
        sets: list[tuple[str, int, int | None, list[str]]] = []
        for demand in demands:
            values: dict[str, list[str]] = {}
            for key in keys:
                value = traits.get(key, {}).get(demand["by"])
                values.setdefault(_a(str, value, f"traits.{key}.{demand['by']}"), []).append(key)
            single = [(demand["name"], demand["of"])] if "of" in demand else []
            if not single:
                single = [(f"{demand['name']}: {value}", value) for value in values]
            bounds = demand.get("at_least", 0), demand.get("at_most")
            sets += [(name, *bounds, values.get(of, [])) for name, of in single]
        names = [name for name, *_ in sets]
        names += [demand["name"] for demand in demands if "of" not in demand]
        if len({"places", *names}) <= len(names):
            raise Refused("composition.demands", names, "every name once")
        sets.sort(key=lambda each: (-len(each[3]), each[0]))
        self.names, self.least = ["places"], [0]
        self.most: list[int | None] = [places]
        self.above: list[int] = [-1]
        self.home = dict.fromkeys(keys, 0)
        for name, least, most, members in sets:
            around = {self.home[key] for key in members} or {0}
            if len(around) > 1:
                raise Refused("composition.demands", name, "sets that are nested or disjoint")
            self.above.append(around.pop())
            self.names.append(name)
            self.least.append(least)
            self.most.append(most)
            self.home |= dict.fromkeys(members, len(self.names) - 1)
        self.loose = [0] * len(self.names)
        for each in self.home.values():
            self.loose[each] += 1
        self.high = self.room(self.most)

    def room(self, most: list[int | None]) -> list[int]:
        """How many each set can hold, by these maxima and the candidates there are."""
        found = list(self.loose)
        for at in reversed(range(len(found))):
            cap = most[at]
            found[at] = found[at] if cap is None else min(found[at], cap)
            if at:
                found[self.above[at]] += found[at]
        return found

    def need(self, taken: list[int], least: list[int]) -> tuple[list[int], list[int]]:
        """How many of each set are taken, by the sets inside it; and with its own minimum."""
        inner, outer = list(taken), list(taken)
        for at in reversed(range(len(taken))):
            outer[at] = max(inner[at], least[at])
            if at:
                inner[self.above[at]] += outer[at]
        return inner, outer

    def fits(self, taken: list[int]) -> bool:
        """Whether those taken can be filled up so that every demand is met."""
        outer = self.need(taken, self.least)[1]
        return all(low <= high for low, high in zip(outer, self.high, strict=True))

    def take(self, taken: list[int], groups: Iterable[tuple[int, int]]) -> list[int]:
        """One set after the other, as many of its candidates of a class as fit."""
        taken = list(taken)
        for at, count in groups:
            fewest, most = 0, count
            while fewest < most:
                half = (fewest + most + 1) // 2
                more = [each + half * (place == at) for place, each in enumerate(taken)]
                fewest, most = (half, most) if self.fits(more) else (fewest, half - 1)
            taken[at] += fewest
        return taken

    def path(self, at: int) -> list[int]:
        """A set and every wider one around it, up to the places."""
        found = [at]
        while found[-1]:
            found.append(self.above[found[-1]])
        return found

    def walk(self, classes: list[list[str]]) -> tuple[Any, ...]:
        """Who is taken, who is tied for how many seats, and which demands refuse the others."""
        taken = [0] * len(self.names)
        sure: list[str] = []
        ties: list[tuple[list[str], int]] = []
        refused: dict[str, list[str]] = {}
        sways: set[int] = set()
        for equals in classes:
            there = Counter(self.home[key] for key in equals)
            first = {at: self.take(taken, [(at, count)])[at] for at, count in there.items()}
            after = self.take(taken, there.items())
            last = {}
            for at in there:
                behind = [each for each in there.items() if each[0] != at] + [(at, there[at])]
                last[at] = self.take(taken, behind)[at]
            sways |= {at for at in self._around(there) if self._sways(at, taken, there)}
            certain, among = list[str](), list[str]()
            for key in equals:
                at = self.home[key]
                if first[at] == taken[at]:
                    refused[key] = self._bounds(at, taken, sways)
                else:
                    (certain if last[at] - taken[at] == there[at] else among).append(key)
            if among:
                ties.append((among, sum(after) - sum(taken) - len(certain)))
            sure, taken = sure + certain, after
        return sure, ties, refused

    def _around(self, there: Counter[int]) -> set[int]:
        """Every set that some of a class lie in, where they do not all lie in the same."""
        return {at for each in there if len(there) > 1 for at in self.path(each)}

    def _sways(self, at: int, taken: list[int], there: Counter[int]) -> bool:
        """Whether how equals are parted changes how many of a set are taken."""
        within = {each: at in self.path(each) for each in range(len(taken))}
        counts = set()
        for first in (True, False):
            order = sorted(there.items(), key=lambda each: within[each[0]] != first)
            after = self.take(taken, order)
            counts.add(sum(count for each, count in enumerate(after) if within[each]))
        return len(counts) > 1

    def _bounds(self, at: int, taken: list[int], sways: set[int]) -> list[str]:
        """The full maxima around a set, narrowest first, with the minima they keep seats for."""
        inner, outer = self.need(taken, self.least)
        names: list[str] = []
        for each in self.path(at):
            if inner[each] < outer[each]:
                break
            if outer[each] == self.high[each] == self.most[each] and each not in sways:
                names += [self.names[each], *self._kept(each, inner, outer)]
        return list(dict.fromkeys(names))

    def _kept(self, wider: int, inner: list[int], outer: list[int]) -> Iterator[str]:
        for at, above in enumerate(self.above):
            if above == wider and inner[at] < outer[at]:
                yield self.names[at]
            elif above == wider:
                yield from self._kept(at, inner, outer)

    def is_conflict(self, stated: Any) -> bool:
        """Whether the demands named contradict each other, each of them needed for that."""
        minima, maxima = (stated.get(name) for name in ("at_least", "at_most"))
        if type(minima) is not list or type(maxima) is not list:
            return False
        if not {*minima, *maxima} <= {*self.names} or self._meet(minima, maxima):
            return False
        fewer = [([each for each in minima if each != name], maxima) for name in minima]
        fewer += [(minima, [each for each in maxima if each != name]) for name in maxima]
        needed = sum(self.least[self.names.index(name)] for name in minima)
        room = self.room(self._only(self.most, maxima, None))
        return (
            all(self._meet(*each) for each in fewer)
            and bool(stated.get("needed") == needed)
            and stated.get("possible") in {each for each in room if each < needed}
        )

    def _only(self, bounds: list[Any], names: list[str], free: Any) -> list[Any]:
        return [b if n in names else free for n, b in zip(self.names, bounds, strict=True)]

    def _meet(self, minima: list[str], maxima: list[str]) -> bool:
        room = self.room(self._only(self.most, maxima, None))
        need = self.need([0] * len(room), self._only(self.least, minima, 0))[1]
        return all(low <= high for low, high in zip(need, room, strict=True))


# The draw of RFC 3797


def _drawn(sources: list[str], names: list[str]) -> tuple[str, list[str]]:
    """The key that the sources make, and the names in the order in which it draws them."""
    key = "".join(f"{_entry(source)}/" for source in sources)
    left, drawn = sorted(names), []
    for turn in range(len(left)):
        counter = turn.to_bytes(2, "big")
        luck = hashlib.md5(counter + key.encode() + counter, usedforsecurity=False).hexdigest()
        drawn.append(left.pop(int(luck, 16) % len(left)))
    return key, drawn


def _entry(source: str) -> str:
    if re.fullmatch(r"[0-9]+([ .]+[0-9]+)*[.]?", source.strip(), re.ASCII):
        return "".join(f"{number}." for number in sorted(map(int, re.findall("[0-9]+", source))))
    letters = "".join(re.findall("[A-Z0-9]", source.upper()))
    if not letters:
        raise Refused("ties.draw_seed", source, "ASCII letters or digits")
    return letters


# Ties


Classes = list[list[str]]
Values = dict[str, Any]
Rows = dict[str, list[Any]]


def _classes(keys: list[str], values: Values) -> Classes:
    """Best class first; equals in one class, in the order given."""
    ranked = sorted(keys, key=lambda key: values[key], reverse=True)
    # A reversed sort keeps equals in their order, as an ordinary one does.
    return [list(equals) for _, equals in groupby(ranked, key=lambda key: values[key])]


def _refined(classes: Classes, tied: list[str], values: Values) -> Classes:
    """The class of the tied parted by what a key says of them; others of it stand first."""
    found: Classes = []
    for equals in classes:
        rest = [key for key in equals if key not in tied]
        among = [key for key in equals if key in tied]
        found += [rest] * bool(rest) + _classes(among, values)
    return found


class Field:
    """One cut: its candidates, what is asked of them, and what becomes of them."""

    def __init__(self, run: Run, group: str, by: str, places: int | None, quota: str) -> None:
        self.run, self.group, self.by, self.places = run, group, by, places
        self.scores = run.scores(by, group)
        keys = sorted(key for key in run.there if run.group(key) == group)
        self.marked = [key for key in keys if key in self.scores]
        self.unmarked = [key for key in keys if key not in self.scores]
        self.rivals = sorted(key for key in run.unsure if run.group(key) in (group, None))
        self.taken: list[str] = []
        self.open: list[str] = []
        self.ties: list[tuple[list[str], int]] = []
        self.settlements: list[dict[str, Any]] = []
        self.lacking: dict[str, Any] | None = None
        self.bound: dict[str, list[str]] = {}
        self.demands: list[dict[str, Any]] = []
        if quota == "demands":
            self.demands = [each["demand"] for each in self._here("composition.demands", DEMANDS)]
        elif quota == "shares" and places is not None and self.marked:
            for shares in self._here("composition.shares", SHARES):
                self.demands += self._shared(shares, places)
        self._decide()

    def _here(self, path: str, shape: Any) -> list[dict[str, Any]]:
        """What is asked at this stage, of this group."""
        every = [each["value"] for each in self.run.law.value(path, shape)]
        stage = STAGES[self.run.law.stage]
        return [
            each
            for each in every
            if each["stage"] == stage and each.get("group") in (None, self.group)
        ]

    def _shared(self, shares: dict[str, Any], places: int) -> list[dict[str, Any]]:
        """The places over the values of an attribute, seat after seat to the strongest claim."""
        by, traits = shares["by"], self.run.traits
        values = [traits.get(key, {}).get(by) for key in self.marked]
        if None in values:
            raise Refused(f"traits.{by}", None, "a recorded value")
        votes = Counter(values)
        held = {value: min(shares.get("at_least") or 0, votes[value]) for value in sorted(votes)}
        left = places - sum(held.values())
        if left < 0:
            raise Refused("composition.shares", held, f"no more than {places} promised")
        claim, total = METHODS[shares["method"]], sum(votes.values())
        while left:
            open_ = {
                value: claim(votes[value], held[value], places, total)
                for value in held
                if held[value] < votes[value]
            }
            if not open_:
                break
            best = [value for value in open_ if open_[value] == max(open_.values())]
            if len(best) > left:
                about = {"stage": STAGES[self.run.law.stage], "group": self.group}
                raise Halt("SHARES_TIED", **about, tied=best, seats=left)
            left -= len(best)
            for value in best:
                held[value] += 1
        return [
            {"name": value, "by": by, "of": value, "at_most": count}
            | ({"at_least": count} if count else {})
            for value, count in held.items()
        ]

    def _decide(self) -> None:
        unsure = len(self.unmarked) + len(self.rivals)
        classes = _classes(self.marked, self.scores)
        room = len(self.marked) if self.places is None else self.places
        crowded = self.demands or (self.places is not None and len(self.marked) + unsure > room)
        if not unsure or not crowded:
            self.taken, ties, self.bound = self._placed(classes)
            for tied, seats in ties:
                self._part(tied, seats, 0, classes)
        elif self.demands:
            self.open = self.marked
        else:
            self.taken = self._plain(classes, max(room - unsure, 0))[0]
            taken, ties = self._plain(classes, room)
            within = {*taken, *(key for tied, _ in ties for key in tied)}
            self.open = [key for key in self.marked if key in within and key not in self.taken]

    def _plain(self, classes: Classes, places: int) -> tuple[list[str], list[Any]]:
        """Whole classes while they fit; the one of which only some do is tied."""
        taken: list[str] = []
        for equals in classes:
            left = places - len(taken)
            if left and len(equals) > left:
                return taken, [(equals, left)]
            taken += equals if left else []
        return taken, []

    def _placed(self, classes: Classes) -> tuple[list[str], list[Any], dict[str, list[str]]]:
        places = len(self.marked) if self.places is None else self.places
        if not self.demands:
            return *self._plain(classes, places), {}
        sets = Sets(self.demands, self.marked, self.run.traits, places)
        if not sets.fits([0] * len(sets.names)):
            about = {"stage": STAGES[self.run.law.stage], "group": self.group}
            named = self.run.stated_conflict()
            keys = ("at_least", "at_most", "needed", "possible")
            shown = {key: named.get(key) for key in keys} if sets.is_conflict(named) else {}
            raise Halt("DEMANDS_CONFLICT", **about, **shown)
        taken, ties, refused = sets.walk([sorted(equals) for equals in classes])
        return taken, ties, refused

    def _part(self, tied: list[str], seats: int, tried: int, classes: Classes) -> None:
        """Let the keys of the policy speak, one after the other, until nobody is tied."""
        try:
            said = self._asked(tied, seats, tried)
        except Halt as halt:
            self.lacking = self.lacking or halt.reason
            said = None
        if said is None:
            self.ties.append((tied, seats))
            return
        tried, key, points, values, basis = said
        won, still = (tied if key == "all" else []), list[Any]()
        if key not in ("all", "fewer"):
            classes = _refined(classes, tied, points)
            taken, ties, _ = self._placed(classes)
            won = [each for each in taken if each in tied]
            still = [each for each in ties if set(each[0]) <= set(tied)]
        if key == "decision" and set(won) != {each for each, chosen in values if chosen}:
            raise Refused("decisions.chosen", won, "a choice that the demands allow")
        settled = {
            "stage": STAGES[self.run.law.stage],
            "group": self.group,
            "key": key,
            "tied": tied,
            "seats": seats,
            "values": [list(each) for each in values],
            "selected": won,
        }
        left = [each for rest, _ in still for each in rest]
        settled |= {"still_tied": left} if left else {}
        self.settlements.append(settled | ({"basis": basis} if basis else {}))
        self.taken = self.taken + won
        for rest, free in still:
            self._part(rest, free, tried, classes)

    def _asked(self, tied: list[str], seats: int, tried: int) -> Any:
        """The first key that says different things of the tied, and what it says."""
        keys = self.run.law.value(CASCADE, [str])
        if len(set(keys)) < len(keys) or {*keys[:-1]} & {*LAST}:
            raise Refused(CASCADE, keys, "every key once, a last word last")
        heard = [key for key in keys if self._speaks(key)]
        for position, key in enumerate(heard[tried:], tried + 1):
            if key in ("all", "fewer"):
                if self.demands:
                    raise Refused(CASCADE, key, "a word that keeps the demands")
                return position, key, {}, [], ""
            points, values, basis = self._said(key, tied, seats)
            if len({points[each] for each in tied}) > 1:
                return position, key, points, values, basis
        return None

    def _speaks(self, key: str) -> bool:
        stage, _, criterion = key.partition(".")
        if stage not in MARKED:
            return bool(_shaped(key, WORDS, CASCADE) != "stop")
        return ORDER.index(stage) < ORDER.index(self.by) + bool(criterion)

    def _said(self, key: str, tied: list[str], seats: int) -> tuple[Values, list[Any], str]:
        """What a key says of each of the tied (more is better), how it is shown, on what basis."""
        if key == "draw":
            sources = self.run.law.value("ties.draw_seed").split("/")
            names = NAMES_OF_GROUPS[self.group]
            basis, drawn = _drawn([*sources, self.run.law.stage.upper(), names], tied)
            values = [(each, place) for place, each in enumerate(drawn)]
            return {each: -place for each, place in values}, values, basis
        if key == "decision":
            return self._decision(tied, seats)
        if key in DATED:
            return self._earliest(key, tied)
        stage, _, criterion = key.partition(".")
        scores = self.run.scores(stage, self.group, criterion)
        self._complete(f"marks.{stage}", scores, tied)
        exact = [(each, {"type": "Fraction", "value": str(scores[each])}) for each in tied]
        return scores, exact, ""

    def _complete(self, fact: str, found: Values, tied: list[str]) -> None:
        if missing := [each for each in tied if found.get(each) is None]:
            raise Halt("FACT_NOT_RECORDED", fact=fact, proposals=missing)

    def _earliest(self, key: str, tied: list[str]) -> tuple[Values, list[Any], str]:
        fact, kind, read = DATED[key]
        facts = {each: self.run.contest.proposals[each] for each in tied}
        if fact == "started":
            facts = {each: proposal["innovation"] for each, proposal in facts.items()}
        texts = {each: facts[each].get(fact) for each in tied}
        self._complete(fact, texts, tied)
        moments = {each: read(text, fact) for each, text in texts.items()}
        first = min(moments.values())
        values = [(each, {"type": kind, "value": moments[each].isoformat()}) for each in tied]
        return {each: first - moments[each] for each in tied}, values, ""

    def _decision(self, tied: list[str], seats: int) -> tuple[Values, list[Any], str]:
        about = STAGES[self.run.law.stage], self.group
        fitting = [
            each
            for each in self.run.contest.decisions
            if (each["stage"], each["group"]) == about and not set(tied).isdisjoint(each["chosen"])
        ]
        if not fitting:
            raise Halt("FACT_NOT_RECORDED", fact="decision", proposals=tied)
        chosen = fitting[0]["chosen"]
        if len(fitting) > 1 or len(chosen) != seats or not set(chosen) <= set(tied):
            raise Refused("decisions.chosen", chosen, f"one decision: {seats} of {tied}")
        points = {each: each in chosen for each in tied}
        return points, list(points.items()), fitting[0]["minutes"]

    # What is shown of a cut

    def record(self) -> dict[str, Any]:
        """The cut as a certificate shows it."""
        taken = set(self.taken)
        order = sorted(self.marked, key=lambda key: (-self.scores[key], key not in taken))
        line = min((self.scores[key] for key in taken), default=None)
        asked = sorted({demand["by"] for demand in self.demands})
        traits = self.run.traits
        return {
            "group": self.group,
            "by": STAGES[self.by],
            "places": self.places,
            "line": None if line is None else str(line),
            "order": order,
            "selected": [key for key in order if key in taken],
            "unmarked": self.unmarked,
            "rivals": self.rivals,
            "open": self.open,
            "ties": [{"proposals": tied, "seats": seats} for tied, seats in self.ties],
            "settlements": self.settlements,
            "demands": self.demands,
            "traits": {
                key: {by: traits.get(key, {}).get(by) for by in asked}
                for key in (self.marked if asked else ())
            },
            "bound_by": self.bound,
        }

    def reasons(self) -> list[dict[str, Any]]:
        """Why a cut cannot be closed."""
        about = {"stage": STAGES[self.run.law.stage], "group": self.group}
        found = []
        if self.open:
            who = {"rivals": [*self.rivals, *self.unmarked], "places": self.places}
            found.append({"code": "RIVALS_UNKNOWN", "values": about | who})
        for tied, seats in self.ties:
            who = {"tied": tied, "seats": seats}
            found.append({"code": "TIED_AT_CUT", "values": about | who})
            found += [self.lacking] if self.lacking else []
        return found

    def rows(self) -> Iterator[tuple[str, list[Any]]]:
        """The result of each candidate: standing, score, rank, codes."""
        tied, taken = {key for each, _ in self.ties for key in each}, set(self.taken)
        ordered = sorted(self.scores[key] for key in self.marked)
        for key in self.marked:
            standing, codes = NOT_SELECTED, ["NOT_SELECTED"]
            if key in tied:
                lacking = [self.lacking["code"]] if self.lacking else []
                standing, codes = TIED, ["TIED_AT_CUT", *lacking]
            elif key in self.open:
                standing, codes = UNKNOWN, ["RIVALS_UNKNOWN"]
            elif key in taken:
                standing, codes = SELECTED, ["SELECTED"]
            score = self.scores[key]
            rank = 1 + len(ordered) - bisect_right(ordered, score)
            yield key, [standing, str(score), rank, codes]
        for key in self.unmarked:
            yield key, _row(UNKNOWN, "FACT_NOT_RECORDED")


def _row(standing: str, *codes: str, score: Fraction | None = None) -> list[Any]:
    return [standing, None if score is None else str(score), None, list(codes)]


DATED: dict[str, tuple[str, str, Callable[[Any, str], Any]]] = {
    "earliest submission": ("submitted_at", "DateTime", _moment),
    "earliest start": ("started", "Date", _day),
}
CASCADE = "ties.cascade"
LAST = ("draw", "decision", "all", "fewer", "stop")
WORDS = (*DATED, *LAST)
NAMES_OF_GROUPS = {word: name.upper() for word, name in GROUPS.items()}


# The stages


class Run:
    """The selection, once more, from the inputs under the law stated."""

    def __init__(self, law: Law, contest: Contest, stated: list[Any]) -> None:
        self.law, self.contest, self.stated = law, contest, stated
        self.traits = self._traits()
        self.there, self.unsure = list(contest.proposals), list[str]()
        self.cuts: list[Field] = []
        self.known: dict[tuple[str, str, str], dict[str, Fraction]] = {}
        self.stages = [self._stage(stage) for stage in self._names()]
        self._check_decisions()

    def _names(self) -> Iterator[str]:
        """One stage after the other, up to the one that stops."""
        self.stopped = False
        for stage in ORDER:
            if not self.stopped:
                yield stage

    def group(self, key: str) -> str | None:
        """The group of a proposal, where it is recorded."""
        found: str | None = self.contest.proposals[key].get("group")
        return found

    def _traits(self) -> dict[str, Any]:
        if self.contest.traits is not None:
            return dict(self.contest.traits)
        found: dict[str, Any] = {}
        for stage in self.stated:
            for made in stage["cuts"]:
                for key, asked in made["traits"].items():
                    found.setdefault(key, {}).update(asked)
        return found

    def stated_conflict(self) -> dict[str, Any]:
        """What the certificate says of the demands that contradict each other."""
        for stage in self.stated:
            for reason in stage["stop"] or ():
                if reason["code"] == "DEMANDS_CONFLICT":
                    found: dict[str, Any] = reason["values"]
                    return found
        return {}

    def _stage(self, stage: str) -> dict[str, Any]:
        self.law.stage, self.cuts, stop = stage, [], None
        there, unsure = self.there, self.unsure
        leaving = {key: way for (key, at), way in self.contest.exits.items() if at == stage}
        gone = {key: leaving[key] for key in [*there, *unsure] if key in leaving}
        self.there = [key for key in there if key not in gone]
        self.unsure = [key for key in unsure if key not in gone]
        rows: Rows = {}
        if there:
            try:
                rows = getattr(self, f"_{'cut' if stage in CUTS else stage}")()
                stop = [reason for cut in self.cuts for reason in cut.reasons()] or None
            except Halt as halt:
                stop, self.cuts = [halt.reason], []
                rows = {key: _row(UNKNOWN, halt.reason["code"]) for key in self.there}
        rows |= {key: _row(way, LEAVING[way]) for key, way in gone.items()}
        self.unsure += [key for key in self.there if rows[key][0] == UNKNOWN]
        self.there = [key for key in self.there if rows[key][0] == SELECTED]
        self.stopped = stop is not None
        cuts = [cut.record() for cut in self.cuts]
        return {"stage": STAGES[stage], "results": rows, "cuts": cuts, "stop": stop}

    def _groups(self) -> list[tuple[str, list[str]]]:
        """The groups somebody is in, with whom."""
        found = [
            (group, [key for key in self.there if self.group(key) == group]) for group in GROUPS
        ]
        return [(group, keys) for group, keys in found if keys]

    def _all(self, code: str) -> Rows:
        return {key: _row(SELECTED, code) for key in self.there}

    def _registered(self) -> Rows:
        state, said = self.law.term("held")
        if state == "Cited" and not _a(bool, said["value"], "held"):
            raise Halt("NO_KIPP_HELD", cycle=self.law.year)
        groupless = {key: _row(UNKNOWN, "FACT_NOT_RECORDED") for key in self.there}
        return {
            key: _row(SELECTED, "REGISTERED") if self.group(key) else groupless[key]
            for key in self.there
        }

    def _screening(self) -> Rows:
        self.law.value("schedule.closing_zone")
        for group, keys in self._groups():
            unasked = any(self.contest.proposals[key].get("invited") is None for key in keys)
            path = f"groups.{GROUPS[group]}"
            if unasked and self.law.optional(f"{path}.by_invitation", bool):
                self.law.value(f"{path}.all_invited", bool)
        return {key: self._screened(key) for key in self.there}

    def _screened(self, key: str) -> list[Any]:
        if self.contest.screened is not None:
            word = self.contest.screened.get(key)
            return (
                _row(VERDICTS[word][0], VERDICTS[word][1])
                if word
                else _row(UNKNOWN, "FACT_NOT_RECORDED")
            )
        row = self.stated[1]["results"].get(key) if len(self.stated) > 1 else None
        standing, _, _, codes = row or [UNKNOWN, None, None, [""]]
        if (standing, codes[0]) not in VERDICTS.values():
            return _row(UNKNOWN, "FACT_NOT_RECORDED")
        return _row(
            standing, *(codes[:1] if standing == SELECTED else _shaped(codes, [str], "codes"))
        )

    def _evaluation(self) -> Rows:
        rows: Rows = {}
        for group, keys in self._groups():
            scores = self.scores("evaluation", group)
            stated = self.law.optional("evaluation.pass_mark", NUMBER)
            mark = stated and Fraction(stated["value"])
            for key in keys:
                found = scores.get(key)
                rows[key] = _row(SELECTED, "SCORED", score=found)
                if found is None:
                    rows[key] = _row(UNKNOWN, "FACT_NOT_RECORDED")
                elif mark is not None and found < mark:
                    rows[key] = _row(NOT_SELECTED, "BELOW_PASS_MARK", score=found)
        return rows

    def _cut(self) -> Rows:
        rows: Rows = {}
        law = self.law
        for group, keys in self._groups():
            state, places = law.state(f"groups.{GROUPS[group]}.{CUTS[law.stage]}")
            if state == "NotOpen":
                rows |= {key: _row(NOT_SELECTED, "GROUP_NOT_OFFERED") for key in keys}
                continue
            limit = None if state == "Unlimited" else _a(int, places, "places")
            quota = law.value("composition.quota", ("none", "demands", "shares"))
            if law.stage != "nomination":
                law.value("selection.carry_over", ("none",))
            by = self._by(law.stage)
            self.cuts.append(Field(self, group, by, limit, quota))
            rows |= self.cuts[-1].rows()
        return rows

    def _by(self, stage: str) -> str:
        path = {"nomination": "nominees"}.get(stage, stage)
        before = [each for each in MARKED if ORDER.index(each) <= ORDER.index(stage)]
        by: str = self.law.value(f"selection.{path}_by", tuple(before))
        return by

    def _objection(self) -> Rows:
        withdrawn, disqualified = LEAVING
        paths = {"selection.objections": disqualified, "selection.withdrawals": withdrawn}
        for path, way in paths.items():
            gone = [key for (key, at), how in self.contest.exits.items() if (at, how) == (OBJ, way)]
            if not self.law.value(path, bool) and gone:
                raise Refused("exits", min(gone), f"nobody {way}, as {path} says")
        return self._all("NO_OBJECTION")

    def _panel(self) -> Rows:
        if self._by("winners") != "panel":
            return self._all("HEARD")
        rows: Rows = {}
        for group, keys in self._groups():
            scores = self.scores("panel", group)
            for key in keys:
                rows[key] = _row(UNKNOWN, "FACT_NOT_RECORDED")
                if key in scores:
                    rows[key] = _row(SELECTED, "HEARD", score=scores[key])
        return rows

    def _verification(self) -> Rows:
        state, said = self.law.term("field_verification.held")
        visited = self.contest.visited or set()
        none = state == "NotOpen" or (state == "Cited" and not _a(bool, said["value"], "held"))
        if strangers := visited - set(() if none else self.there):
            raise Refused("visited", min(strangers), "a finalist, in a year with visits")
        other = "VISITS_NOT_RECORDED" if self.contest.visited is None else "NOT_VISITED"
        other = "NO_FIELD_VERIFICATION" if none else other
        return {key: _row(SELECTED, "VISITED" if key in visited else other) for key in self.there}

    # Scores

    def scores(self, stage: str, group: str, criterion: str = "") -> dict[str, Fraction]:
        """The exact score, whole or under one criterion, of whom enough assessors marked."""
        weights, scale, how, quorum, trim = self._scheme(stage, group)
        if (stage, group, criterion) in self.known:
            return self.known[stage, group, criterion]
        asked = {criterion: Fraction(1)} if _shaped(criterion, ("", *weights), CASCADE) else weights
        # In whole parts, so that most of the sums are of whole numbers.
        parts = lcm(*(weight.denominator for weight in asked.values()))
        whole = {name: int(weight * parts) for name, weight in asked.items() if weight}
        fitting: set[tuple[str, Fraction | int]] = set()
        found = self.known[stage, group, criterion] = {}
        for key in (key for key in self.contest.proposals if self.group(key) == group):
            given = []
            for assessor, marks in self.contest.sheets.get((stage, key), {}).items():
                for name, mark in marks.items() - fitting:
                    if name not in weights or mark % scale[2] or not scale[0] <= mark <= scale[1]:
                        raise Refused(f"sheets.{key}, {assessor}", name, "a mark on the scale")
                    fitting.add((name, mark))
                if whole.keys() <= marks.keys():
                    total = sum(marks[name] * part for name, part in whole.items())
                    weight = self.contest.weights.get(assessor, 1)
                    given.append((Fraction(total, sum(whole.values())), weight))
            if given and sum(weight for _, weight in given) >= quorum:
                found[key] = _combined(given, how, trim)
        return found

    def _scheme(self, stage: str, group: str) -> tuple[Any, ...]:
        law, by = self.law, "evaluation" if stage == "evaluation" else "panel"
        weights = {"nilai": Fraction(1)}
        if by == "evaluation":
            path = f"groups.{GROUPS[group]}.criteria"
            found = [each["value"] for each in law.value(path, CRITERIA)]
            weights = {each["key"]: Fraction(each["weight"]) for each in found}
            if len(weights) < len(found):
                raise Refused(path, [each["key"] for each in found], "each criterion once")
            if "criteria.total" in law.terms:
                total = law.number("criteria.total")
                if sum(weights.values()) != total:
                    raise Refused(path, str(sum(weights.values())), f"a sum of {total}")
        scale = tuple(law.number(f"marks.{name}") for name in ("lowest", "highest", "quantum"))
        how = law.value(f"{by}.combine", ("mean", "median", "trimmed mean"))
        quorum = law.value(
            "evaluation.evaluators" if by == "evaluation" else "panel.assessors", int
        )
        trim = law.number(f"{by}.trim") if how == "trimmed mean" else Fraction(0)
        if not any(weights.values()) or min(weights.values()) < 0:
            raise Refused("criteria", sorted(weights), "weights from 0, one above it")
        if scale[2] <= 0 or scale[1] <= scale[0]:
            raise Refused("marks", list(map(str, scale)), "a scale that rises by steps above 0")
        if quorum < 1:
            raise Refused(f"{by}: the quorum", quorum, "a whole number from 1")
        if how == "trimmed mean" and not 0 < 2 * trim < quorum:
            raise Refused(f"{by}.trim", str(trim), "above 0, less than half of the quorum")
        return weights, scale, how, quorum, trim

    # The end

    def _check_decisions(self) -> None:
        reached = {stage["stage"] for stage in self.stages}
        cuts = [cut for stage in self.stages for cut in stage["cuts"]]
        used = {
            each["basis"]
            for cut in cuts
            for each in cut["settlements"]
            if each["key"] == "decision"
        }
        for each in self.contest.decisions:
            if each["stage"] in reached and each["minutes"] not in used:
                raise Refused("decisions", each["minutes"], "a tie it was taken about")

    def final(self) -> dict[str, list[str]]:
        """The last word on every proposal."""
        last: dict[str, list[str]] = {}
        for stage in self.stages:
            last |= {key: [stage["stage"], row[0]] for key, row in stage["results"].items()}
        if self.stages[-1]["stop"]:
            for word in last.values():
                word[1] = UNKNOWN if word[1] == SELECTED else word[1]
        return last


OBJ = "objection"


# Verifying


def verify(
    certificate: bytes, inputs: dict[str, bytes], rulebook: bytes | None = None
) -> list[str]:
    """What does not hold in *certificate*, made from *inputs* (name to bytes): one line each.

    With *rulebook*, the JSON of the whole rulebook, its digest and the terms of law are compared
    too.  Nothing found means that the certificate follows from the inputs and the law it states.
    """
    try:
        content = _opened(certificate)
        files = [
            {"name": name, "digest": _digest(each), "size": len(each)}
            for name, each in sorted(inputs.items())
        ]
        found = list(_differences(content["inputs"], files, "certificate.inputs"))
        if not found and rulebook is not None:
            found = list(_by_rulebook(content, _loaded(rulebook, "rulebook")))
        return found or list(_differences(content, _again(content, inputs), "certificate"))
    except Refused as refused:
        return [str(refused)]
    except (ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        return [f"certificate: not of the format {FORMAT} ({error!r})"]
    except (TypeError, ValueError) as error:
        return [f"certificate: not of the format {FORMAT} ({error!r})"]


def _opened(certificate: bytes) -> dict[str, Any]:
    """What a certificate says: canonical, under its own digest, of the format known."""
    envelope = {"certificate": dict, "digest": str}
    sealed = _shaped(_loaded(certificate, "certificate"), envelope, "envelope")
    body = canonical(sealed["certificate"])
    if sealed["digest"] != _digest(body):
        raise Refused("digest", sealed["digest"], _digest(body))
    if canonical(sealed) != certificate:
        raise Refused("certificate", certificate[:40], "canonical JSON (RFC 8785)")
    content: dict[str, Any] = _shaped(sealed["certificate"], CONTENT, "certificate")
    return content


def _again(content: dict[str, Any], inputs: dict[str, bytes]) -> dict[str, Any]:
    law = Law(content)
    run = Run(law, Contest(inputs, law.year), content["stages"])
    stated = content["rulebook"]["digest"]
    if not re.fullmatch("sha256:[0-9a-f]{64}", stated):
        raise Refused("certificate.rulebook.digest", stated, "sha256: and 64 digits")
    terms = {path: content["law"]["terms"][path] for path in law.read}
    return {
        **content,
        "rulebook": {"name": law.name, "year": law.year, "digest": stated},
        "law": {**content["law"], "terms": terms},
        "stages": run.stages,
        "final": run.final(),
    }


def _by_rulebook(content: dict[str, Any], book: Any) -> Iterator[str]:
    """Whether the whole rulebook is the one named, and says what the law stated says."""
    terms = _a(dict, book, "rulebook")["terms"]
    stated = {"name": book["name"], "year": book["year"], "digest": _digest(canonical(book))}
    yield from _differences(content["rulebook"], stated, "certificate.rulebook")
    for path, term in content["law"]["terms"].items():
        found = terms.get(path) or _unfilled(path, book["name"], terms)
        yield from _differences(term, found, f"certificate.law.terms.{path}")


def _unfilled(path: str, name: str, terms: dict[str, Any]) -> dict[str, Any]:
    """How a path reads that a rulebook does not fill: not open with its gate, else not found."""
    first, group, *_ = [*path.split("."), ""]
    for gate in ["held", f"groups.{group}.offered"][: 1 + (first == "groups")]:
        state, said = terms[gate].values() if gate in terms else ("NotFound", {})
        if state == "NotOpen" or (state, said.get("value")) == ("Cited", False):
            said = {key: part for key, part in said.items() if key != "value"}
            return {"type": "NotOpen", "value": said}
    searched = f"the sources of {name}: none was seen to state {path}"
    return {"type": "NotFound", "value": {"searched": searched}}


def _differences(stated: Any, found: Any, place: str) -> Iterator[str]:
    if type(stated) is type(found) is dict:
        for key in sorted(stated.keys() | found.keys()):
            one, other = stated.get(key, ABSENT), found.get(key, ABSENT)
            yield from _differences(one, other, f"{place}.{key}")
    elif type(stated) is type(found) is list and len(stated) == len(found):
        for position, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from _differences(one, other, f"{place}[{position}]")
    elif type(stated) is not type(found) or stated != found:
        yield f"{place}: stated {_shown(stated)}, found {_shown(found)}"


def notes(certificate: bytes, inputs: dict[str, bytes], rulebook: bytes | None = None) -> list[str]:
    """What a certificate that holds leaves to be believed: where its facts are its own word."""
    content = _opened(certificate)
    contest = Contest(inputs, content["law"]["year"])
    found = []
    if rulebook is None:
        found.append("rulebook: only the form of its digest was looked at; give it with --rulebook")
    if contest.screened is None:
        found.append("screening: its outcomes are the certificate's, the inputs do not hold them")
    if contest.traits is None and any(
        cut["traits"] for s in content["stages"] for cut in s["cuts"]
    ):
        found.append("traits: they are the certificate's, the inputs do not hold them")
    return found


USAGE = "usage: kipp_verify CERTIFICATE INPUT... [--rulebook FILE]"


def main(arguments: list[str] | None = None) -> int:
    """Verify the files named on the command line; print what does not hold, or that it holds."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if {"-h", "--help"} & {*words}:
        print(USAGE)
        return 0
    book = None
    try:
        if "--rulebook" in words:
            at = words.index("--rulebook")
            book = Path(words[at + 1]).read_bytes()
            del words[at : at + 2]
        paths = [Path(word) for word in words]
        certificate = paths[0].read_bytes()
        inputs = {path.name: path.read_bytes() for path in paths[1:]}
        if len(inputs) < len(paths) - 1 or any(word.startswith("-") for word in words):
            raise ValueError
    except (IndexError, OSError, ValueError) as error:
        print(USAGE, error, file=sys.stderr)
        return 2
    findings = verify(certificate, inputs, book)
    for line in findings or [f"note: {each}" for each in notes(certificate, inputs, book)]:
        print(line)
    body = certificate[len(b'{"certificate":') : -len(',"digest":"sha256:"}') - 64]
    print("does not hold" if findings else "holds", _digest(body))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
