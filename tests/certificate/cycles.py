"""Generated cycles with everything a certificate can hold, and their certificates."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
import pendulum
from hypothesis import assume
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import Assessor, Relation, RelationKind
from kipp.domain.citation import Citation, Disputed, Evidence, NotFound, NotOpen, Source, Unlimited
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.selection import Exit, TieDecision
from kipp.io.certificate import certify
from kipp.io.contest import Contest
from kipp.io.formats import to_json
from kipp.rules.decision import Decision, Outcome, Reason, RuleId
from kipp.rules.intake import Verdict
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select
from tests.contest import cited
from tests.properties.test_selection import EVALUATORS, LEAVING, PANEL, Case, by, cases, few

KEYS = (
    "evaluation",
    "finalists",
    "evaluation.novelty",
    "evaluation.benefit",
    "finalists.nilai",
    "panel.nilai",
    "earliest submission",
    "earliest start",
)
LAST = ("draw", "decision", "all", "fewer", "stop")
SEEDS = ("2 5 12 8 10/Jakarta, 17.03", "9. 08 7/été 5", "1/2")
DAYS = [pendulum.date(2019, 3, day) for day in (1, 2)]
MOMENTS = [
    pendulum.datetime(2021, 5, 1, 23, 59, tz="Asia/Jakarta"),
    pendulum.datetime(2021, 5, 1, 16, 59, tz="UTC"),
    pendulum.datetime(2021, 5, 1, 16, 59, 0, 250000, tz="UTC"),
]
SOURCE = Source(key="another", title="Another text", date="2021", url="https://example.org/é")
WEAK = (Citation(SOURCE, Evidence.INFERRED),)
SURE = (Citation(SOURCE, Evidence.PRESS),)


class Cycle(NamedTuple):
    """A cycle: the rulebook, what is recorded, what screening found, the files it all stands in."""

    book: Rulebook
    contest: Contest
    screened: Mapping[str, Verdict]
    traits: Mapping[str, Mapping[str, str]]
    accept: Evidence
    files: Mapping[str, bytes]

    def selected(self) -> Selection:
        given = self.contest
        return select(
            self.book,
            given.proposals,
            given.sheets,
            screened=self.screened,
            assessors=given.assessors,
            exits=given.exits,
            decisions=given.decisions,
            traits=self.traits,
            visited=given.visited,
            accept=self.accept,
        )

    def certificate(self) -> bytes:
        return certify(self.selected(), self.book, self.files)

    def rulebook(self) -> bytes:
        return to_json(self.book).encode()


def files_of(*contests: Contest) -> dict[str, bytes]:
    return {
        f"{number} {'é' * number}.json": to_json(each, indent=number or None).encode()
        for number, each in enumerate(contests)
    }


@st.composite
def policies(draw: st.DrawFn, ordered: bool) -> list[str]:
    """A cascade of some keys; under demands no last word that takes no order into account."""
    keys = draw(st.lists(st.sampled_from(KEYS), max_size=4, unique=True))
    words = [word for word in LAST if ordered or word not in ("all", "fewer")]
    last = draw(st.sampled_from([None, *words]))
    return keys if last is None else [*keys, last]


@st.composite
def demands(draw: st.DrawFn) -> list[dict[str, object]]:
    """Clusters in island groups, so that the sets nest."""
    wanted: list[dict[str, object]] = []
    for by_, of in (("cluster", "a"), ("cluster", "b"), ("cluster", None), ("island", None)):
        if draw(st.booleans()) and (of is None or not wanted):
            least = draw(st.integers(0, 2))
            most = draw(st.none() | st.integers(least, 3)) if least else draw(st.integers(0, 3))
            one = {"stage": draw(st.sampled_from(["nomination", "finalists", "winners"]))}
            bounds = {"at_least": least, "at_most": most}
            named = {"by": by_, "of": of, "name": f"{by_} {of or 'each'}"}
            group = draw(st.sampled_from([None, None, "general", "special"]))
            wanted.append({**one, **named, **bounds, "group": group})
    return wanted


@st.composite
def shares(draw: st.DrawFn) -> list[dict[str, object]]:
    """The places of some cuts shared out over clusters or island groups."""
    return [
        {
            "stage": stage,
            "by": draw(st.sampled_from(["cluster", "island"])),
            "method": draw(st.sampled_from(["hare", "droop", "dhondt", "sainte_lague"])),
            "at_least": draw(st.sampled_from([0, 0, 1])),
            "group": draw(st.sampled_from([None, "general"])),
        }
        for stage in draw(st.lists(st.sampled_from(CUT_AT), max_size=2, unique=True))
    ]


CUT_AT = ("nomination", "finalists", "winners")


@st.composite
def books(draw: st.DrawFn, book: Rulebook) -> Rulebook:
    """*book* with the further terms a run can read, mostly settled."""
    quota = draw(st.sampled_from(["none", "demands", "shares"]))
    asked = draw({"none": st.just([]), "demands": demands(), "shares": shares()}[quota])
    changes: dict[str, object] = {
        "composition.quota": quota if asked else "none",
        "selection.objections": True,
        "selection.withdrawals": True,
        "evaluation.combine": draw(st.sampled_from(["mean", "median", "trimmed mean"])),
        "evaluation.trim": draw(st.sampled_from(["1/2", "1/3"])),
        "panel.combine": draw(st.sampled_from(["mean", "median"])),
        "ties.draw_seed": draw(st.sampled_from(SEEDS)),
        "ties.cascade": draw(policies(not asked)),
    }
    if asked:
        changes[f"composition.{quota}"] = asked
    held = draw(st.sampled_from([None, True, False]))
    if held is not None:
        changes["field_verification.held"] = held
    terms = {path: cited(path, value) for path, value in changes.items()}
    if draw(st.integers(0, 5)) == 0:
        path = draw(st.sampled_from(sorted({**book.terms, **terms, "held": None})))
        terms |= draw(spoilt(path, {**book.terms, **terms}.get(path)))
    return attrs.evolve(book, terms={**book.terms, **terms})


@st.composite
def spoilt(draw: st.DrawFn, path: str, value: Any) -> dict[str, Any]:
    """A term that is not simply known."""
    weak = NotFound("") if value is None else attrs.evolve(value, citations=WEAK, note="weak")
    both = Disputed((value, attrs.evolve(value, citations=WEAK))) if value else weak
    states: list[Any] = [NotFound("everything"), NotFound("", note="not searched"), weak, both]
    if path.startswith("groups.") and path.endswith(("ees", "ists", "ners")):
        states += [Unlimited(SURE), NotOpen(SURE, "no such group"), Unlimited(SURE)] * 2
    if path in ("evaluation.pass_mark", "field_verification.held"):
        states.append(NotOpen(SURE))
    if path == "held":
        states += [cited(path, False), cited(path, True)]
    return {path: draw(st.sampled_from(states))}


def verdict(key: str, outcome: Outcome, codes: list[str]) -> Verdict:
    if not codes:
        return outcome
    reasons = tuple(Reason(outcome, code) for code in codes)
    return Decision(rule=RuleId("made-up"), subject=key, reasons=reasons)


@st.composite
def cycles(draw: st.DrawFn) -> Cycle:
    """A cycle, mostly one in which nothing is missing, so that it goes on to the winners."""
    missing = draw(st.sampled_from([False, False, False, True]))
    case: Case = draw(cases(missing=missing))
    keys = [each.id for each in case.proposals]
    book = draw(books(case.book))
    proposals = tuple(
        attrs.evolve(
            each,
            submitted_at=draw(st.sampled_from([*MOMENTS * 4, None])),
            innovation=attrs.evolve(
                each.innovation, started=draw(st.sampled_from([*DAYS * 9, None]))
            ),
            group=draw(st.sampled_from([*[each.group] * 20, None])) if missing else each.group,
        )
        for each in case.proposals
    )
    assessors = draw(st.none() | st.just(listed(draw(st.booleans()))))
    sheets = case.sheets
    if draw(st.booleans()):
        # A third opinion on some, so that a median and a trim have something to leave out.
        third = draw(few(st.sampled_from([each for each in sheets if each.assessor == "E1"])))
        sheets = (*sheets, *(by(each, "E3") for each in third))
    leaving = draw(few(st.sampled_from(keys)))
    contest = Contest(
        proposals=proposals,
        sheets=sheets,
        assessors=assessors,
        exits=tuple(
            Exit(
                proposal=key,
                stage=draw(st.sampled_from(Stage)),
                standing=draw(st.sampled_from(LEAVING)),
            )
            for key in leaving
        ),
    )
    traits = {}
    for key in keys:
        cluster = draw(st.sampled_from("abc"))
        traits[key] = {"cluster": cluster, "island": "west" if cluster == "a" else "east"}
    codes = draw(st.lists(st.sampled_from(["CAP_REACHED", "TOO_YOUNG"]), max_size=2))
    screened = {key: verdict(key, outcome, codes) for key, outcome in case.screened.items()}
    if draw(st.booleans()):
        screened = dict(case.screened)
        contest = attrs.evolve(contest, screened=case.screened)
    if draw(st.booleans()):
        contest = attrs.evolve(contest, traits=traits)
    accept = draw(st.sampled_from([Evidence.PRESS, Evidence.MINISTRY, Evidence.INFERRED]))
    cycle = Cycle(book, contest, screened, traits, accept, {})
    return draw(filed(draw(decided(draw(seen(cycle))))))


def listed(weighed: bool) -> tuple[Assessor, ...]:
    relations = (Relation(AgencyKey("made-up elsewhere"), RelationKind.FAMILY),)
    weights = [Fraction(1), Fraction(3, 2), Fraction(1, 2), Fraction(1)] if weighed else [1] * 4
    return tuple(
        Assessor(key=key, weight=weight, relations=relations)
        for key, weight in zip((*EVALUATORS, *PANEL, "E3"), weights, strict=True)
    )


@st.composite
def seen(draw: st.DrawFn, cycle: Cycle) -> Cycle:
    """Some finalists are visited, where there were visits."""
    held = getattr(cycle.book["field_verification.held"], "value", None)
    if held is not True or draw(st.booleans()):
        return cycle
    finalists = select_or_skip(cycle).selected(Stage.PANEL)
    visited = tuple(draw(st.lists(st.sampled_from(finalists), unique=True)) if finalists else ())
    leaving = {each.proposal for each in cycle.contest.exits}
    visited = tuple(key for key in visited if key not in leaving)
    return cycle._replace(contest=attrs.evolve(cycle.contest, visited=visited))


@st.composite
def decided(draw: st.DrawFn, cycle: Cycle) -> Cycle:
    """Where the policy ends in a decision of people, they mostly took one."""
    cascade = getattr(cycle.book["ties.cascade"], "value", ())
    for number in range(6 if "decision" in cascade else 0):
        found = select_or_skip(cycle)
        lacking = [
            tie
            for record in found.stages
            for made in record.cuts
            if made.lacking and dict(made.lacking.values).get("fact") == "decision"
            for tie in made.ties
        ]
        if not lacking or not draw(st.integers(0, 4)):
            return cycle
        tie = lacking[0]
        chosen = draw(st.permutations(tie.proposals))[: tie.seats]
        decision = TieDecision(
            stage=tie.stage,
            group=tie.group,
            minutes=f"BA-{number}/2021",
            day=DAYS[0],
            people=("chair",),
            chosen=tuple(chosen),
        )
        decisions = (*cycle.contest.decisions, decision)
        cycle = cycle._replace(contest=attrs.evolve(cycle.contest, decisions=decisions))
    return cycle


@st.composite
def filed(draw: st.DrawFn, cycle: Cycle) -> Cycle:
    """In one file, or the sheets and the second half of the proposals in another."""
    contest = cycle.contest
    if needs_traits(cycle):
        contest = attrs.evolve(contest, traits=cycle.traits)
    parts = [contest]
    if draw(st.booleans()):
        half = len(contest.proposals) // 2
        moved = {"proposals": contest.proposals[half:], "sheets": contest.sheets}
        kept = attrs.evolve(contest, proposals=contest.proposals[:half], sheets=())
        parts = [kept, Contest(**moved)]  # type: ignore[arg-type]  # fields by name
    return cycle._replace(contest=contest, files=files_of(*parts))


def needs_traits(cycle: Cycle) -> bool:
    """A cut that could not be made shows no traits, so that the input has to."""
    found = select_or_skip(cycle)
    return found.stopped is not None and not found.stages[-1].cuts


def select_or_skip(cycle: Cycle) -> Selection:
    """The run; cycles that the engine refuses have no certificate."""
    try:
        return cycle.selected()
    except InvalidValue:
        assume(False)
        raise
