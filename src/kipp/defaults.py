"""The public functions, bound to the packaged rulebooks, agencies and record.

Each is a thin call of the pure function in :mod:`kipp.rules`, which takes every rulebook and
table as an argument; use those for other rulebooks or tables of your own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.award import KIPP, AwardHistory, Tier
from kipp.domain.checks import COUNT, FLAG, maybe, of
from kipp.domain.citation import Evidence
from kipp.domain.dates import day
from kipp.domain.errors import Faults, InvalidValue
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.domain.registry import Registry
from kipp.domain.selection import Exit, TieDecision
from kipp.io.contest import Contest
from kipp.registry import registry
from kipp.rules.agency import key_of, unregistered
from kipp.rules.arguments import agency_of, argument, instance, items, mapping
from kipp.rules.decision import Classification, Decision, Judgement, RuleId, unrecorded
from kipp.rules.field import Field
from kipp.rules.resolution import Moment, Resolution
from kipp.rules.resolution import resolve as _resolve
from kipp.rules.rulebook import Rulebook, cycle_book

if TYPE_CHECKING:
    from kipp.domain.hub import HubStatus
    from kipp.domain.incentive import IncentiveStatus
    from kipp.io.certificate import Verification
    from kipp.io.files import Source
    from kipp.io.limits import Limits
    from kipp.io.options import Reading
    from kipp.io.validation import Report
    from kipp.rules.selection import Selection

__all__ = [
    "agencies",
    "certify",
    "duty",
    "hub",
    "incentive",
    "judge",
    "judge_all",
    "reading_for",
    "resolve",
    "select",
    "select_contest",
    "validate",
    "verify",
]


def agencies(*, on: dt.date | str, among: Registry | None = None) -> tuple[Agency, ...]:
    """The agencies (*instansi*) that stand on the day *on*, those of unknown bounds included.

    Raises:
        InvalidType, InvalidValue: *on* is no date or ``YYYY-MM-DD``.
    """
    return _among(among).agencies(on=day(on, name="on"))


def _among(among: Registry | None) -> Registry:
    """The registry given, also an empty one, or the packaged one."""
    found: Registry = registry() if among is None else instance("among", among, Registry)
    return found


def resolve(text: str, *, on: Moment = None, among: Registry | None = None) -> Resolution:
    """The one agency that *text* names on a day or in a year, or the typed reason why not.

    Raises:
        InvalidType, InvalidValue: as :func:`kipp.rules.resolution.resolve`.
    """
    return _resolve(_among(among), text, on)


def judge(
    proposal: Proposal,
    *,
    history: AwardHistory | None = None,
    others: Iterable[Proposal] | Field = (),
    book: Rulebook | None = None,
    among: Registry | None = None,
) -> Judgement:
    """Judge *proposal* by every requirement of its cycle; an agency not registered stays unknown.

    *history* is none where it is not recorded: an innovation never awarded has an empty one.

    Raises:
        InvalidType: an argument of another type.
        UnknownName: no rulebook of that cycle is packaged.
        InvalidValue: *history* is that of another innovation, or holds a tier that no KIPP had;
            or as :func:`kipp.rules.judge.judge`.
    """
    from kipp.rulebooks import rulebook
    from kipp.rules import judge as rules

    instance("proposal", proposal, Proposal)
    argument("history", history, maybe(of(AwardHistory)))
    if not isinstance(others, Field):
        others = items("others", others, Proposal)
    if history is not None and history.innovation != proposal.innovation.id:
        expected = f"the history of {proposal.innovation.id!r}, the innovation entered"
        raise InvalidValue("history.innovation", history.innovation, expected, proposal.id)
    for award in () if history is None else history.awards:
        _existing(award.tier, proposal.id)
    book = rulebook(proposal.cycle) if book is None else cycle_book("book", book)
    agency = _among(among).by_key.get(proposal.agency)
    return rules.judge(book, proposal, history=history, others=others, agency=agency)


def _existing(tier: Tier, where: str) -> None:
    """Refuse a tier of KIPP that nobody can have reached, as far as the packaged years know."""
    from kipp.rulebooks import cycles, rulebook
    from kipp.rules.decision import Outcome
    from kipp.rules.history import tier_refusal

    if tier.organiser != KIPP or tier.year > cycles()[-1]:
        return
    if tier.year not in cycles():
        expected = f"a year from {cycles()[0]}, when KIPP began"
        raise InvalidValue("history.awards", tier.label, expected, where)
    refused = tier_refusal(rulebook(tier.year), tier)
    if refused is not None and refused.outcome is Outcome.NOT_MET:
        expected = f"a tier that was there ({refused.code})"
        raise InvalidValue("history.awards", tier.label, expected, where)


def judge_all(
    proposals: Iterable[Proposal],
    *,
    histories: Mapping[str, AwardHistory],
    book: Rulebook,
    among: Registry | None = None,
) -> dict[str, Judgement]:
    """Judge every proposal of one cycle, each beside all others, by proposal id.

    *histories* are by innovation id; one that is not there is not recorded.

    Raises:
        InvalidType, InvalidValue: as :func:`judge`.
    """
    from kipp.rules.field import field_of

    entered = items("proposals", proposals, Proposal)
    mapping("histories", histories, AwardHistory)
    field = field_of(entered, cycle_book("book", book).year)
    return {
        each.id: judge(
            each, history=histories.get(each.innovation.id), others=field, book=book, among=among
        )
        for each in entered
    }


def duty(
    agency: Agency | AgencyKey | str,
    year: int,
    *,
    innovations: Iterable[Innovation] | None = None,
    proposals: Iterable[Proposal] | None = None,
) -> tuple[Decision, Decision]:
    """One Agency One Innovation (*satu instansi satu inovasi*) in *year*: create one, enter one.

    None means that nobody recorded them: then the answer is ``UNKNOWN``.  An empty list says that
    there were none.  A key that no agency has answers ``UNKNOWN``, too.

    Raises:
        InvalidType: an argument of another type.
    """
    from kipp.rulebooks import duty_book
    from kipp.rules.duty import CREATE, ENTER, create_one, enter_one

    book, body = duty_book(), agency_of(agency, registry)
    argument("year", year, COUNT)
    return (
        _not_recorded(CREATE, body, "innovations")
        if innovations is None
        else create_one(book, body, year, items("innovations", innovations, Innovation)),
        _not_recorded(ENTER, body, "proposals")
        if proposals is None
        else enter_one(book, body, year, items("proposals", proposals, Proposal)),
    )


def _not_recorded(rule: RuleId, agency: Agency | AgencyKey, fact: str) -> Decision:
    known = isinstance(agency, Agency)
    reasons = (unrecorded(fact),) if known else (unregistered(key_of(agency)), unrecorded(fact))
    return Decision(rule=rule, subject=key_of(agency), reasons=reasons)


def select(
    proposals: Iterable[Proposal],
    sheets: Iterable[ScoreSheet],
    *,
    book: Rulebook,
    histories: Mapping[str, AwardHistory],
    assessors: Iterable[Assessor] | None = None,
    exits: Iterable[Exit] = (),
    decisions: Iterable[TieDecision] = (),
    traits: Mapping[str, Mapping[str, str]] | None = None,
    visited: Iterable[str] | None = None,
    accept: Evidence = Evidence.PRESS,
    among: Registry | None = None,
) -> Selection:
    """Judge every proposal, then run the selection of the cycle of *book* as far as it carries.

    What the law did not publish is asked of you: ``book.assume(kipp.assumptions.example(2021))``.
    *decisions* are those people took about ties, *traits* the attributes that demands of
    composition ask for, by proposal (without them those the registry and the proposals say),
    *visited* the finalists the field verification went to.

    Raises:
        Faults, InvalidType, InvalidValue: as :func:`kipp.rules.selection.select`; a relation of an
            assessor to an agency that the registry does not hold.
    """
    from kipp.rules import selection

    cycle_book("book", book)
    entered = items("proposals", proposals, Proposal)
    listed = None if assessors is None else items("assessors", assessors, Assessor)
    _check_relations(listed, _among(among))
    return selection.select(
        book,
        entered,
        items("sheets", sheets, ScoreSheet),
        screened=judge_all(entered, histories=histories, book=book, among=among),
        assessors=listed,
        exits=items("exits", exits, Exit),
        decisions=items("decisions", decisions, TieDecision),
        traits=_traits(entered, book, _among(among)) if traits is None else traits,
        visited=None if visited is None else items("visited", visited, str),
        accept=instance("accept", accept, Evidence),
    )


def _traits(
    proposals: Iterable[Proposal], book: Rulebook, among: Registry
) -> Mapping[str, Mapping[str, str]]:
    """What the registry and the proposals say, where the rulebook makes demands at all."""
    from kipp.domain.citation import cited
    from kipp.rules.agency import year_days
    from kipp.rules.quota import Quota
    from kipp.rules.traits import traits_of

    if next(cited(book["composition.quota"]), Quota.NONE) == Quota.NONE or book.year is None:
        return {}
    closes = next(cited(book["schedule.registration_closes"]), year_days(book.year))
    return {
        each.id: traits_of(each, among.by_key.get(each.agency), closes[-1]) for each in proposals
    }


def select_contest(
    contest: Contest,
    *,
    book: Rulebook,
    accept: Evidence = Evidence.PRESS,
    among: Registry | None = None,
) -> Selection:
    """Run the selection of a *contest* that files hold (:func:`kipp.io.certificate.read_contest`).

    Proposals are judged where the contest does not say what screening found.

    Raises:
        Faults, InvalidType, InvalidValue: as :func:`select`.
    """
    from kipp.rules import selection

    instance("contest", contest, Contest)
    cycle_book("book", book)
    agencies = _among(among)
    _check_relations(contest.assessors, agencies)
    screened = contest.screened
    return selection.select(
        book,
        contest.proposals,
        contest.sheets,
        screened=_screened(contest, book, agencies) if screened is None else screened,
        assessors=contest.assessors,
        exits=contest.exits,
        decisions=contest.decisions,
        traits=_traits(contest.proposals, book, agencies)
        if contest.traits is None
        else contest.traits,
        visited=contest.visited,
        accept=instance("accept", accept, Evidence),
    )


def _check_relations(assessors: Iterable[Assessor] | None, among: Registry) -> None:
    """A relation to a key that nobody bears would never keep an assessor from a proposal."""
    faults = [
        InvalidValue(
            "Relation.agency",
            relation.agency,
            "a key of the registry",
            each.key,
            "resolve a name to find its key",
        )
        for each in assessors or ()
        for relation in each.relations
        if relation.agency not in among.by_key
    ]
    if faults:
        raise Faults(faults)


def _screened(contest: Contest, book: Rulebook, among: Registry) -> dict[str, Judgement]:
    """What judging the proposals of *contest* finds."""
    histories = {each.innovation: each for each in contest.histories}
    return judge_all(contest.proposals, histories=histories, book=book, among=among)


def certify(selection: Selection, *, book: Rulebook, inputs: Mapping[str, bytes]) -> bytes:
    """The certificate of *selection*: canonical JSON that anybody can replay.

    *book* is the rulebook it was made under, *inputs* are the files it was made from, name to
    bytes.

    Raises:
        InvalidType: an argument of another type.
        InvalidValue: *book* is not the one of the selection.
        MissingExtra: the extra ``certificate`` is not installed.
    """
    from kipp.io import certificate
    from kipp.rules.selection import Selection

    instance("selection", selection, Selection)
    return certificate.certify(
        selection, cycle_book("book", book), mapping("inputs", inputs, bytes)
    )


def verify(
    certificate: bytes, inputs: Mapping[str, bytes], *, book: Rulebook | None = None
) -> Verification:
    """Replay *certificate* from the files *inputs* (name to bytes).

    With *book* its terms and its digest are compared too, and the proposals are judged again where
    no file says what screening found.

    Raises:
        InvalidType: an argument of another type.
        MissingExtra: the extra ``certificate`` is not installed.
    """
    from kipp.io import certificate as replay

    given = mapping("inputs", inputs, bytes)
    if book is None:
        return replay.verify(instance("certificate", certificate, bytes), given)
    law = cycle_book("book", book)

    def screen(contest: Contest) -> Mapping[str, Judgement]:
        return _screened(contest, law, registry())

    return replay.verify(
        instance("certificate", certificate, bytes), given, book=law, screen=screen
    )


def incentive(
    agency: Agency | AgencyKey | str, tier: Tier, *, records: Iterable[FiscalRecord] = ()
) -> Classification[IncentiveStatus]:
    """What follows from *tier* for the incentive (*usulan DID / insentif fiskal*) of *agency*.

    The ministry proposes, the Ministry of Finance decides: there is no "granted".

    Raises:
        InvalidType: an argument of another type.
        UnknownName: no contest of that year is packaged.
        InvalidValue: as :func:`kipp.rules.incentive.incentive_status`.
    """
    from kipp.rulebooks import fiscal_years, incentive_book, rulebook
    from kipp.rules.incentive import incentive_status

    body = agency_of(agency, registry)
    given = items("records", records, FiscalRecord)
    books = [incentive_book(year) for year in fiscal_years()]
    cycle = rulebook(instance("tier", tier, Tier).year)
    return incentive_status(cycle, books, body, tier, given)


def hub(agency: Agency | AgencyKey | str, *, on: dt.date | str) -> Classification[HubStatus]:
    """What the register of innovation hubs (*hub JIPP*) says of *agency* on the day *on*.

    Raises:
        InvalidType, InvalidValue: *on* is no date or ``YYYY-MM-DD``.
    """
    from kipp.registry import hubs
    from kipp.rulebooks import hubs_book
    from kipp.rules.hub import hub_status

    return hub_status(hubs_book(), hubs(), agency_of(agency, registry), day(on, name="on"))


def validate(
    source: Source | Iterable[object],
    cycle: int | None = None,
    kind: str = "proposal",
    *,
    book: Rulebook | None = None,
    among: Registry | None = None,
    cross: bool = True,
    format: str | None = None,  # noqa: A002  # reads best
    file: str | None = None,
    limits: Limits | None = None,
    reading: Reading | None = None,
) -> Report:
    """Everything that is wrong with the records of *source*, one fault after the other.

    *source* is the path of a file, an open binary stream, or an iterable of values or of plain
    data; *kind* names what its records are.  They are judged by the rulebook of *cycle*, or by
    *book*; without either only shape and register are looked at.  Without *cross* records are not
    compared with each other.  The report's summary says what all of it comes to.

    Raises:
        InvalidType: an argument of another type.
        InvalidValue: a path that is no file that can be read.
        UnknownName: no such kind, no rulebook of that cycle, no format that says how to read it.
    """
    from kipp.io.kinds import kind_named
    from kipp.io.limits import LIMITS, Limits
    from kipp.io.options import READING, Reading
    from kipp.io.validation import validate as _validate
    from kipp.registry import record
    from kipp.rulebooks import cycles, fiscal_years, hubs_book, incentive_book, rulebook

    if book is None and cycle is not None:
        book = rulebook(cycle)
    registry = _among(among)
    declared = READING if reading is None else instance("reading", reading, Reading)
    return _validate(
        source,
        kind=kind_named(kind).type,
        book=None if book is None else cycle_book("book", book),
        registry=registry,
        cycles=lambda year: rulebook(year) if year in cycles() else None,
        incentives=lambda year: incentive_book(year) if year in fiscal_years() else None,
        hubs=hubs_book(),
        listed=(row.innovation for row in record().awards),
        cross=argument("cross", cross, FLAG),
        format=format,
        file=file,
        limits=LIMITS if limits is None else instance("limits", limits, Limits),
        reading=reading_for(declared, None if book is None else book.year, registry),
    )


def reading_for(declared: Reading, year: int | None, registry: Registry) -> Reading:
    """*declared*, and how tables name agencies in *year* and tiers in any year.

    Without a year only keys name agencies: a name has its time.
    """
    from functools import partial

    from kipp.io.converter import plain
    from kipp.registry.loader import tier_named
    from kipp.rules.resolution import named

    def tiers(key: str, year: int) -> Mapping[str, Any] | None:
        found = tier_named(key, year)
        return None if found is None else plain(found)

    return attrs.evolve(
        declared,
        resolve=declared.resolve or (None if year is None else partial(named, registry, on=year)),
        tiers=declared.tiers or tiers,
    )
