"""A wrong value raises where it is made, with its name, itself and what was expected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import InvalidType
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal

GOOD: dict[type, dict[str, Any]] = {
    Innovation: {
        "id": "i",
        "title": "Contoh",
        "agency": AgencyKey("kab-contoh"),
        "started": Date(2020, 2, 29),
        "origin": Origin.REPLICA,
        "replica_of": (ReplicaSource(title="Asal"),),
        "sdgs": (3, 17),
        "public_service": True,
        "instruments": (),
    },
    Tier: {"year": 2019, "level": Level.WINNER, "size": 45, "group": Group.GENERAL},
}
GOOD[Award] = {"innovation": "i", "agency": AgencyKey("kab-contoh"), "tier": Tier(**GOOD[Tier])}
GOOD[AwardHistory] = {"innovation": "i", "awards": (Award(**GOOD[Award]),)}
GOOD[Proposal] = {
    "id": "p",
    "innovation": Innovation(**GOOD[Innovation]),
    "cycle": 2021,
    "group": Group.SPECIAL,
    "submitted_at": DateTime(2021, 5, 11, tzinfo=dt.UTC),
    "documents": ("video",),
    "words": (("summary", 200),),
    "video_minutes": 3,
    "invited": False,
}


@pytest.mark.parametrize("cls", GOOD)
def test_good_values_are_kept(cls: type) -> None:
    made = cls(**GOOD[cls])

    assert {name: getattr(made, name) for name in GOOD[cls]} == GOOD[cls]


@pytest.mark.parametrize(
    ("cls", "name", "value"),
    [
        (Innovation, "id", None),
        (Innovation, "title", 3),
        (Innovation, "agency", Group.GENERAL),
        (Innovation, "started", "2020-01-01"),
        (Innovation, "started", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        (Innovation, "origin", "replikasi"),
        (Innovation, "replica_of", [ReplicaSource(title="Asal")]),
        (Innovation, "sdgs", (True,)),
        (Innovation, "sdgs", 3),
        (Innovation, "public_service", "ya"),
        (Proposal, "innovation", {}),
        (Proposal, "cycle", "2021"),
        (Proposal, "cycle", True),
        (Proposal, "group", "umum"),
        (Proposal, "submitted_at", Date(2021, 5, 11)),
        (Proposal, "withdrawn", None),
        (Proposal, "invited", "tidak"),
        (Proposal, "documents", ("video", 1)),
        (Proposal, "words", (("summary", "200"),)),
        (Proposal, "words", ("summary",)),
        (Proposal, "video_minutes", 2.5),
        (Tier, "year", "2019"),
        (Tier, "level", "terpuji"),
        (Tier, "size", 45.0),
        (Tier, "organiser", None),
        (Award, "tier", "Top 45"),
        (AwardHistory, "awards", None),
        (AwardHistory, "awards", ("Top 45",)),
    ],
)
def test_a_wrong_type_is_refused_where_it_is_made(cls: type, name: str, value: object) -> None:
    with pytest.raises(InvalidType) as refused:
        cls(**{**GOOD[cls], name: value})

    assert refused.value.name == f"{cls.__name__}.{name}"
    assert refused.value.value is value or refused.value.value == value
    assert refused.value.expected
