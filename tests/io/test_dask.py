"""The same function on Arrow batches, in the workers of a Dask cluster."""

from __future__ import annotations

import json
from functools import partial

import pytest

import kipp
from kipp.io.arrow_schema import to_batch
from kipp.io.batches import check_batches
from kipp.registry import registry
from tests.io.test_injection import INJECTIONS, clean, injected

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
dask_bag = pytest.importorskip("dask.bag", reason="dask is not installed")
distributed = pytest.importorskip("distributed", reason="distributed is not installed")


def batches() -> list[object]:
    """Four batches of twenty-five proposals, some of which have a fault."""
    found = []
    for part in range(4):
        records = [clean(part * 25 + number) for number in range(25)]
        fitting = [each for each in INJECTIONS if each.code in ("TOO_YOUNG", "OTHER_CYCLE")]
        for number, injection in enumerate(fitting):
            injected(records, number * 3, injection)
        values = [kipp.from_json(json.dumps(each), kipp.Proposal) for each in records]
        found.append(to_batch(values, kipp.Proposal))
    return found


@pytest.mark.filterwarnings("ignore")  # a cluster warns of ports and of what is not installed
def test_two_workers_find_what_one_process_finds() -> None:
    book, agencies = kipp.rulebook(2021), registry()
    given = batches()
    check = partial(check_batches, rulebook=book, registry=agencies)
    here = [batch for each in given for batch in check([each])]

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
    ):
        # A partition's result has to be there whole: a cluster does not move generators.
        bag = dask_bag.from_sequence(given, npartitions=4)
        there = bag.map_partitions(lambda part: list(check(part))).compute()

    assert sum(batch.num_rows for batch in here) > 0
    assert [batch.to_pylist() for batch in there] == [batch.to_pylist() for batch in here]
