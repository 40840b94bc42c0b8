"""One catalogue per language: compiled from its source, complete, and nothing in it unused."""

from __future__ import annotations

import ast
import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import attrs
import pytest

import kipp.domain
import kipp.rules
from kipp.domain.checks import Kind, agreements_of, kinds_of
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.incentive import InnovationCounts
from kipp.io.finding import expected_of
from kipp.io.submission import Submission
from kipp.io.typed import vocabulary
from kipp.messages import LANGUAGES, catalogue, text
from kipp.messages.compile import compiled
from kipp.messages.po import read_po
from kipp.registry import compositions
from kipp.rules.policy import MARKED
from kipp.rules.resolution import Unresolvable
from tests.architecture.source import PACKAGE, modules, modules_of

PLACES = re.compile(r"\{(\w+)(?::[^{}|]*\|[^{}|]*)?\}")
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def packages(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(info.name) for info in found]


RULES = packages(kipp.rules)
DECLARED = {code for module in RULES for code in getattr(module, "CODES", ())}
IDS = {
    str(ast.literal_eval(node.args[0]))
    for module in modules_of("rules")
    for node in ast.walk(module.tree)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "RuleId"
}
ENUMS = {
    cls.__name__: cls
    for module in (*packages(kipp.domain), *RULES)
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, enum.Enum) and not cls.__name__.startswith("_")
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_compiled_file_is_its_source(lang: str) -> None:
    """After a change of ``kipp.po``: ``python -m kipp.messages.compile``."""
    folder = PACKAGE / "messages" / "locale" / lang / "LC_MESSAGES"
    source = (folder / "kipp.po").read_text(encoding="utf-8")

    assert compiled(source) == (folder / "kipp.mo").read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_gettext_reads_what_we_compile(lang: str) -> None:
    read = catalogue(lang)

    assert {code: text(code, lang) for code in read} == dict(read)


def test_indonesian_has_one_plural_form() -> None:
    folder = PACKAGE / "messages" / "locale" / "id" / "LC_MESSAGES"

    assert "nplurals=1; plural=0;" in (folder / "kipp.po").read_text(encoding="utf-8")


def test_both_languages_say_the_same_things() -> None:
    """The same codes in the same order, with the same placeholders."""
    indonesian, english = catalogue("id"), catalogue("en")

    assert list(indonesian) == list(english)
    for code in indonesian:
        assert places(indonesian[code]) == places(english[code]), code


def places(template: str) -> set[str]:
    return set(PLACES.findall(template))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_templates_are_well_formed(lang: str) -> None:
    for code, template in catalogue(lang).items():
        plain = PLACES.sub("", re.sub(r"<([^<>]*)>", r"\1", template))
        assert not re.search(r"[{}<>]", plain), code
        assert template == template.strip(), code
        for part in re.findall(r"<([^<>]*)>", template):
            assert places(part), code


def test_no_code_of_a_rule_lacks_a_sentence() -> None:
    assert DECLARED - set(catalogue("id")) == set()


def test_no_rule_lacks_a_title() -> None:
    assert {f"rule.{name}" for name in IDS} - set(catalogue("id")) == set()


def test_no_closed_value_of_a_reason_lacks_a_word() -> None:
    spoken = {code.partition(".")[0] for code in catalogue("id")} & set(ENUMS)

    for name in sorted(spoken):
        expected = {f"{name}.{member.name}" for member in ENUMS[name]}
        assert expected == {c for c in catalogue("id") if c.startswith(f"{name}.")}


PREFIXES = (
    "period.",
    "fact.",
    "fault.",
    "cure.",
    "expects.",
    "cli.help.",
    "cli.help.option.",
    "demo.key.",
    "demo.kind.",
)
"""Ids that the source puts together: each of these, then a word of the source or of the data."""


def test_no_sentence_stands_for_nothing() -> None:
    """Every id is a code of a rule, a title of a rule, a closed value, or named in the source."""
    words = named() | {row.agency_kind for row in compositions()}
    words |= {stage.name.lower() for stage in Stage}
    words |= {field.name for field in attrs.fields(InnovationCounts)}
    known = DECLARED | {f"rule.{name}" for name in IDS} | words
    known |= {f"{name}.{member.name}" for name, cls in ENUMS.items() for member in cls}
    known |= {f"{prefix}{word}" for prefix in PREFIXES for word in words}
    known |= {f"fact.marks.{stage.name.lower()}" for stage in MARKED}
    known |= {f"fault.{reason.code}" for reason in Unresolvable}
    known |= expectations() | titles()

    assert {code for code in catalogue("id") if code not in known} == set()


def titles() -> set[str]:
    """What records, their fields and closed words are called, and what is said about them."""
    found: set[str] = set()
    for name, cls in {**vocabulary(), "Submission": Submission}.items():
        found |= {f"record.{name}", f"about.{name}"}
        if attrs.has(cls):
            found |= {f"field.{name}.{field.name}" for field in attrs.fields(cls)}
    return found


def expectations() -> set[str]:
    """What the fields of all records that are read expect, and what they must agree on."""
    found: set[str] = set()
    for cls in filter(attrs.has, vocabulary().values()):
        found |= {each.key for each in agreements_of(cls)}
        for kind in kinds_of(cls).values():
            found |= set(keys(kind))
    return {f"expects.{key}" for key in found}


def keys(kind: Kind) -> Iterator[str]:
    yield from expected_of(kind)[0].split("|")
    for part in kind.parts:
        yield from keys(part)


def test_every_expectation_has_its_words() -> None:
    assert expectations() - set(catalogue("id")) == set()


def named() -> set[str]:
    """Every text of the source, the catalogue's own words left out."""
    return {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def facts() -> set[str]:
    return {code.removeprefix("fact.") for code in catalogue("id") if code.startswith("fact.")}


def test_facts_named_by_rules_have_a_word() -> None:
    named = {
        str(node.args[0].value)
        for module in modules_of("rules")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "unrecorded"
        and isinstance(node.args[0], ast.Constant)
    }

    assert named - facts() == set()


def test_another_language_is_refused() -> None:
    with pytest.raises(UnknownName, match="lang: expected one of id, en, got 'jv'"):
        text("MET", "jv")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            'msgid "A"\nmsgstr "a"\nmsgid "A"\nmsgstr "b"',
            "an id that stands once, got 'A' @ line 3",
        ),
        ('msgid "A"\nmsgstr ""', r"a text for every id, got \['A'\]"),
        ("msgid A", "a msgid, a msgstr or a quoted text, got 'msgid A' @ line 1"),
        ('msgid "A"\n"B"\nmsgstr "a"', "an id on one line, got 'B' @ line 2"),
    ],
)
def test_a_broken_source_is_refused(source: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        read_po(source)


def test_a_text_may_run_over_lines() -> None:
    assert read_po('# words\nmsgid "A"\nmsgstr ""\n"one "\n"two"\n') == {"A": "one two"}
