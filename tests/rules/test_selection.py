from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import pytest
from pendulum import UTC

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.citation import NotOpen, Unlimited
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import Faults, InvalidValue
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, Standing, TieDecision
from kipp.rules.decision import Decision, Judgement, Outcome, Reason, RuleId
from kipp.rules.lots import draw_order
from kipp.rules.selection import CODES, Selection, select
from kipp.rules.ties import Settlement, Tie
from tests.contest import (
    cited,
    contest,
    entry,
    evaluated,
    marked,
    panel_mark,
    policy,
    reached,
    run,
)

GENERAL = Group.GENERAL

# Eight proposals; evaluation, desk and interview marks put them in different orders.
CLEAR = {
    "a": (90, 60, 50),
    "b": (80, 70, 90),
    "c": (70, 80, 80),
    "d": (60, 90, 70),
    "e": (50, 99, 99),
    "f": (40, 98, 98),
}

# Equal at the cut of nominations (4), of finalists (3), of winners (2), in turn.
TIED = {
    Stage.NOMINATION: {
        "a": (90, 60, 50),
        "b": (80, 70, 90),
        "c": (70, 80, 80),
        "d": (60, 90, 70),
        "e": (60, 10, 10),
        "f": (60, 98, 98),
    },
    Stage.FINALISTS: {
        "a": (90, 70, 50),
        "b": (80, 70, 90),
        "c": (70, 80, 80),
        "d": (60, 90, 70),
    },
    Stage.WINNERS: {
        "a": (90, 60, 90),
        "b": (80, 70, 80),
        "c": (70, 80, 80),
        "d": (60, 50, 70),
    },
}


def result(selection: Selection, proposal: str, stage: Stage) -> Any:
    (found,) = [each for each in selection.history(proposal) if each.stage is stage]
    return found


def standings(selection: Selection) -> Mapping[str, Standing]:
    return {each.proposal: each.standing for each in selection.final}


def without_marks(key: str, stage: Stage) -> Selection:
    """A run in which the marks of *key* at *stage* are missing."""
    sheets = [sheet for sheet in marked(CLEAR) if (sheet.proposal, sheet.stage) != (key, stage)]
    everybody = [entry(each) for each in CLEAR]
    return select(contest(), everybody, sheets, screened=dict.fromkeys(CLEAR, Outcome.MET))


def unsure(keys: str) -> Any:
    """Screening that cannot say of *keys* whether they pass."""
    return lambda proposal: Outcome.UNKNOWN if proposal.id in keys else Outcome.MET


class TestAWholeRun:
    """Registered → screening → evaluation → nominations → finalists → objection → panel →
    winners, each cut by its own marks, nothing carried over."""

    def test_who_wins(self) -> None:
        """By evaluation a–d are nominated, at the desk d, c, b, after the interview b and c."""
        found = run(CLEAR)

        assert found.selected(Stage.NOMINATION) == ("a", "b", "c", "d")
        assert found.selected(Stage.FINALISTS) == ("d", "c", "b")
        assert found.winners == ("b", "c")
        assert found.stopped is None
        assert (found.settlements, found.ties) == ((), ())

    def test_one_result_per_stage_reached(self) -> None:
        found = run(CLEAR)

        assert [each.stage for each in found.history("b")] == list(Stage)
        assert [each.code for each in found.history("b")] == [
            "REGISTERED",
            "SCREENING_PASSED",
            "SCORED",
            "SELECTED",
            "SELECTED",
            "NO_OBJECTION",
            "HEARD",
            "VISITS_NOT_RECORDED",
            "SELECTED",
        ]
        assert [each.code for each in found.history("a")][3:] == ["SELECTED", "NOT_SELECTED"]
        assert [each.code for each in found.history("f")][3:] == ["NOT_SELECTED"]

    def test_one_final_result_each(self) -> None:
        found = run(CLEAR)

        assert [each.proposal for each in found.final] == list(CLEAR)
        assert [each.stage for each in found.final] == [
            Stage.FINALISTS,
            Stage.WINNERS,
            Stage.WINNERS,
            Stage.WINNERS,
            Stage.NOMINATION,
            Stage.NOMINATION,
        ]
        assert [key for key, each in standings(found).items() if each is Standing.SELECTED] == [
            "b",
            "c",
        ]

    def test_scores_ranks_and_the_line(self) -> None:
        found = run(CLEAR)
        (made,) = reached(found, Stage.FINALISTS).cuts

        assert made.by is Stage.FINALISTS
        assert (made.places, made.line) == (3, Fraction(70))
        assert made.order == ("d", "c", "b", "a")
        assert [result(found, key, Stage.FINALISTS).rank for key in "abcd"] == [4, 3, 2, 1]
        assert result(found, "a", Stage.FINALISTS).score == 60

    def test_equals_share_a_rank(self) -> None:
        found = run({"a": (90, 1, 1), "b": (90, 1, 1), "c": (80, 1, 1)})

        assert [result(found, key, Stage.NOMINATION).rank for key in "abc"] == [1, 1, 3]

    def test_the_reason_says_places_line_and_terms(self) -> None:
        (reason,) = result(run(CLEAR), "a", Stage.FINALISTS).reasons

        assert reason.outcome is Outcome.NOT_MET
        assert dict(reason.values) == {"group": GENERAL, "places": 3, "line": 70}
        assert [term.path for term in reason.terms] == [
            "groups.general.finalists",
            "selection.finalists_by",
        ]

    def test_each_stage_lists_what_it_read(self) -> None:
        found = run(CLEAR)
        read = {each.stage: [term.path for term in each.terms] for each in found.stages}

        assert read[Stage.SCREENING] == [
            "schedule.closing_zone",
            "groups.general.by_invitation",
        ]
        assert read[Stage.OBJECTION] == ["selection.objections", "selection.withdrawals"]
        assert "composition.quota" in read[Stage.NOMINATION]
        assert "panel.assessors" not in read[Stage.EVALUATION]
        assert [term.path for term in found.terms] == list(
            dict.fromkeys(path for paths in read.values() for path in paths)
        )
        assert found.assumptions == ()

    def test_assumptions_show_on_what_rests_on_them(self) -> None:
        found = run(CLEAR, contest().reform({"groups.general.winners": 1}, name="one winner"))

        assert found.winners == ("b",)
        assert [term.path for term in found.assumptions] == ["groups.general.winners"]

    def test_groups_are_cut_apart(self) -> None:
        groups = {"a": Group.SPECIAL, "b": Group.GENERAL, "c": Group.REPLICATION}
        found = select(
            contest({f"groups.{group.key}.winners": 1 for group in Group}),
            [entry(key, group) for key, group in groups.items()],
            marked({"a": (1, 1, 1), "b": (2, 2, 2), "c": (3, 3, 3)}),
            screened=dict.fromkeys(groups, Outcome.MET),
        )

        assert found.winners == ("b", "c", "a")
        assert found.selected(Stage.WINNERS, Group.SPECIAL) == ("a",)
        assert [made.group for made in reached(found, Stage.WINNERS).cuts] == list(Group)

    def test_nobody_entered(self) -> None:
        """With nobody there no value is asked for."""
        found = run({}, contest(without=["marks.lowest", "schedule.closing_zone"]))

        assert (found.final, found.winners) == ((), ())
        assert [each.stage for each in found.stages] == list(Stage)
        assert found.stopped is None

    def test_fewer_than_the_places(self) -> None:
        assert run({"a": (0, 0, 0)}).winners == ("a",)

    def test_no_limit_lets_everybody_on(self) -> None:
        no_limit = Unlimited(cited("groups.general.winners", 1).citations)
        found = run(CLEAR, contest({"groups.general.winners": no_limit}))

        assert found.winners == ("b", "c", "d")
        assert reached(found, Stage.WINNERS).cuts[0].places is None

    def test_no_places_for_anybody(self) -> None:
        found = run(CLEAR, contest({"groups.general.winners": 0}))

        assert found.winners == ()
        assert reached(found, Stage.WINNERS).cuts[0].line is None

    def test_a_group_without_winners(self) -> None:
        """2020: the replication group had no finalists of its own."""
        closed = NotOpen(cited("groups.general.finalists", 1).citations)
        found = run(CLEAR, contest({"groups.general.finalists": closed}))

        assert {each.code for each in reached(found, Stage.FINALISTS).results} == {
            "GROUP_NOT_OFFERED"
        }
        assert found.winners == ()

    def test_marks_of_an_earlier_stage_may_decide(self) -> None:
        """Then the panel's interview marks are not waited for."""
        book = contest({"selection.winners_by": "evaluation"})
        sheets = [sheet for sheet in marked(CLEAR) if sheet.stage is not Stage.PANEL]
        found = select(
            book, [entry(key) for key in CLEAR], sheets, screened=dict.fromkeys(CLEAR, Outcome.MET)
        )

        assert found.winners == ("b", "c")
        assert result(found, "b", Stage.PANEL).score is None

    def test_assessors_weights_count(self) -> None:
        sheets = [
            *(evaluated("a", 90, 90, "chair"), evaluated("a", 60, 60, "E1")),
            *(evaluated("b", 70, 70, "chair"), evaluated("b", 82, 82, "E1")),
        ]
        book = contest({"groups.general.nominees": 1})
        options: dict[str, Any] = {"screened": dict.fromkeys("ab", Outcome.MET)}
        entries = [entry("a"), entry("b")]
        chair = [Assessor(key="chair", weight=Fraction(2)), Assessor(key="E1")]

        assert select(book, entries, sheets, **options).selected(Stage.NOMINATION) == ("b",)
        weighted = select(book, entries, sheets, assessors=chair, **options)
        assert weighted.selected(Stage.NOMINATION) == ("a",)


class TestWeights:
    """Where the rulebook says what the weights add up to, they do."""

    def test_that_do_not(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            run(CLEAR, contest({"criteria.total": 100}))

        assert str(caught.value) == (
            "groups.general.criteria: expected weights that add up to 100, "
            "got Fraction(4, 1) @ made-up contest"
        )

    def test_that_do(self) -> None:
        assert run(CLEAR, contest({"criteria.total": 4})).winners == ("b", "c")


class TestScreening:
    """Administrative screening: met goes on, not met leaves, unknown does not go on."""

    RULE = RuleId("minimum-age")

    def decision(self, outcome: Outcome, code: str) -> Decision:
        reasons = (Reason(Outcome.MET, "GROUP_OFFERED"), Reason(outcome, code))
        return Decision(rule=self.RULE, subject="p", reasons=reasons)

    def screened(self, verdict: Any) -> Any:
        found = select(contest(), [entry("p")], [], screened={"p": verdict})
        return result(found, "p", Stage.SCREENING)

    @pytest.mark.parametrize(
        ("outcome", "standing", "codes"),
        [
            (Outcome.MET, Standing.SELECTED, ["SCREENING_PASSED"]),
            (Outcome.NOT_MET, Standing.NOT_SELECTED, ["SCREENING_FAILED"]),
            (Outcome.UNKNOWN, Standing.UNKNOWN, ["SCREENING_UNKNOWN"]),
        ],
    )
    def test_an_outcome(self, outcome: Outcome, standing: Standing, codes: list[str]) -> None:
        found = self.screened(outcome)

        assert found.standing is standing
        assert [reason.code for reason in found.reasons] == codes

    def test_a_decision_brings_its_reasons(self) -> None:
        found = self.screened(self.decision(Outcome.NOT_MET, "TOO_YOUNG"))

        assert found.code == "SCREENING_FAILED"
        assert found.reasons[0].values == (("codes", ("TOO_YOUNG",)),)
        assert [reason.code for reason in found.reasons] == ["SCREENING_FAILED", "TOO_YOUNG"]

    def test_a_judgement_brings_the_reasons_that_decide(self) -> None:
        judgement = Judgement(
            subject="p",
            cycle=2021,
            decisions=(
                self.decision(Outcome.UNKNOWN, "FACT_NOT_RECORDED"),
                self.decision(Outcome.MET, "WITHIN_CAP"),
            ),
        )
        found = self.screened(judgement)

        assert found.standing is Standing.UNKNOWN
        assert [each.code for each in found.reasons] == ["SCREENING_UNKNOWN", "FACT_NOT_RECORDED"]

    def test_a_proposal_nobody_screened(self) -> None:
        found = select(contest(), [entry("p")], [], screened={})

        assert standings(found) == {"p": Standing.UNKNOWN}
        assert result(found, "p", Stage.SCREENING).code == "FACT_NOT_RECORDED"

    def test_may_be_a_function(self) -> None:
        def screened(proposal: Any) -> Outcome:
            return Outcome.NOT_MET if proposal.id == "a" else Outcome.MET

        found = run(CLEAR, screened=screened)

        assert found.selected(Stage.NOMINATION) == ("b", "c", "d", "e")

    def test_unknown_group(self) -> None:
        found = select(contest(), [entry("p", None)], [], screened={"p": Outcome.MET})

        assert [each.code for each in found.history("p")] == ["FACT_NOT_RECORDED"]
        assert standings(found) == {"p": Standing.UNKNOWN}


class TestInvitation:
    """A group entered by invitation needs to know who was invited (2021: the special group)."""

    PATH = "groups.special.all_invited"

    def at_screening(self, changes: Mapping[str, object], invited: bool | None) -> Selection:
        proposals = [entry("p", Group.SPECIAL, invited=invited), entry("q", Group.GENERAL)]
        return select(contest(changes), proposals, [], screened=dict.fromkeys("pq", Outcome.MET))

    def test_stops_where_nobody_says_who_was_invited(self) -> None:
        found = self.at_screening({"groups.special.by_invitation": True}, None)

        assert found.stopped is not None
        assert (found.stopped.stage, found.stopped.paths) == (Stage.SCREENING, (self.PATH,))
        assert set(standings(found).values()) == {Standing.UNKNOWN}

    @pytest.mark.parametrize("invited", [True, False])
    def test_is_not_asked_where_it_is_recorded(self, invited: bool) -> None:
        found = self.at_screening({"groups.special.by_invitation": True}, invited)

        assert found.selected(Stage.SCREENING) == ("q", "p")

    @pytest.mark.parametrize("changes", [{}, {"groups.special.by_invitation": False}])
    def test_is_not_asked_of_an_open_group(self, changes: Mapping[str, object]) -> None:
        assert self.at_screening(changes, None).selected(Stage.SCREENING) == ("q", "p")

    def test_the_assumption_carries_on(self) -> None:
        found = self.at_screening({"groups.special.by_invitation": True, self.PATH: True}, None)

        assert found.selected(Stage.SCREENING) == ("q", "p")


class TestPassMark:
    """2025: a proposal needs 85 from the evaluation team; other cycles have no pass mark."""

    @pytest.mark.parametrize(
        ("mark", "code"), [(84, "BELOW_PASS_MARK"), (85, "SCORED"), (86, "SCORED")]
    )
    def test_boundary(self, mark: int, code: str) -> None:
        found = run({"p": (mark, 1, 1)}, contest({"evaluation.pass_mark": 85}))
        at_evaluation = result(found, "p", Stage.EVALUATION)

        assert at_evaluation.code == code
        assert at_evaluation.score == mark
        assert dict(at_evaluation.reasons[0].values)["pass_mark"] == 85
        assert [term.path for term in at_evaluation.reasons[0].terms] == ["evaluation.pass_mark"]

    def test_without_one_everybody_goes_on(self) -> None:
        at_evaluation = result(run({"p": (0, 1, 1)}), "p", Stage.EVALUATION)

        assert at_evaluation.code == "SCORED"
        assert at_evaluation.reasons[0].terms == ()


class TestWhoseFateIsUnknown:
    """Missing is unknown, never zero: it does not go on, and could still overtake others."""

    @pytest.mark.parametrize(
        ("stage", "fact", "stops_at"),
        [
            (Stage.EVALUATION, "marks.evaluation", Stage.NOMINATION),
            (Stage.FINALISTS, "marks.finalists", Stage.FINALISTS),
            (Stage.PANEL, "marks.panel", Stage.WINNERS),
        ],
    )
    def test_marks_missing(self, stage: Stage, fact: str, stops_at: Stage) -> None:
        found = without_marks("d", stage)
        (last,) = [each for each in found.final if each.proposal == "d"]

        assert (last.stage, last.standing) == (stage, Standing.UNKNOWN)
        assert dict(last.reasons[0].values) == {"fact": fact}
        assert found.stopped is not None
        assert found.stopped.stage is stops_at
        (why,) = found.stopped.reasons
        assert why.code == "RIVALS_UNKNOWN"
        assert dict(why.values)["rivals"] == ("d",)

    def test_only_what_hangs_on_it_is_open(self) -> None:
        """Four are nominated: three are in even if d is one, the fourth and fifth change."""
        found = without_marks("d", Stage.EVALUATION)
        (made,) = reached(found, Stage.NOMINATION).cuts

        assert made.rivals == ("d",)
        assert made.selected == ("a", "b", "c")
        assert made.open == ("e",)
        assert result(found, "f", Stage.NOMINATION).standing is Standing.NOT_SELECTED
        assert result(found, "e", Stage.NOMINATION).code == "RIVALS_UNKNOWN"

    def test_room_for_all_leaves_nothing_open(self) -> None:
        """With a place for everybody nobody can be overtaken, until a later cut is narrower."""
        found = run(CLEAR, contest({"groups.general.nominees": 6}), screened=unsure("f"))

        assert set(found.selected(Stage.NOMINATION)) == set("abcde")
        assert found.stopped is not None
        assert found.stopped.stage is Stage.FINALISTS

    def test_a_limit_that_is_none_leaves_nothing_open(self) -> None:
        no_limit = {
            f"groups.general.{name}": Unlimited(cited("groups.general.winners", 1).citations)
            for name in ("nominees", "finalists", "winners")
        }
        found = run(CLEAR, contest(no_limit), screened=unsure("f"))

        assert found.stopped is None
        assert found.unknown == ("f",)
        assert set(found.winners) == set("abcde")
        assert standings(found)["f"] is Standing.UNKNOWN

    def test_who_leaves_threatens_nobody_any_more(self) -> None:
        gone = Exit(proposal="f", stage=Stage.NOMINATION, standing=Standing.WITHDRAWN)
        found = run(CLEAR, screened=unsure("f"), exits=[gone])

        assert found.stopped is None
        assert standings(found)["f"] is Standing.WITHDRAWN

    def test_one_without_a_group_is_a_rival_in_every_group(self) -> None:
        proposals = [*(entry(key) for key in "abcde"), entry("x", None)]
        found = select(
            contest(),
            proposals,
            [each for each in marked(CLEAR) if each.proposal != "f"],
            screened=dict.fromkeys("abcde", Outcome.MET),
        )

        assert found.stopped is not None
        assert dict(found.stopped.reasons[0].values)["rivals"] == ("x",)

    def test_a_tie_waits_for_them(self) -> None:
        """Equals at the cut are not drawn for while somebody may yet come before them."""
        book = contest().assume(policy("draw", seed="s"))
        found = run({**TIED[Stage.NOMINATION], "u": (99, 1, 1)}, book, screened=unsure("u"))
        (made,) = reached(found, Stage.NOMINATION).cuts

        assert (made.settlements, made.ties) == ((), ())
        assert made.selected == ("a", "b", "c")
        assert made.open == ("d", "e", "f")

    def test_more_of_them_than_places(self) -> None:
        found = run(CLEAR, screened=unsure("abcde"))
        (made,) = reached(found, Stage.NOMINATION).cuts

        assert (made.selected, made.open) == ((), ("f",))

    def test_the_cut_names_the_unmarked(self) -> None:
        sheets = [each for each in marked(CLEAR) if each.stage is not Stage.FINALISTS]
        found = select(
            contest(),
            [entry(key) for key in CLEAR],
            [*sheets, panel_mark("b", Stage.FINALISTS, 50)],
            screened=dict.fromkeys(CLEAR, Outcome.MET),
        )
        (made,) = reached(found, Stage.FINALISTS).cuts

        assert made.unmarked == ("a", "c", "d")
        assert (made.selected, made.open) == ((), ("b",))

    def test_quorum_of_two_evaluators(self) -> None:
        found = run(CLEAR, contest({"evaluation.evaluators": 2}))

        assert {each.code for each in found.final} == {"FACT_NOT_RECORDED"}


class TestLeaving:
    """Who withdraws or is disqualified has that as the result of the stage, and leaves."""

    @pytest.mark.parametrize(
        ("left", "standing"),
        [
            (entry("p", withdrawn=True), Standing.WITHDRAWN),
            (entry("p", disqualified=True), Standing.DISQUALIFIED),
        ],
    )
    def test_recorded_on_the_proposal(self, left: Proposal, standing: Standing) -> None:
        proposals = [left, entry("q")]
        found = select(contest(), proposals, [], screened={"q": Outcome.MET, "p": Outcome.MET})
        (last,) = found.history("p")

        assert (last.stage, last.standing, last.code) == (
            Stage.REGISTERED,
            standing,
            standing.name,
        )
        assert last.reasons[0].values == ()
        assert found.selected(Stage.REGISTERED) == ("q",)

    def test_withdrawn_weighs_more_than_disqualified(self) -> None:
        found = select(contest(), [entry("p", withdrawn=True, disqualified=True)], [], screened={})

        assert standings(found) == {"p": Standing.WITHDRAWN}

    def test_after_an_objection(self) -> None:
        """The seat of a finalist who leaves is not filled again: no source says that it is."""
        gone = Exit(
            proposal="c", stage=Stage.OBJECTION, standing=Standing.DISQUALIFIED, why="plagiarism"
        )
        found = run(CLEAR, contest({"selection.objections": True}), exits=[gone])
        left = result(found, "c", Stage.OBJECTION)

        assert (left.standing, left.code) == (Standing.DISQUALIFIED, "DISQUALIFIED")
        assert left.reasons[0].values == (("why", "plagiarism"),)
        assert found.selected(Stage.OBJECTION) == ("b", "d")
        assert found.winners == ("b", "d")

    def test_an_exit_before_the_cut_frees_the_place(self) -> None:
        gone = Exit(proposal="a", stage=Stage.NOMINATION, standing=Standing.WITHDRAWN)
        found = run(CLEAR, exits=[gone])

        assert found.selected(Stage.NOMINATION) == ("b", "c", "d", "e")
        assert result(found, "a", Stage.NOMINATION).standing is Standing.WITHDRAWN

    def test_an_exit_at_a_stage_never_reached_says_nothing(self) -> None:
        gone = Exit(proposal="f", stage=Stage.WINNERS, standing=Standing.WITHDRAWN)

        assert standings(run(CLEAR, exits=[gone]))["f"] is Standing.NOT_SELECTED

    @pytest.mark.parametrize(
        ("standing", "path"),
        [
            (Standing.DISQUALIFIED, "selection.objections"),
            (Standing.WITHDRAWN, "selection.withdrawals"),
        ],
    )
    def test_contradicting_the_assumption_that_nobody_leaves(
        self, standing: Standing, path: str
    ) -> None:
        gone = Exit(proposal="c", stage=Stage.OBJECTION, standing=standing)

        with pytest.raises(InvalidValue, match=f"Exit: expected nobody {standing}, as {path} says"):
            run(CLEAR, exits=[gone])

    def test_everybody_leaves(self) -> None:
        gone = [
            Exit(proposal=key, stage=Stage.FINALISTS, standing=Standing.WITHDRAWN) for key in CLEAR
        ]
        found = run(CLEAR, exits=gone)

        assert found.selected(Stage.FINALISTS) == found.winners == ()
        assert found.stopped is None


class TestATieAtEveryCut:
    """A tie is settled by the declared policy only; without one the run stops at that cut."""

    @pytest.mark.parametrize(
        ("stage", "tied", "seats", "sure"),
        [
            (Stage.NOMINATION, ("d", "e", "f"), 1, ("a", "b", "c")),
            (Stage.FINALISTS, ("a", "b"), 1, ("d", "c")),
            (Stage.WINNERS, ("b", "c"), 1, ("a",)),
        ],
    )
    def test_without_a_policy(
        self, stage: Stage, tied: tuple[str, ...], seats: int, sure: tuple[str, ...]
    ) -> None:
        found = run(TIED[stage])

        assert found.stopped is not None
        assert found.stopped.stage is stage
        assert [each.code for each in found.stopped.reasons] == ["TIED_AT_CUT", "VALUE_NOT_FOUND"]
        assert found.stopped.paths == ("ties.cascade",)
        assert found.ties == (Tie(stage=stage, group=GENERAL, proposals=tied, seats=seats),)
        assert found.selected(stage) == sure
        assert found.stages[-1].stage is stage
        for key in tied:
            last = found.history(key)[-1]
            assert last.standing is Standing.TIED_AT_CUT
            assert (last.tie,) == found.ties
            assert last.tied_with == tuple(other for other in tied if other != key)
        assert {each.tied_with for each in reached(found, stage).results if not each.tie} == {()}

    @pytest.mark.parametrize("stage", list(TIED))
    def test_the_last_word_of_a_stopped_run(self, stage: Stage) -> None:
        """Who was sure of the next stage is unknown in the end, with the reasons of the stop."""
        found = run(TIED[stage])
        words = standings(found)

        assert set(words) == set(TIED[stage])
        for key in found.selected(stage):
            assert words[key] is Standing.UNKNOWN
        for tie in found.ties:
            assert {words[key] for key in tie.proposals} == {Standing.TIED_AT_CUT}

    @pytest.mark.parametrize(
        ("stage", "key", "values", "winner"),
        [
            (Stage.FINALISTS, "evaluation", {"a": 90, "b": 80}, "a"),
            (Stage.WINNERS, "finalists", {"b": 70, "c": 80}, "c"),
        ],
    )
    def test_by_the_earlier_stage(
        self, stage: Stage, key: str, values: dict[str, int], winner: str
    ) -> None:
        book = contest().assume(policy("finalists", "evaluation"))
        found = run(TIED[stage], book)

        assert found.settlements[0] == Settlement(
            stage=stage,
            group=GENERAL,
            key=key,
            tied=tuple(values),
            seats=1,
            values=tuple(values.items()),
            selected=(winner,),
        )
        assert winner in found.selected(stage)
        assert len(found.selected(stage)) == {Stage.FINALISTS: 3, Stage.WINNERS: 2}[stage]
        assert found.ties == ()

    def test_nominations_have_no_earlier_marks(self) -> None:
        """So only the draw can part them."""
        found = run(TIED[Stage.NOMINATION], contest().assume(policy("finalists", "evaluation")))

        assert found.stopped is not None
        assert [each.code for each in found.stopped.reasons] == ["TIED_AT_CUT"]
        assert found.stopped.paths == ()

    def test_by_a_public_draw(self) -> None:
        seed = "published beforehand"
        book = contest().assume(policy("finalists", "evaluation", "draw", seed=seed))
        found = run(TIED[Stage.NOMINATION], book)
        key = "PUBLISHEDBEFOREHAND/NOMINATION/GENERAL/"
        drawn = tuple("def"[number] for number in draw_order(key, 3))
        (settlement,) = [each for each in found.settlements if each.stage is Stage.NOMINATION]

        assert (settlement.key, settlement.basis) == ("draw", key)
        assert settlement.values == tuple((key, place) for place, key in enumerate(drawn))
        assert settlement.selected == drawn[:1]
        assert set(found.selected(Stage.NOMINATION)) == {"a", "b", "c", drawn[0]}

    def test_a_draw_without_a_seed(self) -> None:
        found = run(TIED[Stage.NOMINATION], contest().assume(policy("draw")))

        assert found.stopped is not None
        assert found.stopped.paths == ("ties.draw_seed",)

    def test_key_after_key(self) -> None:
        """Four equal in the interview for one seat: the desk leaves two, the evaluation one."""
        table = {
            "a": (10, 50, 70),
            "b": (20, 80, 70),
            "c": (30, 80, 70),
            "d": (99, 79, 70),
        }
        book = contest({"groups.general.finalists": 4, "groups.general.winners": 1})
        found = run(table, book.assume(policy("finalists", "evaluation", "draw", seed="s")))

        assert [
            (each.key, each.tied, each.selected, each.still_tied) for each in found.settlements
        ] == [
            ("finalists", ("a", "b", "c", "d"), (), ("b", "c")),
            ("evaluation", ("b", "c"), ("c",), ()),
        ]
        assert found.winners == ("c",)

    def test_a_key_that_parts_nobody_leaves_no_settlement(self) -> None:
        table = {"a": (50, 50, 70), "b": (50, 50, 70)}
        book = contest({"groups.general.winners": 1})
        found = run(table, book.assume(policy("finalists", "evaluation", "draw", seed="s")))

        assert [each.key for each in found.settlements] == ["draw"]

    def test_a_key_whose_marks_are_missing(self) -> None:
        """The policy asks for a mark that one of the tied does not have: nobody guesses."""
        changes = {"selection.finalists_by": "evaluation", "groups.general.winners": 1}
        book = contest(changes).assume(policy("finalists", "draw", seed="s"))
        sheets = [
            sheet
            for sheet in marked({"a": (50, 50, 70), "b": (50, 60, 70)})
            if (sheet.proposal, sheet.stage) != ("b", Stage.FINALISTS)
        ]
        found = select(
            book, [entry("a"), entry("b")], sheets, screened=dict.fromkeys("ab", Outcome.MET)
        )

        assert found.stopped is not None
        assert [each.code for each in found.stopped.reasons] == ["TIED_AT_CUT", "FACT_NOT_RECORDED"]
        assert dict(found.stopped.reasons[1].values) == {
            "fact": "marks.finalists",
            "proposals": ("b",),
        }

    def test_ties_in_two_groups_are_both_reported(self) -> None:
        groups = {"a": GENERAL, "b": GENERAL, "c": Group.SPECIAL, "d": Group.SPECIAL}
        found = select(
            contest({f"groups.{group.key}.nominees": 1 for group in Group}),
            [entry(key, group) for key, group in groups.items()],
            marked(dict.fromkeys(groups, (50, 50, 50))),
            screened=dict.fromkeys(groups, Outcome.MET),
        )

        assert [tie.group for tie in found.ties] == [GENERAL, Group.SPECIAL]
        assert found.stopped is not None
        assert len(found.stopped.reasons) == 4

    def test_equals_that_all_fit_are_no_tie(self) -> None:
        found = run({"a": (50, 50, 50), "b": (50, 50, 50)})

        assert found.winners == ("a", "b")


class TestOtherKeys:
    """A criterion, a dated fact, what people decided, all of the tied, none of them."""

    # b and c are equal in the evaluation for the last of four places.
    EQUAL: Mapping[str, tuple[int, int, int]] = {
        "a": (90, 1, 1),
        "d": (85, 1, 1),
        "e": (85, 1, 1),
        "b": (70, 1, 1),
        "c": (70, 1, 1),
    }

    def nominated(self, *keys: str, **options: Any) -> Selection:
        proposals = [
            attrs.evolve(entry(key), **options.pop(key, {})) if key in options else entry(key)
            for key in self.EQUAL
        ]
        sheets = [
            evaluated("b", 70, 70)
            if each.proposal == "b" and each.stage is Stage.EVALUATION
            # 3 x 80 + 1 x 40 = 4 x 70: equal on the whole, not under each criterion
            else evaluated("c", 80, 40)
            if each.proposal == "c" and each.stage is Stage.EVALUATION
            else each
            for each in marked(self.EQUAL)
        ]
        book = contest().assume(policy(*keys))
        return select(book, proposals, sheets, screened=lambda proposal: Outcome.MET, **options)

    def settled(self, *keys: str, **options: Any) -> Any:
        return self.nominated(*keys, **options).at(Stage.NOMINATION)

    @pytest.mark.parametrize(
        ("criterion", "values", "winner"),
        [("novelty", (("b", 70), ("c", 80)), "c"), ("benefit", (("b", 70), ("c", 40)), "b")],
    )
    def test_a_criterion(self, criterion: str, values: Any, winner: str) -> None:
        (settlement,) = self.settled(f"evaluation.{criterion}").settlements

        assert (settlement.values, settlement.selected) == (values, (winner,))

    def test_an_unknown_criterion(self) -> None:
        """A fault before the run, tie or no tie: a slip in a policy must not wait for its hour."""
        with pytest.raises(InvalidValue, match="a criterion among benefit, novelty, got 'eval"):
            self.nominated("evaluation.beauty")
        with pytest.raises(InvalidValue, match="a criterion among nilai, got 'panel"):
            run(CLEAR, contest().assume(policy("panel.beauty", "stop")))

    def test_a_criterion_of_weights_nobody_published(self) -> None:
        """The run stops where it needs them; nothing is said of the policy."""
        book = contest(without=["groups.general.criteria"]).assume(policy("evaluation.beauty"))
        found = run(CLEAR, book)

        assert found.stopped is not None
        assert found.stopped.stage is Stage.EVALUATION

    def test_a_criterion_of_a_later_stage_says_nothing(self) -> None:
        record = self.settled("panel.nilai", "finalists")

        assert (len(record.ties), record.settlements) == (1, ())

    def test_the_earlier_submission(self) -> None:
        early, late = (DateTime(2021, 5, day, tzinfo=UTC) for day in (1, 2))
        facts = {"b": {"submitted_at": late}, "c": {"submitted_at": early}}
        (settlement,) = self.settled("earliest submission", **facts).settlements

        assert settlement.values == (("b", late), ("c", early))
        assert settlement.selected == ("c",)

    def test_a_date_that_is_not_recorded(self) -> None:
        found = self.nominated("earliest start", "all")

        assert found.stopped is not None
        assert [each.code for each in found.stopped.reasons] == ["TIED_AT_CUT", "FACT_NOT_RECORDED"]
        assert dict(found.stopped.reasons[1].values) == {"fact": "started", "proposals": ("b", "c")}

    def test_all_of_the_tied(self) -> None:
        record = self.settled("all")

        assert [(each.key, each.selected) for each in record.settlements] == [("all", ("b", "c"))]
        assert set(record.selected) == set("adebc")

    def test_none_of_the_tied(self) -> None:
        record = self.settled("fewer")

        assert [(each.key, each.selected) for each in record.settlements] == [("fewer", ())]
        assert set(record.selected) == set("ade")

    @pytest.mark.parametrize("keys", [[], ["stop"], ["finalists", "stop"]])
    def test_report_and_stop(self, keys: list[str]) -> None:
        found = self.nominated(*keys)

        assert found.stopped is not None
        assert [each.code for each in found.stopped.reasons] == ["TIED_AT_CUT"]


class TestARecordedDecision:
    """What people decided, with minutes, day and names, settles a tie it fits."""

    def decision(self, chosen: str = "e", **changes: Any) -> TieDecision:
        told: dict[str, Any] = {
            "stage": Stage.NOMINATION,
            "group": GENERAL,
            "minutes": "BA-7/2021",
            "day": Date(2021, 6, 10),
            "people": ("ketua", "sekretaris"),
        }
        return TieDecision(**{**told, "chosen": tuple(chosen), **changes})

    def selected(self, *decisions: TieDecision, book: Any = None) -> Selection:
        asked = book or contest().assume(policy("decision"))
        return run(TIED[Stage.NOMINATION], asked, decisions=decisions)

    def test_settles(self) -> None:
        record = reached(self.selected(self.decision()), Stage.NOMINATION)
        (settlement,) = record.settlements

        assert (settlement.key, settlement.basis) == ("decision", "BA-7/2021")
        assert (settlement.tied, settlement.selected) == (("d", "e", "f"), ("e",))

    def test_none_recorded(self) -> None:
        found = self.selected()

        assert found.stopped is not None
        assert dict(found.stopped.reasons[1].values)["fact"] == "decision"

    @pytest.mark.parametrize("chosen", ["de", "da"])
    def test_one_that_does_not_fit(self, chosen: str) -> None:
        with pytest.raises(InvalidValue, match="one decision that chooses 1 of d, e, f"):
            self.selected(self.decision(chosen))

    def test_two_about_one_tie(self) -> None:
        with pytest.raises(InvalidValue, match="one decision that chooses 1 of d, e, f"):
            self.selected(self.decision("d"), self.decision("e", minutes="BA-8/2021"))

    @pytest.mark.parametrize(
        "changes",
        [{"stage": Stage.FINALISTS}, {"group": Group.SPECIAL}, {"stage": Stage.EVALUATION}],
    )
    def test_another_under_the_same_minutes(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="TieDecision: expected a tie at"):
            self.selected(self.decision("d"), self.decision("d", **changes))

    def test_one_about_no_tie(self) -> None:
        with pytest.raises(InvalidValue, match="TieDecision: expected a tie at finalis, umum"):
            self.selected(
                self.decision(), self.decision("c", stage=Stage.FINALISTS, minutes="BA-9/2021")
            )

    def test_one_about_a_stage_never_reached_is_kept_for_later(self) -> None:
        found = self.selected(
            self.decision("c", stage=Stage.WINNERS), book=contest().assume(policy())
        )

        assert found.stopped is not None

    @pytest.mark.parametrize("changes", [{"people": ()}, {"chosen": ()}, {"chosen": ("d", "d")}])
    def test_nobody_or_somebody_twice(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="one or more, each once"):
            self.decision(**changes)


class TestTheCivilServiceRule:
    """Seleksi CPNS as data only: the total, then three parts in order; all that are still equal
    go through."""

    KEYS = ("evaluation.tkp", "evaluation.tiu", "evaluation.twk", "all")

    def passed(self, places: int, **scores: tuple[int, int, int]) -> set[str]:
        changes = {
            "groups.general.criteria": {"twk": 1, "tiu": 1, "tkp": 1},
            "groups.general.nominees": places,
            "marks.highest": 550,
        }
        sheets = [
            ScoreSheet(
                proposal=key,
                stage=Stage.EVALUATION,
                assessor="CAT",
                marks=dict(zip(("twk", "tiu", "tkp"), marks, strict=True)),
            )
            for key, marks in scores.items()
        ]
        found = select(
            contest(changes).assume(policy(*self.KEYS)),
            [entry(key) for key in scores],
            sheets,
            screened=dict.fromkeys(scores, Outcome.MET),
        )
        return set(found.selected(Stage.NOMINATION))

    def test_the_total(self) -> None:
        assert self.passed(1, a=(100, 100, 151), b=(100, 100, 150)) == {"a"}

    @pytest.mark.parametrize(
        "lower", [(101, 100, 149), (101, 99, 150), (100, 100, 150)], ids=["TKP", "TIU", "nothing"]
    )
    def test_part_after_part(self, lower: tuple[int, int, int]) -> None:
        higher = (100, 100, 150)
        expected = {"a", "b"} if lower == higher else {"a"}

        assert self.passed(1, a=higher, b=lower) == expected


class TestComposition:
    """Demands per cluster, category, province… hold at a cut; the better come first within them."""

    def book(self, *demands: dict[str, object], **changes: object) -> Any:
        stated = [{"stage": "nomination", **each} for each in demands]
        return contest({"composition.quota": "demands", "composition.demands": stated, **changes})

    TRAITS: Mapping[str, Mapping[str, str]] = {
        key: {"cluster": "city" if key in "ef" else "regency"} for key in CLEAR
    }

    def test_a_minimum_lets_the_best_of_a_cluster_in(self) -> None:
        book = self.book({"by": "cluster", "of": "city", "at_least": 1})
        found = run(CLEAR, book, traits=self.TRAITS)
        (made,) = reached(found, Stage.NOMINATION).cuts

        assert made.selected == ("a", "b", "c", "e")
        assert [demand.of for demand in made.demands] == ["city"]
        refused = result(found, "d", Stage.NOMINATION)
        assert refused.standing is Standing.NOT_SELECTED
        assert dict(refused.reasons[0].values)["bound_by"] == ("places", "city")

    def test_a_maximum_leaves_places_empty(self) -> None:
        book = self.book({"by": "cluster", "at_most": 1})

        assert run(CLEAR, book, traits=self.TRAITS).selected(Stage.NOMINATION) == ("a", "e")

    def test_demands_hold_where_they_are_made(self) -> None:
        book = self.book(
            {"by": "cluster", "at_most": 1, "group": "special"},
            {"by": "cluster", "at_most": 1, "stage": "winners"},
        )
        found = run(CLEAR, book, traits=self.TRAITS)

        assert found.selected(Stage.NOMINATION) == ("a", "b", "c", "d")
        assert found.winners == ("b",)

    @pytest.mark.parametrize("stage", ["screening", "evaluation", "objection", "panel"])
    def test_a_stage_that_selects_nobody(self, stage: str) -> None:
        with pytest.raises(InvalidValue, match=r"StageDemand\.stage: expected a stage that cuts"):
            self.book({"by": "cluster", "at_most": 1, "stage": stage})
        share = {"stage": stage, "by": "cluster", "method": "hare"}
        with pytest.raises(InvalidValue, match=r"StageShares\.stage: expected a stage that cuts"):
            contest({"composition.shares": [share]})

    def test_demands_that_cannot_be_met(self) -> None:
        book = self.book({"by": "cluster", "of": "city", "at_least": 3})
        found = run(CLEAR, book, traits=self.TRAITS)

        assert found.stopped is not None
        (why,) = found.stopped.reasons
        assert why.code == "DEMANDS_CONFLICT"
        told = dict(why.values)
        assert (told["at_least"], told["needed"], told["possible"]) == (("city",), 3, 2)

    def test_an_attribute_that_is_not_recorded(self) -> None:
        book = self.book({"by": "cluster", "at_most": 1})

        with pytest.raises(Faults, match=r"traits\.cluster"):
            run(CLEAR, book)

    def test_no_limit_but_a_maximum(self) -> None:
        no_limit = Unlimited(cited("groups.general.nominees", 1).citations)
        book = self.book({"by": "cluster", "at_most": 2}, **{"groups.general.nominees": no_limit})

        assert run(CLEAR, book, traits=self.TRAITS).selected(Stage.NOMINATION) == (
            *("a", "b", "e", "f"),
        )

    def test_an_unknown_rival_leaves_everything_open(self) -> None:
        book = self.book({"by": "cluster", "at_most": 1})
        found = run(CLEAR, book, traits=self.TRAITS, screened=unsure("f"))
        (made,) = reached(found, Stage.NOMINATION).cuts

        assert (made.selected, made.open) == ((), ("a", "b", "c", "d", "e"))

    def shared(self, method: str, least: int = 0, /, **changes: object) -> Any:
        share = {"stage": "nomination", "by": "cluster", "method": method, "at_least": least}
        return contest({"composition.quota": "shares", "composition.shares": [share], **changes})

    @pytest.mark.parametrize(
        ("places", "least", "selected"),
        [
            # 4 regencies and 2 cities: 4 places by the Hare quota are 2.67 and 1.33.
            (4, 0, ("a", "b", "c", "e")),
            # 1 place: 0.67 and 0.33.
            (1, 0, ("a",)),
            # 2 places: 1.33 and 0.67; each is promised one either way.
            (2, 1, ("a", "e")),
        ],
    )
    def test_places_shared_out(self, places: int, least: int, selected: tuple[str, ...]) -> None:
        book = self.shared("hare", least, **{"groups.general.nominees": places})
        found = run(CLEAR, book, traits=self.TRAITS)

        assert found.selected(Stage.NOMINATION) == selected

    def test_equal_claims_stop_the_run(self) -> None:
        even = {key: {"cluster": "city" if key in "abc" else "regency"} for key in CLEAR}
        book = self.shared("dhondt", **{"groups.general.nominees": 3})
        found = run(CLEAR, book, traits=even)

        assert found.stopped is not None
        (why,) = found.stopped.reasons
        assert why.code == "SHARES_TIED"
        assert dict(why.values)["tied"] == ("city", "regency")
        assert dict(why.values)["seats"] == 1

    def test_nothing_to_share(self) -> None:
        """No limit, another group, nobody there: then no share is asked for."""
        no_limit = Unlimited(cited("groups.general.nominees", 1).citations)
        for book in (
            self.shared("hare", **{"groups.general.nominees": no_limit}),
            self.shared("hare").reform(
                {
                    "composition.shares": [
                        {"stage": "nomination", "group": "special", "by": "x", "method": "hare"}
                    ]
                },
                name="another group",
            ),
        ):
            assert run(CLEAR, book, traits=self.TRAITS).stopped is None
        sheets = [each for each in marked(CLEAR) if each.stage is not Stage.FINALISTS]
        share = {"stage": "finalists", "by": "cluster", "method": "hare"}
        book = contest({"composition.quota": "shares", "composition.shares": [share]})
        everybody = [entry(key) for key in CLEAR]
        found = select(book, everybody, sheets, screened=dict.fromkeys(CLEAR, Outcome.MET))
        assert found.stopped is None

    def test_shares_need_the_attribute(self) -> None:
        some = {key: value for key, value in self.TRAITS.items() if key != "a"}

        with pytest.raises(Faults, match=r"traits\.cluster"):
            run(CLEAR, self.shared("hare"), traits=some)

    def test_shares_that_no_demand_can_meet(self) -> None:
        """Two shares that ask for more together than there are places."""
        twice = [
            {"stage": "nomination", "by": by, "method": "hare", "at_least": 3}
            for by in ("cluster",)
        ]
        book = contest({"composition.quota": "shares", "composition.shares": twice})

        with pytest.raises(InvalidValue, match="floors: expected no more than the seats, 4"):
            run(CLEAR, book, traits=self.TRAITS)

    # Two clusters with a place each, and two equals in either.
    PAIRS: Mapping[str, tuple[int, int, int]] = {
        "a": (90, 1, 1),
        "b": (90, 2, 2),
        "c": (90, 3, 3),
        "d": (90, 4, 4),
    }
    HOMES: Mapping[str, Mapping[str, str]] = {
        key: {"cluster": "city" if key in "ab" else "regency"} for key in PAIRS
    }

    def paired(self, *keys: str, **options: Any) -> Selection:
        book = self.book({"by": "cluster", "at_most": 1}).assume(policy(*keys, seed="s"))
        return run(self.PAIRS, book, traits=self.HOMES, **options)

    def test_a_draw_keeps_the_demands(self) -> None:
        taken = reached(self.paired("draw"), Stage.NOMINATION).selected

        assert len(taken) == 2
        assert len(set(taken) & {"a", "b"}) == 1

    def test_a_decision_must_keep_them_too(self) -> None:
        told: dict[str, Any] = {
            "stage": Stage.NOMINATION,
            "group": GENERAL,
            "minutes": "BA-7/2021",
            "day": Date(2021, 6, 10),
            "people": ("ketua",),
        }
        found = self.paired("decision", decisions=[TieDecision(**told, chosen=("a", "d"))])

        assert set(found.selected(Stage.NOMINATION)) == {"a", "d"}
        with pytest.raises(InvalidValue, match="a choice that the demands of composition allow"):
            self.paired("decision", decisions=[TieDecision(**told, chosen=("a", "b"))])

    @pytest.mark.parametrize("last", ["all", "fewer"])
    def test_a_last_word_that_breaks_them_is_refused(self, last: str) -> None:
        with pytest.raises(InvalidValue, match="a last word that keeps the demands"):
            self.paired(last)


class TestFieldVerification:
    """A part of the finalists is visited; whom the visits went to is a recorded fact."""

    HELD = "field_verification.held"

    def codes(self, book: Any, **options: Any) -> list[str]:
        record = reached(run(CLEAR, book, **options), Stage.VERIFICATION)
        assert {each.standing for each in record.results} == {Standing.SELECTED}
        return [each.code for each in record.results]

    def test_not_recorded(self) -> None:
        assert set(self.codes(contest())) == {"VISITS_NOT_RECORDED"}
        assert set(self.codes(contest({self.HELD: True}))) == {"VISITS_NOT_RECORDED"}

    def test_some_visited(self) -> None:
        found = run(CLEAR, contest({self.HELD: True}), visited=["c"])
        codes = {key: result(found, key, Stage.VERIFICATION).code for key in "bcd"}

        assert codes == {"b": "NOT_VISITED", "c": "VISITED", "d": "NOT_VISITED"}

    def test_none_held(self) -> None:
        not_open = NotOpen(cited(self.HELD, True).citations)
        for state in (False, not_open):
            assert set(self.codes(contest({self.HELD: state}))) == {"NO_FIELD_VERIFICATION"}
            with pytest.raises(InvalidValue, match="visited: expected nobody"):
                run(CLEAR, contest({self.HELD: state}), visited=["b"])

    def test_somebody_who_is_no_finalist(self) -> None:
        with pytest.raises(InvalidValue, match="visited: expected a finalist, got 'f'"):
            run(CLEAR, contest(), visited=["f"])

    def test_who_leaves_after_the_visit(self) -> None:
        gone = Exit(proposal="b", stage=Stage.VERIFICATION, standing=Standing.DISQUALIFIED)
        found = run(CLEAR, exits=[gone])

        assert standings(found)["b"] is Standing.DISQUALIFIED
        assert found.winners == ("c", "d")


class TestAValueNobodyPublished:
    """The run stops at the stage that needs the value and names it; what is known stays."""

    @pytest.mark.parametrize(
        ("path", "stage"),
        [
            ("schedule.closing_zone", Stage.SCREENING),
            ("groups.general.criteria", Stage.EVALUATION),
            ("marks.lowest", Stage.EVALUATION),
            ("marks.highest", Stage.EVALUATION),
            ("marks.quantum", Stage.EVALUATION),
            ("evaluation.evaluators", Stage.EVALUATION),
            ("evaluation.combine", Stage.EVALUATION),
            ("groups.general.nominees", Stage.NOMINATION),
            ("selection.nominees_by", Stage.NOMINATION),
            ("composition.quota", Stage.NOMINATION),
            ("groups.general.finalists", Stage.FINALISTS),
            ("selection.finalists_by", Stage.FINALISTS),
            ("selection.carry_over", Stage.FINALISTS),
            ("panel.assessors", Stage.FINALISTS),
            ("panel.combine", Stage.FINALISTS),
            ("selection.objections", Stage.OBJECTION),
            ("selection.withdrawals", Stage.OBJECTION),
            ("selection.winners_by", Stage.PANEL),
            ("groups.general.winners", Stage.WINNERS),
        ],
    )
    def test_stops_and_names_it(self, path: str, stage: Stage) -> None:
        found = run(CLEAR, contest(without=[path]))

        assert found.stopped is not None
        assert (found.stopped.stage, found.stopped.paths) == (stage, (path,))
        assert [each.code for each in found.stopped.reasons] == ["VALUE_NOT_FOUND"]
        assert found.stages[-1].stage is stage
        assert {each.standing for each in found.stages[-1].results} == {Standing.UNKNOWN}
        assert found.winners == ()

    def test_groups_nobody_is_in_need_nothing(self) -> None:
        others = [f"groups.{group.key}.winners" for group in (Group.REPLICATION, Group.SPECIAL)]

        assert run(CLEAR, contest(without=others)).winners == ("b", "c")

    def test_who_leaves_at_the_stage_that_stops(self) -> None:
        gone = Exit(proposal="a", stage=Stage.NOMINATION, standing=Standing.WITHDRAWN)
        found = run(CLEAR, contest(without=["selection.nominees_by"]), exits=[gone])

        assert standings(found)["a"] is Standing.WITHDRAWN
        assert standings(found)["b"] is Standing.UNKNOWN


class TestAYearWithoutContest:
    """2024: KIPP was not held."""

    def test_stops_at_once(self) -> None:
        found = run(CLEAR, contest({"held": False}))

        assert found.stopped is not None
        assert found.stopped.stage is Stage.REGISTERED
        assert [each.code for each in found.stopped.reasons] == ["NO_KIPP_HELD"]

    def test_a_year_that_was_held(self) -> None:
        assert run(CLEAR, contest({"held": True})).winners == ("b", "c")


def test_a_stage_that_was_not_reached_has_no_record() -> None:
    found = run(TIED[Stage.NOMINATION])

    assert found.at(Stage.WINNERS) is None
    assert found.winners == ()


def test_names_its_rulebook() -> None:
    found = run(CLEAR)

    assert (found.rulebook, found.cycle) == ("made-up contest", 2021)


def test_every_code_given_is_declared() -> None:
    """Runs that between them take every way out."""
    runs = [
        run(CLEAR),
        run(CLEAR, contest({"evaluation.pass_mark": 85})),
        run(TIED[Stage.NOMINATION]),
        run(CLEAR, contest({"held": False})),
    ]
    given = {reason.code for each in runs for one in each.final for reason in one.reasons}

    assert given - set(CODES) == set()
    assert len(set(CODES)) == len(CODES)
