"""Where provinces lie: their island group, and their square on a tile map."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import attrs

__all__ = ["Province", "island_of", "provinces"]


@attrs.frozen
class Province:
    """A province on the map: its *island* group, its *row* and *column*, its *short* name."""

    island: str
    row: int
    column: int
    short: str


@cache
def provinces() -> Mapping[str, Province]:
    """Every province by the key of its agency."""
    text = (resources.files("kipp.simulation") / "provinces.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            key: Province(each["island"], each["tile"][0], each["tile"][1], each["short"])
            for key, each in tomllib.loads(text)["provinces"].items()
        }
    )


def island_of(province: str | None) -> str | None:
    """The island group of a province; none for a central body."""
    found = provinces().get(province or "")
    return None if found is None else found.island
