"""The arrays and the exact selection say the same of every replication."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kipp.domain.cycle import Stage
from kipp.domain.selection import Standing
from kipp.simulation.noise import Panel
from kipp.simulation.study import Study, simulate
from tests.simulation.fields import field_of, law

TIERS = (Stage.NOMINATION, Stage.FINALISTS, Stage.WINNERS)
REPLICATIONS = 4

CAP = {
    "composition.quota": "demands",
    "composition.demands": [
        {"stage": "nomination", "by": "agency", "at_most": 3},
        {"stage": "finalists", "by": "agency", "at_most": 1},
    ],
}
LEAST = {
    "composition.quota": "demands",
    "composition.demands": [
        {"stage": "finalists", "by": "cluster", "of": "regency", "at_least": 2, "at_most": 4},
    ],
}
SHARES = {
    "composition.quota": "shares",
    "composition.shares": [
        {"stage": "nomination", "by": "cluster", "method": "hare", "at_least": 1},
    ],
}
LAWS: dict[str, dict[str, Any]] = {
    "plain": {},
    "a cap per agency": CAP,
    "a cap, and nothing but a draw": {**CAP, "ties.cascade": ["draw"]},
    "at least some of a cluster": LEAST,
    "places shared out": SHARES,
    "median of three": {"evaluation.combine": "median", "evaluation.evaluators": 3},
    "trimmed mean": {
        "evaluation.combine": "trimmed mean",
        "evaluation.trim": "1/2",
        "evaluation.evaluators": 3,
    },
    "a pass mark": {"evaluation.pass_mark": 5},
    "steps of a half": {"marks.quantum": "1/2"},
    "every tie lets all in": {"ties.cascade": ["all"]},
    "no tie lets anybody in": {"ties.cascade": ["fewer"]},
    "ties stop": {"ties.cascade": ["evaluation", "stop"]},
    "a criterion parts the tied": {"ties.cascade": ["evaluation.impact", "earliest start", "draw"]},
    "finalists by the evaluation": {"selection.finalists_by": "evaluation"},
    "winners by the desk": {"selection.winners_by": "finalists"},
}

worths = st.lists(st.sampled_from([3.0, 5.0, 6.0, 6.5]), min_size=4, max_size=14)
noises = st.builds(
    Panel,
    spread=st.sampled_from([0.0, 0.4, 1.0, 3.0]),
    severity=st.sampled_from([0.0, 1.0]),
    correlation=st.sampled_from([0.0, 0.5]),
    halo=st.sampled_from([1.0, 0.5]),
    missing=st.sampled_from([0.0, 0.0, 0.1]),
    conflicted=st.sampled_from([0.0, 0.0, 0.1]),
    discrimination=st.sampled_from([{}, {"impact": 1.5}]),
    centre=st.just(5.0),
    assessors=st.sampled_from([None, 4]),
)


def disagreements(study: Study) -> list[str]:
    """Where a replication differs from what the exact selection makes of its sheets."""
    field, kernel = study.setting.field, study.setting.kernel
    ids = np.array([each.id for each in field.proposals])
    outcomes = kernel.run(range(study.replications))
    found = []
    for replication in range(study.replications):
        exact = study.replay(replication)
        if outcomes.stopped[replication] != (exact.stopped is not None):
            found.append(f"{replication}: stopped {exact.stopped}")
        for tier in TIERS:
            reached = exact.stopped is None or order(exact.stopped.stage) > order(tier)
            told = set(exact.selected(tier)) if reached else set()
            mine = set(ids[outcomes.selected[tier][replication]])
            if mine != told:
                found.append(f"{replication}, {tier}: {mine ^ told}")
    return found


def order(stage: Stage) -> int:
    return list(Stage).index(stage)


@pytest.mark.parametrize("changes", LAWS.values(), ids=LAWS)
@settings(max_examples=12)
@given(worth=worths, noise=noises, seed=st.integers(0, 2**20), data=st.data())
def test_every_replication_is_what_the_exact_selection_says(
    changes: dict[str, Any], worth: list[float], noise: Panel, seed: int, data: st.DataObject
) -> None:
    size = len(worth)
    agencies = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    started = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    field = field_of(worth, agencies, started)

    study = simulate(
        field, law(**changes), noise=noise, replications=REPLICATIONS, seed=seed, workers=1
    )

    assert disagreements(study) == []


def test_a_tie_is_what_its_standing_says() -> None:
    """Where a policy stops at a tie, the exact run names the tied; here it counts as stopped."""
    field = field_of([5.0] * 12, [0] * 12)
    study = simulate(
        field,
        law(**{"ties.cascade": ["stop"]}),
        noise=Panel(spread=0.0),
        replications=2,
        seed=1,
        workers=1,
    )

    assert study.stopped.value == 1
    final = {each.standing for each in study.replay(0).final}
    assert final == {Standing.TIED_AT_CUT}
