"""Everything a cycle asks of one proposal by itself, with the answers remembered.

Each rule reads few facts of a proposal, and these stand in a table.  Most proposals share them with
many others, so that what was accepted once need not be asked again: a look-up or two stands for
each rule.  The rules are those of :mod:`kipp.rules.judge`; what compares a proposal with others
(cap, title and innovation used once) is asked elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, TypeAlias

import attrs
import pendulum

from kipp.domain.agency import AgencyKey
from kipp.domain.award import AwardHistory, Tier
from kipp.domain.citation import cited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateTime
from kipp.domain.proposal import Proposal
from kipp.domain.registry import Registry
from kipp.io.document import Path
from kipp.io.findings import Finding, of_the_law
from kipp.io.record_rules import RecordRules
from kipp.io.remembered import MOST, Accepted, Between, days, moments
from kipp.rules import cap, eligibility, replication, screening
from kipp.rules.decision import Outcome, Reason, RuleId
from kipp.rules.field import field_of, group_of, held_reason, offered_reason
from kipp.rules.judge import ASKED, Case
from kipp.rules.rulebook import Rulebook

__all__ = ["ACROSS_RECORDS", "LOOKS_AT", "OF_AGENCY", "Look", "ProposalRules"]

ACROSS_RECORDS: tuple[RuleId, ...] = (cap.RULE_ID, screening.TITLE, screening.INNOVATION)
"""The rules that compare a proposal with others."""

LOOKS_AT: Mapping[RuleId, tuple[str, ...]] = {
    eligibility.HELD: (),
    eligibility.PARTICIPANT: ("innovation.agency",),
    eligibility.GROUP: ("group",),
    eligibility.INVITATION: ("invited", "group"),
    eligibility.AGE: ("innovation.started", "innovation.pandemic_related", "group"),
    eligibility.AWARDS: ("history", "group"),
    replication.ENTRY: ("innovation.replica_of", "innovation.origin", "group"),
    eligibility.CATEGORY: ("category",),
    eligibility.SDG: ("innovation.sdgs",),
    screening.DEADLINE: ("submitted_at",),
    screening.DOCUMENTS: ("documents",),
    screening.WORDS: ("words",),
    screening.VIDEO: ("video_minutes",),
    screening.CARELESS: ("careless",),
    screening.ENTERED: ("withdrawn", "disqualified"),
}
"""Every fact that a rule reads of one proposal; its faults are shown at the first.

Of the entry in the replication group only what no other rule asks: the source it names.
"""

_AT_CODE = {
    "GROUP_NOT_OFFERED": "group",
    "WITHDRAWN": "withdrawn",
    "DISQUALIFIED": "disqualified",
}
_AT_FACT = {
    "agency.kind": "innovation.agency",
    "group": "group",
    "invited": "invited",
    "pandemic_related": "innovation.pandemic_related",
    "started": "innovation.started",
    "history": "history",
    "replica_of": "innovation.replica_of",
    "replica_of.tiers": "innovation.replica_of",
    "category": "category",
    "sdgs": "innovation.sdgs",
    "submitted_at": "submitted_at",
    "documents": "documents",
    "summary": "words",
    "video": "video_minutes",
    "careless": "careless",
}
"""Where a fault stands that is about another fact than the first of its rule."""

OF_AGENCY = attrgetter("kind", "autonomous", "span")
"""What a rule reads of the agency behind its key."""

# --- What is remembered together --------------------------------------------------------------

_TOGETHER = (
    eligibility.HELD,
    eligibility.GROUP,
    eligibility.INVITATION,
    eligibility.CATEGORY,
    screening.DOCUMENTS,
    screening.CARELESS,
    screening.ENTERED,
)
"""The rules whose facts take few values, so that one look-up answers all of them."""


def _goals(proposal: Proposal) -> int | None:
    goals = proposal.innovation.sdgs
    return None if goals is None else len(set(goals))


def _summary(proposal: Proposal) -> int | None:
    return dict(proposal.words or ()).get(screening.SUMMARY)


_ALONE: Mapping[RuleId, Callable[[Proposal], Any]] = {
    eligibility.SDG: _goals,
    screening.WORDS: _summary,
    screening.VIDEO: attrgetter("video_minutes"),
}
"""Rules with a fact of their own, and what they read of it."""


def _sources(proposal: Proposal) -> Hashable:
    innovation = proposal.innovation
    named = innovation.replica_of
    if not named:
        return proposal.group, innovation.origin, named
    sources = tuple([(each.agency, each.tiers and _tiers(each.tiers)) for each in named])
    return proposal.group, innovation.origin, sources


def _tiers(tiers: Iterable[Tier]) -> tuple[tuple[Any, ...], ...]:
    """Each tier by its facts, which are alike for a tier that was only read."""
    return tuple(map(_OF_TIER, tiers))


_OF_TIER = attrgetter(*attrs.fields_dict(Tier))


def _agency(proposal: Proposal) -> AgencyKey:
    return proposal.innovation.agency


def _start(proposal: Proposal) -> tuple[Hashable, Date | None]:
    innovation = proposal.innovation
    return (proposal.group, innovation.pandemic_related), innovation.started


def _started(proposal: Proposal, day: Date) -> Proposal:
    return attrs.evolve(proposal, innovation=attrs.evolve(proposal.innovation, started=day))


def _submission(proposal: Proposal) -> tuple[Hashable, DateTime | None]:
    return None, proposal.submitted_at


def _shown_moment(proposal: Proposal) -> str | None:
    """The moment with its own clock: two clocks show one moment differently."""
    moment = proposal.submitted_at
    return None if moment is None else moment.isoformat()


def _submitted(proposal: Proposal, moment: DateTime) -> Proposal:
    return attrs.evolve(proposal, submitted_at=moment)


@attrs.frozen
class _Entry:
    """A proposal with its history; whether the kind of record can hold one."""

    proposal: Proposal
    history: AwardHistory | None
    holds_history: bool

    def path(self, attribute: str) -> Path:
        """The steps to *attribute* of the proposal, or to the history."""
        below = () if not self.holds_history or attribute == _HISTORY else ("proposal",)
        return *below, *attribute.split(".")

    def value(self, attribute: str) -> object:
        """What stands there; of awards and of innovations replicated their names."""
        if attribute == _HISTORY:
            reached = () if self.history is None else self.history.awards
            return tuple(each.tier.label for each in reached) or None
        if attribute == _SOURCES:
            sources = self.proposal.innovation.replica_of or ()
            return tuple(each.title for each in sources) or None
        return attrgetter(attribute)(self.proposal)


_HISTORY = "history"
_SOURCES = "innovation.replica_of"


def _nothing_else(_: _Entry) -> Iterable[Finding]:
    return ()


def _nobody(_: Proposal) -> Hashable | None:
    return None


@attrs.frozen
class Look:
    """Facts that some rules read together of a proposal, as paths of attributes.

    Proposals that are alike in them are answered alike.  Where they are *ordered*, so are those
    whose last fact lies between that of two that are answered alike, the others being the same.
    """

    facts: tuple[str, ...]
    ordered: bool = False


@attrs.frozen
class _Part:
    """Rules whose answers are remembered together, by the facts they read of a proposal.

    *moved* is a proposal with another value of the last of the facts, where they have an order;
    *beside* finds what no rule of the cycle asks.  *kin* are the facts behind the facts, which many
    of them share, so that the first of these answers for the others; none where nobody is behind.
    *exactly* are the facts as an answer shows them, where what is equal may be shown otherwise.
    """

    look: Look
    rules: tuple[RuleId, ...]
    facts: Callable[[Proposal], Any]
    accepted: Accepted | Between
    moved: Callable[[Proposal, Any], Proposal] | None = None
    beside: Callable[[_Entry], Iterable[Finding]] = _nothing_else
    kin: Callable[[Proposal], Hashable | None] = _nobody
    accepted_kin: Accepted = attrs.field(factory=Accepted)
    exactly: Callable[[Proposal], Hashable] | None = None


_Told: TypeAlias = tuple[tuple[RuleId, Reason], ...]


def _asked_of_some(book: Rulebook) -> frozenset[RuleId]:
    """The rules that the cycle asks of a proposal of some group."""
    if held_reason(book).outcome is Outcome.NOT_MET:
        return frozenset({eligibility.HELD})
    groups = (*Group, None)
    return frozenset(
        rule for rule, (asks, _) in ASKED.items() if any(asks(book, group) for group in groups)
    )


def _steady(book: Rulebook) -> tuple[dt.datetime, dt.datetime] | None:
    """The years around the cycle, if the clock of the closing zone is never put back in them.

    Where it is, a minute comes twice: what lies between two moments in time need not lie between
    them on the clock that the close is read from.
    """
    year = book.year or dt.MINYEAR
    if not dt.MINYEAR < year - 1 < year + 1 < dt.MAXYEAR:
        return None
    first = dt.datetime(year - 1, 1, 1, tzinfo=dt.UTC)
    last = dt.datetime(year + 1, 12, 31, tzinfo=dt.UTC)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    for name in cited(book["schedule.closing_zone"]):
        zone = pendulum.timezone(name)
        if len({day.astimezone(zone).utcoffset() for day in days}) > 1:
            return None
    return first, last


# --- What is found ----------------------------------------------------------------------------


def _last_day(book: Rulebook) -> dt.date:
    """The last day of start that is worth remembering: what starts later is too young anyway."""
    year = min((book.year or dt.MAXYEAR) + 1, dt.MAXYEAR)
    return dt.date(year, 12, 31)


class ProposalRules:
    """What the cycle of *book* and the register say about one proposal; nothing where it is fit.

    *most* bounds how many answers of one kind are remembered.
    """

    def __init__(
        self, book: Rulebook, registry: Registry, records: RecordRules, most: int = MOST
    ) -> None:
        self._book = book
        self._registry = registry
        self._records = records
        self._nobody = field_of((), book.year)
        self._pool = group_of(book, None)
        self._asked = _asked_of_some(book)
        self._parts = tuple(self._remembered(most))
        self._looked_up = tuple((part.facts, part.accepted) for part in self._parts)
        self._awarded = Accepted(most)
        self._refused: dict[Hashable, _Told] = {}
        self._most = most

    @property
    def asked(self) -> tuple[RuleId, ...]:
        """The rules that are asked of a proposal, each at least in some group."""
        return tuple(rule for rule in LOOKS_AT if rule in self._asked)

    def __call__(
        self, proposal: Proposal, history: AwardHistory | None, *, holds_history: bool
    ) -> tuple[Finding, ...]:
        """Every finding, in the order of the rules; *holds_history*: the record can hold one.

        What depends on the cycle alone is found where an answer is not remembered, so at least
        once.
        """
        awards = (proposal.group, holds_history, history and _reached(proposal, history))
        if self._is_accepted(proposal, awards):
            return ()
        return self._asked_anew(proposal, history, holds_history, awards)

    def surely_fit(self, read: Any) -> bool:
        """Whether the facts *read* of a proposal without a history are remembered as accepted.

        *read* has the fields and properties of a proposal, and need not be one.
        """
        return self._is_accepted(read, (read.group, False, None))

    def _is_accepted(self, proposal: Any, awards: Hashable) -> bool:
        if awards not in self._awarded:
            return False
        for facts, accepted in self._looked_up:  # noqa: SIM110  # all() makes a frame for each
            if facts(proposal) not in accepted:
                return False
        return True

    def _asked_anew(
        self,
        proposal: Proposal,
        history: AwardHistory | None,
        holds_history: bool,
        awards: Hashable,
    ) -> tuple[Finding, ...]:
        missed = [part for part in self._parts if part.facts(proposal) not in part.accepted]
        entry = _Entry(proposal, history, holds_history)
        found = [each for part in missed for each in self._answers(part, entry)]
        if awards not in self._awarded:
            found += self._about_awards(entry, awards)
        return tuple(found) if len(found) <= 1 else _each_once(sorted(found, key=_place))

    @property
    def looks(self) -> tuple[Look, ...]:
        """The facts that are read of a proposal, those of each look by themselves."""
        return (*(part.look for part in self._parts), _OF_AWARDS)

    def answer(self, look: Look, proposal: Proposal) -> tuple[Finding, ...]:
        """What the rules that read the facts of *look* find, of a record without a history."""
        entry = _Entry(proposal, None, holds_history=False)
        found = [
            each
            for part in self._parts
            if part.look == look and part.facts(proposal) not in part.accepted
            for each in self._answers(part, entry)
        ]
        if look == _OF_AWARDS:
            found += self._about_awards(entry, (proposal.group, False, None))
        return tuple(found)

    def _remembered(self, most: int) -> Iterator[_Part]:
        """What is looked up, in this order."""
        together = tuple(rule for rule in _TOGETHER if rule in self._asked)
        facts = dict.fromkeys(fact for rule in together for fact in LOOKS_AT[rule])
        few = (_CYCLE, *facts)
        yield _Part(
            Look(few), together, attrgetter(*few), Accepted(most), beside=self._of_another_cycle
        )
        for rule, read in _ALONE.items():
            if rule in self._asked:
                yield _Part(Look(LOOKS_AT[rule]), (rule,), read, Accepted(most))
        if eligibility.PARTICIPANT in self._asked:
            yield self._participant(most)
        yield self._replica(most)
        if eligibility.AGE in self._asked:
            yield self._age(most)
        if screening.DEADLINE in self._asked:
            yield self._deadline(most)

    def _participant(self, most: int) -> _Part:
        look = Look(LOOKS_AT[eligibility.PARTICIPANT])
        rules = (eligibility.PARTICIPANT,)
        return _Part(look, rules, _agency, Accepted(most), kin=self._kin)

    def _replica(self, most: int) -> _Part:
        look = Look(LOOKS_AT[replication.ENTRY])
        rules = (replication.ENTRY,) if replication.ENTRY in self._asked else ()
        return _Part(look, rules, _sources, Accepted(most), beside=self._about_sources)

    def _age(self, most: int) -> _Part:
        started, *others = LOOKS_AT[eligibility.AGE]
        look = Look((*others, started), ordered=True)
        stretches = Between(days(_last_day(self._book)), most)
        return _Part(look, (eligibility.AGE,), _start, stretches, _started)

    def _deadline(self, most: int) -> _Part:
        rules, years = (screening.DEADLINE,), _steady(self._book)
        (path,) = LOOKS_AT[screening.DEADLINE]
        if years is None:
            return _Part(
                Look((path,)), rules, attrgetter(path), Accepted(most), exactly=_shown_moment
            )
        look, accepted = Look((path,), ordered=True), Between(moments(*years), most)
        return _Part(look, rules, _submission, accepted, _submitted, exactly=_shown_moment)

    def _answers(self, part: _Part, entry: _Entry) -> list[Finding]:
        """What *part* finds; where it is nothing against the record, that is remembered."""
        facts, kin, moved = part.facts(entry.proposal), part.kin(entry.proposal), part.moved
        found = [] if kin in part.accepted_kin else self._found(part, entry)
        if all(each.law for each in found):
            if kin is not None:
                part.accepted_kin.remember(kin)
            if isinstance(part.accepted, Accepted):
                part.accepted.remember(facts)
            elif moved is not None:
                said = [each.said for each in found]

                def same(fact: Any) -> bool:
                    other = attrs.evolve(entry, proposal=moved(entry.proposal, fact))
                    return [each.said for each in self._found(part, other)] == said

                part.accepted.remember(facts, same)
        return found

    def _kin(self, proposal: Proposal) -> Hashable | None:
        """What a rule reads of the agency: agencies of one kind and span take part alike."""
        agency = self._registry.by_key.get(proposal.agency)
        return None if agency is None else OF_AGENCY(agency)

    def _found(self, part: _Part, entry: _Entry) -> list[Finding]:
        told = (_finding(rule, reason, entry) for rule, reason in self._told(part, entry))
        return [*part.beside(entry), *told]

    def _told(self, part: _Part, entry: _Entry) -> _Told:
        """What the rules of *part* have against the proposal, remembered by the facts they read."""
        exactly = part.exactly or part.facts
        key = (part.look, entry.proposal.group, exactly(entry.proposal))
        known = self._refused.get(key)
        if known is None:
            if len(self._refused) >= self._most:
                self._refused.clear()
            known = self._refused[key] = tuple(self._against(part.rules, entry))
        return known

    def _against(self, rules: Iterable[RuleId], entry: _Entry) -> Iterator[tuple[RuleId, Reason]]:
        proposal, book = entry.proposal, self._book
        if book.year is not None and proposal.cycle != book.year:
            # What is wrong beside the year is said as well.
            proposal = attrs.evolve(proposal, cycle=book.year)
        group = self._pool if proposal.group is None else proposal.group
        case = Case(
            book=book,
            proposal=proposal,
            history=entry.history,
            field=self._nobody,
            agency=self._registry.by_key.get(proposal.agency),
            group=group,
        )
        for rule in rules:
            asks, decide = ASKED[rule]
            if rule in self._asked and asks(book, group):
                source = rule == replication.ENTRY
                reasons = _source_reasons(case) if source else decide(case).reasons
                for reason in reasons:
                    if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN):
                        yield rule, reason

    def _of_another_cycle(self, entry: _Entry) -> Iterator[Finding]:
        year = entry.proposal.cycle
        if self._book.year is not None and year != self._book.year:
            reason = Reason(Outcome.NOT_MET, "OTHER_CYCLE", (("cycle", self._book.year),))
            yield Finding(reason, entry.path(_CYCLE), year)

    def _about_sources(self, entry: _Entry) -> Iterator[Finding]:
        path = entry.path(_SOURCES)
        for number, source in enumerate(entry.proposal.innovation.replica_of or ()):
            yield from self._records.source(source, (*path, number))

    def _about_awards(self, entry: _Entry, awards: Hashable) -> list[Finding]:
        against = self._against((eligibility.AWARDS,), entry)
        found = [_finding(rule, reason, entry) for rule, reason in against]
        if entry.history is not None:
            found += self._records.awards(entry.history, (_HISTORY,))
            if entry.history.innovation != entry.proposal.innovation.id:
                innovation = (("innovation", entry.proposal.innovation.id),)
                reason = Reason(Outcome.NOT_MET, "HISTORY_OF_OTHER_INNOVATION", innovation)
                path = (_HISTORY, "innovation")
                found.append(Finding(reason, path, entry.history.innovation))
        if all(each.law for each in found):
            self._awarded.remember(awards)
        return found


_CYCLE = "cycle"
_OF_AWARDS = Look(("group",))


def _reached(proposal: Proposal, history: AwardHistory) -> Hashable:
    """What is read of a history."""
    awards = tuple([(each.agency, each.tier) for each in history.awards])
    return awards, history.innovation == proposal.innovation.id


def _source_reasons(case: Case) -> tuple[Reason, ...]:
    """What a replica is asked beside group, age, awards and cap, which other rules ask."""
    if offered_reason(case.book, Group.REPLICATION).outcome is Outcome.NOT_MET:
        return ()
    return replication.source_reasons(case.book, case.proposal.innovation)


def _finding(rule: RuleId, reason: Reason, entry: _Entry) -> Finding:
    if of_the_law(reason):
        return Finding(reason, law=True, rule=rule)
    attribute = _looked_at(rule, reason)
    if attribute == _HISTORY and not entry.holds_history:
        # Said once of all proposals, so without the terms of the group of the first of them.
        return Finding(attrs.evolve(reason, terms=()), law=True, rule=rule)
    path = entry.path(attribute)
    if reason.code == "TOO_MANY_WORDS":
        path = (*path, *_place_of_summary(entry.proposal))
    return Finding(reason, path, entry.value(attribute), rule=rule)


def _looked_at(rule: RuleId, reason: Reason) -> str:
    """The attribute that *reason* is about."""
    fact = dict(reason.values).get("fact")
    return _AT_FACT.get(str(fact)) or _AT_CODE.get(reason.code) or LOOKS_AT[rule][0]


def _place_of_summary(proposal: Proposal) -> Path:
    """The steps to the number of words that counts: the last one given for the summary."""
    sections = [section for section, _ in proposal.words or ()]
    last = max(at for at, section in enumerate(sections) if section == screening.SUMMARY)
    return last, 1


def _each_once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Several rules may say the same, and the first of them is heard."""
    kept: dict[object, Finding] = {}
    for each in found:
        kept.setdefault(each.said, each)
    return tuple(kept.values())


_ORDER = {rule: place for place, rule in enumerate(LOOKS_AT)}


def _place(finding: Finding) -> int:
    """Where a finding stands among the others: by its rule, first what no rule asks."""
    return _ORDER.get(finding.rule, -1) if finding.rule else -1
