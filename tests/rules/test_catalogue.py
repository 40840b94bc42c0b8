"""Every rule once, and what it says about itself is what it does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName
from kipp.domain.award import AwardHistory
from kipp.domain.cycle import Group
from kipp.domain.errors import UnknownName
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.messages import text
from kipp.rulebooks import cycles, rulebook
from kipp.rules import catalogue
from kipp.rules.catalogue import RULES, Answer
from kipp.rules.decision import Classification, Decision
from kipp.rules.judge import judge
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import SCHEMAS
from tests.architecture.source import modules_of

IDS = {
    str(ast.literal_eval(node.args[0]))
    for module in modules_of("rules")
    for node in ast.walk(module.tree)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "RuleId"
}


def test_every_rule_id_of_the_source_stands_there_once() -> None:
    listed = [rule.id for rule in RULES]

    assert len(listed) == len(set(listed))
    assert set(listed) == IDS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_entry_is_complete(rule: catalogue.Rule) -> None:
    assert rule.codes
    assert len(rule.codes) == len(set(rule.codes))
    assert rule.summary.endswith((".", ":"))
    assert text(rule.title, "id")
    assert text(rule.title, "en")
    returned = rule.function.__annotations__["return"]
    shape = Decision if rule.answer is Answer.DECISION else Classification
    assert str(returned).startswith(shape.__name__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_paths_are_paths_of_its_book(rule: catalogue.Rule) -> None:
    if rule.book is None:
        assert rule.paths == ()
        return
    known = set(SCHEMAS[rule.book])

    for path in rule.paths:
        spelt = {path.replace("{group}", group.key) for group in Group}
        in_schema = path in known or spelt <= known or "_{year}" in path
        assert in_schema, path


def test_an_unknown_rule_is_named() -> None:
    assert catalogue.rule("minimum-age").id == "minimum-age"
    with pytest.raises(UnknownName, match="rule: expected one of create-one"):
        catalogue.rule("minimum-wage")


def test_the_codes_of_all_rules_each_once() -> None:
    codes = catalogue.codes()

    assert len(codes) == len(set(codes))
    assert set(codes) == {code for rule in RULES for code in rule.codes}


class Spy(Rulebook):
    """A rulebook that remembers which paths were read."""

    __slots__ = ()
    seen: set[str] = set()  # noqa: RUF012  # shared on purpose: a frozen rulebook has no room

    def term(self, path: str) -> Any:
        Spy.seen.add(path)
        return super().term(path)


def spied(book: Rulebook) -> Spy:
    return Spy(kind=book.kind, name=book.name, year=book.year, terms=book.terms)


def pattern(path: str) -> str:
    parts = path.split(".")
    keys = {group.key for group in Group}
    return ".".join("{group}" if part in keys else part for part in parts)


BY_RULE: Mapping[str, Callable[..., Decision]] = {
    rule.id: rule.function
    for rule in RULES
    if rule.family in {"eligibility", "screening"} and rule.id != "still-entered"
}
EXTRA: Mapping[str, Mapping[str, Any]] = {
    "participant": {
        "agency": Agency(key=AgencyKey("a"), kind=AgencyKind.CITY, names=(DatedName("Kota A"),))
    },
    "earlier-awards": {"history": AwardHistory(innovation="i")},
    "title-once": {"others": ()},
    "innovation-once": {"others": ()},
}


@pytest.mark.parametrize("rule_id", BY_RULE)
@pytest.mark.parametrize("year", cycles())
def test_a_rule_reads_the_paths_it_declares(rule_id: str, year: int) -> None:
    """And gives only the codes it declares."""
    rule = catalogue.rule(rule_id)
    Spy.seen.clear()
    innovation = Innovation(id="i", title="t", agency=AgencyKey("a"))
    for group in (None, *Group):
        proposal = Proposal(id="p", innovation=innovation, cycle=year, group=group)
        decision = rule.function(spied(rulebook(year)), proposal, **EXTRA.get(rule_id, {}))
        assert decision.rule == rule_id
        assert set(decision.codes) <= set(rule.codes)

    read = {pattern(path) for path in Spy.seen}
    assert read - set(rule.paths) - {"groups.{group}.offered"} == set()


@pytest.mark.parametrize("year", cycles())
def test_a_judgement_gives_declared_codes_only(year: int) -> None:
    innovation = Innovation(id="i", title="t", agency=AgencyKey("a"))
    for group in (None, *Group):
        proposal = Proposal(id="p", innovation=innovation, cycle=year, group=group)
        judgement = judge(rulebook(year), proposal, history=None)
        answers = [(each.rule, each.codes) for each in judgement.decisions]
        answers += [(each.rule, each.codes) for each in judgement.classifications]
        for rule_id, found in answers:
            assert set(found) <= set(catalogue.rule(rule_id).codes)
