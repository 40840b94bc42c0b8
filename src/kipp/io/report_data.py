"""Faults and summaries as plain data, the same in every form of a report."""

from __future__ import annotations

import json
from typing import Any

import attrs

from kipp.domain.citation import Citation
from kipp.domain.errors import KippError
from kipp.domain.fault import Cure, Fault, Operation, Origin
from kipp.io.validation import Summary
from kipp.messages.report import cure_text, tell

__all__ = ["compact", "fault_data", "operation_data", "summary_data", "value_data"]


def fault_data(fault: Fault, lang: str = "id") -> dict[str, Any]:
    """*fault* as plain data, with its sentence; what it does not have is left out."""
    data: dict[str, Any] = {
        "code": fault.code,
        "severity": fault.severity.value,
        "message": tell(fault, lang),
        "pointer": fault.pointer,
        "origin": _origin_data(fault.origin),
        "values": {name: value_data(value) for name, value in fault.values},
    }
    if fault.record is not None:
        data["record"] = fault.record
    if fault.cure is not None:
        data["cure"] = _cure_data(fault.cure, cure_text(fault, lang))
    if fault.citations:
        data["citations"] = [_citation_data(each) for each in fault.citations]
    if fault.others:
        data["others"] = [_origin_data(each) for each in fault.others]
    return data


def _origin_data(origin: Origin) -> dict[str, Any]:
    found = ((name, getattr(origin, name)) for name in _ORIGIN)
    return {name: value for name, value in found if value not in (None, "")}


_ORIGIN = tuple(each.name for each in attrs.fields(Origin))


def _cure_data(cure: Cure, said: str) -> dict[str, Any]:
    data: dict[str, Any] = {"code": cure.code, "message": said}
    if cure.patch:
        data["patch"] = [operation_data(each) for each in cure.patch]
    return data


def operation_data(operation: Operation) -> dict[str, Any]:
    """*operation* as RFC 6902 writes it."""
    data = {"op": operation.op, "path": operation.path}
    return data if operation.op == "remove" else {**data, "value": operation.value}


def _citation_data(citation: Citation) -> dict[str, Any]:
    source = citation.source
    told = {"title": source.title, "date": source.date, "url": source.url}
    stated = {name: value for name, value in told.items() if value is not None}
    return {**stated, "evidence": citation.evidence.value}


def value_data(value: Any) -> Any:
    """*value* as JSON holds it; what kipp has no form for, as its text."""
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, list):
        return [value_data(item) for item in value]
    if isinstance(value, dict):
        return {str(key): value_data(item) for key, item in value.items()}
    from kipp.io.converter import plain

    try:
        return plain(value)
    except KippError:
        return str(value)


def summary_data(summary: Summary) -> dict[str, Any]:
    """*summary* as plain data."""
    return {
        "kind": summary.kind,
        "cycle": summary.cycle,
        "records": summary.records,
        "accepted": summary.accepted,
        "faults": summary.faults,
        "severities": {each.value: count for each, count in summary.severities.items()},
        "codes": dict(summary.codes),
        "rules": list(summary.rules),
    }


def compact(data: object) -> str:
    """*data* as JSON without blanks."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
