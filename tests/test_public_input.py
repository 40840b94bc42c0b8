"""Whatever is handed to a public function, kipp refuses it in its own words or answers."""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NewType

import pytest

import kipp
from kipp import io, rulebooks
from kipp.domain.errors import KippError
from tests.contest import marked, run

BOOK = kipp.rulebook(2021)
PROPOSAL = kipp.Proposal(
    id="p",
    innovation=kipp.Innovation(id="i", title="Contoh", agency=kipp.AgencyKey("kota-ambon")),
    cycle=2021,
    group=kipp.Group.GENERAL,
)
TIER = kipp.Tier(year=2019, level=kipp.Level.WINNER)
MARKS = {"a": (50, 60, 70), "b": (60, 50, 40)}
CUT = run(MARKS).stages[-1].cuts[0]
MET = kipp.Reason(kipp.Outcome.MET, "OLD_ENOUGH")

# Every public function with arguments that it takes.
PUBLIC: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "agencies": (kipp.agencies, {"on": "2021-01-01"}),
    "diff": (kipp.diff, {"before": BOOK, "after": BOOK}),
    "duty": (kipp.duty, {"agency": "kota-ambon", "year": 2021}),
    "from_json": (kipp.from_json, {"text": "[]", "type": tuple[kipp.Proposal, ...]}),
    "hub": (kipp.hub, {"agency": "kota-ambon", "on": "2021-01-01"}),
    "incentive": (kipp.incentive, {"agency": "kota-ambon", "tier": TIER}),
    "judge": (kipp.judge, {"proposal": PROPOSAL}),
    "record": (kipp.record, {}),
    "resolve": (kipp.resolve, {"text": "Kota Ambon"}),
    "rulebook": (kipp.rulebook, {"year": 2021}),
    "say": (kipp.say, {"reason": MET}),
    "select": (kipp.select, {"proposals": (), "sheets": (), "book": BOOK, "histories": {}}),
    "select_contest": (kipp.select_contest, {"contest": kipp.Contest(), "book": BOOK}),
    "margins": (kipp.margins, {"cut": CUT, "sheets": marked(MARKS)}),
    "plan": (kipp.plan, {"book": BOOK}),
    "read_contest": (kipp.read_contest, {"inputs": {"a.json": b"{}"}}),
    "certify": (
        kipp.certify,
        {
            "selection": kipp.select_contest(kipp.Contest(), book=BOOK),
            "book": BOOK,
            "inputs": {"a.json": b"{}"},
        },
    ),
    "validate": (kipp.validate, {"source": (), "cycle": 2021}),
    "verify": (kipp.verify, {"certificate": b"{}", "inputs": {"a.json": b"{}"}}),
    "to_json": (kipp.to_json, {"value": PROPOSAL}),
}
OTHERS: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
    "assumptions.example": (kipp.assumptions.example, {"year": 2021}),
    "assumptions.read": (kipp.assumptions.read, {"text": ""}),
    "assumptions.items": (kipp.assumptions.items, {"year": 2021}),
    "Rulebook.assume": (BOOK.assume, {"assumptions": ()}),
    "Rulebook.reform": (BOOK.reform, {"changes": {}, "name": "reform"}),
    "Rulebook.term": (BOOK.term, {"path": "groups.general.cap"}),
    "Rulebook.__getitem__": (BOOK.__getitem__, {"path": "groups.general.cap"}),
    "rulebooks.load": (rulebooks.load, {"source": "kind = 'hubs'\nname = 'Hubs'\n"}),
    "rulebooks.incentive_book": (rulebooks.incentive_book, {"year": 2021}),
    "io.read_ndjson": (io.read_ndjson, {"lines": "", "type": kipp.Proposal}),
    "io.read_submissions": (io.read_submissions, {"text": "[]"}),
    "io.to_ndjson": (io.to_ndjson, {"values": ()}),
}
EVERY = {**PUBLIC, **OTHERS}


class Stranger:
    """Nothing that kipp knows."""


ALIENS: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    " ",
    "x",
    "\x00",
    "\ud800",
    b"x",
    (),
    (1,),
    [None],
    {},
    {"x": 1},
    {1: 2},
    {1, 2},
    dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
    Path("nowhere"),
    object(),
    Stranger,
    Stranger(),
    kipp.Group.GENERAL,
    PROPOSAL,
    BOOK,
    rulebooks.duty_book(),
    kipp.agencies(on="2021-01-01")[0],
    lambda: None,
)


def arguments() -> Iterator[tuple[str, str]]:
    for name, (function, _) in EVERY.items():
        yield from ((name, each) for each in inspect.signature(function).parameters)


def test_every_public_function_is_asked() -> None:
    functions = {
        name
        for name in kipp.__all__
        if callable(found := getattr(kipp, name)) and not isinstance(found, (type, NewType))
    }

    assert functions == set(PUBLIC)


@pytest.mark.parametrize(("name", "argument"), list(arguments()))
def test_an_alien_value_is_refused_or_answered(name: str, argument: str) -> None:
    """No ``AttributeError`` from inside, no ``TypeError`` without the name of the argument."""
    function, given = EVERY[name]
    for alien in ALIENS:
        with contextlib.suppress(KippError):
            function(**given | {argument: alien})


@pytest.mark.parametrize("name", EVERY)
def test_what_it_takes_it_takes(name: str) -> None:
    """The arguments beside the alien one are good, so that the alien one is what is refused."""
    function, given = EVERY[name]

    function(**given)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kipp.judge(None), "proposal: expected a Proposal, got None"),  # type: ignore[arg-type]  # on purpose
        (
            lambda: kipp.judge(PROPOSAL, others=None),  # type: ignore[arg-type]  # on purpose
            "others: expected an iterable, each item a Proposal, got None",
        ),
        (
            lambda: kipp.judge(PROPOSAL, others=[1]),  # type: ignore[list-item]  # on purpose
            "others[0]: expected a Proposal, got 1",
        ),
        (lambda: kipp.diff(1, 2), "before: expected a Rulebook, got 1"),  # type: ignore[arg-type]  # on purpose
        (
            lambda: BOOK.reform([1], name="x"),  # type: ignore[arg-type]  # on purpose
            "changes: expected a Mapping, got [1]",
        ),
        (
            lambda: kipp.rulebook("2021"),  # type: ignore[arg-type]  # on purpose
            "year: expected a year such as 2021, got '2021'",
        ),
        (
            lambda: kipp.assumptions.example("2021"),  # type: ignore[arg-type]  # on purpose
            "year: expected a year such as 2021, got '2021'",
        ),
        (
            lambda: kipp.from_json("{}", "Proposal"),  # type: ignore[arg-type]  # on purpose
            (
                "type: expected a type of kipp such as Proposal, or a tuple of one "
                "(tuple[Proposal, ...]), got 'Proposal'"
            ),
        ),
        (
            lambda: kipp.select((), (), book=BOOK, histories={"i": 1}),  # type: ignore[dict-item]  # on purpose
            "histories['i']: expected an AwardHistory, got 1",
        ),
        (
            lambda: kipp.hub([1], on="2021-01-01"),  # type: ignore[arg-type]  # on purpose
            "agency: expected an Agency or the key of one, got [1]",
        ),
        (
            lambda: kipp.judge(PROPOSAL, book=rulebooks.duty_book()),
            "book: expected the rulebook of a cycle, got 'One Agency One Innovation'",
        ),
        (
            lambda: rulebooks.load(None),  # type: ignore[arg-type]  # on purpose
            "source: expected a Path to a file, or the text of a rulebook, got None",
        ),
    ],
)
def test_the_error_names_argument_value_and_expectation(
    call: Callable[[], object], said: str
) -> None:
    with pytest.raises(kipp.InvalidType) as caught:
        call()

    assert str(caught.value) == said


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_rulebook_is_no_rulebook(text: str) -> None:
    with pytest.raises(kipp.Faults, match="text: expected a rulebook in TOML, got"):
        rulebooks.load(text)


def test_a_name_of_a_file_is_taken_for_text_and_the_error_says_so() -> None:
    with pytest.raises(kipp.Faults) as caught:
        rulebooks.load("kovablik.toml")

    assert str(caught.value) == (
        "file: expected TOML, got 'kovablik.toml' @ text, last line; "
        "the name of a file is given as a Path"
    )
