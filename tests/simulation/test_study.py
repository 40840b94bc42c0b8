"""A study: the same bits whoever runs it, refused before the first draw where it is wrong."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

import kipp
from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidValue
from kipp.simulation import Panel, Study, compare, simulate
from kipp.simulation.measures import MEASURES, TIERS
from kipp.simulation.sweep import grid, sweep
from kipp.simulation.tables import rows, study_json, to_arrow
from tests.simulation.fields import field_of, law

FIELD = field_of([4.0, 5.0, 5.5, 6.0, 6.2, 6.5, 7.0, 7.5] * 2, list(range(16)))
NOISE = Panel(spread=1.0)


def study(replications: int = 600, **more: Any) -> Study:
    return simulate(FIELD, law(), noise=NOISE, replications=replications, seed=3, **more)


def numbers(found: Study) -> list[tuple[Any, ...]]:
    return [
        (row.tier, row.kind, row.by, row.name, row.value, row.error)
        for row in rows(found)
        if not math.isnan(row.error)
    ]


def test_the_bits_do_not_depend_on_who_ran_it() -> None:
    alone = study(workers=1)

    assert numbers(study(workers=2)) == numbers(alone)
    with ThreadPoolExecutor(3) as pool:
        assert numbers(study(executor=pool)) == numbers(alone)


def test_an_interrupted_study_keeps_what_is_finished() -> None:
    def interrupt(done: int, _: int) -> None:
        if done >= 512:
            raise KeyboardInterrupt

    part = study(600, workers=1, progress=interrupt)

    assert part.interrupted
    assert part.finished == ((0, 512),)
    assert numbers(part) == numbers(study(512, workers=1))


def test_the_better_wins_as_often_as_the_normal_distribution_says() -> None:
    """Two proposals, a seat, an assessor, a fine scale: Phi(difference / (spread * root 2))."""
    book = law(
        **{
            "groups.general.nominees": 2,
            "groups.general.finalists": 1,
            "groups.general.winners": 1,
            "groups.general.criteria": {"impact": 1},
            "evaluation.evaluators": 1,
            "marks.quantum": "1/10000",
            "selection.finalists_by": "evaluation",
        }
    )
    found = simulate(
        field_of([5.0, 6.0], [0, 1]),
        book,
        noise=Panel(spread=0.8),
        replications=4_000,
        seed=11,
        workers=1,
    ).inclusion(Stage.FINALISTS)["p-001"]

    expected = NormalDist().cdf(1 / (0.8 * math.sqrt(2)))
    assert abs(found.value - expected) < 4 * found.error


def test_equals_are_in_equally_often() -> None:
    found = simulate(
        field_of([5.0] * 10, list(range(10))),
        law(**{"marks.quantum": "1/10000"}),
        noise=NOISE,
        replications=4_000,
        seed=5,
        workers=1,
    )

    for each in found.inclusion(Stage.FINALISTS).values():
        assert abs(each.value - 5 / 10) < 4 * each.error


def test_a_law_against_itself_differs_in_nothing() -> None:
    both = compare(study(200, workers=1), {}, workers=1)

    for tier in TIERS:
        for name in MEASURES:
            assert both.measure(name, tier).value == 0
            assert both.measure(name, tier).error == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"groups.general.winners": 6}, "groups.general.winners"),
        ({"groups.general.nonsense": 1}, "groups.general.nonsense"),
        ({"ties.cascade": ["decision"]}, "ties.cascade"),
    ],
)
def test_a_reform_that_makes_no_law_is_refused_before_the_first_draw(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(Faults, match=said):
        compare(study(2, workers=1), changes, workers=1)


def test_what_nobody_published_is_refused_all_at_once() -> None:
    with pytest.raises(Faults) as caught:
        simulate(FIELD, kipp.rulebook(2021), noise=NOISE, replications=2, seed=1)

    said = str(caught.value)
    for path in ("marks.quantum", "ties.cascade", "composition.quota", "selection.winners_by"):
        assert path in said


@pytest.mark.parametrize("bad", [{"spread": -1.0}, {"spread": 1.0, "missing": 1.5}])
def test_a_bad_model_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InvalidValue, match="Panel"):
        Panel(**bad)  # type: ignore[arg-type]  # refused


def test_a_study_is_written_as_the_same_bytes_and_says_what_it_rests_on() -> None:
    found = study(100, workers=1)
    data = json.loads(study_json(found))

    assert study_json(study(100, workers=1)) == study_json(found)
    assert data["made_up"] is True
    assert data["laws"][0]["rulebook_digest"]
    assert "ties.cascade" in data["laws"][0]["assumed"]
    assert to_arrow(found).num_rows == len(list(rows(found)))


# Sweeps


REFORMS = grid({"groups.general.winners": [1, 2], "panel.assessors": [2, 3]})


def test_a_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    base = study(64, workers=1)

    def interrupt(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    part = sweep(base, REFORMS, folder=tmp_path, workers=1, progress=interrupt)
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    whole = sweep(base, REFORMS, folder=tmp_path, workers=1)

    assert part.interrupted
    assert len(kept) == 2
    assert whole == sweep(base, REFORMS, workers=1)
    assert all((tmp_path / name).stat().st_mtime_ns == time for name, time in kept.items())


def test_a_corrupted_or_foreign_point_is_refused(tmp_path: Path) -> None:
    base = study(64, workers=1)
    sweep(base, REFORMS, folder=tmp_path, workers=1)
    first = min(tmp_path.iterdir())

    text = first.read_text()
    for spoilt in (text[:-9], text.replace('"stopped": 0', '"stopped": 1')):
        first.write_text(spoilt)
        with pytest.raises(InvalidValue, match="move it away"):
            sweep(base, REFORMS, folder=tmp_path, workers=1)


def test_points_of_another_law_or_seed_are_never_taken(tmp_path: Path) -> None:
    sweep(study(64, workers=1), REFORMS, folder=tmp_path, workers=1)
    other = simulate(FIELD, law(), noise=NOISE, replications=64, seed=4, workers=1)

    assert sweep(other, REFORMS, folder=tmp_path, workers=1) == sweep(other, REFORMS, workers=1)
    assert len(list(tmp_path.iterdir())) == 2 * len(REFORMS)
