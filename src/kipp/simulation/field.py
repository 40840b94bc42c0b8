"""A made-up field: proposals of real agencies that never were.

Every title is ``Contoh 0001`` and so on, so that nothing here can pass for the record.  Sizes and
proportions come from published figures (:class:`Funnel`), the rest from a seed and the few named
settings of :class:`Spread`.  No fiscal or audit fact is made up for anybody.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs
from pendulum import timezone

from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.assessment import OVERALL, ScoreSheet
from kipp.domain.award import Award, AwardHistory, AwardSpan, Tier
from kipp.domain.citation import Cited, cited
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateTime, Period
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.domain.registry import Registry
from kipp.rules.agency import year_days
from kipp.rules.decision import Outcome
from kipp.rules.field import field_of
from kipp.rules.judge import judge
from kipp.rules.rulebook import Rulebook
from kipp.rules.screening import SUMMARY
from kipp.rules.traits import traits_of

__all__ = ["Field", "Figure", "Funnel", "MadeUpField", "Spread", "make_up"]

K = TypeVar("K")

_TITLE = "Contoh"

# Ways to be submitted in time and fail screening all the same.
_FAILING = ("young", "stray")


@attrs.frozen(kw_only=True)
class Funnel:
    """Published figures a field follows: how many entered, were submitted in time, passed.

    *kinds* and *groups* are proportions in any unit (innovations of a published composition,
    proposals per group of a published year); they need not add up to *registered*.
    """

    registered: int
    submitted: int
    passed: int
    kinds: Mapping[AgencyKind, int]
    groups: Mapping[Group, int]

    def __attrs_post_init__(self) -> None:
        if not self.registered >= self.submitted >= self.passed >= 0:
            steps = (self.registered, self.submitted, self.passed)
            raise InvalidValue("Funnel", steps, "a funnel: registered >= submitted >= passed >= 0")


@attrs.frozen(kw_only=True)
class Spread:
    """The settings nobody published: how far marks scatter, how old innovations are.

    *quality* is the range of an innovation's own worth, *noise* how far one assessor strays from
    it (both in points of the mark scale, drawn evenly); *extra_days* is the most extra age.
    """

    quality: tuple[int, int]
    noise: int
    extra_days: int
    sdg_goals: int


@attrs.frozen(kw_only=True)
class MadeUpField:
    """A made-up field (*data contoh*): proposals, histories by innovation, sheets, the seed."""

    seed: str
    proposals: tuple[Proposal, ...]
    histories: Mapping[str, AwardHistory]
    sheets: tuple[ScoreSheet, ...]


@attrs.frozen
class _Maker:
    book: Rulebook
    rng: random.Random
    spread: Spread
    close: Date
    zone: str

    def proposals(self, seats: Sequence[tuple[Group, AgencyKey]], funnel: Funnel) -> list[Proposal]:
        fates = self.fates(funnel)
        width = len(str(len(seats)))
        return [
            self.proposal(f"{number:0{width}d}", group, agency, fate)
            for number, ((group, agency), fate) in enumerate(zip(seats, fates, strict=True), 1)
        ]

    def fates(self, funnel: Funnel) -> list[str]:
        """What becomes of each at screening: late, too young, in no category offered, passing."""
        late = funnel.registered - funnel.submitted
        failing = funnel.submitted - funnel.passed
        fates = ["late"] * late
        fates += [_FAILING[number % len(_FAILING)] for number in range(failing)]
        fates += ["passing"] * funnel.passed
        self.rng.shuffle(fates)
        return fates

    def proposal(self, number: str, group: Group, agency: AgencyKey, fate: str) -> Proposal:
        categories = next(cited(self.book["categories.names"]), (None,))
        documents = next(cited(self.book["documents.required"]), ())
        day = self.close.add(days=1) if fate == "late" else self.close
        return Proposal(
            id=f"contoh-{number}",
            innovation=self.innovation(number, group, agency, fate),
            cycle=self.close.year,
            group=group,
            category=f"{_TITLE} {number}" if fate == "stray" else self.rng.choice(categories),
            submitted_at=DateTime(day.year, day.month, day.day, tzinfo=timezone(self.zone)),
            documents=documents,
            words=(),
            careless=False,
        )

    def innovation(self, number: str, group: Group, agency: AgencyKey, fate: str) -> Innovation:
        replica = group is Group.REPLICATION
        return Innovation(
            id=f"inovasi-{number}",
            title=f"{_TITLE} {number}",
            agency=agency,
            started=self.started(group, fate),
            origin=Origin.REPLICA if replica else Origin.ORIGINAL,
            replica_of=(self.replica_source(number),) if replica else (),
            sdgs=(self.rng.randint(1, self.spread.sdg_goals),),
            public_service=True,
            pandemic_related=False,
        )

    def started(self, group: Group, fate: str) -> Date:
        age = next(cited(self.book[f"groups.{group.key}.minimum_age"]), Period())
        latest = age.before(self.close)
        if fate == "young":
            return latest.add(days=1)
        return latest.subtract(days=self.rng.randint(0, self.spread.extra_days))

    def replica_source(self, number: str) -> ReplicaSource:
        spans = next(cited(self.book["groups.replication.source_awards"]), ())
        return ReplicaSource(title=f"Sumber {_TITLE} {number}", tiers=_tiers(spans, Group.GENERAL))

    def history(self, proposal: Proposal) -> AwardHistory:
        spans: tuple[AwardSpan, ...] = ()
        if proposal.group is Group.SPECIAL:
            spans = next(cited(self.book["groups.special.source_awards"]), ())
        innovation = proposal.innovation.id
        awards = tuple(
            Award(innovation=innovation, agency=proposal.agency, tier=tier)
            for tier in _tiers(spans, Group.GENERAL)
        )
        return AwardHistory(innovation=innovation, awards=awards)

    def sheets(self, proposal: Proposal, panels: Mapping[Stage, Sequence[str]]) -> list[ScoreSheet]:
        group = proposal.group or Group.GENERAL
        worth = self.rng.randint(*self.spread.quality)
        criteria = next(cited(self.book[f"groups.{group.key}.criteria"]), ())
        evaluated = tuple(criterion.key for criterion in criteria)
        return [
            ScoreSheet(
                proposal=proposal.id,
                stage=stage,
                assessor=assessor,
                marks={
                    key: self.mark(worth)
                    for key in (evaluated if stage is Stage.EVALUATION else (OVERALL,))
                },
            )
            for stage, assessors in panels.items()
            for assessor in assessors
        ]

    def mark(self, worth: int) -> int:
        noise = self.spread.noise
        return worth + self.rng.randint(-noise, noise)


def _tiers(spans: Sequence[AwardSpan], group: Group) -> tuple[Tier, ...]:
    return tuple(Tier(year=s.first_year, level=s.level, group=group) for s in spans[:1])


@attrs.frozen(kw_only=True)
class Figure:
    """A published figure that a made-up field follows: its *name*, *value* and *source*."""

    name: str
    value: object
    source: str = ""


@attrs.frozen(kw_only=True, eq=False)
class Field:
    """Who enters a simulated contest (*peserta simulasi*), and what each proposal is worth.

    *worth* is on the scale of the marks, by proposal in their order; it is what assessors see
    through noise, and nobody ever recorded it.  *histories* are by innovation.  *made_up* says that
    no such proposal was ever entered; *figures* are those it follows, *notes* what else it assumes.
    *holders* are the agencies known to have been in a Top 99 before.

    Raises:
        InvalidValue: a proposal twice, or not as many numbers of worth as proposals.
    """

    registry: Registry
    proposals: tuple[Proposal, ...]
    worth: tuple[float, ...]
    histories: Mapping[str, AwardHistory] = attrs.field(factory=dict)
    holders: frozenset[AgencyKey] = frozenset()
    made_up: bool = False
    seed: str = ""
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if len(self.worth) != len(self.proposals):
            expected = f"one number for each of {len(self.proposals)} proposals"
            raise InvalidValue("Field.worth", len(self.worth), expected)
        wrong = [each for each in self.worth if not math.isfinite(each)]
        if wrong:
            raise InvalidValue("Field.worth", wrong[0], "a finite number")
        ids = [each.id for each in self.proposals]
        if len(set(ids)) < len(ids):
            twice = next(each for each in ids if ids.count(each) > 1)
            raise InvalidValue("Field.proposals", twice, "each proposal once")

    @classmethod
    def synthetic(
        cls,
        registry: Registry,
        funnel: Funnel,
        *,
        book: Rulebook,
        seed: str,
        spread: Spread,
        n: int | None = None,
        holders: Iterable[AgencyKey] = (),
        figures: Iterable[Figure] = (),
    ) -> Field:
        """A made-up field for the cycle of *book*, in the proportions of *funnel*.

        *n* is how many are registered, the steps of the funnel in proportion; as many as the funnel
        says without it.  Titles are ``Contoh 0001`` and so on.

        Raises:
            InvalidValue: as :func:`make_up`; a number of proposals below 1.
        """
        if n is not None and (type(n) is not int or n < 1):
            raise InvalidValue("n", n, "a number of proposals from 1")
        scaled = funnel if n is None else _scaled(funnel, n)
        maker = _maker(book, seed, spread)
        proposals = maker.proposals(_seats(registry, maker, scaled), scaled)
        worth = random.Random(f"{seed}/worth")
        return cls(
            registry=registry,
            proposals=tuple(proposals),
            worth=tuple(worth.uniform(*spread.quality) for _ in proposals),
            histories={each.innovation.id: maker.history(each) for each in proposals},
            holders=frozenset(holders),
            made_up=True,
            seed=seed,
            figures=tuple(figures),
            notes=(
                f"worth is drawn evenly from {spread.quality[0]} to {spread.quality[1]}",
                "agencies of a kind are drawn evenly, each up to the cap of its group",
                "every innovation is a made-up one of a real agency",
            ),
        )

    def moved(self, home: Rulebook, book: Rulebook) -> Field:
        """The same field as entered in the cycle of *book*, from that of *home*.

        Days move with the last close, a category becomes the one in the same place of the other
        list, documents and words are those that are asked for.  Everything else stays.

        Raises:
            InvalidValue: a cycle without an announced close.
        """
        here, there = _maker(home, self.seed, _NO_SPREAD), _maker(book, self.seed, _NO_SPREAD)
        days = there.close.toordinal() - here.close.toordinal()
        before = next(cited(home["categories.names"]), ())
        after = next(cited(book["categories.names"]), ())
        documents = next(cited(book["documents.required"]), ())
        words = tuple((SUMMARY, most) for most in cited(book["summary.words"]))

        def entered(proposal: Proposal) -> Proposal:
            innovation, category = proposal.innovation, proposal.category
            if category in before and after:
                category = after[before.index(category) % len(after)]
            started, sent = innovation.started, proposal.submitted_at
            return attrs.evolve(
                proposal,
                innovation=attrs.evolve(innovation, started=started and started.add(days=days)),
                cycle=there.close.year,
                category=category,
                submitted_at=sent and sent.add(days=days),
                documents=documents,
                words=words,
            )

        note = f"moved from the cycle of {here.close.year} to that of {there.close.year}"
        moved = tuple(map(entered, self.proposals))
        return attrs.evolve(self, proposals=moved, notes=(*self.notes, note))

    def screened(self, book: Rulebook) -> dict[str, Outcome]:
        """What administrative screening under *book* says of each proposal, by id.

        Raises:
            InvalidType: *book* is not the rulebook of a cycle.
        """
        beside = field_of(self.proposals, book.year)
        return {
            each.id: judge(
                book,
                each,
                history=self.histories.get(each.innovation.id),
                others=beside,
                agency=self.registry.by_key.get(each.agency),
            ).outcome
            for each in self.proposals
        }

    def traits(self, book: Rulebook) -> dict[str, dict[str, str]]:
        """Agency, cluster, group, category and region of each proposal, by id."""
        closes = next(cited(book["schedule.registration_closes"]), ())
        day = closes[-1] if closes else year_days(book.year or 1)[-1]
        by_key = self.registry.by_key
        return {each.id: traits_of(each, by_key.get(each.agency), day) for each in self.proposals}


_NO_SPREAD = Spread(quality=(0, 0), noise=0, extra_days=0, sdg_goals=1)


def _scaled(funnel: Funnel, size: int) -> Funnel:
    whole = funnel.registered
    return attrs.evolve(
        funnel,
        registered=size,
        submitted=size * funnel.submitted // whole,
        passed=size * funnel.passed // whole,
    )


def make_up(
    registry: Registry, book: Rulebook, funnel: Funnel, spread: Spread, *, seed: str
) -> MadeUpField:
    """A field for the cycle of *book*: the same seed and tables give the same field.

    *book* must hold the last announced close, the closing zone and, as assumptions where nobody
    published them, criteria and the number of assessors.

    Raises:
        InvalidValue: the book has no announced close, or the agencies cannot hold so many
            proposals under its caps.
    """
    maker = _maker(book, seed, spread)
    seats = _seats(registry, maker, funnel)
    proposals = maker.proposals(seats, funnel)
    panels = _panels(book)
    return MadeUpField(
        seed=seed,
        proposals=tuple(proposals),
        histories={each.innovation.id: maker.history(each) for each in proposals},
        sheets=tuple(sheet for each in proposals for sheet in maker.sheets(each, panels)),
    )


def _maker(book: Rulebook, seed: str, spread: Spread) -> _Maker:
    closes = next(cited(book["schedule.registration_closes"]), ())
    if not closes:
        raise InvalidValue("schedule.registration_closes", closes, "an announced close", book.name)
    zone = next(cited(book["schedule.closing_zone"]), "UTC")
    return _Maker(book, random.Random(seed), spread, closes[-1], zone)


def _panels(book: Rulebook) -> Mapping[Stage, tuple[str, ...]]:
    team = _names("evaluator", next(cited(book["evaluation.evaluators"]), 1))
    panel = _names("panelist", next(cited(book["panel.assessors"]), 1))
    return {Stage.EVALUATION: team, Stage.FINALISTS: panel, Stage.PANEL: panel}


def _names(role: str, count: int) -> tuple[str, ...]:
    return tuple(f"{role}-{number}" for number in range(1, count + 1))


def _seats(registry: Registry, maker: _Maker, funnel: Funnel) -> list[tuple[Group, AgencyKey]]:
    by_group = _shares(funnel.registered, funnel.groups)
    seats: list[tuple[Group, AgencyKey]] = []
    for group, count in by_group.items():
        by_kind = _shares(count, funnel.kinds)
        for kind, places in by_kind.items():
            members = _standing(registry, kind, maker.close)
            seats += [(group, key) for key in _drawn(members, group, places, maker)]
    maker.rng.shuffle(seats)
    return seats


def _standing(registry: Registry, kind: AgencyKind, day: Date) -> list[Agency]:
    """The agencies that stand on *day*, but those whose own dates leave it open."""
    there = registry.agencies(on=day, kinds=(kind,))
    return [each for each in there if each.span.covers(day) or not each.span.known]


def _drawn(
    members: Sequence[Agency], group: Group, places: int, maker: _Maker
) -> Iterator[AgencyKey]:
    cap = maker.book[f"groups.{group.key}.cap"]
    each = cap.value if isinstance(cap, Cited) else places
    slots = [agency.key for agency in members for _ in range(each)]
    if len(slots) < places:
        raise InvalidValue("Funnel", places, f"at most {len(slots)} {group} proposals")
    return iter(maker.rng.sample(slots, places))


def _shares(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """*total* split in proportion to *weights*, what is left to the largest remainders."""
    whole = sum(weights.values())
    shares = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(shares.values())
    by_remainder = sorted(weights, key=lambda key: total * weights[key] % whole, reverse=True)
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares
