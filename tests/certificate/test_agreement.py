"""Two verifiers that share no code accept and refuse the same certificates."""

from __future__ import annotations

from hypothesis import given, settings

import kipp_verify
from kipp.io.certificate import verify
from tests.certificate.cycles import Cycle, cycles

OFTEN = settings(max_examples=2 * settings().max_examples)


@OFTEN
@given(cycles())
def test_both_accept_what_the_engine_certified(cycle: Cycle) -> None:
    certificate = cycle.certificate()

    assert verify(certificate, cycle.files, book=cycle.book).faults == ()
    assert kipp_verify.verify(certificate, dict(cycle.files), cycle.rulebook()) == []
