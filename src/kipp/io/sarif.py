"""A report as SARIF 2.1.0, the form in which code hosts and editors show the findings of a tool.

A place in a text is a region (line and byte), a cell a logical location (``Proposal!D7``) with its
sheet, row and column as properties.  The rules carry what they say in every language of the
catalogue; the results are told in the one asked for.  What SARIF has no form for (values, pointer,
patch, sources) stands in the properties of a result.

The results come before the tool that found them, which SARIF leaves open: so nothing is held but
the codes that were met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kipp.domain.fault import Fault, Origin, Severity
from kipp.io.report_data import compact, fault_data, summary_data
from kipp.io.validation import Report
from kipp.messages.catalogue import LANGUAGES, text

__all__ = ["SCHEMA", "as_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
"""Where the schema of this form is published."""

_VERSION = "2.1.0"
_TOOL = "kipp"
_LEVELS = {Severity.BLOCKS: "error", Severity.NEEDS_PERSON: "warning", Severity.NOTE: "note"}
_PROPERTIES = ("pointer", "values", "record", "cure", "citations")
_OPTIONAL = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r"\{\w+(?::[^{}|]*\|([^{}|]*))?\}")


def as_sarif(report: Report, lang: str) -> Iterator[str]:
    """One log with one run, piece by piece."""
    codes: dict[str, Severity] = {}
    yield f'{{"$schema":{compact(SCHEMA)},"version":{compact(_VERSION)},"runs":[{{"results":[\n'
    before = ""
    for fault in report:
        codes.setdefault(fault.code, fault.severity)
        yield before + compact(_result(fault, lang, list(codes).index(fault.code)))
        before = ",\n"
    yield f"],\n{compact(_end(report, lang, codes))[1:-1]}}}]}}\n"


def _result(fault: Fault, lang: str, index: int) -> dict[str, Any]:
    data = fault_data(fault, lang)
    result: dict[str, Any] = {
        "ruleId": fault.code,
        "ruleIndex": index,
        "level": _LEVELS[fault.severity],
        "message": {"text": data["message"]},
        "locations": [_location(fault.origin, fault.pointer)],
        "properties": {name: data[name] for name in _PROPERTIES if name in data},
    }
    others = list(dict.fromkeys(fault.others))
    if others:
        result["relatedLocations"] = [
            {"id": number, **_location(each, "")} for number, each in enumerate(others)
        ]
    return result


def _location(origin: Origin, pointer: str) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if origin.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(origin.file)}}
        region = _region(origin)
        if region:
            physical["region"] = region
        location["physicalLocation"] = physical
    logical = [_cell(origin)] if origin.row is not None else []
    if pointer:
        name = pointer.rpartition("/")[2]
        logical.append({"name": name, "fullyQualifiedName": pointer, "kind": "property"})
    if logical:
        location["logicalLocations"] = logical
    return location


def _region(origin: Origin) -> dict[str, int]:
    found = {"startLine": origin.line, "byteOffset": origin.offset}
    return {name: value for name, value in found.items() if value is not None}


def _cell(origin: Origin) -> dict[str, Any]:
    name = f"{origin.column or ''}{origin.row}"
    where = name if origin.sheet is None else f"{origin.sheet}!{name}"
    told = {"sheet": origin.sheet, "row": origin.row, "column": origin.column}
    return {
        "name": name,
        "fullyQualifiedName": where,
        "kind": "cell" if origin.column else "row",
        "properties": {key: value for key, value in told.items() if value is not None},
    }


def _uri(file: str) -> str:
    """The path as a reference: relative as it is, absolute with its scheme."""
    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "surrogateescape"))


def _end(report: Report, lang: str, codes: dict[str, Severity]) -> dict[str, Any]:
    """What a run says beside its results."""
    others = [each for each in LANGUAGES if each != lang]
    return {
        "tool": {
            "driver": {
                "name": _TOOL,
                "language": lang,
                "rules": [_rule(code, lang, severity) for code, severity in codes.items()],
            }
        },
        "language": lang,
        "translations": [_translation(each, codes) for each in others],
        "columnKind": "unicodeCodePoints",
        "properties": {"summary": summary_data(report.summary)},
    }


def _translation(lang: str, codes: dict[str, Severity]) -> dict[str, Any]:
    return {
        "name": _TOOL,
        "language": lang,
        "contents": ["localizedData"],
        "translationMetadata": {"name": f"{_TOOL} ({lang})"},
        "rules": [_rule(code, lang, None) for code in codes],
    }


def _rule(code: str, lang: str, severity: Severity | None) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code}
    said = text(f"fault.{code}", lang) or text(code, lang)
    if said is not None:
        rule["shortDescription"] = {"text": _open(said)}
    cure = text(f"cure.{code}", lang)
    if cure is not None:
        rule["help"] = {"text": _open(cure)}
    if severity is not None:
        rule["defaultConfiguration"] = {"level": _LEVELS[severity]}
    return rule


def _open(template: str) -> str:
    """A template with dots where its values stand; parts that may be left out are."""
    return _PLACE.sub(
        lambda match: f"… {match[1]}" if match[1] else "…", _OPTIONAL.sub("", template)
    )
