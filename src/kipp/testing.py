"""Hypothesis strategies for tests of programs that use kipp.

Free strategies draw whatever the types allow, facts that are not recorded among them.
:func:`compliant` builds, for a rulebook, a case that breaks nothing the rulebook states; free
strategies hardly ever reach one.

Raises:
    MissingExtra: hypothesis is not installed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import attrs

from kipp.domain.agency import (
    Agency,
    AgencyKey,
    AgencyKind,
    DatedName,
    Identifier,
    Membership,
    Span,
)
from kipp.domain.award import GROUPS_OF, KIPP, Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.citation import Cited, cited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange, DateTime, Period
from kipp.domain.errors import MissingExtra
from kipp.domain.innovation import Innovation, Instrument, InstrumentKind, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome
from kipp.rules.field import offered_reason
from kipp.rules.rulebook import Rulebook

try:
    from hypothesis import strategies as st
except ImportError:
    raise MissingExtra("kipp.testing", "hypothesis", "test") from None

__all__ = [
    "Case",
    "agencies",
    "award_histories",
    "awards",
    "compliant",
    "days",
    "fields_of_proposals",
    "identifiers",
    "innovations",
    "instruments",
    "moments",
    "proposals",
    "replica_sources",
    "spans",
    "tiers",
]

_FIRST = Date(2013, 1, 1)
_LAST = Date(2027, 12, 31)
_KEYS = ("kab-contoh", "kota-contoh", "prov-contoh", "kementerian-contoh")
_TITLES = ("Contoh Satu", "contoh  satu", "Contoh Dua", "Contoh Tiga")
_NOTES = st.sampled_from(("", "contoh"))
_SPANS = st.sampled_from((Span(), Span(_FIRST, _LAST), Span(known=False)))
_SDGS = st.lists(st.integers(1, 17), max_size=3, unique=True).map(tuple)


@attrs.frozen(kw_only=True)
class Case:
    """A proposal with everything that :func:`kipp.judge` takes about it."""

    proposal: Proposal
    history: AwardHistory | None
    agency: Agency | None
    others: tuple[Proposal, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """The keyword arguments of :func:`kipp.judge`."""
        return {"history": self.history, "agency": self.agency, "others": self.others}


def days(first: Date = _FIRST, last: Date = _LAST) -> st.SearchStrategy[Date]:
    """A day from *first* to *last*, both included."""
    return st.integers(first.toordinal(), last.toordinal()).map(Date.fromordinal)


def moments(first: Date = _FIRST, last: Date = _LAST) -> st.SearchStrategy[DateTime]:
    """A moment, to the second, in UTC or an hour's offset from it."""
    clocks = st.times().map(lambda time: time.replace(microsecond=0))
    zones = st.integers(-12, 12).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
    return st.builds(_moment, days(first, last), clocks, zones)


def _moment(day: Date, time: dt.time, zone: dt.timezone) -> DateTime:
    return DateTime.instance(dt.datetime.combine(day, time, zone))


@st.composite
def spans(draw: st.DrawFn, first: Date = _FIRST, last: Date = _LAST) -> Span:
    """A stretch of days: each bound a day, a range or open, and perhaps never read."""
    four = st.lists(days(first, last), min_size=4, max_size=4, unique=True)
    begin, began, end, ended = sorted(draw(four))
    return Span(
        valid_from=draw(st.sampled_from((None, begin, DateRange(begin, began)))),
        valid_to=draw(st.sampled_from((None, end, DateRange(end, ended)))),
        known=draw(st.booleans()),
    )


def identifiers() -> st.SearchStrategy[Identifier]:
    """A code with its scheme."""
    schemes = st.sampled_from(("kemendagri", "bps"))
    return st.builds(Identifier, schemes, st.sampled_from(("35.78", "3578")), _SPANS)


def agencies(
    *,
    kinds: Iterable[AgencyKind | None] = (*AgencyKind, None),
    key: str | None = None,
    standing: bool = True,
) -> st.SearchStrategy[Agency]:
    """An agency, every fact drawn.

    Unless *standing* is false it is autonomous and there on every day, so that it may take part.
    """
    keys = st.sampled_from(_KEYS) if key is None else st.just(key)
    others = st.lists(st.sampled_from(_KEYS).map(AgencyKey), max_size=1).map(tuple)
    names = st.builds(DatedName, st.sampled_from(_TITLES), _SPANS, st.booleans())
    return st.builds(
        Agency,
        key=keys.map(AgencyKey),
        kind=st.sampled_from(tuple(kinds)),
        names=st.lists(names, max_size=2).map(tuple),
        span=st.just(Span()) if standing else spans(),
        sub_kind=_NOTES,
        autonomous=st.just(True) if standing else st.booleans(),
        identifiers=st.lists(identifiers(), max_size=1).map(tuple),
        memberships=st.lists(
            st.builds(Membership, st.just(AgencyKey("prov-contoh")), _SPANS), max_size=1
        ).map(tuple),
        predecessors=others,
        successors=others,
        public_service_obligation=st.none() | st.booleans(),
        owner=st.none() | st.sampled_from(("ri", "kota-contoh")),
        legal_form=_NOTES,
        source=_NOTES,
        note=_NOTES,
    )


def tiers(*, first_year: int = 2014, last_year: int = 2025) -> st.SearchStrategy[Tier]:
    """A tier of KIPP or of a provincial contest; a group only where the level has such a tier."""

    def of(standing: tuple[Level, Group | None]) -> st.SearchStrategy[Tier]:
        level, group = standing
        return st.builds(
            Tier,
            year=st.integers(first_year, last_year),
            level=st.just(level),
            size=st.none() | st.integers(1, 99),
            group=st.just(group),
            organiser=st.sampled_from((KIPP, KIPP, KIPP, "KOVABLIK")),
        )

    levels = st.sampled_from(Level)
    return levels.flatmap(lambda level: st.sampled_from(_standings(level))).flatmap(of)


def _standings(level: Level) -> tuple[tuple[Level, Group | None], ...]:
    """*level* with every group that it can have, and with none."""
    return tuple((level, group) for group in (None, *GROUPS_OF[level]))


def awards() -> st.SearchStrategy[Award]:
    """An award of some innovation."""
    return st.builds(
        Award,
        innovation=st.just("contoh"),
        agency=st.sampled_from(_KEYS).map(AgencyKey),
        tier=tiers(),
    )


def award_histories(*, most: int = 4) -> st.SearchStrategy[AwardHistory]:
    """What an innovation reached before: up to *most* awards, none among them."""
    return st.builds(
        AwardHistory,
        innovation=st.just("contoh"),
        awards=st.lists(awards(), max_size=most).map(tuple),
    )


def replica_sources() -> st.SearchStrategy[ReplicaSource]:
    """An innovation that a replica adapts; its tiers perhaps not recorded."""
    return st.builds(
        ReplicaSource,
        title=st.sampled_from(_TITLES),
        agency=st.none() | st.sampled_from(_KEYS).map(AgencyKey),
        tiers=st.none() | st.lists(tiers(), max_size=2).map(tuple),
    )


def instruments() -> st.SearchStrategy[Instrument]:
    """A legal instrument; what it names and whether it is in force perhaps not recorded."""
    maybe = st.none() | st.booleans()
    return st.builds(
        Instrument,
        kind=st.sampled_from(InstrumentKind),
        number=st.sampled_from(("", "188.45/1/KEP/2020")),
        date=st.none() | days(),
        names_innovation=maybe,
        in_force=maybe,
    )


def innovations(
    *, agency: str | None = None, started: st.SearchStrategy[Date | None] | None = None
) -> st.SearchStrategy[Innovation]:
    """An innovation; every fact perhaps not recorded."""
    maybe = st.none() | st.booleans()
    return st.builds(
        Innovation,
        id=st.integers(1, 999).map(lambda number: f"contoh-{number:03}"),
        title=st.sampled_from(_TITLES),
        agency=(st.sampled_from(_KEYS) if agency is None else st.just(agency)).map(AgencyKey),
        unit=st.none() | st.just("RSUD Contoh"),
        started=st.none() | days() if started is None else started,
        origin=st.none() | st.sampled_from(Origin),
        replica_of=st.none() | st.lists(replica_sources(), max_size=2).map(tuple),
        sdgs=st.none() | _SDGS,
        public_service=maybe,
        pandemic_related=maybe,
        running=maybe,
        improved_or_spread=maybe,
        instruments=st.none() | st.lists(instruments(), max_size=2).map(tuple),
        budget_line=maybe,
        coaching_unit=maybe,
    )


def proposals(*, cycle: int = 2021, agency: str | None = None) -> st.SearchStrategy[Proposal]:
    """A proposal of *cycle*; every fact perhaps not recorded."""
    maybe = st.none() | st.booleans()
    return st.builds(
        Proposal,
        id=st.integers(1, 9999).map(lambda number: f"Contoh {number:04}"),
        innovation=innovations(agency=agency),
        cycle=st.just(cycle),
        group=st.none() | st.sampled_from(Group),
        category=st.none() | st.sampled_from(("health", "Education", "anything else")),
        submitted_at=st.none() | moments(),
        withdrawn=st.booleans(),
        disqualified=st.booleans(),
        invited=maybe,
        documents=st.none() | st.sampled_from(((), ("video",), ("video", "supporting-documents"))),
        words=st.none() | st.integers(0, 400).map(lambda words: (("summary", words),)),
        video_minutes=st.none() | st.integers(0, 10),
        careless=maybe,
        mou=maybe,
    )


def fields_of_proposals(
    *, cycle: int = 2021, agency: str | None = None, most: int = 8
) -> st.SearchStrategy[tuple[Proposal, ...]]:
    """Several proposals of *cycle*, each with an id of its own."""
    drawn = proposals(cycle=cycle, agency=agency)
    return st.lists(drawn, max_size=most, unique_by=lambda each: each.id).map(tuple)


@st.composite
def compliant(draw: st.DrawFn, book: Rulebook, *, group: Group | None = None) -> Case:
    """A case built to break nothing that *book* states; every fact is recorded.

    *group* is drawn from those the cycle offers unless given.  What the book leaves unknown stays
    unknown: :func:`kipp.judge` answers met where the book is complete, never not met.
    """
    offered = [each for each in Group if offered_reason(book, each).outcome is Outcome.MET]
    entered = group or draw(st.sampled_from(offered or [Group.GENERAL]))
    agency = draw(agencies(kinds=_admitted(book)))
    innovation = Innovation(
        id="contoh-000",
        title="Contoh 0000",
        agency=agency.key,
        started=draw(_old_enough(book, entered)),
        origin=Origin.REPLICA if entered is Group.REPLICATION else Origin.ORIGINAL,
        replica_of=(_listed_source(book),) if entered is Group.REPLICATION else (),
        sdgs=tuple(range(1, 1 + max((*cited(book["sdg_minimum"]), 1)))),
        public_service=True,
        pandemic_related=draw(st.booleans()),
        running=True,
        unit=draw(st.none() | st.just("RSUD Contoh")),
        improved_or_spread=draw(st.booleans()),
        instruments=tuple(draw(st.lists(instruments(), max_size=1))),
        budget_line=draw(st.booleans()),
        coaching_unit=draw(st.booleans()),
    )
    proposal = Proposal(
        id="Contoh 0000",
        innovation=innovation,
        cycle=book.year or _LAST.year,
        group=entered,
        category=draw(st.sampled_from(_first(book, "categories.names", ("contoh",)))),
        submitted_at=_in_time(book),
        invited=True,
        documents=_first(book, "documents.required", ()),
        words=(("summary", draw(st.integers(0, min((*cited(book["summary.words"]), 200))))),),
        video_minutes=draw(st.integers(0, min((*cited(book["video.minutes"]), 3)))),
        careless=False,
        mou=draw(st.booleans()),
    )
    return Case(proposal=proposal, history=_fitting(book, entered), agency=agency)


def _first(book: Rulebook, path: str, default: Any) -> Any:
    return next(cited(book[path]), default)


def _admitted(book: Rulebook) -> tuple[AgencyKind, ...]:
    kinds: tuple[AgencyKind, ...] = _first(book, "participants", tuple(AgencyKind))
    return kinds


def _close(book: Rulebook) -> Date:
    closes = [close for closes in cited(book["schedule.registration_closes"]) for close in closes]
    return min(closes, default=Date(book.year or _LAST.year, 1, 1))


def _old_enough(book: Rulebook, group: Group) -> st.SearchStrategy[Date]:
    """Days of start that are old enough by every reading, the last such day among them."""
    opens = book["schedule.registration_opens"]
    counted = _close(book)
    if isinstance(opens, Cited):
        counted = min(counted, getattr(opens.value, "first", opens.value))
    ages = [
        age
        for leaf in ("minimum_age", "minimum_age_pandemic")
        for age in cited(book[f"groups.{group.key}.{leaf}"])
    ]
    last = min((age.before(counted) for age in ages), default=Period(years=2).before(counted))
    return st.just(last) | days(last.subtract(years=5), last)


def _in_time(book: Rulebook) -> DateTime:
    day = _close(book).subtract(days=1)
    return _moment(day, dt.time(0, 0), dt.UTC)


def _listed_source(book: Rulebook) -> ReplicaSource:
    spans: tuple[AwardSpan, ...] = _first(book, f"groups.{Group.REPLICATION.key}.source_awards", ())
    return ReplicaSource(title="Contoh asal", tiers=tuple(_inside(span) for span in spans[:1]))


def _inside(span: AwardSpan) -> Tier:
    return Tier(year=span.first_year, level=span.level, group=span.group)


def _fitting(book: Rulebook, group: Group) -> AwardHistory:
    spans: tuple[AwardSpan, ...] = _first(book, f"groups.{Group.SPECIAL.key}.source_awards", ())
    needed = spans[:1] if group is Group.SPECIAL else ()
    held = tuple(
        Award(innovation="contoh-000", agency=AgencyKey(_KEYS[0]), tier=_inside(span))
        for span in needed
    )
    return AwardHistory(innovation="contoh-000", awards=held)
