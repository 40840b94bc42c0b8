"""For researchers: the laws of 2017, 2021 and 2023 on one field, under the same luck.

The field is made up for 2021 and moved to the other cycles: days with the close, categories by
their place in the list.  What a law did not publish is filled with the law and the example
assumptions of 2021.
Run it with ``python examples/three_laws.py [REPLICATIONS [FOLDER]]``.

Limits: a law that had no replication or special group refuses such proposals, so that part of the
difference is who may enter at all; how marks were joined in 2017 is assumed, not known.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kipp
from kipp.domain.cycle import Stage
from kipp.registry import registry
from kipp.simulation import Panel, compare, plots, simulate
from kipp.simulation.published import published_field

HOME = 2021


def filled(year: int) -> kipp.Rulebook:
    """The law of *year*, what nobody published filled as in 2021."""
    book = kipp.rulebook(year)
    stated = [*kipp.assumptions.example(HOME), *map(_of_2021, _ASKED)]
    missing = [
        each for each in stated if isinstance(book[each.path], kipp.NotFound | kipp.Disputed)
    ]
    return book.assume(missing, name="as in 2021")


_ASKED = ["categories.names", "minimum_age.counts_from"] + [
    f"groups.{group.key}.{term}" for group in kipp.Group for term in ("minimum_age", "cap")
]


def _of_2021(path: str) -> kipp.Assumption:
    """The value of 2021, for a law that nobody was found to state."""
    return kipp.Assumption(path, kipp.rulebook(HOME)[path], "as in 2021, for want of a source")


def main(replications: int = 200, folder: str | None = None) -> None:
    """Print how many enter, and what the finalists are like, under each law."""
    home = filled(HOME)
    field = published_field(registry(), kipp.record(), home, seed="three laws", n=1_000)
    noise = Panel(spread=8)
    study = simulate(field, home, noise=noise, replications=replications, seed=1, workers=1)
    studies = {str(HOME): study}
    print(f"made-up field of {len(field.proposals)} proposals, {replications} replications")
    for year in (2017, 2023):
        book = filled(year)
        both = compare(
            study, book, field=field.moved(home, book), replications=replications, workers=1
        )
        studies[str(year)] = both.other
    for name, each in sorted(studies.items()):
        entered = int(each.setting.scene.entered.sum())
        print(f"{name}: {entered} pass screening; finalists:")
        for measure in ("proposals", "agencies", "newcomers", "hhi", "quality"):
            print(f"  {measure}: {each.measure(measure, Stage.FINALISTS)}")
    if folder:
        ordered = dict(sorted(studies.items()))
        axes = plots.measure_spread(ordered, "newcomers", lang="en")
        axes.figure.savefig(Path(folder, "three-laws.png"), dpi=plots.DPI)


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["200"])[0]), *sys.argv[2:3])
