"""What an innovation reached before, as far as the record says it for certain.

A record may leave the group of a finalist open; then an answer here is none: it could be so or
not.  A tier without a group comes from a contest with one pool, or from a list that several
groups shared (the Top 99 of 2020).
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from kipp.domain.award import GROUPS_OF, KIPP, Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.citation import NotFound, NotOpen, Term, cited
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.rules.decision import Outcome, Reason
from kipp.rules.field import offered_reason
from kipp.rules.rulebook import Rulebook

__all__ = [
    "any_of",
    "by_innovation",
    "earlier",
    "finalist_years",
    "reached",
    "tier_refusal",
    "within",
]

_ABOVE_FINALIST = frozenset({Level.WINNER, Level.INTERMEDIATE})


def by_innovation(histories: Iterable[AwardHistory]) -> dict[str, AwardHistory]:
    """The histories by the id of their innovation; the same one given again is one.

    Raises:
        InvalidValue: one innovation with two histories that differ, the order of awards aside.
    """
    kept: dict[str, AwardHistory] = {}
    for each in histories:
        known = kept.setdefault(each.innovation, each)
        if frozenset(known.awards) != frozenset(each.awards):
            expected = "one award history per innovation"
            cure = "put every award of the innovation into one history"
            raise InvalidValue("AwardHistory.innovation", each.innovation, expected, cure=cure)
    return kept


def tier_refusal(cycle: Rulebook, tier: Tier) -> Reason | None:
    """Why nobody can have reached *tier* in *cycle*; or none.

    Its group was not open that year, or no tier of that level and group had this size.  Without a
    group it is one of those that its level can have; *outstanding* is the special group's alone.
    ``UNKNOWN`` where the rulebook does not know whether the group was open; a size that it does
    not know is taken as given, and one in dispute as each source says.  Tiers of other organisers
    are theirs to refuse.
    """
    groups = GROUPS_OF[tier.level] if tier.group is None else (tier.group,)
    offers = [offered_reason(cycle, group) for group in groups]
    if tier.organiser != KIPP or not offers:
        return None
    likeliest = max(offers, key=lambda offer: _LIKELY.index(offer.outcome))
    if likeliest.outcome is Outcome.MET:
        possible = [
            group
            for group, offer in zip(groups, offers, strict=True)
            if offer.outcome is not Outcome.NOT_MET
        ]
        return _size_refusal(cycle, tier, possible)
    about = (("tier", tier.label), ("level", tier.level))
    return attrs.evolve(likeliest, values=(*likeliest.values, *about))


def _size_refusal(cycle: Rulebook, tier: Tier, groups: Iterable[Group]) -> Reason | None:
    terms = _size_terms(cycle, tier.level, groups)
    sizes = sorted({size for term in terms for size in cited(term.value)})
    unknown = any(isinstance(term.value, NotFound) for term in terms)
    if tier.size is None or unknown or not sizes or tier.size in sizes:
        return None
    about = (("tier", tier.label), ("level", tier.level), ("sizes", tuple(sizes)))
    return Reason(Outcome.NOT_MET, "TIER_SIZE_NOT_OF_CYCLE", about, terms)


def _size_terms(cycle: Rulebook, level: Level, groups: Iterable[Group]) -> tuple[Term[int], ...]:
    """What says how large the tiers of the level were; a group without its own shared another's."""
    if level is Level.INTERMEDIATE:
        return (cycle.term("intermediate.size"),)
    leaf = "finalists" if level is Level.FINALIST else "winners"
    own = tuple(cycle.term(f"groups.{group.key}.{leaf}") for group in groups)
    if any(isinstance(term.value, NotOpen) for term in own):
        return (*own, cycle.term(f"groups.{Group.GENERAL.key}.{leaf}"))
    return own


_LIKELY = (Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.MET)


def earlier(history: AwardHistory, year: int | None) -> tuple[Award, ...]:
    """The KIPP tiers reached before *year*, without awards of their own beside the contest."""
    return tuple(
        award
        for award in history.awards
        if award.tier.organiser == KIPP
        and award.tier.level is not Level.SEPARATE
        and (year is None or award.tier.year < year)
    )


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """True when one is true; none when one is not known; else false."""
    seen = set(answers)
    if True in seen:
        return True
    return None if None in seen else False


def reached(spans: Iterable[AwardSpan], tiers: Iterable[Tier]) -> bool | None:
    """Whether one of *tiers* lies in one of *spans*; none where the record leaves it open."""
    implied = [each for tier in tiers for each in _implied(tier)]
    return any_of(within(span, tier) for span in spans for tier in implied)


def within(span: AwardSpan, tier: Tier) -> bool | None:
    """Whether *tier* lies in *span*; none where the record leaves its group open."""
    if tier.organiser != KIPP or not span.first_year <= tier.year <= span.last_year:
        return False
    if tier.level is Level.FINALIST_ANY_GROUP and span.level is Level.FINALIST:
        return True if span.group is None else None
    if tier.level is not span.level:
        return False
    if span.group is None or tier.group is span.group:
        return True
    return None if tier.group is None else False


def finalist_years(awards: Iterable[Award], group: Group) -> tuple[int, int]:
    """In how many years a finalist of *group*: at least and at most.

    A winner was a finalist of the same year; two lists of one year count once.
    """
    groups: dict[int, set[Group]] = {}
    for tier in (tier for award in awards for tier in _implied(award.tier)):
        if tier.level is Level.FINALIST:
            groups.setdefault(tier.year, set()).add(tier.group or Group.GENERAL)
        elif tier.level is Level.FINALIST_ANY_GROUP:
            groups.setdefault(tier.year, set())
    surely = sum(group in known for known in groups.values())
    return surely, surely + sum(not known for known in groups.values())


def _implied(tier: Tier) -> tuple[Tier, ...]:
    if tier.level in _ABOVE_FINALIST:
        return tier, _finalist(tier, tier.group)
    if tier.level is Level.OUTSTANDING:
        return tier, _finalist(tier, Group.SPECIAL)
    return (tier,)


def _finalist(tier: Tier, group: Group | None) -> Tier:
    return Tier(year=tier.year, level=Level.FINALIST, group=group, organiser=tier.organiser)
