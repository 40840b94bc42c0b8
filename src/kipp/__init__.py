"""The rules of KIPP, Indonesia's public-service innovation competition, as a library.

Given facts and the terms of a cycle, kipp says what follows, why, by which source, and how sure
that source is.  The names below are the public ones; each is loaded on first use, so that
``import kipp`` costs little.

>>> import kipp
>>> answer = kipp.resolve("Pemkab Luwu Utara", on=2021)
>>> answer.agency.key
'kab-luwu-utara'
>>> kipp.rulebook(2021)["groups.general.cap"].value
10
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kipp import assumptions
    from kipp.defaults import (
        agencies,
        certify,
        duty,
        hub,
        incentive,
        judge,
        resolve,
        select,
        select_contest,
        validate,
        verify,
    )
    from kipp.domain.agency import Agency, AgencyKey, AgencyKind, ServiceUnit
    from kipp.domain.assessment import Assessor, Criterion, Relation, ScoreSheet
    from kipp.domain.award import Award, AwardHistory, Level, Tier
    from kipp.domain.citation import (
        Citation,
        Cited,
        Disputed,
        Evidence,
        NotFound,
        NotOpen,
        Source,
        Term,
        Unlimited,
    )
    from kipp.domain.cycle import Group, Schedule, Stage
    from kipp.domain.dates import DateRange, Period
    from kipp.domain.errors import (
        Faults,
        InvalidType,
        InvalidValue,
        KippError,
        MissingExtra,
        NotTwoValued,
        UnknownName,
    )
    from kipp.domain.hub import HubCandidate, HubStatus
    from kipp.domain.incentive import FiscalRecord, IncentiveProposal, IncentiveStatus, Opinion
    from kipp.domain.innovation import Innovation, Instrument, Origin, Phase, ReplicaSource
    from kipp.domain.proposal import Proposal
    from kipp.domain.registry import Registry, UserAgency
    from kipp.domain.selection import Exit, Standing, TieDecision
    from kipp.io import from_json, to_json
    from kipp.io.certificate import Verification, read_contest
    from kipp.io.contest import Contest
    from kipp.messages import say
    from kipp.registry import data_version, record
    from kipp.rulebooks import rulebook
    from kipp.rules.decision import Classification, Decision, Judgement, Outcome, Reason
    from kipp.rules.margins import Margins, margins
    from kipp.rules.plan import StagePlan, plan
    from kipp.rules.resolution import Resolved, Unresolved
    from kipp.rules.rulebook import Assumption, Rulebook, diff
    from kipp.rules.selection import Selection

__version__ = "0.1.0"

_HOMES = {
    "kipp.defaults": (
        "agencies",
        "certify",
        "duty",
        "hub",
        "incentive",
        "judge",
        "resolve",
        "select",
        "select_contest",
        "validate",
        "verify",
    ),
    "kipp.domain.agency": ("Agency", "AgencyKey", "AgencyKind", "ServiceUnit"),
    "kipp.domain.assessment": ("Assessor", "Criterion", "Relation", "ScoreSheet"),
    "kipp.domain.award": ("Award", "AwardHistory", "Level", "Tier"),
    "kipp.domain.citation": (
        "Citation",
        "Cited",
        "Disputed",
        "Evidence",
        "NotFound",
        "NotOpen",
        "Source",
        "Term",
        "Unlimited",
    ),
    "kipp.domain.cycle": ("Group", "Schedule", "Stage"),
    "kipp.domain.dates": ("DateRange", "Period"),
    "kipp.domain.errors": (
        "Faults",
        "InvalidType",
        "InvalidValue",
        "KippError",
        "MissingExtra",
        "NotTwoValued",
        "UnknownName",
    ),
    "kipp.domain.hub": ("HubCandidate", "HubStatus"),
    "kipp.domain.incentive": ("FiscalRecord", "IncentiveProposal", "IncentiveStatus", "Opinion"),
    "kipp.domain.innovation": ("Innovation", "Instrument", "Origin", "Phase", "ReplicaSource"),
    "kipp.domain.proposal": ("Proposal",),
    "kipp.domain.registry": ("Registry", "UserAgency"),
    "kipp.domain.selection": ("Exit", "Standing", "TieDecision"),
    "kipp.io": ("from_json", "to_json"),
    "kipp.io.certificate": ("Verification", "read_contest"),
    "kipp.io.contest": ("Contest",),
    "kipp.messages": ("say",),
    "kipp.registry": ("data_version", "record"),
    "kipp.rulebooks": ("rulebook",),
    "kipp.rules.decision": ("Classification", "Decision", "Judgement", "Outcome", "Reason"),
    "kipp.rules.margins": ("Margins", "margins"),
    "kipp.rules.plan": ("StagePlan", "plan"),
    "kipp.rules.resolution": ("Resolved", "Unresolved"),
    "kipp.rules.rulebook": ("Assumption", "Rulebook", "diff"),
    "kipp.rules.selection": ("Selection",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Agency",
    "AgencyKey",
    "AgencyKind",
    "Assessor",
    "Assumption",
    "Award",
    "AwardHistory",
    "Citation",
    "Cited",
    "Classification",
    "Contest",
    "Criterion",
    "DateRange",
    "Decision",
    "Disputed",
    "Evidence",
    "Exit",
    "Faults",
    "FiscalRecord",
    "Group",
    "HubCandidate",
    "HubStatus",
    "IncentiveProposal",
    "IncentiveStatus",
    "Innovation",
    "Instrument",
    "InvalidType",
    "InvalidValue",
    "Judgement",
    "KippError",
    "Level",
    "Margins",
    "MissingExtra",
    "NotFound",
    "NotOpen",
    "NotTwoValued",
    "Opinion",
    "Origin",
    "Outcome",
    "Period",
    "Phase",
    "Proposal",
    "Reason",
    "Registry",
    "Relation",
    "ReplicaSource",
    "Resolved",
    "Rulebook",
    "Schedule",
    "ScoreSheet",
    "Selection",
    "ServiceUnit",
    "Source",
    "Stage",
    "StagePlan",
    "Standing",
    "Term",
    "TieDecision",
    "Tier",
    "UnknownName",
    "Unlimited",
    "Unresolved",
    "UserAgency",
    "Verification",
    "agencies",
    "assumptions",
    "certify",
    "data_version",
    "diff",
    "duty",
    "from_json",
    "hub",
    "incentive",
    "judge",
    "margins",
    "plan",
    "read_contest",
    "record",
    "resolve",
    "rulebook",
    "say",
    "select",
    "select_contest",
    "to_json",
    "validate",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "assumptions":
        return importlib.import_module("kipp.assumptions")
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'kipp' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
