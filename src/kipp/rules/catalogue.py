"""Every rule once: its id, function, the rulebook paths it reads, its codes, its kind of answer.

A value to read, not a framework: nothing is registered, nothing is run from here.  The pages, the
command ``kipp rules`` and the tests of titles and messages are made from it; the titles stand in
:mod:`kipp.messages` under :attr:`Rule.title`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from kipp.domain.errors import UnknownName
from kipp.domain.incentive import FiscalCluster
from kipp.rules import (
    cap,
    duty,
    eligibility,
    hub,
    incentive,
    institutionalisation,
    replication,
    screening,
)
from kipp.rules.decision import RuleId
from kipp.rules.terms import BookKind

__all__ = ["RULES", "Answer", "Rule", "codes", "rule"]


class Answer(enum.StrEnum):
    """Kind of answer a rule gives."""

    DECISION = "requirement: met, not met or unknown"
    CLASSIFICATION = "classification: a value of a closed type, or none"


@attrs.frozen(kw_only=True)
class Rule:
    """One rule: *paths* are those it may read (``{group}``, ``{year}`` stand for any), by book."""

    id: RuleId
    family: str
    function: Callable[..., Any]
    answer: Answer
    codes: tuple[str, ...]
    book: BookKind | None = None
    paths: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The key of the rule's title in the messages."""
        return f"rule.{self.id}"

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").partition("\n")[0]


_OFFERED = ("held", "groups.{group}.offered")
_CAP = (*_OFFERED, "groups.{group}.cap")
_AGE = (
    *_OFFERED,
    "groups.{group}.minimum_age",
    "groups.{group}.minimum_age_pandemic",
    "minimum_age.counts_from",
    "schedule.registration_opens",
    "schedule.registration_closes",
)
_AWARDS = (
    *_OFFERED,
    "groups.{group}.excluding_awards",
    "groups.{group}.top99_before",
    "groups.{group}.itself_never_awarded",
    "groups.{group}.source_awards",
    "groups.{group}.barring_awards",
    "groups.{group}.own_tier_before",
)
_FAILS = ("held", "screening.fail_reasons")


def _rules(
    family: str,
    book: BookKind,
    codes: Mapping[RuleId, tuple[str, ...]],
    rows: Mapping[RuleId, tuple[Callable[..., Any], tuple[str, ...]]],
    answers: Mapping[RuleId, Answer],
) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            id=rule_id,
            family=family,
            function=function,
            answer=answers.get(rule_id, Answer.DECISION),
            codes=codes[rule_id],
            book=book,
            paths=tuple(dict.fromkeys(paths)),
        )
        for rule_id, (function, paths) in rows.items()
    )


_DUTY = _rules(
    "duty",
    BookKind.DUTY,
    duty.CODES_OF,
    {
        duty.CREATE: (
            duty.create_one,
            (
                "subjects",
                "consequence.{year}",
                "create.minimum.{year}",
                "create.duty_from",
                "create.replica_counts",
                "create.older_counts",
                "create.suspended_{year}",
                "create.wording",
            ),
        ),
        duty.ENTER: (
            duty.enter_one,
            ("subjects", "consequence.{year}", "enter.minimum.{year}"),
        ),
    },
    {},
)
_CAPS = _rules("cap", BookKind.CYCLE, cap.CODES_OF, {cap.RULE_ID: (cap.proposal_cap, _CAP)}, {})
_ELIGIBILITY = _rules(
    "eligibility",
    BookKind.CYCLE,
    eligibility.CODES_OF,
    {
        eligibility.HELD: (eligibility.cycle_held, ("held",)),
        eligibility.PARTICIPANT: (
            eligibility.participant,
            (
                "held",
                "participants",
                "schedule.registration_opens",
                "schedule.registration_closes",
            ),
        ),
        eligibility.GROUP: (eligibility.group_offered, _OFFERED),
        eligibility.INVITATION: (
            eligibility.invitation,
            (*_OFFERED, "groups.{group}.by_invitation", "groups.{group}.all_invited"),
        ),
        eligibility.AGE: (eligibility.minimum_age, _AGE),
        eligibility.AWARDS: (eligibility.earlier_awards, _AWARDS),
        eligibility.CATEGORY: (eligibility.category_offered, ("held", "categories.names")),
        eligibility.SDG: (eligibility.sdg_link, ("held", "sdg_minimum")),
    },
    {},
)
_SCREENING = _rules(
    "screening",
    BookKind.CYCLE,
    screening.CODES_OF,
    {
        screening.DOCUMENTS: (screening.documents_complete, ("held", "documents.required")),
        screening.WORDS: (screening.word_limit, ("held", "summary.words")),
        screening.VIDEO: (screening.video_length, ("held", "video.minutes")),
        screening.CARELESS: (screening.careful_answers, _FAILS),
        screening.TITLE: (screening.title_once, _FAILS),
        screening.DEADLINE: (
            screening.submitted_in_time,
            (
                "held",
                "schedule.registration_opens",
                "schedule.registration_closes",
                "schedule.closing_zone",
                "schedule.closing_time",
            ),
        ),
        screening.INNOVATION: (screening.innovation_once, ()),
        screening.ENTERED: (screening.still_entered, ()),
    },
    {},
)
_REPLICATION = _rules(
    "replication",
    BookKind.CYCLE,
    replication.CODES_OF,
    {
        replication.ENTRY: (replication.replication_entry, (*_AWARDS, *_AGE, *_CAP)),
        replication.ROUTER: (replication.group_router, _AWARDS),
        replication.SPREAD: (replication.spread_kind, ()),
    },
    dict.fromkeys((replication.ROUTER, replication.SPREAD), Answer.CLASSIFICATION),
)


_CYCLES = (
    "cycles.{year}.proposed",
    "recipients",
    "cycles.{year}.levels.{group}",
    "cycles.{year}.top_tier",
)
_MAIN = (
    "criteria.required",
    "criteria.closed_list",
    "criteria.skip_without_data",
    "criteria.opinion_years",
    "criteria.eprocurement_grade",
)
_CLUSTERS = tuple(
    f"clusters.{cluster.name.lower()}.{leaf}"
    for cluster in FiscalCluster
    for leaf in ("criteria", "opinion_years", "eprocurement_grade")
)
_YEARS = ("cycles.{year}.fiscal_year", "cycles.{year}.fiscal_year_also_said")
_INCENTIVE = _rules(
    "incentive",
    BookKind.INCENTIVE,
    incentive.CODES_OF,
    {
        incentive.PROPOSE: (incentive.propose, (*_CYCLES, "cycles.{year}.wording")),
        incentive.FISCAL_YEAR: (incentive.fiscal_year, (*_CYCLES[:1], *_YEARS)),
        incentive.CRITERIA: (incentive.main_criteria, (*_MAIN, *_CLUSTERS)),
        incentive.CLUSTER: (incentive.fiscal_cluster, (*_MAIN, *_CLUSTERS)),
        incentive.COUNTS: (
            incentive.innovation_counts,
            ("innovation.counts", "innovation.weight"),
        ),
        incentive.STATUS: (
            incentive.incentive_status,
            (*_CYCLES, *_YEARS, *_MAIN, *_CLUSTERS, "decider"),
        ),
    },
    dict.fromkeys(
        (incentive.FISCAL_YEAR, incentive.CLUSTER, incentive.COUNTS, incentive.STATUS),
        Answer.CLASSIFICATION,
    ),
)

_HUBS = _rules(
    "hub",
    BookKind.HUBS,
    hub.CODES_OF,
    {
        hub.STATUS: (hub.hub_status, ("coverage", "register.complete_to")),
        hub.CANDIDATE: (
            hub.hub_candidate,
            (
                "criteria.names",
                "criteria.first_year",
                "criteria.last_year",
                "criteria.external_from",
                "criteria.all_needed",
            ),
        ),
        hub.MATURITY: (
            hub.hub_maturity,
            ("maturity.introduced", "maturity.aspects", "maturity.levels"),
        ),
    },
    dict.fromkeys((hub.STATUS, hub.MATURITY), Answer.CLASSIFICATION),
)
_INSTITUTIONALISATION = _rules(
    "institutionalisation",
    BookKind.HUBS,
    institutionalisation.CODES_OF,
    {
        institutionalisation.PHASE: (
            institutionalisation.phase_of,
            ("institutionalisation.marks",),
        ),
        institutionalisation.LEVEL: (
            institutionalisation.institutionalisation_level,
            (
                "institutionalisation.ladder",
                "institutionalisation.expected",
                "institutionalisation.expected_from",
            ),
        ),
        institutionalisation.SURVIVAL: (institutionalisation.survives_leader_change, ()),
    },
    dict.fromkeys(institutionalisation.RULE_IDS, Answer.CLASSIFICATION),
)


RULES: tuple[Rule, ...] = (
    *_DUTY,
    *_CAPS,
    *_ELIGIBILITY,
    *_SCREENING,
    *_REPLICATION,
    *_INCENTIVE,
    *_HUBS,
    *_INSTITUTIONALISATION,
)


def rule(rule_id: str) -> Rule:
    """The rule of *rule_id*.

    Raises:
        UnknownName: no such rule.
    """
    for each in RULES:
        if each.id == rule_id:
            return each
    raise UnknownName("rule", rule_id, f"one of {', '.join(each.id for each in RULES)}")


def codes() -> tuple[str, ...]:
    """Every reason code any rule can give, each once, in the order of the rules."""
    return tuple(dict.fromkeys(code for each in RULES for code in each.codes))
