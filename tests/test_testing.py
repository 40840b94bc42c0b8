"""The strategies that users get draw every fact, recorded and not."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import kipp.testing as draw
from kipp.domain.agency import Agency, Span

FREE: tuple[st.SearchStrategy[Any], ...] = (
    draw.agencies(standing=False),
    draw.award_histories(),
    draw.identifiers(),
    draw.innovations(),
    draw.instruments(),
    draw.proposals(),
    draw.replica_sources(),
    draw.spans(),
    draw.tiers(),
)


def drawn(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """What two hundred draws of *strategy* give, the same ones in every run."""
    found: list[Any] = []

    @settings(
        max_examples=200,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(each: Any) -> None:
        found.append(each)

    collect()
    return found


@pytest.mark.parametrize("strategy", FREE)
def test_every_optional_field_is_drawn(strategy: st.SearchStrategy[Any]) -> None:
    """Recorded in some draws, left at its default in others."""
    found = drawn(strategy)
    optional = {
        field.name: field.default
        for field in attrs.fields(type(found[0]))
        if field.default is not attrs.NOTHING
    }

    for name, default in optional.items():
        assert {getattr(each, name) == default for each in found} == {True, False}, name


def test_an_agency_stands_unless_asked_otherwise() -> None:
    found: list[Agency] = drawn(draw.agencies())

    assert {(each.autonomous, each.span) for each in found} == {(True, Span())}
