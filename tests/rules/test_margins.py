from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from kipp.domain.assessment import OVERALL, Assessor, ScoreSheet
from kipp.domain.citation import Unlimited
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.rules.changes import Change, FewestChanges
from kipp.rules.cuts import Cut
from kipp.rules.decision import Outcome
from kipp.rules.intervals import NoInterval, WeightInterval
from kipp.rules.line import Moved
from kipp.rules.margins import Margins, margins
from kipp.rules.redraws import Frequency
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import select
from tests.contest import cited, contest, entry, evaluated, panel_mark

Table = Mapping[str, Mapping[str, tuple[Any, Any]]]
"""By proposal and assessor: the marks for novelty (weight 3) and benefit (weight 1)."""

# Scores: a 90, b 70, c 60, d 40.
CLEAR: Table = {
    "a": {"E1": (90, 90), "E2": (90, 90)},
    "b": {"E1": (80, 80), "E2": (60, 60)},
    "c": {"E1": (40, 40), "E2": (80, 80)},
    "d": {"E1": (40, 40), "E2": (40, 40)},
}


def sheets_of(table: Table) -> list[ScoreSheet]:
    return [
        evaluated(key, novelty, benefit, assessor)
        for key, given in table.items()
        for assessor, (novelty, benefit) in given.items()
    ]


def book(places: int, **changes: object) -> Rulebook:
    return contest({"groups.general.nominees": places, **changes})


def cut(table: Table, rules: Rulebook, stage: Stage = Stage.NOMINATION, **options: Any) -> Cut:
    """The cut at *stage*."""
    found = select(
        rules,
        [entry(key) for key in table],
        sheets_of(table),
        screened=lambda _: Outcome.MET,
        **options,
    )
    record = found.at(stage)
    assert record is not None
    return record.cuts[0]


def measured(table: Table, rules: Rulebook | None = None, **options: Any) -> Margins:
    made = cut(table, rules or book(2))
    return margins(made, sheets_of(table), **options)


class TestDistances:
    """Selisih: of who is in to the best who is out, of who is out to the last who is in."""

    def test_on_either_side(self) -> None:
        found = measured(CLEAR)

        assert found.distances == {"a": 30, "b": 10, "c": -10, "d": -30}
        assert (found.stage, found.by, found.exact) == (Stage.NOMINATION, Stage.EVALUATION, True)

    def test_nobody_out(self) -> None:
        no_limit = Unlimited(cited("groups.general.nominees", 1).citations)
        for rules in (book(4), contest({"groups.general.nominees": no_limit})):
            assert set(measured(CLEAR, rules).distances.values()) == {None}
            assert measured(CLEAR, rules).fewest_changes is None
            assert measured(CLEAR, rules).safe_in == ("a", "b", "c", "d")

    def test_nobody_in(self) -> None:
        found = measured(CLEAR, book(0))

        assert set(found.distances.values()) == {None}
        assert found.fewest_changes is None
        assert found.safe_out == ("a", "b", "c", "d")

    def test_nobody_has_a_score(self) -> None:
        """Two nominees whom the panel has not marked at its desk."""
        table: Table = {"a": {"E1": (2, 2)}, "b": {"E1": (1, 1)}}
        made = cut(table, book(2), Stage.FINALISTS)
        found = margins(made, sheets_of(table), resamples=2, seed="a seed")

        assert made.unmarked == ("a", "b")
        assert found.distances == {"a": None, "b": None}
        assert (found.safe_in, found.contested, found.safe_out) == ((), (), ())
        assert (found.without_assessor, found.resampled, found.fewest_changes) == ({}, {}, None)
        assert found.weight_intervals == {
            OVERALL: interval(1, 0, None, lowest_closed=False),
        }

    def test_a_fraction_stays_one(self) -> None:
        found = measured({"a": {"E1": (1, 0)}, "b": {"E1": (0, 1)}}, book(1))

        assert found.distances == {"a": Fraction(1, 2), "b": Fraction(-1, 2)}


# Both score 60, by other marks; c scores 40.
EQUAL: Table = {"a": {"E1": (60, 60)}, "b": {"E1": (56, 72)}, "c": {"E1": (40, 40)}}


class TestEqualsAtTheLine:
    """Seri pada batas: parted or not, their distance is 0 and no mark need change."""

    @pytest.mark.parametrize("cascade", [[], ["evaluation.benefit"], ["all"], ["fewer"]])
    def test_whatever_the_policy(self, cascade: list[str]) -> None:
        found = measured(EQUAL, book(1, **{"ties.cascade": cascade}))

        assert found.distances == {"a": 0, "b": 0, "c": -20}
        assert found.fewest_changes == FewestChanges(count=0, exact=True)
        assert set(found.contested) == {"a", "b", "c"}

    def test_all_or_none_of_them_let_through(self) -> None:
        for last in ("all", "fewer", "stop"):
            found = measured(EQUAL, book(1, **{"ties.cascade": [last]}))

            assert set(found.weight_intervals.values()) == {NoInterval.TIED}

    def test_parted(self) -> None:
        """b is in by its benefit.  56 n + 72 ≥ 60 n + 60 up to n = 3; 168 + 72 b ≥ 180 + 60 b from
        b = 1 on."""
        found = measured(EQUAL, book(1, **{"ties.cascade": ["evaluation.benefit"]}))

        assert found.weight_intervals == {
            "novelty": interval(3, 0, 3, highest_closed=True),
            "benefit": interval(1, 1, None),
        }


def interval(
    weight: int,
    lowest: Fraction | int,
    highest: Fraction | int | None,
    *,
    lowest_closed: bool = True,
    highest_closed: bool = False,
) -> WeightInterval:
    return WeightInterval(
        weight=Fraction(weight),
        lowest=Fraction(lowest),
        lowest_closed=lowest_closed,
        highest=None if highest is None else Fraction(highest),
        highest_closed=highest_closed,
    )


class TestFewestChanges:
    def test_one_mark(self) -> None:
        """b has 70 and c 60: a 0 for novelty from one of two assessors takes 30 off b."""
        change = Change(proposal="b", assessor="E1", criterion="novelty", before=80, after=0)

        assert measured(CLEAR).fewest_changes == FewestChanges(
            count=1, exact=True, changes=(change,)
        )

    def test_two_marks(self) -> None:
        """100 against 0: one mark for novelty is worth 75, so one is not enough."""
        found = measured({"a": {"E1": (100, 100)}, "b": {"E1": (0, 0)}}, book(1)).fewest_changes

        assert found is not None
        assert (found.count, found.exact) == (2, True)
        assert [(each.proposal, each.criterion, each.after) for each in found.changes] == [
            ("a", "novelty", 0),
            ("a", "benefit", 0),
        ]

    def test_panels_of_different_size(self) -> None:
        """b hangs on one assessor: both marks of that one take it down to c, marked by five."""
        many = [f"E{number}" for number in range(5)]
        table: Table = {
            "a": dict.fromkeys(many, (100, 100)),
            "b": {"E0": (60, 60)},
            "c": dict.fromkeys(many, (0, 0)),
        }
        found = measured(table).fewest_changes

        assert found is not None
        assert [(each.proposal, each.assessor) for each in found.changes] == [("b", "E0")] * 2

    def test_the_ends_of_the_scale_are_marks(self) -> None:
        """Highest 9.5 in steps of 2: no mark above 8 can be given, none below 2."""
        scale = {"marks.lowest": 1, "marks.highest": "19/2", "marks.quantum": 2}
        table = {"a": {"E1": (8, 8)}, "b": {"E1": (2, 2)}}
        found = measured(table, book(1, **scale)).fewest_changes

        assert found is not None
        assert [(each.before, each.after) for each in found.changes] == [(8, 2), (8, 2)]

    def test_a_bound_where_scores_are_no_sums(self) -> None:
        """Three of 90 against three of 10: a median needs two sheets moved on either side."""
        table = {key: {f"E{n}": (m, m) for n in range(3)} for key, m in {"a": 90, "b": 10}.items()}
        found = measured(table, book(1, **{"evaluation.combine": "median"})).fewest_changes

        assert found == FewestChanges(count=2, exact=False)


class TestWithoutAnAssessor:
    def test_who_comes_in_and_who_falls_out(self) -> None:
        """Without E1, c has 80 and b 60; without E2 nobody moves."""
        found = measured(CLEAR)

        assert found.without_assessor == {
            "E1": Moved(came_in=("c",), fell_out=("b",)),
            "E2": Moved(),
        }
        assert (found.safe_in, found.contested, found.safe_out) == (("a",), ("b", "c"), ("d",))

    def test_tied_or_without_a_score(self) -> None:
        """Without E1 nobody marked c; d takes one of two places, a and b are equal at the other."""
        table = {
            "a": {"E1": (90, 90), "E2": (50, 50)},
            "b": {"E1": (10, 10), "E2": (50, 50)},
            "c": {"E1": (60, 60)},
            "d": {"E2": (55, 55)},
        }
        found = measured(table)

        assert found.without_assessor["E1"] == Moved(
            came_in=("d",), tied=("a", "b"), unscored=("c",)
        )
        assert found.without_assessor["E2"] == Moved(unscored=("d",))

    def test_a_heavier_assessor(self) -> None:
        """A weight of 2 counts twice: a has 50 and b 70; without E2 it is 90 and 50."""
        table = {
            "a": {"E1": (90, 90), "E2": (30, 30)},
            "b": {"E1": (50, 50), "E2": (80, 80)},
        }
        assessors = [Assessor(key="E1"), Assessor(key="E2", weight=2)]
        made = cut(table, book(1), assessors=assessors)
        found = margins(made, sheets_of(table), assessors)

        assert found.distances == {"b": 20, "a": -20}
        assert found.without_assessor["E2"] == Moved(came_in=("a",), fell_out=("b",))

    def test_nobody_left_inside_a_trimmed_mean(self) -> None:
        """The highest and the lowest of three are left out; of two nobody would be left."""
        table = {key: {f"E{n}": (m, m) for n in range(3)} for key, m in {"a": 90, "b": 10}.items()}
        trimmed = {"evaluation.combine": "trimmed mean", "evaluation.trim": 1}
        found = measured(table, book(1, **{**trimmed, "evaluation.evaluators": 3}))

        assert found.without_assessor["E1"] == Moved(unscored=("a", "b"))
        assert found.contested == ("a", "b")


OPPOSED: Table = {"a": {"E1": (80, 20)}, "b": {"E1": (40, 90)}}


class TestWeightIntervals:
    """Criteria novelty (weight 3) and benefit (weight 1)."""

    def test_where_the_other_catches_up(self) -> None:
        """80 n + 20 > 40 n + 90 above n = 7/4; 240 + 20 b > 120 + 90 b below b = 12/7."""
        found = measured(OPPOSED, book(1)).weight_intervals

        assert found == {
            "novelty": interval(3, Fraction(7, 4), None, lowest_closed=False),
            "benefit": interval(1, 0, Fraction(12, 7)),
        }

    def test_what_lies_inside(self) -> None:
        found = measured(OPPOSED, book(1)).weight_intervals
        novelty, benefit = found["novelty"], found["benefit"]
        assert isinstance(novelty, WeightInterval)
        assert isinstance(benefit, WeightInterval)

        assert [Fraction(each, 4) in novelty for each in (6, 7, 8, 9999)] == [
            False,
            False,
            True,
            True,
        ]
        assert [Fraction(each, 7) in benefit for each in (-1, 0, 11, 12)] == [
            False,
            True,
            True,
            False,
        ]

    def test_one_criterion_alone_must_weigh_something(self) -> None:
        criteria = {"groups.general.criteria": {"novelty": 3, "benefit": 0}}
        found = measured(OPPOSED, book(1, **criteria)).weight_intervals

        assert found["novelty"] == interval(3, 0, None, lowest_closed=False)
        assert found["benefit"] == interval(0, 0, Fraction(12, 7))

    def test_a_criterion_that_not_every_sheet_marks(self) -> None:
        criteria = {"groups.general.criteria": {"novelty": 3, "benefit": 0}}
        marks = {"novelty": 50}
        sheet = ScoreSheet(proposal="c", stage=Stage.EVALUATION, assessor="E1", marks=marks)
        sheets = [*sheets_of(OPPOSED), sheet]
        entries = [entry(key) for key in "abc"]
        rules = book(1, **criteria)
        record = select(rules, entries, sheets, screened=lambda _: Outcome.MET).stages[3]
        found = margins(record.cuts[0], sheets)

        assert found.distances["c"] == -30
        assert found.weight_intervals["benefit"] is NoInterval.UNMARKED
        assert found.weight_intervals["novelty"] == interval(3, 0, None, lowest_closed=False)

    def test_not_for_a_median(self) -> None:
        found = measured(CLEAR, book(2, **{"evaluation.combine": "median"}))

        assert set(found.weight_intervals.values()) == {NoInterval.NOT_ADDITIVE}


class TestResampling:
    def test_counts(self) -> None:
        """c is in where only E2 is drawn: in 6 of 40 draws of two, by the digests of the seed.

        ``printf 'Nomor undian 17|nominasi|umum|0|0' | sha256sum`` and so on: the last bit says
        whether E1 (0) or E2 (1) is drawn.
        """
        found = measured(CLEAR, resamples=40, seed="Nomor undian 17")

        assert found.resamples == 40
        assert found.resampled == {
            "a": Frequency(selected=40),
            "b": Frequency(selected=34, not_selected=6),
            "c": Frequency(selected=6, not_selected=34),
            "d": Frequency(not_selected=40),
        }

    def test_a_longer_run_begins_with_the_shorter(self) -> None:
        short = measured(CLEAR, resamples=10, seed="s").resampled
        long = measured(CLEAR, resamples=11, seed="s").resampled

        assert {key: long[key].selected - short[key].selected for key in "ad"} == {"a": 1, "d": 0}
        assert sum(long[key].selected - short[key].selected for key in "bc") == 1

    def test_tied_and_without_a_score(self) -> None:
        """c was marked by E1 only; where only E2 is drawn it has no score and a and b are equal."""
        table = {
            "a": {"E1": (90, 90), "E2": (50, 50)},
            "b": {"E1": (10, 10), "E2": (50, 50)},
            "c": {"E1": (80, 80)},
        }
        found = measured(table, book(1), resamples=40, seed="Nomor undian 17").resampled

        assert found["a"].tied == found["b"].tied == found["c"].unscored == 6
        assert found["b"].selected == 0
        assert found["a"].selected + found["c"].selected == 34

    def test_none_asked_for(self) -> None:
        found = measured(CLEAR)

        assert (found.resamples, found.resampled) == (0, {})


class TestBounds:
    """Where something stands between scores and places, the line is that of the whole list."""

    def test_demands_of_composition(self) -> None:
        """At most one from a city: c is in before b; by its score alone it would not be."""
        demand = {"stage": "nomination", "by": "kind", "of": "city", "at_most": 1}
        demands = {"composition.quota": "demands", "composition.demands": [demand]}
        kinds = dict(zip("abcd", ["city", "city", "regency", "regency"], strict=True))
        traits = {key: {"kind": kind} for key, kind in kinds.items()}
        made = cut(CLEAR, book(2, **demands), traits=traits)
        found = margins(made, sheets_of(CLEAR))

        assert made.selected == ("a", "c")
        assert found.exact is False
        assert found.distances == {"a": 30, "b": 10, "c": -10, "d": -30}
        assert found.fewest_changes == FewestChanges(count=1, exact=False)
        assert found.without_assessor["E1"] == Moved(came_in=("c",), fell_out=("b",))

    def test_results_that_are_open(self) -> None:
        """One more of unknown fate could take b's place."""
        table = {**CLEAR, "e": {}}
        found = measured(table)

        assert found.exact is False
        assert found.distances == {"a": 30, "b": 10, "c": -10, "d": -30}
        assert found.safe_in == ("a",)


class TestWhatIsRefused:
    def test_resamples(self) -> None:
        with pytest.raises(InvalidValue, match="resamples: expected 0 or more, got -1"):
            measured(CLEAR, resamples=-1)

    def test_draws_without_a_seed(self) -> None:
        with pytest.raises(InvalidValue, match="seed: expected a text that keys the draws"):
            measured(CLEAR, resamples=1)

    @pytest.mark.parametrize("table", [{**CLEAR, "c": CLEAR["b"]}, {**CLEAR, "c": {}}])
    def test_other_sheets_than_those_of_the_cut(self, table: Table) -> None:
        made = cut(CLEAR, book(2))

        with pytest.raises(InvalidValue, match="expected the sheets that c was scored by"):
            margins(made, sheets_of(table))

    def test_a_sheet_twice(self) -> None:
        sheets = sheets_of(CLEAR)
        twice = [*sheets, *(sheet for sheet in sheets if sheet.proposal == "d")]

        with pytest.raises(InvalidValue, match="the sheets that d was scored by, each once"):
            margins(cut(CLEAR, book(2)), twice)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"cut": None},
            {"sheets": "E1"},
            {"sheets": ["E1"]},
            {"assessors": ["E1"]},
            {"resamples": 1.0},
            {"resamples": 1, "seed": 17},
        ],
    )
    def test_arguments_of_another_type(self, wrong: Any) -> None:
        arguments = {"cut": cut(CLEAR, book(2)), "sheets": sheets_of(CLEAR), **wrong}

        with pytest.raises(InvalidType, match=str(list(wrong)[-1])):
            margins(**arguments)

    def test_other_stages_do_not_matter(self) -> None:
        made = cut(CLEAR, book(2))
        others = [panel_mark("a", Stage.PANEL, 1), evaluated("elsewhere", 1, 1)]

        assert margins(made, [*sheets_of(CLEAR), *others]) == margins(made, sheets_of(CLEAR))
