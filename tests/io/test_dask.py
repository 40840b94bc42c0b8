"""The check of batches under Dask: two processes, the same faults as without."""

from __future__ import annotations

import json
import os
import pickle
from typing import Any

import pytest

from kipp.domain.proposal import Proposal
from kipp.io import from_json
from kipp.io.arrow_schema import to_batch
from kipp.io.batches import check_batch
from kipp.registry import registry
from kipp.rulebooks import rulebook
from tests.io.test_injection import INJECTIONS, clean, injected

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
dask = pytest.importorskip("dask", reason="dask is not installed")
bag = pytest.importorskip("dask.bag", reason="dask is not installed")
distributed = pytest.importorskip("distributed", reason="distributed is not installed")

BOOK, AGENCIES = rulebook(2021), registry()


def entries() -> list[Any]:
    """Four batches of twenty-five proposals, some of which have a fault."""
    fitting = [each for each in INJECTIONS if each.code in ("TOO_YOUNG", "OTHER_CYCLE")]
    batches = []
    for part in range(4):
        records = [clean(part * 25 + number) for number in range(25)]
        for number, injection in enumerate(fitting):
            injected(records, number * 3, injection)
        values = [from_json(json.dumps(each), Proposal) for each in records]
        batches.append(to_batch(values, Proposal))
    return batches


def test_two_processes_find_what_one_finds() -> None:
    """Each partition is one batch, as a reader of blocks gives it."""
    batches = entries()
    alone = [check_batch(each, BOOK, AGENCIES) for each in batches]

    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            # Even without a dashboard the scheduler takes a port, of which another run may be using
            # the usual one.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        entered = bag.from_delayed([dask.delayed(each) for each in batches])
        checked = entered.map_partitions(check_batch, BOOK, AGENCIES)
        found = client.gather(client.compute(checked.to_delayed()))
        workers = client.run(os.getpid)

    assert len(set(workers.values()) - {os.getpid()}) == 2
    assert [each.to_pylist() for each in found] == [each.to_pylist() for each in alone]
    assert all(each.num_rows for each in found)


def test_what_the_check_takes_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps((BOOK, AGENCIES, check_batch)))

    book, agencies, check = sent
    assert book == BOOK
    assert agencies == AGENCIES
    assert check is check_batch
