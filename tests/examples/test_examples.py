"""The example scripts run as a reader runs them, and print what follows from their records."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))

Run = Callable[..., list[str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(name: str, *words: str) -> list[str]:
        path = ROOT / "examples" / f"{name}.py"
        monkeypatch.setattr(sys, "argv", [str(path), *words])
        runpy.run_path(str(path), run_name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


def test_there_is_one_for_each_kind_of_user() -> None:
    """Beside them stands the script that makes the workbook of the how-to guide."""
    users = {"intake", "portal", "reform"}

    assert {script.stem for script in SCRIPTS} == users | {"entri_bermasalah", *STUDIES}


def test_the_portal_names_the_age_and_the_source(run: Run) -> None:
    """Two years before the close of 11 May 2021 is 11 May 2019."""
    lines = run("portal")

    young = lines.index("Contoh 0001, begun 2019-09-11: NOT_MET")
    old = lines.index("Contoh 0001, begun 2018-09-11: UNKNOWN")
    changes = [line for line in lines if line.startswith("  must change")]
    assert young < lines.index(changes[0]) < old
    assert len(changes) == 1
    assert "11 May 2019 at the latest" in changes[0]
    assert "17 March 2021 [ministry]" in changes[0]


def test_the_portal_asks_only_for_what_is_missing(run: Run) -> None:
    lines = run("portal")

    after = lines[lines.index("Contoh 0001, begun 2018-09-11: UNKNOWN") + 1 :]
    assert len(after) == 1
    assert "the moment of submission" in after[0]


def test_the_intake_refuses_one_record_and_judges_the_others(run: Run) -> None:
    """Of five records one has a day that does not exist; one lacks its history."""
    lines = run("intake")

    assert lines[0].startswith("refused: started: expected a day of the calendar")
    assert "line 4" in lines[0]
    assert lines[1:5] == [
        "P-1: MET",
        "P-2: NOT_MET TOO_YOUNG",
        "P-3: UNKNOWN FACT_NOT_RECORDED",
        "P-5: NOT_MET CATEGORY_NOT_OFFERED",
    ]


def test_the_intake_reads_a_file_of_your_own(run: Run, tmp_path: Path) -> None:
    record = (ROOT / "examples" / "data" / "contoh.ndjson").read_text("utf-8").splitlines()[1]
    own = tmp_path / "own.ndjson"
    own.write_text(record, "utf-8")

    assert run("intake", str(own))[0] == "P-2: NOT_MET TOO_YOUNG"


def test_the_reform_moves_whom_it_must(run: Run) -> None:
    """Begun weekly from 1 September 2018: week 36 is 11 May 2019, week 88 is 9 May 2020."""
    lines = run("reform")

    assert lines == [
        "groups.general.minimum_age: P2Y [ministry] -> P1Y [assumed]",
        "2021: {'MET': 37, 'NOT_MET': 63}",
        "one year is enough: {'MET': 89, 'NOT_MET': 11}",
        "decided otherwise: 52, from P-037 to P-088",
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_is_made_up_says_so(script: Path) -> None:
    assert "made-up" in script.read_text("utf-8") or "made up" in script.read_text("utf-8")


STUDIES = ("panel_luck", "cap_of_one", "three_laws", "latecomers", "width_of_the_scale")


@pytest.mark.parametrize("name", STUDIES)
def test_a_small_paper_prints_its_table_and_draws_its_picture(
    name: str, run: Run, tmp_path: Path
) -> None:
    lines = run(name, "20", str(tmp_path))

    assert lines[0] == "made-up field of 1000 proposals, 20 replications"
    assert any("±" in line or "%" in line for line in lines[1:])
    assert [*tmp_path.glob("*.png")] != []


def test_a_cap_of_one_spreads_finalists_and_costs_quality(run: Run) -> None:
    """Each difference is more than four of its errors away from nothing."""
    found = {
        name.strip(): [float(part) for part in values.split(", ")[2].split(" ± ")]
        for name, _, values in (line.partition(":") for line in run("cap_of_one", "100")[2:])
    }

    assert found["agencies"][0] > 4 * found["agencies"][1]
    assert found["quality"][0] < -4 * found["quality"][1]


def test_a_finer_scale_has_fewer_ties(run: Run) -> None:
    shares = [
        int(line.rpartition(" ")[2].removesuffix("%"))
        for line in run("width_of_the_scale", "60")[2:]
    ]

    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 100
    assert shares[-1] < 20
