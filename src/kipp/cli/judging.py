"""``kipp judge``: proposals of a file by every requirement of a cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kipp import messages
from kipp.cli.files import text_of
from kipp.cli.shown import BY_OUTCOME, Shown
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.rules.decision import Judgement, Outcome, Reason

if TYPE_CHECKING:
    from kipp.domain.proposal import Proposal
    from kipp.io import Submission

__all__ = ["judge_file"]


def judge_file(lang: str, file: str, cycle: int) -> Shown:
    """``kipp judge``: each proposal of a file by everything its cycle asks."""
    from kipp import rulebooks
    from kipp.defaults import judge
    from kipp.io import placed_submissions
    from kipp.rules.field import field_of

    book = rulebooks.rulebook(cycle)
    text, name = text_of(file)
    placed = placed_submissions(text, source=name)
    if not placed:
        raise InvalidValue("FILE", name, "at least one proposal")
    faults = list(_misplaced(placed, cycle))
    if faults:
        raise Faults(faults)
    handed_in = [each for _, each in placed]
    field = field_of((each.proposal for each in handed_in), cycle)
    judged = tuple(
        judge(each.proposal, history=each.history, others=field, book=book) for each in handed_in
    )
    found = {judgement.outcome for judgement in judged}
    worst = next(outcome for outcome in Outcome if outcome in found)
    return Shown(judged, (_judged_line(each, lang) for each in judged), BY_OUTCOME[worst])


def _misplaced(placed: Iterable[tuple[str, Submission]], cycle: int) -> Iterator[KippError]:
    """Proposals of another cycle, and ids that two different proposals bear, each at its place."""
    first: dict[str, tuple[str, Proposal]] = {}
    for place, each in placed:
        entered = each.proposal
        if entered.cycle != cycle:
            expected = f"{cycle}, the cycle asked about"
            yield InvalidValue("proposal.cycle", entered.cycle, expected, place)
        before, same = first.setdefault(entered.id, (place, entered))
        if same != entered:
            expected = f"an id that no other proposal bears, as the one @ {before} does"
            yield InvalidValue("proposal.id", entered.id, expected, place)


def _judged_line(judgement: Judgement, lang: str) -> str:
    open_: list[Reason] = [
        reason
        for reason in judgement.reasons
        if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)
    ]
    codes = tuple(dict.fromkeys(reason.code for reason in open_))
    outcome = judgement.outcome
    return messages.line(
        "cli.judged",
        lang,
        subject=judgement.subject,
        outcome=outcome,
        codes=codes,
        not_asked=len(judgement.not_asked) or None,
        weakest=judgement.evidence,
    )
