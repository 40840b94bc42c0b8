"""Workers that die lose nothing, and nothing is lost that was finished."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from kipp.simulation import Panel, Study, simulate
from kipp.simulation.sweep import grid, sweep
from tests.simulation.fields import field_of, law

FIELD = field_of([4.0, 5.0, 5.5, 6.0, 6.2, 6.5, 7.0, 7.5] * 2, list(range(16)))


@attrs.frozen
class Deadly:
    """A panel whose worker is killed once, as the machine does that runs out of memory."""

    panel: Panel
    flag: str
    home: int

    def marks(self, worth: Any, criteria: tuple[str, ...], draw: Any) -> Any:
        """As the panel's, where nobody dies."""
        flag = Path(self.flag)
        if os.getpid() != self.home and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.panel.marks(worth, criteria, draw)


def included(found: Study) -> list[list[int]]:
    return [each.tolist() for each in found.tally.included.values()]


def test_a_killed_worker_changes_no_bit(tmp_path: Path) -> None:
    noise = Panel(spread=1.0)
    deadly = Deadly(noise, str(tmp_path / "killed"), os.getpid())

    killed = simulate(FIELD, law(), noise=deadly, replications=1_024, seed=3, workers=2)

    assert (tmp_path / "killed").exists()
    whole = simulate(FIELD, law(), noise=noise, replications=1_024, seed=3, workers=1)
    assert included(killed) == included(whole)
    assert killed.finished == ((0, 1_024),)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="dask is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


def test_dask_gives_the_same_bits_though_a_worker_dies(client: Any, tmp_path: Path) -> None:
    noise = Panel(spread=1.0)
    deadly = Deadly(noise, str(tmp_path / "killed"), os.getpid())

    found = simulate(
        FIELD, law(), noise=deadly, replications=1_024, seed=3, executor=client.get_executor()
    )

    assert (tmp_path / "killed").exists()
    whole = simulate(FIELD, law(), noise=noise, replications=1_024, seed=3, workers=1)
    assert included(found) == included(whole)


def test_a_full_disk_loses_no_finished_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = simulate(FIELD, law(), noise=Panel(spread=1.0), replications=64, seed=3, workers=1)
    reforms = grid({"groups.general.winners": [1, 2]})
    first = dict(list(reforms.items())[:1])
    sweep(study, first, folder=tmp_path, workers=1)
    kept = [path.read_bytes() for path in tmp_path.iterdir()]

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ValueError, match="make room"):
            sweep(study, reforms, folder=tmp_path, workers=1)

    assert [path.read_bytes() for path in tmp_path.iterdir()] == kept
    assert sweep(study, reforms, folder=tmp_path, workers=1) == sweep(study, reforms, workers=1)
