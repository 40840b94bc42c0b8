"""Small fields and laws for simulations, with ties wherever one looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pendulum

import kipp
from kipp.domain.agency import AgencyKey
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateTime
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.registry import registry
from kipp.rules.rulebook import Rulebook
from kipp.simulation.field import Field

__all__ = ["AGENCIES", "field_of", "law"]

AGENCIES = [
    each.key
    for each in registry().agencies(on=Date(2021, 6, 1))
    if each.kind and each.kind.name in ("REGENCY", "CITY", "PROVINCE")
][:6]

_SMALL: Mapping[str, Any] = {
    "groups.general.nominees": 8,
    "groups.general.finalists": 5,
    "groups.general.winners": 3,
    "groups.general.criteria": {"impact": 2, "novelty": 1},
    "groups.general.cap": 50,
    "evaluation.evaluators": 2,
    "panel.assessors": 2,
    "marks.lowest": 0,
    "marks.highest": 10,
    "categories.names": ["health"],
}


def law(**changes: Any) -> Rulebook:
    """The law of 2021 with its example assumptions, small tiers and a short scale."""
    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
    given = {path.replace("__", "."): value for path, value in changes.items()}
    return book.reform({**_SMALL, **given}, name="small")


def field_of(worth: list[float], agencies: list[int], started: list[int] | None = None) -> Field:
    """A field of the general group: a proposal for each number of worth."""
    days = started or [0] * len(worth)
    proposals = tuple(
        Proposal(
            id=f"p-{number:03}",
            innovation=Innovation(
                id=f"i-{number:03}",
                title=f"Contoh {number:03}",
                agency=AgencyKey(AGENCIES[agency % len(AGENCIES)]),
                started=Date(2015, 1, 1 + day),
                origin=Origin.ORIGINAL,
                replica_of=(),
                sdgs=(3,),
                public_service=True,
                pandemic_related=False,
            ),
            cycle=2021,
            group=Group.GENERAL,
            category="health",
            submitted_at=DateTime(2021, 4, 1, 10, 0, 0, tzinfo=_JAKARTA),
            documents=("video",),
            words=(("summary", 100),),
            video_minutes=2,
            careless=False,
        )
        for number, (agency, day) in enumerate(zip(agencies, days, strict=True))
    )
    histories = {
        each.innovation.id: kipp.AwardHistory(innovation=each.innovation.id, awards=())
        for each in proposals
    }
    return Field(
        registry=registry(),
        proposals=proposals,
        worth=tuple(worth),
        histories=histories,
        made_up=True,
        seed="test",
    )


_JAKARTA = pendulum.timezone("Asia/Jakarta")
