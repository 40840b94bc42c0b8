"""Hypothesis strategies for every kind of record that files hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateRange, DateTime
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalCriterion, FiscalRecord, Grade, Opinion
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.domain.record import AwardRow, Confidence, HubBasis, HubRow
from kipp.io import Submission
from tests import strategies as draw

__all__ = ["RECORDS", "fit", "keys", "names", "texts"]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Any text that can be written."""
names = texts.filter(str.strip)
"""Any text that is not blank."""
keys = names.map(AgencyKey)
_flags = st.none() | st.booleans()
_years = st.integers(2000, 2030)
_marks = st.integers(-(10**20), 10**20) | st.fractions()
_ranges = st.tuples(draw.days(), draw.days()).map(lambda ends: DateRange(min(ends), max(ends)))


def _table(key: st.SearchStrategy[Any], value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(key, value, max_size=3).map(lambda found: tuple(found.items()))


_submissions = st.builds(
    Submission, proposal=draw.proposals(), history=st.none() | draw.award_histories()
)
_sheets = st.builds(
    ScoreSheet,
    proposal=names,
    stage=st.sampled_from(Stage),
    assessor=names,
    marks=st.dictionaries(names, _marks, max_size=4),
)
_awards = st.builds(
    AwardRow,
    year=_years,
    tier_key=names,
    tier=draw.tiers(),
    innovation=names,
    agency_name=names,
    agency_kind=texts,
    province=texts,
    category=texts,
    confidence=st.sampled_from(Confidence),
    source_url=names,
)
_fiscal = st.builds(
    FiscalRecord,
    agency=keys,
    fiscal_year=_years,
    opinions=_table(_years, st.sampled_from(Opinion)),
    latest_audit=st.none() | st.integers(1990, 1999),
    apbd_on_time=_flags,
    eprocurement=_flags,
    eprocurement_grade=st.none() | st.sampled_from(Grade),
    ebudgeting=_flags,
    eplanning=_flags,
    egovernment=_flags,
    one_stop_service=_flags,
    supplied=_table(st.sampled_from(FiscalCriterion), st.booleans()),
)
_hubs = st.builds(
    HubRow,
    agency=st.none() | keys,
    unnamed=st.integers(0, 99),
    local=st.booleans(),
    year=_years,
    basis=st.sampled_from(HubBasis),
    basis_date=draw.days() | _ranges,
    act=texts,
    evidence=st.sampled_from(Evidence),
    source_url=names,
)
_candidates = st.builds(
    HubCandidate,
    agency=keys,
    leader_commitment=_flags,
    potential_fits_need=_flags,
    bureaucratic_support=_flags,
    external_support=_flags,
)

RECORDS: Mapping[type, st.SearchStrategy[Any]] = MappingProxyType(
    {
        Proposal: draw.proposals(),
        Submission: _submissions,
        Innovation: draw.innovations(),
        Agency: draw.agencies(standing=False),
        ScoreSheet: _sheets,
        AwardRow: _awards,
        AwardHistory: draw.award_histories(),
        FiscalRecord: _fiscal,
        HubRow: _hubs,
        HubCandidate: _candidates,
    }
)
"""A record of each kind."""


def fit(number: int, **facts: Any) -> Proposal:
    """A proposal that the cycle of 2021 accepts."""
    innovation = Innovation(
        id=f"I-{number}",
        title=f"Contoh {number}",
        agency=AgencyKey("kota-ambon"),
        started=Date(2015, 1, 1).add(days=number),
        origin=Origin.ORIGINAL,
        replica_of=(),
        sdgs=(3,),
    )
    clock = dt.datetime(2021, 4, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    plain: dict[str, Any] = {
        "id": f"P-{number}",
        "innovation": innovation,
        "cycle": 2021,
        "group": Group.GENERAL,
        "category": "education",
        "submitted_at": DateTime.instance(clock + dt.timedelta(minutes=number)),
        "documents": (),
        "words": (("title", 3), ("summary", 150)),
        "video_minutes": 2,
        "careless": False,
    }
    return Proposal(**{**plain, **facts})
