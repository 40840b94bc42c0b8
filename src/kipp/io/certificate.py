"""The certificate of a selection (*berita acara yang dapat diuji*): what anybody can replay.

``{"certificate": {…}, "digest": "sha256:…"}`` in canonical JSON.  It holds the rulebook's name and
digest, every term of law the run read with its citations, the digests of the input files, each
stage's result per proposal, and every tie with how it was settled.  The digest is that of the
canonical ``certificate``.  The format is described in the documentation; a verifier that imports
nothing of kipp is written from that description alone.

Who can rewrite certificate and inputs can forge both: the digest proves what it proves only where
it was published beforehand, somewhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

import attrs

from kipp.domain.citation import Evidence
from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.domain.selection import Standing
from kipp.io.canonical import canonical, digest, is_canonical
from kipp.io.contest import Contest, join
from kipp.io.formats import from_json
from kipp.io.loading import loading
from kipp.rules.arguments import mapping
from kipp.rules.cuts import Cut
from kipp.rules.decision import Decision, Outcome, Reason, RuleId
from kipp.rules.intake import Verdict
from kipp.rules.results import Result, StageRecord
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select
from kipp.rules.terms import BookKind

__all__ = ["FORMAT", "Screen", "Verification", "certify", "digest_of", "read_contest", "verify"]

FORMAT = "kipp-certificate/1"
"""The format written; a reader of a later one reads this one too."""

_MOST = 20
"""So many differences are shown: whoever sees them knows enough."""


def certify(selection: Selection, book: Rulebook, inputs: Mapping[str, bytes]) -> bytes:
    """The certificate of *selection*, made under *book* from the files *inputs* (name to bytes).

    The files are those :func:`read_contest` reads; their bytes are digested as they are.

    Raises:
        InvalidValue: *book* is not the one of the selection; or demands of composition were asked
            at a stage that stopped before a cut, and no file holds the traits they ask for.
        MissingExtra: the extra ``certificate`` is not installed.
    """
    if (book.name, book.year) != (selection.rulebook, selection.cycle):
        raise InvalidValue("book", book.name, f"the rulebook {selection.rulebook}")
    if _hides_traits(selection) and read_contest(inputs).traits is None:
        expected = "the traits that the demands ask for: no cut shows them"
        raise InvalidValue("inputs.traits", None, expected)
    from kipp.io.converter import plain

    return _sealed(_content(selection, digest(canonical(plain(book))), _listed(inputs)))


def _sealed(content: Mapping[str, Any]) -> bytes:
    body = canonical(content)
    return _HEAD + body + _tail(body)


def read_contest(inputs: Mapping[str, bytes]) -> Contest:
    """The contest that the files *inputs* (name to bytes, UTF-8) hold together.

    Raises:
        InvalidType: *inputs* are not texts to bytes.
        Faults: everything wrong in all files, each with file, line and place.
    """
    faults: list[KippError] = []
    found: list[Contest] = []
    for name, content in sorted(mapping("inputs", inputs, bytes).items()):
        try:
            found.append(from_json(content.decode("utf-8"), Contest, source=name))
        except UnicodeDecodeError as error:
            faults.append(InvalidValue(name, content[error.start : error.end], "text in UTF-8"))
        except Faults as errors:
            faults += errors.faults
    if faults:
        raise Faults(faults)
    return join(found)


# What a certificate says


def _hides_traits(selection: Selection) -> bool:
    """Whether demands were asked where no cut is there to show the traits of the candidates."""
    last = selection.stages[-1]
    asked = any(term.path == "composition.demands" for term in last.terms)
    return bool(asked and last.stop and not last.cuts)


def _content(selection: Selection, law: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    from kipp.io.converter import plain

    read = Rulebook(
        kind=BookKind.CYCLE,
        name=selection.rulebook,
        year=selection.cycle,
        terms={term.path: term.value for term in selection.terms},
    )
    return {
        "format": FORMAT,
        "rulebook": {"name": selection.rulebook, "year": selection.cycle, "digest": law},
        "law": plain(read),
        "accept": selection.accept.value,
        "inputs": inputs,
        "stages": [_stage(record) for record in selection.stages],
        "final": {
            each.proposal: [each.stage.value, each.standing.value] for each in selection.final
        },
    }


def _listed(inputs: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"name": name, "digest": digest(content), "size": len(content)}
        for name, content in sorted(inputs.items())
    ]


def _stage(record: StageRecord) -> dict[str, Any]:
    return {
        "stage": record.stage.value,
        "results": {each.proposal: _row(each) for each in record.results},
        "cuts": [_cut(made) for made in record.cuts],
        "stop": [_reason(each) for each in record.stop.reasons] if record.stop else None,
    }


def _row(result: Result) -> list[Any]:
    """Standing, exact score, rank, codes of the reasons."""
    return [
        _STANDINGS[result.standing],
        None if result.score is None else str(result.score),
        result.rank,
        [reason.code for reason in result.reasons],
    ]


_STANDINGS = {standing: standing.value for standing in Standing}


def _cut(made: Cut) -> dict[str, Any]:
    from kipp.io.converter import plain

    return {
        "group": made.group.value,
        "by": made.by.value,
        "places": made.places,
        "line": None if made.line is None else str(made.line),
        "order": list(made.order),
        "selected": list(made.selected),
        "unmarked": list(made.unmarked),
        "rivals": list(made.rivals),
        "open": list(made.open),
        "ties": [{"proposals": list(each.proposals), "seats": each.seats} for each in made.ties],
        "settlements": [plain(each) for each in made.settlements],
        "demands": [plain(each) for each in made.demands],
        "traits": {key: dict(asked) for key, asked in made.traits},
        "bound_by": {key: list(names) for key, names in made.bound_by},
    }


def _reason(reason: Reason) -> dict[str, Any]:
    from kipp.io.converter import plain

    return {"code": reason.code, "values": {key: plain(value) for key, value in reason.values}}


# Verifying


Screen: TypeAlias = Callable[[Contest], Mapping[str, Verdict]]
"""What screening finds of the proposals of a contest, by id."""


@attrs.frozen(kw_only=True)
class Verification:
    """What replaying a certificate found: nothing wrong, or each *fault* with its place.

    *digest* is that of the certificate, to be held against one that was published.
    """

    digest: str
    faults: tuple[KippError, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the certificate follows from the inputs and from the law it states."""
        return not self.faults


def verify(
    certificate: bytes,
    inputs: Mapping[str, bytes],
    *,
    book: Rulebook | None = None,
    screen: Screen | None = None,
) -> Verification:
    """Replay *certificate* from the files *inputs* (name to bytes).

    The selection is run again under the terms of law that the certificate states; with *book*
    these terms, and the digest of the whole, are compared too.  What screening found is taken from
    the inputs where they say it, else *screen* says it of the contest, else the certificate.

    Raises:
        MissingExtra: the extra ``certificate`` is not installed.
    """
    faults: list[KippError] = []
    content = _opened(certificate, faults)
    if content is not None:
        listed = _listed(inputs)
        faults += _altered(content, listed, book)
        if not faults:
            with loading():
                faults += _replayed(certificate, content, inputs, listed, screen)
    return Verification(digest=digest_of(certificate), faults=tuple(faults))


def digest_of(certificate: bytes) -> str:
    """The digest a certificate bears, to be published before anybody contests it."""
    return digest(_body(certificate))


def _body(certificate: bytes) -> bytes:
    """What the digest of a certificate is taken of."""
    return certificate[len(_HEAD) : -len(_tail(b""))]


_HEAD = b'{"certificate":'


def _tail(body: bytes) -> bytes:
    return b',"digest":"%s"}' % digest(body).encode("ascii")


def _opened(certificate: bytes, faults: list[KippError]) -> dict[str, Any] | None:
    """What a certificate says, if it is one: of a known format, with its own digest."""
    body = _body(certificate)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or certificate != _HEAD + body + _tail(body):
        expected = "a certificate that bears the digest of what it says"
        faults.append(InvalidValue("certificate", certificate[:40], expected))
        return None
    if content.get("format") != FORMAT:
        faults.append(InvalidValue("certificate.format", content.get("format"), FORMAT))
        return None
    return content


def _altered(
    content: Mapping[str, Any], listed: list[dict[str, Any]], book: Rulebook | None
) -> Iterator[KippError]:
    """Files that are not those the certificate lists, a rulebook that is not the one it names."""
    yield from _differences(content.get("inputs"), listed, "certificate.inputs")
    if book is not None:
        from kipp.io.converter import plain

        stated = {"name": book.name, "year": book.year, "digest": digest(canonical(plain(book)))}
        yield from _differences(content.get("rulebook"), stated, "certificate.rulebook")
        yield from _other_law(content.get("law"), book)


def _other_law(law: Any, book: Rulebook) -> Iterator[KippError]:
    """Terms of law that are not those of *book*: a stated digest alone binds nobody."""
    from kipp.io.converter import plain

    terms = law.get("terms") if isinstance(law, dict) else None
    try:
        found = {path: book.term(path).value for path in terms or ()}
    except KippError as error:
        yield error
    else:
        read = plain(attrs.evolve(book, terms=found, reforms=()))
        yield from _differences(law, read, "certificate.law")


def _replayed(
    certificate: bytes,
    content: Mapping[str, Any],
    inputs: Mapping[str, bytes],
    listed: list[dict[str, Any]],
    screen: Screen | None,
) -> Iterator[KippError]:
    """Run the selection again, and compare."""
    try:
        again = _content(
            _again(content, inputs, screen), _form(content["rulebook"]["digest"]), listed
        )
    except Faults as errors:
        yield from errors.faults
    except KippError as error:
        yield error
    except (AttributeError, LookupError, TypeError, ValueError):
        yield InvalidValue("certificate", certificate[:40], f"the parts that {FORMAT} names")
    else:
        if not is_canonical(_body(certificate), again):
            shown = islice(_differences(content, again, "certificate"), _MOST)
            yield from [*shown] or [InvalidValue("certificate", certificate[:40], "canonical JSON")]


def _form(stated: Any) -> str:
    """The digest of the rulebook: without the rulebook only its form can be looked at."""
    if not isinstance(stated, str) or not _DIGEST.fullmatch(stated):
        raise InvalidValue("certificate.rulebook.digest", stated, "sha256: and 64 digits")
    return stated


_DIGEST = re.compile("sha256:[0-9a-f]{64}")


def _again(
    content: Mapping[str, Any], inputs: Mapping[str, bytes], screen: Screen | None
) -> Selection:
    """The selection that the inputs give under the terms of law that the certificate states."""
    law = from_json(json.dumps(content["law"]), Rulebook, source="certificate.law")
    contest = read_contest(inputs)
    return select(
        law,
        contest.proposals,
        contest.sheets,
        screened=_screened(contest, content, screen),
        assessors=contest.assessors,
        exits=contest.exits,
        decisions=contest.decisions,
        traits=_traits(contest, content),
        visited=contest.visited,
        accept=Evidence(content["accept"]),
    )


def _screened(
    contest: Contest, content: Mapping[str, Any], screen: Screen | None
) -> Mapping[str, Verdict]:
    if contest.screened is not None:
        return contest.screened
    if screen is not None:
        return screen(contest)
    rows = (stage["results"] for stage in content["stages"] if stage["stage"] == Stage.SCREENING)
    found = {key: _verdict(key, row) for key, row in next(rows, {}).items()}
    return {key: verdict for key, verdict in found.items() if verdict is not None}


def _verdict(proposal: str, row: list[Any]) -> Verdict | None:
    """What screening must have found, for the row to say what it says."""
    standing, _, _, codes = row
    outcome = _OUTCOMES.get(standing)
    if outcome is None or codes[0] not in _BY_SCREENING:
        return None
    deciding = tuple(Reason(outcome, code) for code in codes[1:])
    if not deciding:
        return outcome
    return Decision(rule=RuleId("screening"), subject=proposal, reasons=deciding)


_OUTCOMES = {
    Standing.SELECTED: Outcome.MET,
    Standing.NOT_SELECTED: Outcome.NOT_MET,
    Standing.UNKNOWN: Outcome.UNKNOWN,
}
_BY_SCREENING = ("SCREENING_PASSED", "SCREENING_FAILED", "SCREENING_UNKNOWN")


def _traits(contest: Contest, content: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    if contest.traits is not None:
        return contest.traits
    joined: dict[str, dict[str, str]] = {}
    for stage in content["stages"]:
        for made in stage["cuts"]:
            for key, asked in made["traits"].items():
                joined.setdefault(key, {}).update(asked)
    return joined


def _differences(stated: Any, found: Any, place: str) -> Iterator[KippError]:
    """Where *stated* is not what was *found*, part by part."""
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in sorted(stated.keys() | found.keys()):
            yield from _differences(stated.get(key), found.get(key), f"{place}.{key}")
    elif isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        for position, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from _differences(one, other, f"{place}[{position}]")
    elif stated != found or type(stated) is not type(found):
        yield InvalidValue(place, stated, f"{found!r}, as the inputs and the law have it")
