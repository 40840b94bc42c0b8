"""Against a simulation written apart, in plain Python, with other random numbers."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from kipp.domain.cycle import Stage
from kipp.simulation import Panel, simulate
from tests.simulation.fields import AGENCIES, field_of, law

WORTH = [4.0 + 0.15 * number for number in range(20)]
AGENCY = [number % 5 for number in range(20)]
SPREAD = 1.0
REPLICATIONS = 4_000
LAW = {
    "groups.general.nominees": 10,
    "groups.general.finalists": 6,
    "groups.general.winners": 3,
    "groups.general.criteria": {"impact": 1},
    "evaluation.evaluators": 3,
    "panel.assessors": 2,
    "marks.quantum": "1/1000",
    "composition.quota": "demands",
    "composition.demands": [{"stage": "finalists", "by": "agency", "at_most": 2}],
}


def plainly(seed: int) -> dict[str, Counter[int]]:
    """How often each is in: marks by ``random``, tops by sorting, the cap by counting."""
    luck = random.Random(seed)
    found: dict[str, Counter[int]] = {"finalists": Counter(), "winners": Counter()}

    def scored(those: list[int], assessors: int) -> list[int]:
        marks = {
            each: sum(
                min(max(round(luck.gauss(WORTH[each], SPREAD), 3), 0.0), 10.0)
                for _ in range(assessors)
            )
            for each in those
        }
        return sorted(those, key=lambda each: -marks[each])

    for _ in range(REPLICATIONS):
        nominees = scored(list(range(len(WORTH))), 3)[:10]
        finalists: list[int] = []
        for each in scored(nominees, 2):
            taken = sum(AGENCY[other] == AGENCY[each] for other in finalists)
            if len(finalists) < 6 and taken < 2:
                finalists.append(each)
        found["finalists"].update(finalists)
        found["winners"].update(scored(finalists, 2)[:3])
    return found


@pytest.mark.parametrize("tier", [Stage.FINALISTS, Stage.WINNERS])
def test_probabilities_agree_with_those_of_plain_python(tier: Stage) -> None:
    assert len(set(AGENCIES)) >= 5
    study = simulate(
        field_of(WORTH, AGENCY),
        law(**LAW),
        noise=Panel(spread=SPREAD),
        replications=REPLICATIONS,
        seed=21,
        workers=1,
    )
    ours = [each.value for each in study.inclusion(tier).values()]
    theirs = plainly(77)[tier.name.lower()]

    scores = []
    for place, mine in enumerate(ours):
        other = theirs[place] / REPLICATIONS
        if 0.02 < (mine + other) / 2 < 0.98:
            spread = (mine * (1 - mine) + other * (1 - other)) / REPLICATIONS
            scores.append((mine - other) / math.sqrt(spread))

    # Of so few proposals the root mean square itself scatters by one over the root of two a score.
    rms = math.sqrt(sum(score * score for score in scores) / len(scores))
    assert abs(rms - 1) < 3 / math.sqrt(2 * len(scores))
    assert max(map(abs, scores)) < 4
