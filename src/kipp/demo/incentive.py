"""The incentive proposals that follow from the cycle run, and why the others get none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kipp import rulebooks
from kipp.demo.cycle import Run
from kipp.demo.lines import Line, Tables
from kipp.domain.award import Level, Tier
from kipp.domain.citation import NotFound
from kipp.domain.cycle import Group
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome, Reason
from kipp.rules.incentive import incentive_status, propose

__all__ = ["incentive_lines"]


def incentive_lines(tables: Tables, run: Run) -> Iterator[Line]:
    """For each winner: proposed for the incentive, or why not."""
    books = [rulebooks.incentive_book(year) for year in rulebooks.fiscal_years()]
    entered = {each.id: each for each in run.field.proposals}
    counted: Counter[Outcome] = Counter()
    for key in run.selection.winners:
        proposal = entered[key]
        agency = tables.agencies.agency(proposal.agency)
        tier = _tier_won(proposal)
        decision = propose(tables.book, books, agency, tier)
        counted[decision.outcome] += 1
        about = {"title": proposal.title, "agency": agency.name, "group": proposal.group}
        if decision.outcome is Outcome.MET:
            status = incentive_status(tables.book, books, agency, tier)
            known = status.value or Outcome.UNKNOWN
            yield _following("demo.proposed", status.reasons, status=known, **about)
        else:
            outcome = decision.outcome
            yield _following("demo.not-proposed", decision.reasons, outcome=outcome, **about)
    parts = tuple((outcome, counted[outcome]) for outcome in Outcome)
    yield Line("demo.incentive-sum", (("parts", parts), ("winners", counted.total())))


def _following(code: str, reasons: Iterable[Reason], **values: object) -> Line:
    """A line that names the worst reason, with what that reason rests on."""
    outcomes = list(Outcome)
    decisive = min(
        (reason for reason in reasons if reason.outcome is not None),
        key=lambda reason: outcomes.index(reason.outcome or Outcome.MET),
    )
    cited_in = dict.fromkeys(each.source.title for each in decisive.citations)
    searched = (t.value.searched for t in decisive.terms if isinstance(t.value, NotFound))
    sources = tuple(cited_in) or tuple(searched)
    named = (*values.items(), ("reason", decisive.code))
    return Line(code, named, sources, decisive.evidence)


def _tier_won(proposal: Proposal) -> Tier:
    """The tier a winner of the demonstration's cycle reached."""
    special = proposal.group is Group.SPECIAL
    level = Level.OUTSTANDING if special else Level.WINNER
    return Tier(year=proposal.cycle, level=level, group=proposal.group)
