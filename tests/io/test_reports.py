"""Reports: one truth in five forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp
from kipp.domain.errors import InvalidType, UnknownName
from kipp.domain.fault import Fault, Origin, Severity
from kipp.io.report_data import fault_data
from kipp.io.reports import REPORTS, pieces
from kipp.io.sarif import _location
from kipp.io.validation import Report
from kipp.messages import tell
from tests.io.test_injection import INJECTIONS, as_ndjson, clean, injected

FILE = "entri.ndjson"


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Five proposals with up to four faults of the kinds that are injected."""
    records = [clean(number) for number in range(5)]
    known = st.tuples(st.integers(0, 4), st.sampled_from(INJECTIONS))
    for number, injection in draw(st.lists(known, max_size=4)):
        injected(records, number, injection)
    return as_ndjson(records)


def report(content: bytes) -> Report:
    return kipp.validate(io.BytesIO(content), 2021, file=FILE)


def written(content: bytes, form: str, lang: str = "id") -> str:
    return "".join(pieces(report(content), form, lang))


# The objects of SARIF 2.1.0 that are used, from the schema that its committee publishes: their
# members, each with the object it holds (in a list or alone) or a type, those needed with a star.
# None of these objects may have other members.
SARIF: dict[str, dict[str, object]] = {
    "sarifLog": {"$schema": str, "version*": str, "runs*": ["run"]},
    "run": {
        "tool*": "tool",
        "language": str,
        "results": ["result"],
        "translations": ["toolComponent"],
        "columnKind": str,
        "properties": dict,
    },
    "tool": {"driver*": "toolComponent"},
    "toolComponent": {
        "name*": str,
        "language": str,
        "contents": [str],
        "translationMetadata": "translationMetadata",
        "rules": ["reportingDescriptor"],
    },
    "translationMetadata": {"name*": str},
    "reportingDescriptor": {
        "id*": str,
        "shortDescription": "multiformatMessageString",
        "help": "multiformatMessageString",
        "defaultConfiguration": "reportingConfiguration",
    },
    "multiformatMessageString": {"text*": str},
    "reportingConfiguration": {"level": str},
    "result": {
        "ruleId": str,
        "ruleIndex": int,
        "level": str,
        "message*": "message",
        "locations": ["location"],
        "relatedLocations": ["location"],
        "properties": dict,
    },
    "message": {"text": str},
    "location": {
        "id": int,
        "physicalLocation": "physicalLocation",
        "logicalLocations": ["logicalLocation"],
    },
    "physicalLocation": {"artifactLocation*": "artifactLocation", "region": "region"},
    "artifactLocation": {"uri": str},
    "region": {"startLine*": int, "byteOffset": int},
    "logicalLocation": {
        "name": str,
        "fullyQualifiedName": str,
        "kind": str,
        "properties": dict,
    },
}


def offences(value: object, kind: object) -> Iterator[str]:
    """Where *value* is not as the schema says."""
    if isinstance(kind, list):
        if not isinstance(value, list) or len({json.dumps(each) for each in value}) < len(value):
            yield f"{value!r} is no list of different items"
        else:
            yield from (found for each in value for found in offences(each, kind[0]))
    elif isinstance(kind, type):
        if type(value) is not kind:
            yield f"{value!r} is no {kind.__name__}"
    elif not isinstance(value, dict):
        yield f"{value!r} is no {kind}"
    else:
        members = {name.rstrip("*"): inner for name, inner in SARIF[str(kind)].items()}
        needed = {name[:-1] for name in SARIF[str(kind)] if name.endswith("*")}
        yield from (f"{kind} lacks {name}" for name in needed - value.keys())
        yield from (f"{kind} knows no {name}" for name in value.keys() - members.keys())
        for name in value.keys() & members.keys():
            yield from offences(value[name], members[name])


class TestForms:
    """What one form says of a fault the others say too."""

    @given(contents())
    def test_json_and_json_lines(self, content: bytes) -> None:
        whole = json.loads(written(content, "json"))
        *lines, last = map(json.loads, written(content, "ndjson").splitlines())

        assert whole["faults"] == lines == [fault_data(fault, "id") for fault in report(content)]
        assert {"summary": whole["summary"]} == last
        assert whole["summary"]["records"] == 5

    @given(contents())
    def test_csv(self, content: bytes) -> None:
        rows = list(csv.DictReader(io.StringIO(written(content, "csv"), newline="")))

        faults = list(report(content))
        assert [row["code"] for row in rows] == [fault.code for fault in faults]
        assert [row["message"].removeprefix("'") for row in rows] == [
            tell(fault, "id").encode("utf-8", "backslashreplace").decode() for fault in faults
        ]
        assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row.values())

    @given(contents())
    def test_sarif(self, content: bytes) -> None:
        """The members that SARIF 2.1.0 requires, and what stands in them."""
        log = json.loads(written(content, "sarif", "en"))

        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert run["tool"]["driver"]["name"]
        faults = list(report(content))
        assert len(run["results"]) == len(faults)
        for result, fault in zip(run["results"], faults, strict=True):
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == fault.code
            assert result["level"] in {"error", "warning", "note"}
            assert (result["level"] == "error") == (fault.severity is Severity.BLOCKS)
            assert result["message"]["text"]
            for location in result.get("locations", ()):
                if "physicalLocation" not in location:
                    assert not fault.origin.file
                    continue
                place = location["physicalLocation"]
                assert place["artifactLocation"]["uri"] == FILE
                region = place.get("region", {"startLine": 1})
                assert region["startLine"] >= 1

    @given(contents(), st.sampled_from(["id", "en"]))
    def test_sarif_keeps_to_the_published_schema(self, content: bytes, lang: str) -> None:
        log = json.loads(written(content, "sarif", lang))

        assert list(offences(log, "sarifLog")) == []
        driver, translations = log["runs"][0]["tool"]["driver"], log["runs"][0]["translations"]
        assert {driver["language"], *(each["language"] for each in translations)} == {"id", "en"}
        ids = [rule["id"] for rule in driver["rules"]]
        assert all([rule["id"] for rule in each["rules"]] == ids for each in translations)

    def test_a_cell_in_sarif_is_a_logical_location(self) -> None:
        origin = Origin(file="a b.xlsx", sheet="Proposal", row=7, column="D")

        found = _location(origin, "/innovation/title")

        assert list(offences(found, "location")) == []
        assert found["physicalLocation"] == {"artifactLocation": {"uri": "a%20b.xlsx"}}
        cell, field = found["logicalLocations"]
        assert (cell["fullyQualifiedName"], cell["properties"]["row"]) == ("Proposal!D7", 7)
        assert field["fullyQualifiedName"] == "/innovation/title"

    @pytest.mark.parametrize(
        ("file", "uri"),
        [
            ("entri.csv", "entri.csv"),
            ("a:b.csv", "a%3Ab.csv"),
            ("x/é #1.csv", "x/%C3%A9%20%231.csv"),
            ("/x/y.csv", "file:///x/y.csv"),
        ],
    )
    def test_a_file_in_sarif_is_a_reference(self, file: str, uri: str) -> None:
        found = _location(Origin(file=file, line=1, offset=0), "")

        assert found["physicalLocation"]["artifactLocation"]["uri"] == uri

    @given(contents(), st.sampled_from(["id", "en"]))
    def test_text_rolls_up_by_code(self, content: bytes, lang: str) -> None:
        text = written(content, "text", lang)

        found = report(content)
        codes = {fault.code for fault in found}
        assert all(code in text for code in codes)
        assert str(found.summary.records) in text.splitlines()[-2]

    def test_many_alike_are_told_by_their_places(self) -> None:
        records = [clean(number) | {"group": "umun"} for number in range(20)]

        text = written(as_ndjson(records), "text", "en")

        assert text.count("holds “umun”") == 3
        assert "and 17 more like it" in text

    @pytest.mark.parametrize("form", REPORTS)
    def test_a_report_without_faults(self, form: str) -> None:
        found = kipp.validate([], 2021)

        assert "".join(pieces(found, form))
        assert found.summary.faults == 0

    def test_bad_use(self) -> None:
        with pytest.raises(UnknownName):
            pieces(kipp.validate([]), "pdf")
        with pytest.raises(UnknownName):
            pieces(kipp.validate([]), "text", "jv")
        with pytest.raises(InvalidType):
            kipp.validate(7)  # type: ignore[arg-type]  # that is the test


class TestSources:
    """A file, a stream, values and plain data are looked at alike."""

    @given(contents())
    def test_the_same_faults_whatever_holds_the_records(self, content: bytes) -> None:
        def told(faults: Any) -> list[tuple[str, str, str | None]]:
            return [(fault.code, fault.pointer, fault.record) for fault in faults]

        data = [json.loads(line) for line in content.splitlines()]

        assert told(report(content)) == told(kipp.validate(data, 2021))
        assert told(kipp.validate(data, 2021)) == told(kipp.validate(iter(data), 2021))

    @given(contents())
    def test_the_summary_counts_what_was_told(self, content: bytes) -> None:
        found = report(content)
        faults: list[Fault] = list(found)
        summary = found.summary

        assert summary.faults == len(faults)
        assert sum(summary.codes.values()) == len(faults)
        blocked = {
            fault.origin.line
            for fault in faults
            if fault.severity is Severity.BLOCKS and fault.origin.line
        }
        assert summary.accepted == summary.records - len(blocked)

    def test_records_that_are_values(self) -> None:
        value = kipp.from_json(json.dumps(clean(1)), kipp.Proposal)

        found = {fault.code for fault in kipp.validate([value, value], 2021)}

        assert "DUPLICATE_ID" in found

    def test_without_comparing(self) -> None:
        data = [clean(1), clean(1)]

        compared = {fault.code for fault in kipp.validate(data, 2021)}
        alone = {fault.code for fault in kipp.validate(data, 2021, cross=False)}

        assert "DUPLICATE_ID" in compared - alone
