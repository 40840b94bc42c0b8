from __future__ import annotations

import attrs

from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.registry import registry
from kipp.rules.traits import traits_of
from tests.contest import entry


def test_what_the_registry_and_the_proposal_say() -> None:
    """Merauke was in Papua on the day before the division and in Papua Selatan from it on."""
    merauke = registry().agency("kab-merauke")
    proposal = attrs.evolve(entry("p", Group.SPECIAL, agency="kab-merauke"), category="health")
    before = traits_of(proposal, merauke, Date(2021, 5, 11))

    assert before == {
        "agency": "kab-merauke",
        "cluster": "regency",
        "group": "special",
        "category": "health",
        "region": "prov-papua",
    }
    assert traits_of(proposal, merauke, Date(2023, 5, 11))["region"] == "prov-papua-selatan"


def test_what_is_not_recorded_is_not_there() -> None:
    assert traits_of(entry("p", None), None, Date(2021, 5, 11)) == {"agency": "made-up"}
    oikn = registry().agency("oikn")
    assert "cluster" not in traits_of(entry("p", None), oikn, Date(2025, 5, 11))
