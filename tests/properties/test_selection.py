"""Laws of every selection, on generated cycles with many ties."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from hashlib import md5
from typing import Any, NamedTuple

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.assessment import Assessor, Criterion, Relation, RelationKind, ScoreSheet
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import Faults
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, Standing
from kipp.rules.decision import Outcome
from kipp.rules.plan import plan
from kipp.rules.results import StageRecord
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select
from kipp.rules.ties import classes_of, place
from tests.contest import cited, contest, entry, panel_mark, stated

CUTS = {Stage.NOMINATION: "nominees", Stage.FINALISTS: "finalists", Stage.WINNERS: "winners"}
CRITERIA = ("novelty", "benefit")
EVALUATORS = ("E1", "E2")
PANEL = ("P1",)
CASCADES: tuple[list[str] | None, ...] = (
    ["finalists", "evaluation", "draw"],
    ["evaluation", "finalists"],
    ["finalists", "evaluation"],
    ["draw"],
    [],
    None,
)
LEAVING = (Standing.WITHDRAWN, Standing.DISQUALIFIED)
OBJECTION = ("selection.objections", "selection.withdrawals")
MARKS = st.sampled_from([0, 1, 2])
LOSER = "zz loses everywhere"


class Case(NamedTuple):
    """A cycle whole: what is given to ``select``."""

    book: Rulebook
    proposals: tuple[Proposal, ...]
    sheets: tuple[ScoreSheet, ...]
    screened: Mapping[str, Outcome]

    def selected(self, **changes: Any) -> Selection:
        return select(
            self.book, self.proposals, self.sheets, **{"screened": self.screened, **changes}
        )


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    changes: dict[str, object] = {
        "marks.highest": 2,
        "evaluation.evaluators": 2,
        "selection.finalists_by": draw(st.sampled_from(["evaluation", "finalists"])),
        "selection.winners_by": draw(st.sampled_from(["evaluation", "finalists", "panel"])),
    }
    for group in Group:
        winners = draw(st.sampled_from([1, 2, 2, 0]))
        finalists = winners + draw(st.sampled_from([1, 2, 0]))
        places = (finalists + draw(st.sampled_from([1, 2, 0])), finalists, winners)
        changes |= {
            f"groups.{group.key}.{name}": count
            for name, count in zip(CUTS.values(), places, strict=True)
        }
        weights = draw(st.lists(st.integers(0, 3), min_size=2, max_size=2).filter(any))
        changes[f"groups.{group.key}.criteria"] = dict(zip(CRITERIA, weights, strict=True))
    pass_mark = draw(st.sampled_from([None, None, 0, "1/2", 1]))
    if pass_mark is not None:
        changes["evaluation.pass_mark"] = pass_mark
    cascade = draw(st.sampled_from(CASCADES))
    if cascade is not None:
        changes["ties.cascade"] = cascade
    changes["ties.draw_seed"] = draw(st.sampled_from(["one seed", "another"]))
    return contest(changes)


@st.composite
def marks_of(draw: st.DrawFn, key: str) -> list[ScoreSheet]:
    return [
        *(
            sheet_of(key, Stage.EVALUATION, assessor, {each: draw(MARKS) for each in CRITERIA})
            for assessor in EVALUATORS
        ),
        *(panel_mark(key, stage, draw(MARKS)) for stage in (Stage.FINALISTS, Stage.PANEL)),
    ]


def few(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Mostly none of them, two at most: a cycle in which everything goes wrong shows nothing."""
    return st.just([]) | st.lists(of, max_size=2, unique=True)


@st.composite
def cases(draw: st.DrawFn, missing: bool = True) -> Case:
    """Four to nine proposals on a coarse scale, nearly all of one group: equals at most cuts.

    Built whole and then, where something may be *missing*, spoilt in a few places.
    """
    keys = [f"p{number}" for number in range(draw(st.integers(4, 9)))]
    one = few(st.sampled_from(keys)) if missing else st.just([])
    others = {key: draw(st.sampled_from(Group)) for key in draw(few(st.sampled_from(keys)))}
    withdrawn, failed, unsure = draw(one), draw(one), draw(one)
    sheets = [sheet for key in keys for sheet in draw(marks_of(key))]
    if missing:
        lost = draw(few(st.sampled_from(sheets)))
        halved = draw(few(st.sampled_from(sheets)))
        kept = [sheet for sheet in sheets if sheet not in lost]
        sheets = [less(sheet) if sheet in halved else sheet for sheet in kept]
    return Case(
        draw(rulebooks()),
        tuple(
            entry(key, others.get(key, Group.GENERAL), withdrawn=key in withdrawn) for key in keys
        ),
        tuple(sheets),
        {
            **dict.fromkeys(keys, Outcome.MET),
            **dict.fromkeys(failed, Outcome.NOT_MET),
            **dict.fromkeys(unsure, Outcome.UNKNOWN),
        },
    )


def less(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet without its last mark."""
    return sheet_of(sheet.proposal, sheet.stage, sheet.assessor, dict(sheet.marks[:-1]))


def words(selection: Selection) -> dict[str, tuple[Stage, Standing]]:
    return {each.proposal: (each.stage, each.standing) for each in selection.final}


class TestNothingBesideThePointMovesAnOutcome:
    """Order, names, splitting a juror, a hopeless rival, the unit of the weights."""

    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_input(self, case: Case, luck: Any) -> None:
        proposals, sheets = list(case.proposals), list(case.sheets)
        luck.shuffle(proposals)
        luck.shuffle(sheets)

        assert select(case.book, proposals, sheets, screened=case.screened) == case.selected()

    @given(cases())
    def test_renaming_ids_in_order(self, case: Case) -> None:
        def new(key: str) -> str:
            return f"Contoh {key}/2021"

        after = select(
            case.book,
            [attrs.evolve(each, id=new(each.id)) for each in case.proposals],
            [renamed(each, new(each.proposal)) for each in case.sheets],
            screened={new(key): outcome for key, outcome in case.screened.items()},
        )

        assert words(after) == {new(key): word for key, word in words(case.selected()).items()}

    @given(cases(), st.permutations(range(9)))
    def test_renaming_ids_at_will_without_a_draw(self, case: Case, order: list[int]) -> None:
        """A draw goes by the order of the ids; nothing else does."""
        book = case.book.reform({"ties.cascade": ["finalists", "evaluation"]}, name="no draw")
        names = {f"p{number}": f"p{place}" for number, place in enumerate(order)}
        before = select(book, case.proposals, case.sheets, screened=case.screened)
        after = select(
            book,
            [attrs.evolve(each, id=names[each.id]) for each in case.proposals],
            [renamed(each, names[each.proposal]) for each in case.sheets],
            screened={names[key]: outcome for key, outcome in case.screened.items()},
        )

        assert words(after) == {names[key]: word for key, word in words(before).items()}

    @given(cases(), st.sampled_from([*EVALUATORS, *PANEL]))
    def test_splitting_a_juror_into_two_of_half_weight(self, case: Case, split: str) -> None:
        half = Fraction(1, 2)
        others = [Assessor(key=key) for key in (*EVALUATORS, *PANEL) if key != split]
        halves = [Assessor(key=f"{split}{part}", weight=half) for part in "ab"]
        sheets = [
            each
            for sheet in case.sheets
            for each in (
                [by(sheet, f"{split}a"), by(sheet, f"{split}b")]
                if sheet.assessor == split
                else [sheet]
            )
        ]
        after = select(
            case.book,
            case.proposals,
            sheets,
            screened=case.screened,
            assessors=[*others, *halves],
        )

        assert after == case.selected()

    @given(cases(missing=False), st.sampled_from(Group))
    def test_adding_a_proposal_that_loses_everywhere(self, case: Case, group: Group) -> None:
        """It has less than anybody: below the scale of the others, in every stage."""
        book = case.book.reform({"marks.lowest": -9}, name="room below")
        marks = dict.fromkeys(CRITERIA, -9)
        worst = [
            *(sheet_of(LOSER, Stage.EVALUATION, key, marks) for key in EVALUATORS),
            *(panel_mark(LOSER, stage, -9) for stage in (Stage.FINALISTS, Stage.PANEL)),
        ]
        before = select(book, case.proposals, case.sheets, screened=case.screened)
        after = select(
            book,
            [*case.proposals, entry(LOSER, group)],
            [*case.sheets, *worst],
            screened={**case.screened, LOSER: Outcome.MET},
        )

        # With seats to spare it fills one, which is not losing; nobody else is touched.
        there = words(after)
        del there[LOSER]
        assert there == words(before)

    @given(cases(), st.fractions(min_value="1/7", max_value=7, max_denominator=7))
    def test_scaling_all_weights(self, case: Case, factor: Fraction) -> None:
        paths = [f"groups.{group.key}.criteria" for group in Group]
        scaled = {
            path: tuple(
                Criterion(each.key, each.weight * factor) for each in stated(case.book, path)
            )
            for path in paths
        }
        before = case.book.reform(
            {path: stated(case.book, path) for path in paths},
            name="weights",
        )
        after = case.book.reform(scaled, name="weights")

        assert [
            select(book, case.proposals, case.sheets, screened=case.screened).final
            for book in (before, after)
        ] == [case.selected().final] * 2


class TestConserving:
    """Nobody is lost, nobody is there twice, never more than the places, no place left empty."""

    @given(cases())
    def test_one_result_per_stage_and_one_final(self, case: Case) -> None:
        found = case.selected()
        inside = {each.id for each in case.proposals}

        assert sorted(words(found)) == sorted(inside)
        for record in found.stages:
            keys = [each.proposal for each in record.results]
            assert sorted(keys) == sorted(inside)
            inside = set(record.selected)

    @given(cases())
    def test_never_more_than_the_places_and_none_empty(self, case: Case) -> None:
        for record in case.selected().stages:
            for made in record.cuts:
                taken, seats = len(made.selected), sum(tie.seats for tie in made.ties)
                if made.open:
                    assert taken + seats < min(made.places or 0, len(made.order))
                else:
                    assert taken + seats == min(made.places or 0, len(made.order))
                assert len(set(made.order)) == len(made.order)

    @given(cases())
    def test_ties_are_surfaced_as_ties(self, case: Case) -> None:
        for record in case.selected().stages:
            for tie in record.ties:
                tied = [each for each in record.results if each.proposal in tie.proposals]
                assert 0 < tie.seats < len(tie.proposals)
                assert {each.standing for each in tied} == {Standing.TIED_AT_CUT}
                assert len({each.score for each in tied}) == 1

    @given(cases())
    def test_a_run_is_whole_or_says_why_it_stopped(self, case: Case) -> None:
        found = case.selected()

        if found.stopped is None:
            assert [each.stage for each in found.stages] == list(Stage)
            assert found.ties == ()
            assert not any(made.open for record in found.stages for made in record.cuts)
        else:
            assert found.stages[-1].stop == found.stopped
            assert Standing.SELECTED not in {standing for _, standing in words(found).values()}

    @given(cases())
    def test_the_last_word_is_that_of_the_last_stage(self, case: Case) -> None:
        """Unless the run stopped while a proposal was still in it."""
        found = case.selected()

        for word in found.final:
            last = found.history(word.proposal)[-1]
            assert word.stage is last.stage
            if last.standing is Standing.SELECTED and found.stopped:
                assert (word.standing, word.reasons) == (Standing.UNKNOWN, found.stopped.reasons)
            else:
                assert word == last

    @given(cases())
    def test_nobody_better_was_left_behind(self, case: Case) -> None:
        """Whoever took a place has at least the score of whoever did not."""
        for record in case.selected().stages:
            for made in record.cuts:
                scores = scores_at(record, made.group)
                ins = [scores[key] for key in made.selected]
                outs = [scores[key] for key in made.order if key not in made.selected]
                assert not ins or not outs or min(ins) >= max(outs)


class TestWhatACutShows:
    """Best first; a rank counts who is better; the line is the least that took a place."""

    @given(cases())
    def test_order_ranks_and_line(self, case: Case) -> None:
        for record in case.selected().stages:
            results = {each.proposal: each for each in record.results}
            for made in record.cuts:
                scores = scores_at(record, made.group)
                shown = [scores[key] for key in made.order]
                assert shown == sorted(scores.values(), reverse=True)
                assert made.line == min((scores[key] for key in made.selected), default=None)
                for key in made.order:
                    assert results[key].rank == 1 + sum(mark > scores[key] for mark in shown)

    @given(cases())
    def test_groups_share_out_who_was_selected(self, case: Case) -> None:
        groups = {each.id: each.group for each in case.proposals}
        found = case.selected()

        for stage in Stage:
            for group in Group:
                expected = [key for key in found.selected(stage) if groups[key] is group]
                assert list(found.selected(stage, group)) == expected


class TestLeaving:
    """Who leaves has that as the last word, and from then on is as if never entered."""

    @given(cases(), st.data(), st.sampled_from(Stage), st.sampled_from(LEAVING))
    def test_at_any_stage(
        self, case: Case, data: st.DataObject, stage: Stage, standing: Standing
    ) -> None:
        book = case.book.reform(dict.fromkeys(OBJECTION, True), name="anybody may leave")
        case = case._replace(book=book)
        before = case.selected().at(stage)
        reached = [each.proposal for each in before.results] if before else []
        one = data.draw(st.sampled_from(reached or [each.id for each in case.proposals]))
        found = case.selected(exits=[Exit(proposal=one, stage=stage, standing=standing)])

        if one not in reached:
            assert found == case.selected()
        elif not next(each for each in case.proposals if each.id == one).withdrawn:
            assert words(found)[one] == (stage, standing)
            assert found.history(one)[-1].reasons[0].code == standing.name

    @given(cases(), st.data(), st.booleans())
    def test_before_the_start(self, case: Case, data: st.DataObject, withdrawn: bool) -> None:
        one = data.draw(st.sampled_from(case.proposals))
        others = [each for each in case.proposals if each is not one]
        gone = attrs.evolve(one, withdrawn=withdrawn, disqualified=not withdrawn)
        found = words(case._replace(proposals=(*others, gone)).selected())
        standing = Standing.WITHDRAWN if withdrawn else Standing.DISQUALIFIED
        sheets = tuple(sheet for sheet in case.sheets if sheet.proposal != one.id)
        screened = {each.id: case.screened[each.id] for each in others}
        without = case._replace(proposals=tuple(others), sheets=sheets, screened=screened)

        assert found == {**words(without.selected()), one.id: (Stage.REGISTERED, standing)}


class TestWhoMayMark:
    """With a list of assessors, a sheet stands exactly where its assessor is listed and free."""

    @given(cases(), st.sets(st.sampled_from([*EVALUATORS, *PANEL])), st.sampled_from(EVALUATORS))
    def test_only_the_listed_and_free(self, case: Case, listed: set[str], bound: str) -> None:
        tie = Relation(case.proposals[0].agency, RelationKind.WORKS_THERE)
        assessors = [
            Assessor(key=key, relations=(tie,) if key == bound else ()) for key in sorted(listed)
        ]
        free = [each for each in case.sheets if each.assessor in listed - {bound}]
        refused = [each.where for each in case.sheets if each not in free]

        case._replace(sheets=tuple(free)).selected(assessors=assessors)
        if refused:
            with pytest.raises(Faults) as caught:
                case.selected(assessors=assessors)
            found = [fault.where for fault in caught.value.faults]  # type: ignore[attr-defined]  # faults of sheets have a place
            assert sorted(found) == sorted(refused)


class TestWhatARunRestsOn:
    """A run stops at a value whose source is weaker than the caller accepts, and nowhere else."""

    @given(cases(), st.sampled_from(Evidence), st.sampled_from(Evidence))
    def test_the_weakest_source_accepted(
        self, case: Case, evidence: Evidence, accept: Evidence
    ) -> None:
        path = "schedule.closing_zone"
        terms = {**case.book.terms, path: cited(path, "Asia/Jakarta", evidence)}
        book = attrs.evolve(case.book, terms=terms)
        found = case._replace(book=book).selected(accept=accept)
        classes = list(Evidence)
        weaker = classes.index(evidence) > classes.index(accept)
        paths = found.stopped.paths if found.stopped else ()

        assert (paths == (path,)) is (weaker and evidence is not Evidence.ASSUMED)


class TestThePlan:
    """What a run reads at a stage is what the plan says it asks, or may ask."""

    @given(cases())
    def test_reads_what_was_planned(self, case: Case) -> None:
        groups = [each for each in Group if any(one.group is each for one in case.proposals)]
        planned = {each.stage: each for each in plan(case.book, groups)}

        for record in case.selected().stages:
            read = {term.path for term in record.terms}
            asked = {term.path for term in planned[record.stage].asks}
            assert read <= asked | {term.path for term in planned[record.stage].may_ask}
            if record.results and not record.stop and len(groups) == 1 and read:
                assert asked <= read


class TestOracle:
    """A plain recount with fractions, written without the rule's helpers."""

    @given(cases())
    def test_every_cut(self, case: Case) -> None:
        for record in case.selected().stages:
            if record.stage not in CUTS:
                continue
            for made in record.cuts:
                there = [
                    each.proposal
                    for each in record.results
                    if each.group is made.group and each.code not in ("WITHDRAWN", "DISQUALIFIED")
                ]
                scores = {key: by_hand(case, key, made.by, made.group) for key in there}
                marked = {key: mark for key, mark in scores.items() if mark is not None}
                standing = {each.proposal: each.standing for each in record.results}
                places = stated(case.book, f"groups.{made.group.key}.{CUTS[record.stage]}")
                for key, mark in scores.items():
                    if mark is None:
                        assert standing[key] is Standing.UNKNOWN
                        continue
                    better = sum(1 for other in marked.values() if other > mark)
                    equal = sum(1 for other in marked.values() if other == mark)
                    unsure = {*made.rivals, *(each for each in there if each not in marked)}
                    if unsure and len(marked) + len(unsure) > places:
                        if better + equal + len(unsure) <= places:
                            assert standing[key] is Standing.SELECTED
                        elif better >= places:
                            assert standing[key] is Standing.NOT_SELECTED
                        else:
                            assert standing[key] is Standing.UNKNOWN
                    elif better + equal <= places:
                        assert standing[key] is Standing.SELECTED
                    elif better >= places:
                        assert standing[key] is Standing.NOT_SELECTED
                    else:
                        assert standing[key] in settled_or_tied(record, key)

    @given(cases())
    def test_scores(self, case: Case) -> None:
        found = case.selected()
        record = found.at(Stage.EVALUATION)
        for each in record.results if record else ():
            if each.group and each.standing is not Standing.UNKNOWN:
                assert each.score == by_hand(case, each.proposal, Stage.EVALUATION, each.group)

    @given(cases())
    def test_screening_and_pass_mark(self, case: Case) -> None:
        found = case.selected()
        standings = {
            (stage, each.proposal): each.standing
            for stage in (Stage.SCREENING, Stage.EVALUATION)
            if (record := found.at(stage))
            for each in record.results
        }
        pass_mark = getattr(case.book["evaluation.pass_mark"], "value", None)

        for (stage, key), standing in standings.items():
            if stage is Stage.SCREENING:
                assert standing is SCREENED[case.screened[key]]
                continue
            (group,) = [each.group for each in case.proposals if each.id == key]
            mark = by_hand(case, key, stage, group or Group.GENERAL)
            if mark is None:
                assert standing is Standing.UNKNOWN
            elif pass_mark is not None and mark < pass_mark:
                assert standing is Standing.NOT_SELECTED
            else:
                assert standing is Standing.SELECTED

    @given(cases())
    def test_the_policy(self, case: Case) -> None:
        """Key after key, whole classes of equals take seats while they fit."""
        recount_the_policy(case)

    @given(cases(missing=False), st.sampled_from(CASCADES[:3]))
    def test_the_policy_where_everybody_is_nominated(self, case: Case, keys: list[str]) -> None:
        """So that equals meet at the later cuts, where earlier marks can part them."""
        nominees = {f"groups.{group.key}.nominees": len(case.proposals) for group in Group}
        panel = {"selection.winners_by": "panel", "selection.finalists_by": "finalists"}
        book = case.book.reform({**nominees, **panel, "ties.cascade": keys}, name="room")

        recount_the_policy(case._replace(book=book))

    @given(st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=8), st.integers(0, 9))
    def test_placing(self, points: dict[str, int], places: int) -> None:
        found = place(classes_of(points, points), places)
        tied = {key for tie in found.ties for key in tie.candidates}

        for key, mark in points.items():
            better = sum(1 for other in points.values() if other > mark)
            equal = sum(1 for other in points.values() if other == mark)
            assert (key in found.taken) is (better + equal <= places)
            assert (key in tied) is (better < places < better + equal)
        assert sum(tie.seats for tie in found.ties) == (places - len(found.taken) if tied else 0)


class TestWhateverBecomesOfTheUnknown:
    """What a cut decided holds in every completion of what was not known."""

    @given(cases(), st.data())
    def test_holds(self, case: Case, data: st.DataObject) -> None:
        found = case.selected()
        whole = completed(case, found, data).selected()

        for record in found.stages:
            other = whole.at(record.stage)
            told = {each.proposal: each.standing for each in other.results} if other else {}
            for made in (each for each in record.cuts if each.open):
                decided = [key for key in made.order if key not in made.open]
                for key in decided:
                    kept = Standing.SELECTED if key in made.selected else Standing.NOT_SELECTED
                    assert told.get(key, kept) is kept

    @given(cases())
    def test_an_open_one_can_still_win_and_still_lose(self, case: Case) -> None:
        """Where every unknown one drops out it wins or is tied; where all come first it loses."""
        for record in case.selected().stages:
            for made in (each for each in record.cuts if each.open):
                scores = scores_at(record, made.group)
                unsure = len(made.rivals) + len(made.unmarked)
                for key in made.open:
                    better = sum(1 for other in scores.values() if other > scores[key])
                    equal = sum(1 for other in scores.values() if other == scores[key])
                    assert better < (made.places or 0)
                    assert better + equal + unsure > (made.places or 0)


def completed(case: Case, found: Selection, data: st.DataObject) -> Case:
    """Nothing unknown any more: each passes screening or not, and has the marks that lacked."""
    unsure = [key for key, outcome in case.screened.items() if outcome is Outcome.UNKNOWN]
    passes = {
        key: data.draw(st.sampled_from([Outcome.MET, Outcome.NOT_MET]), label=key) for key in unsure
    }
    given = {(each.proposal, each.stage, each.assessor): each for each in case.sheets}
    sheets = []
    for each in case.proposals:
        for sheet in data.draw(marks_of(each.id), label=f"marks of {each.id}"):
            kept = given.get((sheet.proposal, sheet.stage, sheet.assessor))
            sheets.append(kept if kept is not None and whole(kept) else sheet)
    return case._replace(sheets=tuple(sheets), screened={**case.screened, **passes})


def whole(sheet: ScoreSheet) -> bool:
    """Whether it has every mark of its stage."""
    return len(sheet.marks) == (len(CRITERIA) if sheet.stage is Stage.EVALUATION else 1)


class TestSettlements:
    """A settled tie can be retold from the values of its settlement alone."""

    @given(cases())
    def test_the_values_say_who(self, case: Case) -> None:
        for each in case.selected().settlements:
            values: dict[str, Any] = dict(each.values)
            sign = -1 if each.key == "draw" else 1
            best = sorted(each.tied, key=lambda key: -sign * values[key])
            free = each.seats - len(each.selected)
            assert set(each.selected) == set(best[: len(each.selected)])
            assert free == 0 or len({values[key] for key in each.still_tied}) == 1
            assert (free == 0) is (each.still_tied == ())
            assert free < len(each.still_tied) or not free

    @given(cases())
    def test_a_policy_that_ends_in_a_draw_leaves_no_tie(self, case: Case) -> None:
        found = case.selected()
        cascade = case.book["ties.cascade"]
        lacking = {reason.code for reason in (found.stopped.reasons if found.stopped else ())}

        if "draw" in getattr(cascade, "value", ()) and "FACT_NOT_RECORDED" not in lacking:
            assert lacking <= {"RIVALS_UNKNOWN"}
            assert found.ties == ()


SCREENED = {
    Outcome.MET: Standing.SELECTED,
    Outcome.NOT_MET: Standing.NOT_SELECTED,
    Outcome.UNKNOWN: Standing.UNKNOWN,
}
EARLIER = {
    Stage.EVALUATION: (),
    Stage.FINALISTS: ("evaluation",),
    Stage.PANEL: ("finalists", "evaluation"),
}


def recount_the_policy(case: Case) -> None:
    for record in case.selected().stages:
        for made in record.cuts:
            scores, places = scores_at(record, made.group), made.places or 0
            if made.open or not 0 < places < len(scores):
                assert made.settlements == ()
                continue
            line = sorted(scores.values(), reverse=True)[places - 1]
            level = [key for key, mark in scores.items() if mark == line]
            seats = places - sum(mark > line for mark in scores.values())
            won, left = level, list[str]()
            if seats < len(level):
                won, left = settled_by_hand(case, made.stage, made.group, made.by, level, seats)
            assert set(level) & set(made.selected) == set(won)
            assert {key for tie in made.ties for key in tie.proposals} == set(left)


def settled_by_hand(
    case: Case, stage: Stage, group: Group, by: Stage, tied: list[str], seats: int
) -> tuple[list[str], list[str]]:
    """Who of the *tied* wins by the declared keys, and who stays tied."""
    won: list[str] = []
    for key in getattr(case.book["ties.cascade"], "value", ()):
        if not tied:
            break
        if key == "draw":
            seed = stated(case.book, "ties.draw_seed")
            text = f"{seed.upper().replace(' ', '')}/{stage.name}/{group.name}/".encode()
            urn = sorted(tied)
            for turn in range(seats):
                counter = turn.to_bytes(2, "big")
                luck = int(md5(counter + text + counter).hexdigest(), 16)
                won = [*won, urn.pop(luck % len(urn))]
            return won, []
        if key not in EARLIER[by]:
            continue
        marks = {each: by_hand(case, each, Stage[key.upper()], group) for each in tied}
        known = [mark for mark in marks.values() if mark is not None]
        if len(known) < len(tied):
            break
        for level in sorted(set(known), reverse=True):
            equal = [each for each in tied if marks[each] == level]
            if len(equal) > seats:
                break
            won, seats = won + equal, seats - len(equal)
        tied = equal if seats else []
    return won, tied


def settled_or_tied(record: StageRecord, key: str) -> set[Standing]:
    for tie in record.ties:
        if key in tie.proposals:
            return {Standing.TIED_AT_CUT}
    won = {each for settlement in record.settlements for each in settlement.selected}
    assert any(key in settlement.tied for settlement in record.settlements)
    return {Standing.SELECTED if key in won else Standing.NOT_SELECTED}


def scores_at(record: StageRecord, group: Group) -> dict[str, Fraction]:
    return {
        each.proposal: each.score
        for each in record.results
        if each.group is group and each.score is not None
    }


def by_hand(case: Case, key: str, stage: Stage, group: Group) -> Fraction | None:
    """The score as the clause states it: mean over assessors of Σ mark × weight / Σ weight."""
    weights = {"nilai": Fraction(1)}
    quorum = 1
    if stage is Stage.EVALUATION:
        criteria = stated(case.book, f"groups.{group.key}.criteria")
        weights = {each.key: each.weight for each in criteria}
        quorum = len(EVALUATORS)
    whole = []
    for sheet in case.sheets:
        marks = dict(sheet.marks)
        needed = all(name in marks for name, weight in weights.items() if weight)
        if needed and sheet.proposal == key and sheet.stage is stage:
            total = sum(Fraction(marks.get(name, 0)) * w for name, w in weights.items())
            whole.append(Fraction(total, sum(weights.values())))
    return sum(whole, Fraction(0)) / len(whole) if len(whole) >= quorum else None


def sheet_of(key: str, stage: Stage, assessor: str, marks: Mapping[str, object]) -> ScoreSheet:
    return ScoreSheet(proposal=key, stage=stage, assessor=assessor, marks=marks)


def renamed(sheet: ScoreSheet, key: str) -> ScoreSheet:
    return sheet_of(key, sheet.stage, sheet.assessor, dict(sheet.marks))


def by(sheet: ScoreSheet, assessor: str) -> ScoreSheet:
    return sheet_of(sheet.proposal, sheet.stage, assessor, dict(sheet.marks))
