"""One cut of one group (*penentuan*): who of the candidates takes a place.

Places, the stage whose marks decide and the rule of composition are the rulebook's.  Proposals
whose own fate is unknown, and candidates without a mark, could still overtake others: a cut
decides no more than holds whatever becomes of them.  A tie goes to the declared policy; what the
policy cannot part stays a tie.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from kipp.domain.citation import Cited, NotOpen, Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import Faults, InvalidValue
from kipp.rules.apportionment import Apportionment
from kipp.rules.cascade import Point, Said, keys_at, said
from kipp.rules.composition import Conflict, Demand, TiedClass, compose
from kipp.rules.decision import Outcome, Reason
from kipp.rules.desk import scheme_of
from kipp.rules.intake import Intake
from kipp.rules.policy import Last
from kipp.rules.quota import Quota
from kipp.rules.scoring import Scheme, Scores
from kipp.rules.stages import Halt, Terms
from kipp.rules.ties import Classes, Placing, Settlement, Tie, classes_of, place, refine

__all__ = ["Cut", "cut", "deciding"]

_CUTS = {
    Stage.NOMINATION: ("nominees", "selection.nominees_by"),
    Stage.FINALISTS: ("finalists", "selection.finalists_by"),
    Stage.WINNERS: ("winners", "selection.winners_by"),
}
_CARRY_OVER = "selection.carry_over"
_QUOTA = "composition.quota"
_DEMANDS = "composition.demands"
_SHARES = "composition.shares"


class _Deciding(enum.StrEnum):
    """The stages whose marks can decide a cut."""

    EVALUATION = "evaluation"
    FINALISTS = "finalists"
    PANEL = "panel"


class _CarryOver(enum.StrEnum):
    """What of an earlier stage's marks counts on: the one way known so far."""

    NONE = "none"


@attrs.frozen(kw_only=True)
class Cut:
    """A cut in one group: all candidates in *order*, best first, and who of them was *selected*.

    *by* is the stage whose scores decided; *places* is none where there is no limit; *line* the
    lowest score that took a place; *unmarked* had no score and are not in the order.  *ties* are
    left where the policy could not part the tied, and *lacking* then says what it lacked.
    *rivals* are proposals whose own fate is unknown, and *open* those whose result hangs on them.
    *demands* are those of composition that held, *traits* what they ask of each candidate, and
    *bound_by* names, for who was refused, those that left no seat.  *scheme* is how the scores
    were made.
    """

    stage: Stage
    group: Group
    by: Stage
    places: int | None
    order: tuple[str, ...]
    selected: tuple[str, ...]
    line: Fraction | None
    unmarked: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    lacking: Reason | None = None
    rivals: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    demands: tuple[Demand, ...] = ()
    traits: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...] = ()
    bound_by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    terms: tuple[Term[Any], ...] = ()
    scheme: Scheme
    scores: Scores = attrs.field(eq=False, repr=False)


def cut(
    run: Intake, group: Group, candidates: Iterable[str], rivals: Iterable[str], terms: Terms
) -> Cut | None:
    """Cut *candidates* of *group* down to the places of the stage; none where it was not open.

    Halts where the places, the marks that decide or a rule of composition are not known, and
    where the demands of composition cannot all be met.
    """
    name, by_path = _CUTS[terms.stage]
    places_path = f"groups.{group.key}.{name}"
    places = terms.state(places_path)
    if isinstance(places, NotOpen):
        return None
    quota = terms.choice(_QUOTA, Quota)
    if terms.stage is not Stage.NOMINATION:
        terms.choice(_CARRY_OVER, _CarryOver)
    by = deciding(by_path, terms)
    scores = run.desk.scores(by, group, terms)
    there = sorted(candidates)
    marked = tuple(each for each in there if each in scores.points)
    field = _Field(
        point=Point(run=run, group=group, by=by, terms=terms),
        marked=marked,
        classes=classes_of(marked, scores.points),
        unmarked=tuple(each for each in there if each not in scores.points),
        rivals=tuple(sorted(rivals)),
        places=places.value if isinstance(places, Cited) else None,
        scores=scores,
    )
    made = _decide(attrs.evolve(field, demands=_DEMANDED[quota](field)))
    return attrs.evolve(made, terms=(terms.term(places_path), terms.term(by_path)))


def deciding(path: str, terms: Terms) -> Stage:
    """The stage, named at *path*, whose marks decide a cut; halts as *terms* does.

    That it is no stage after the cut is declared with the path (:mod:`kipp.rules.terms`).
    """
    return Stage[terms.choice(path, _Deciding).name]


@attrs.frozen(kw_only=True)
class _Field:
    """Everything a cut looks at."""

    point: Point
    marked: tuple[str, ...]
    classes: Classes
    unmarked: tuple[str, ...]
    rivals: tuple[str, ...]
    places: int | None
    demands: tuple[Demand, ...] = ()
    scores: Scores

    @property
    def unsure(self) -> tuple[str, ...]:
        """Who could still overtake others."""
        return (*self.unmarked, *self.rivals)

    @property
    def crowded(self) -> bool:
        """Whether there could be more candidates than places, or more than a demand lets in."""
        if self.places is None:
            return bool(self.demands)
        return bool(self.demands) or len(self.marked) + len(self.unsure) > self.places


def _stated_demands(field: _Field) -> tuple[Demand, ...]:
    point = field.point
    stated = point.terms.value(_DEMANDS)
    return tuple(each.demand for each in stated if each.holds_at(point.stage, point.group))


def _shared_out(field: _Field) -> tuple[Demand, ...]:
    """The places over the values of an attribute; halts where equals are tied for the last.

    Raises:
        Faults: every candidate without the attribute, all at once.
    """
    point = field.point
    if field.places is None or not field.marked:
        return ()
    found: list[Demand] = []
    for shares in point.terms.value(_SHARES):
        if shares.holds_at(point.stage, point.group):
            made = shares.shared(field.places, _counted(shares.by, field))
            if made.tied:
                raise Halt(_shares_tied(made, point))
            found += shares.demands(made.seats)
    return tuple(found)


def _counted(by: str, field: _Field) -> Counter[str]:
    """How many candidates have each value of the attribute *by*."""
    traits = field.point.run.traits
    values = {each: traits.get(each, {}).get(by) for each in field.marked}
    if missing := [each for each, value in values.items() if value is None]:
        name = f"traits.{by}"
        raise Faults([InvalidValue(name, None, "a recorded value", each) for each in missing])
    return Counter(value for value in values.values() if value is not None)


def _shares_tied(made: Apportionment, point: Point) -> Reason:
    about = (
        ("stage", point.stage),
        ("group", point.group),
        ("tied", made.tied),
        ("seats", made.open),
    )
    return Reason(Outcome.UNKNOWN, "SHARES_TIED", about, (point.terms.term(_SHARES),))


_DEMANDED: Mapping[Quota, Callable[[_Field], tuple[Demand, ...]]] = {
    Quota.NONE: lambda _: (),
    Quota.DEMANDS: _stated_demands,
    Quota.SHARES: _shared_out,
}


def _decide(field: _Field) -> Cut:
    if field.unsure and field.crowded:
        return _hold_open(field)
    return _settle(field)


def _hold_open(field: _Field) -> Cut:
    """Decide what holds whatever becomes of those whose fate is unknown.

    Each of them takes one place at most: who has a place without the last so many is in, who has
    none of all places is out.  Under demands of composition nothing is sure.
    """
    if field.places is None or field.demands:
        return _cut(field, Placing(taken=()), open=field.marked)
    sure = place(field.classes, max(field.places - len(field.unsure), 0))
    widest = place(field.classes, field.places)
    within = {*widest.taken, *(each for tie in widest.ties for each in tie.candidates)}
    hanging = tuple(each for each in field.marked if each in within and each not in sure.taken)
    return _cut(field, Placing(taken=sure.taken), open=hanging)


def _settle(field: _Field) -> Cut:
    """Ask the policy about every tie; what it cannot part stays a tie."""
    placing = _place(field.classes, field)
    events = [event for tie in placing.ties for event in _part(tie, 0, field.classes, field)]
    settlements = tuple(each for each in events if isinstance(each, Settlement))
    won = (each for settlement in settlements for each in settlement.selected)
    return _cut(
        field,
        attrs.evolve(placing, taken=(*placing.taken, *won)),
        ties=tuple(each for each in events if isinstance(each, Tie)),
        lacking=next((each for each in events if isinstance(each, Reason)), None),
        settlements=settlements,
    )


_Event: TypeAlias = Settlement | Tie | Reason
"""A key at work; a tie that is left; what the policy lacked there."""


def _part(tie: TiedClass, tried: int, classes: Classes, field: _Field) -> Iterator[_Event]:
    """Part the tied by the first key after those *tried* that says of them different things."""
    try:
        found = _asked(tie, tried, field)
    except Halt as halt:
        yield halt.reason
        found = None
    if found is None:
        yield Tie(
            stage=field.point.stage,
            group=field.point.group,
            proposals=tie.candidates,
            seats=tie.seats,
        )
        return
    tried, key, word = found
    if key in _WITHOUT_ORDER:
        yield _settlement(tie, key, word, field, tie.candidates if key == Last.ALL else ())
        return
    refined = refine(classes, tie.candidates, word.points)
    after = _place(refined, field)
    among = set(tie.candidates)
    selected = tuple(each for each in after.taken if each in among)
    still = [each for each in after.ties if among.issuperset(each.candidates)]
    _check_decision(key, word, selected)
    tied_on = tuple(each for rest in still for each in rest.candidates)
    yield _settlement(tie, key, word, field, selected, tied_on)
    for rest in still:
        yield from _part(rest, tried, refined, field)


_WITHOUT_ORDER = frozenset({Last.ALL, Last.FEWER})


def _asked(tie: TiedClass, tried: int, field: _Field) -> tuple[int, str, Said] | None:
    """The first key that parts the tied: how many are tried by then, it, and what it says."""
    keys = keys_at(field.point)
    for position, key in enumerate(keys[tried:], tried + 1):
        word = said(key, tie.candidates, tie.seats, field.point)
        if key in _WITHOUT_ORDER:
            if field.demands:
                expected = "a last word that keeps the demands of composition"
                raise InvalidValue("ties.cascade", str(key), expected, field.point.terms.book.name)
            return position, key, word
        if len({word.points[each] for each in tie.candidates}) > 1:
            return position, key, word
    return None


def _check_decision(key: str, word: Said, selected: tuple[str, ...]) -> None:
    chosen = tuple(each for each, takes in word.values if takes)
    if key == Last.DECISION and set(selected) != set(chosen):
        expected = "a choice that the demands of composition allow"
        raise InvalidValue("TieDecision.chosen", chosen, expected, word.basis)


def _settlement(
    tie: TiedClass,
    key: str,
    word: Said,
    field: _Field,
    selected: tuple[str, ...],
    still_tied: tuple[str, ...] = (),
) -> Settlement:
    return Settlement(
        stage=field.point.stage,
        group=field.point.group,
        key=key,
        tied=tie.candidates,
        seats=tie.seats,
        values=word.values,
        selected=selected,
        still_tied=still_tied,
        basis=word.basis,
    )


def _place(classes: Classes, field: _Field) -> Placing:
    """Fill the places from the best class on, under the demands of composition if there are any."""
    places = len(field.marked) if field.places is None else field.places
    if not field.demands:
        return place(classes, places)
    traits = field.point.run.traits
    made = compose(classes, places=places, demands=field.demands, traits=traits)
    if isinstance(made, Conflict):
        raise Halt(_conflict(made, field.point))
    refused = {each.candidate: each.bound_by for each in made.refused}
    return Placing(taken=made.taken, ties=made.ties, bound_by=refused)


def _conflict(made: Conflict, point: Point) -> Reason:
    about = (
        ("stage", point.stage),
        ("group", point.group),
        ("at_least", made.at_least),
        ("at_most", made.at_most),
        ("needed", made.needed),
        ("possible", made.possible),
    )
    return Reason(Outcome.UNKNOWN, "DEMANDS_CONFLICT", about, (_demanded_by(point),))


def _demanded_by(point: Point) -> Term[Any]:
    """The term the demands come from."""
    worked_out = point.terms.choice(_QUOTA, Quota) is Quota.SHARES
    return point.terms.term(_SHARES if worked_out else _DEMANDS)


def _asked_traits(field: _Field) -> tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]:
    asked = sorted({demand.by for demand in field.demands})
    traits = field.point.run.traits
    return tuple(
        (key, tuple((by, traits.get(key, {}).get(by)) for by in asked))
        for key in (field.marked if asked else ())
    )


def _seated_first(equals: tuple[str, ...], taken: Container[str]) -> Iterable[str]:
    return equals if len(equals) == 1 else sorted(equals, key=lambda each: each not in taken)


def _cut(field: _Field, placing: Placing, **told: Any) -> Cut:
    """The cut that *placing* makes; among equals those with a seat stand first, then by id."""
    points = field.scores.points
    taken = set(placing.taken)
    order = [each for equals in field.classes for each in _seated_first(equals, taken)]
    line = min((points[each] for each in taken), default=None)
    point = field.point
    return Cut(
        stage=point.stage,
        group=point.group,
        by=point.by,
        places=field.places,
        order=tuple(order),
        selected=tuple(each for each in order if each in taken),
        line=None if line is None else line * field.scores.unit,
        unmarked=field.unmarked,
        rivals=field.rivals,
        demands=field.demands,
        traits=_asked_traits(field),
        bound_by=tuple(placing.bound_by.items()),
        scheme=scheme_of(point.by, point.group, point.terms),
        scores=field.scores,
        **told,
    )
