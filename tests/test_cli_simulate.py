"""``kipp simulate`` on a small made-up field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kipp.cli import main

REFORM = """
"composition.quota" = "demands"
"composition.demands" = [{ stage = "finalists", by = "agency", at_most = 1 }]
"""


def test_a_study_of_a_reform_is_shown_written_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reform, output, plots = tmp_path / "one.toml", tmp_path / "study.json", tmp_path / "plots"
    reform.write_text(REFORM, encoding="utf-8")
    command = ["simulate", "--cycle", "2021", "--size", "400", "-n", "20", "--seed", "7"]
    files = ["--reform", str(reform), "-o", str(output), "--plots", str(plots)]

    assert main([*command, *files, "--workers", "1", "--lang", "en"]) == 0

    shown = capsys.readouterr().out
    assert "MADE-UP FIELD: 400" in shown
    assert "assumed: ties.cascade" in shown
    assert "Difference of the two laws" in shown
    data = json.loads(output.read_text(encoding="utf-8"))
    assert data["made_up"] is True
    assert [each["replications"] for each in data["laws"]] == [20, 20]
    assert len(list(plots.glob("*.png"))) == 5


def test_a_reform_that_is_no_law_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reform = tmp_path / "bad.toml"
    reform.write_text('"groups.general.nonsense" = 3\n', encoding="utf-8")

    assert main(["simulate", "--cycle", "2021", "--size", "100", "--reform", str(reform)]) == 2
    assert "groups.general.nonsense" in capsys.readouterr().err
