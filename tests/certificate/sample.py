"""A small contest whose certificate is kept: one of every thing a certificate holds.

``python -m tests.certificate.sample`` writes it anew, which a later format of certificates must
never need: samples of old formats stay, and stay verifiable.
"""

from __future__ import annotations

from pathlib import Path

import pendulum

from kipp.domain.cycle import Group, Stage
from kipp.domain.selection import Exit, Standing, TieDecision
from kipp.io.certificate import certify, read_contest
from kipp.io.contest import Contest
from kipp.io.formats import to_json
from kipp.rules.decision import Outcome
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select
from tests.contest import contest, entry, marked

SAMPLES = Path(__file__).parent / "samples"
CERTIFICATE, INPUT, RULEBOOK = (SAMPLES / f"v1{part}.json" for part in ("", ".input", ".rulebook"))
MARKS = {
    "A-1": (80, 70, 90),
    "A-2": (80, 70, 80),
    "B-1": (70, 70, 80),
    "B-2": (70, 60, 80),
    "C-1": (60, 60, 70),
    "C-2": (50, 60, 70),
    "Ü-1": (50, 90, 90),
}
BOOK = contest(
    {
        "groups.general.nominees": 5,
        "groups.general.finalists": 4,
        "ties.cascade": ["evaluation.benefit", "decision"],
        "selection.withdrawals": True,
        "field_verification.held": True,
        "composition.quota": "demands",
        "composition.demands": [{"stage": "finalists", "by": "province", "at_most": 2}],
    }
)
CONTEST = Contest(
    proposals=tuple(entry(key) for key in MARKS),
    sheets=tuple(marked(MARKS)),
    exits=(Exit(proposal="A-1", stage=Stage.OBJECTION, standing=Standing.WITHDRAWN),),
    decisions=(
        TieDecision(
            stage=Stage.NOMINATION,
            group=Group.GENERAL,
            minutes="BA-1/2021",
            day=pendulum.date(2021, 6, 1),
            people=("chair",),
            chosen=("Ü-1",),
        ),
    ),
    screened={**dict.fromkeys(MARKS, Outcome.MET), "C-1": Outcome.NOT_MET},
    traits={key: {"province": key[0]} for key in MARKS},
    visited=("A-2", "B-1"),
)


def selected(book: Rulebook, inputs: dict[str, bytes]) -> Selection:
    """The run of the contest that *inputs* hold."""
    given = read_contest(inputs)
    return select(
        book,
        given.proposals,
        given.sheets,
        screened=given.screened or {},
        exits=given.exits,
        decisions=given.decisions,
        traits=given.traits,
        visited=given.visited,
    )


def inputs() -> dict[str, bytes]:
    """The input as it is kept, by its name."""
    return {INPUT.name: INPUT.read_bytes()}


def write() -> None:
    """Write the sample anew."""
    INPUT.write_text(to_json(CONTEST), encoding="utf-8")
    RULEBOOK.write_text(to_json(BOOK), encoding="utf-8")
    CERTIFICATE.write_bytes(certify(selected(BOOK, inputs()), BOOK, inputs()))


if __name__ == "__main__":
    write()
