"""For researchers: whether the replication group helps latecomers.

Under the law of 2021 replicas have places of their own.  The other law closes that group and gives
its places to the general one: replicas then cannot enter.  How many agencies that were never in a
Top 99 are among all finalists?

Run it with ``python examples/latecomers.py [REPLICATIONS [FOLDER]]``.

Limits: which agencies were in a Top 99 is read from the published record, which is a sample; in the
made-up field replicas come from the same agencies as other proposals, while in the contest they may
come from other ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kipp
from kipp.domain.cycle import Stage
from kipp.registry import registry
from kipp.simulation import Panel, compare, plots, simulate
from kipp.simulation.published import published_field

CLOSED = {
    "groups.replication.offered": False,
    "groups.general.nominees": 228,
    "groups.general.finalists": 114,
    "groups.general.winners": 50,
}


def main(replications: int = 200, folder: str | None = None) -> None:
    """Print newcomers among the finalists under both laws, with paired errors."""
    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
    field = published_field(registry(), kipp.record(), book, seed="latecomers", n=1_000)
    study = simulate(field, book, noise=Panel(spread=8), replications=1, seed=1, workers=1)
    both = compare(study, CLOSED, name="one group less", replications=replications, workers=1)
    print(f"made-up field of {len(field.proposals)} proposals, {replications} replications")
    print(f"agencies known in a Top 99 before: {len(field.holders)}")
    print("finalists: with the group, without it, difference")
    for name in ("proposals", "agencies", "newcomers", "quality"):
        values = (each.measure(name, Stage.FINALISTS) for each in (both.first, both.other, both))
        print(f"  {name}: {', '.join(map(str, values))}")
    if folder:
        studies = {"with the group": both.first, "without it": both.other}
        axes = plots.measure_spread(studies, "newcomers", lang="en")
        axes.figure.savefig(Path(folder, "latecomers.png"), dpi=plots.DPI)


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["200"])[0]), *sys.argv[2:3])
