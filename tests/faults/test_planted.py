"""The planted faults still apply: each text occurs once, and the fault is a program."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.faults.plant import ROOT, Fault, read_faults

FAULTS = read_faults()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.family}: {fault.become}"[:60])
def test_the_fault_applies(fault: Fault) -> None:
    source = (ROOT / fault.file).read_text(encoding="utf-8")
    planted = fault.planted(source)

    assert planted != source
    ast.parse(planted)


def test_ten_faults_a_family() -> None:
    assert min(Counter(fault.family for fault in FAULTS).values()) >= 10
