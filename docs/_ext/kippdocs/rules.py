"""The rule catalogue as a page: what each rule decides, from which values, with which words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from itertools import groupby

from docutils import nodes

from kipp.messages import text, title
from kipp.rules.catalogue import RULES, Answer, Rule
from kippdocs.nodes import code, joined, paragraph, section, slug, table

__all__ = ["catalogue"]

# {entered:proposal|proposals}: a number with the fitting form of the noun.
_COUNTED = re.compile(r"\{(\w+):[^{}|]*\|([^{}|]*)\}")

_FAMILIES = {
    "duty": "One Agency One Innovation",
    "cap": "Cap",
    "eligibility": "Eligibility",
    "screening": "Administrative screening",
    "replication": "Groups and replication",
    "selection": "Selection",
    "incentive": "The regional incentive",
    "hub": "Hubs",
    "institutionalisation": "Institutionalisation",
}


def catalogue() -> list[nodes.Node]:
    """A section per family, in it a section per rule."""
    return [_overview(), *_families()]


def _overview() -> nodes.table:
    rows = (
        ([paragraph(_to(each))], [paragraph(title(each.id, "en"))], [paragraph(_kind(each))])
        for each in RULES
    )
    return table(("rule", "decides", "answers with"), (30, 50, 20), rows)


def _to(rule: Rule) -> nodes.reference:
    made = nodes.reference("", "", refid=_anchor(rule), internal=True)
    made += code(rule.id)
    return made


def _anchor(rule: Rule) -> str:
    return slug("rule", rule.id)


def _kind(rule: Rule) -> str:
    return "a decision" if rule.answer is Answer.DECISION else "a classification"


def _families() -> Iterator[nodes.section]:
    for family, rules in groupby(RULES, key=lambda rule: rule.family):
        name = _FAMILIES.get(family, family.capitalize())
        yield section(name, slug("family", family), *map(_rule, rules))


def _rule(rule: Rule) -> nodes.section:
    titles = paragraph(
        f"{title(rule.id, 'en')} · ", nodes.emphasis("", title(rule.id, "id")), classes=["titles"]
    )
    return section(rule.id, _anchor(rule), titles, *_told(rule), _facts(rule), _codes(rule))


def _told(rule: Rule) -> list[nodes.Node]:
    """The docstring up to what it raises, as paragraphs."""
    told = (inspect.getdoc(rule.function) or "").split("\n\nRaises:")[0]
    return [_marked(" ".join(part.split())) for part in told.split("\n\n")]


def _marked(told: str) -> nodes.paragraph:
    """Plain text in which ``code``, *names* and :roles: keep their look."""
    parts: list[nodes.Node | str] = []
    for index, part in enumerate(told.replace("``", "`").split("`")):
        parts += [code(_last(part))] if index % 2 else _emphasised(_unroled(part))
    return paragraph(*parts)


def _unroled(part: str) -> str:
    head, colon, role = part.rstrip(":").rpartition(":")
    return head if part.endswith(":") and colon and role.isalpha() else part


def _last(target: str) -> str:
    return target.rpartition(".")[-1] if target.startswith("~") else target


def _emphasised(part: str) -> list[nodes.Node | str]:
    return [
        nodes.emphasis("", each) if index % 2 else each
        for index, each in enumerate(part.split("*"))
    ]


def _facts(rule: Rule) -> nodes.field_list:
    made = nodes.field_list()
    rows = [("Function", [code(f"{rule.function.__module__}.{rule.function.__name__}")])]
    rows.append(("Answers with", [nodes.Text(f"{rule.answer}")]))
    paths = joined([code(path)] for path in rule.paths) or [nodes.Text("none")]
    book = f" in the {rule.book} rulebook" if rule.book and rule.paths else ""
    rows.append(("Reads", [*paths, nodes.Text(book)]))
    for name, inline in rows:
        made += nodes.field(
            "", nodes.field_name("", name), nodes.field_body("", paragraph(*inline))
        )
    return made


def _codes(rule: Rule) -> nodes.table:
    rows = (
        ([paragraph(code(each))], [paragraph(_sentence(each, "en")), _indonesian(each)])
        for each in rule.codes
    )
    return table(("code", "says"), (30, 70), rows)


def _indonesian(each: str) -> nodes.paragraph:
    return paragraph(nodes.emphasis("", _sentence(each, "id")), classes=["note"])


def _sentence(each: str, lang: str) -> str:
    """The template for a reader: values in braces, parts that may be left out in brackets."""
    template = _COUNTED.sub(r"{\1} \2", text(each, lang) or "")
    return template.replace("<", "[").replace(">", "]")
