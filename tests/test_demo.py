"""The demonstration: its figures are the published ones, and they follow from the tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files

import attrs
import pytest

from kipp import assumptions, demo
from kipp.domain.agency import AgencyKind
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.registry import loader
from kipp.rules.decision import Outcome
from kipp.rules.resolution import Resolved, resolve

Figures = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def tables() -> demo.Tables:
    return demo.packaged()


@pytest.fixture(scope="module")
def run(tables: demo.Tables) -> demo.Run:
    return demo.run_cycle(tables)


@pytest.fixture(scope="module")
def sections(tables: demo.Tables) -> tuple[demo.Section, ...]:
    return demo.demonstrate(tables)


def figures(lines: tuple[demo.Line, ...]) -> Figures:
    found: Figures = {}
    for line in lines:
        found.setdefault(line.code, []).append(dict(line.values))
    return found


def record_of(tables: demo.Tables) -> Figures:
    return figures(tuple(demo.record_lines(tables)))


def arithmetic_of(tables: demo.Tables) -> Figures:
    return figures(tuple(demo.arithmetic_lines(tables)))


class TestTheRecord:
    """147 of the 151 award rows resolve; four name bodies that are not in the registry."""

    def test_resolved(self, tables: demo.Tables) -> None:
        found = record_of(tables)

        assert found["demo.resolved"] == [{"resolved": 147, "count": 151}]
        assert {row["name"] for row in found["demo.unresolved"]} == {
            "Bank DKI",
            "PAM Jaya",
            "PT Jamkrida Bali Mandara (Perseroda)",
            "Universitas Indonesia",
        }
        assert len(found["demo.award"]) == 147

    def test_counts_of_tiers_add_up_to_the_rows(self, tables: demo.Tables) -> None:
        counts = [row["count"] for row in record_of(tables)["demo.awards"]]

        assert sum(count for count in counts if isinstance(count, int)) == 151


class TestTheArithmetic:
    """Figures the dossier states: Top 99 of 2018, ten editions, finalists."""

    def test_top_99_of_2018(self, tables: demo.Tables) -> None:
        """16 of 11 ministries, 10 of 5 institutions, 18 of 13, 39 of 32, 16 of 12: 99 over 73."""
        rows = [
            row
            for row in arithmetic_of(tables)["demo.breakdown"]
            if (row["year"], row["tier"]) == (2018, "top_99")
        ]

        assert [(row["innovations"], row["agencies"]) for row in rows] == [(99, 73)]
        assert rows[0]["parts"] == (
            ("ministry", 16, 11),
            ("state_institution", 10, 5),
            ("province", 18, 13),
            ("regency", 39, 32),
            ("city", 16, 12),
        )

    def test_the_competing_breakdown_stands_beside_it(self, tables: demo.Tables) -> None:
        rows = arithmetic_of(tables)["demo.breakdown-innovations"]

        assert 109 in [row["innovations"] for row in rows if row["year"] == 2018]

    def test_totals(self, tables: demo.Tables) -> None:
        found = arithmetic_of(tables)

        assert [row["total"] for row in found["demo.registered"]] == [26_039]
        assert [row["total"] for row in found["demo.finalists"]] == [1_065]
        assert {row["value"] for row in found["demo.total"]} >= {26_039, 24_442, 1_065}
        assert {1_184, 1_188} <= {row["value"] for row in found["demo.registered-other"]}


class TestOneCycle:
    """3,178 made-up proposals, 99 + 15 + 15 finalists, 45 + 5 + 5 winners."""

    def test_sizes(self, run: demo.Run) -> None:
        selection = run.selection

        assert selection.stopped is None
        assert len(run.field.proposals) == 3_178
        assert len(selection.selected(Stage.SCREENING)) == 1_619
        assert [len(selection.selected(Stage.FINALISTS, group)) for group in Group] == [99, 15, 15]
        assert [len(selection.selected(Stage.WINNERS, group)) for group in Group] == [45, 5, 5]

    def test_everything_made_up_says_so(self, run: demo.Run) -> None:
        titles = [proposal.title for proposal in run.field.proposals]

        assert titles[0] == "Contoh 0001"
        assert all(title.startswith("Contoh ") for title in titles)
        assert len(set(titles)) == len(titles)

    def test_the_same_seed_gives_the_same_run(self, tables: demo.Tables, run: demo.Run) -> None:
        again = demo.run_cycle(tables)

        assert again.field.proposals == run.field.proposals
        assert again.selection.final == run.selection.final

    def test_every_assumption_and_every_tie_is_printed(
        self, run: demo.Run, sections: tuple[demo.Section, ...]
    ) -> None:
        found = figures(sections[2].lines)

        assumed = {row["path"] for row in found["demo.assumed"]}
        assert assumed == {each.path for each in assumptions.example(2021)}
        assert assumed >= {term.path for term in run.selection.assumptions}
        assert len(found["demo.tie"]) == len(run.selection.settlements) > 0
        assert not run.selection.ties

    def test_incentive_lines_are_one_per_winner(
        self, run: demo.Run, sections: tuple[demo.Section, ...]
    ) -> None:
        found = figures(sections[3].lines)
        lines = found.get("demo.proposed", []) + found.get("demo.not-proposed", [])

        assert len(lines) == len(run.selection.winners) == 55
        assert all(row["status"] is Outcome.UNKNOWN for row in found["demo.proposed"])


class TestTheHubs:
    """Local hubs named 8, 12, 15, 22, 24 and stated 8, 12, 15, 22, 36 at the end of 2020 … 2024."""

    def test_counts(self, sections: tuple[demo.Section, ...]) -> None:
        rows = figures(sections[4].lines)["demo.hub-year"]

        assert [row["year"] for row in rows] == [2020, 2021, 2022, 2023, 2024]
        assert [row["named"] for row in rows] == [8, 12, 15, 22, 24]
        assert [row["stated"] for row in rows] == [8, 12, 15, 22, 36]
        assert [row["unnamed"] for row in rows] == [0, 0, 0, 0, 12]


Row = Mapping[str, str]
Change = Callable[[Row], Row]


def _set(column: str, value: str) -> Change:
    return lambda row: {**row, column: value}


AMBON = {"innovation": "Ambon City of Music"}

# For each embedded table: one row of it, named by its cells, a change, and the figure that rests
# on it.
CHANGES: tuple[tuple[str, Row, Change, str], ...] = (
    (
        "awards",
        AMBON,
        _set("agency_name", "Kota Atlantis"),
        "demo.resolved",
    ),
    ("awards", AMBON, _set("year", "2018"), "demo.awards"),
    (
        "compositions",
        {"year": "2018", "tier": "top_99", "agencies": "11"},
        _set("innovations", "17"),
        "demo.breakdown",
    ),
    (
        "statistics",
        {"year": "2014", "statistic": "proposals_registered", "preferred": "yes"},
        _set("value", "516"),
        "demo.registered",
    ),
    ("hubs", {"agency_key": "prov-riau"}, _set("agency_key", ""), "demo.hub-year"),
    ("tiers", {"key": "top_9"}, _set("size", "10"), "demo.awards"),
    ("tiers", {"key": "special_15"}, _set("group", "general"), "demo.awards"),
    ("regions", {"key": "kab-banyuwangi"}, _set("valid_from", "2025-01-01"), "demo.unresolved"),
    (
        "region_names",
        {"key": "kab-banyuwangi", "official": "yes"},
        _set("name", "Belambangan"),
        "demo.resolved",
    ),
    (
        "region_codes",
        {"key": "kota-surabaya", "scheme": "bps"},
        _set("code", "3579"),
        "demo.codes",
    ),
    (
        "region_codes",
        {"key": "kota-surabaya", "scheme": "kemendagri"},
        _set("key", "kota-malang"),
        "demo.codes",
    ),
    (
        "region_provinces",
        {"key": "kab-banyuwangi"},
        _set("province", "prov-bali"),
        "demo.province",
    ),
    (
        "central_agencies",
        {"name": "Kementerian Keuangan"},
        _set("name", "Kementerian Harta"),
        "demo.resolved",
    ),
)
# Titles and licences of whole tables; no figure rests on them.
WITHOUT_FIGURES = {"sources"}


def _figures(tables: demo.Tables) -> Figures:
    lines = (*demo.record_lines(tables), *demo.arithmetic_lines(tables), *demo.hub_lines(tables))
    return figures(lines)


@pytest.fixture
def fresh() -> Iterator[None]:
    """Tables read anew, before and after."""
    kept = [each for each in vars(loader).values() if hasattr(each, "cache_clear")]
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("table", "cells", "change", "code"), CHANGES)
def test_a_changed_row_changes_the_figure(
    monkeypatch: pytest.MonkeyPatch,
    tables: demo.Tables,
    table: str,
    cells: Row,
    change: Change,
    code: str,
) -> None:
    read = loader._rows
    changed = 0

    def rows(name: str) -> Iterator[Row]:
        nonlocal changed
        for row in read(name):
            hit = name == table and not changed and cells.items() <= row.items()
            changed += hit
            yield change(row) if hit else row

    monkeypatch.setattr(loader, "_rows", rows)
    after = attrs.evolve(tables, agencies=loader.registry(), record=loader.record())

    assert changed == 1
    assert _figures(after)[code] != _figures(tables)[code]


def test_every_embedded_table_is_changed() -> None:
    found = {file.name for file in files("kipp.registry").iterdir() if file.name.endswith(".csv")}

    changed = {table for table, *_ in CHANGES}
    assert {f"{table}.csv" for table in changed | WITHOUT_FIGURES} == found


class TestRegions:
    """Awards by the province of their year; the codes of both schemes."""

    def test_every_code_leads_back(self, tables: demo.Tables) -> None:
        """199 of the 514 regencies and cities have another number with BPS."""
        (row,) = record_of(tables)["demo.codes"]

        assert row == {"codes": 1_130, "found": 1_130, "differ": 199, "local": 514}

    def test_awards_of_local_governments_by_province(self, tables: demo.Tables) -> None:
        rows = {row["province"]: row for row in record_of(tables)["demo.province"]}
        answers = [resolve(tables.agencies, r.agency_name, r.year) for r in tables.record.awards]
        local = [
            each
            for each in answers
            if isinstance(each, Resolved) and each.agency.kind in LOCAL_GOVERNMENTS
        ]

        assert sum(int(str(row["count"])) for row in rows.values()) == len(local)
        assert sum(int(str(row["agencies"])) for row in rows.values()) == len(
            {each.agency.key for each in local}
        )


LOCAL_GOVERNMENTS = (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)


@pytest.mark.parametrize("key", ["kab-banyuwangi", "prov-aceh", "kemenkeu"])
def test_a_renamed_agency_is_no_longer_resolved(tables: demo.Tables, key: str) -> None:
    members = tuple(
        attrs.evolve(agency, names=tuple(attrs.evolve(n, text="Lain") for n in agency.names[:1]))
        if agency.key == key
        else agency
        for agency in tables.agencies
    )
    changed = attrs.evolve(tables, agencies=attrs.evolve(tables.agencies, members=members))

    assert len(record_of(changed)["demo.unresolved"]) > 4


def test_a_changed_place_of_finalists_changes_the_total(
    monkeypatch: pytest.MonkeyPatch, tables: demo.Tables
) -> None:
    from kipp import rulebooks

    original = rulebooks.rulebook
    reformed = original(2021).reform({"groups.special.finalists": 16}, name="one more")
    monkeypatch.setattr(
        rulebooks, "rulebook", lambda year: reformed if year == 2021 else original(year)
    )

    assert arithmetic_of(tables)["demo.finalists"][0]["total"] == 1_066


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_line_has_a_sentence_and_a_source(
    sections: tuple[demo.Section, ...], lang: str
) -> None:
    text = list(demo.as_text(sections, lang))

    assert sum(len(section.lines) for section in sections) * 2 + 2 * len(sections) == len(text)
    assert not [line for line in text if "{" in line or "Group." in line or "Fraction(" in line]
    unsourced = [line for section in sections for line in section.lines if not line.sources]
    assert {line.code for line in unsourced} <= {"demo.incentive-sum", "demo.certificate"}
    unsure = [line for s in sections for line in s.lines if line.sources and not line.evidence]
    assert {line.code for line in unsure} <= {"demo.not-proposed"}


class TestTheCertificate:
    """The demonstration ends with a digest that is the same on every machine."""

    # Changes with the tables, the rulebook of 2021 or the example assumptions, and only then.
    DIGEST = "sha256:32b9c00d9b9aa951684c53f9768d22b6583b0ad7fcf83dd722cde07971fc08f0"

    def test_is_the_same_in_both_languages(self, tables: demo.Tables) -> None:
        for lang in ("id", "en"):
            (line,) = demo.certificate_lines(tables, demo.run_cycle(tables, lang))
            assert line.code == "demo.certificate"
            assert dict(line.values)["digest"] == self.DIGEST

    def test_says_what_to_install_where_that_lacks(
        self, tables: demo.Tables, run: demo.Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "rfc8785", None)
        (line,) = demo.certificate_lines(tables, run)

        assert (line.code, line.values) == ("demo.no-certificate", (("extra", "certificate"),))


def test_a_part_of_another_form_is_refused() -> None:
    odd = demo.Section(demo.Line("demo.record"), (demo.Line("demo.stage", (("parts", ((1,),)),)),))

    with pytest.raises(InvalidValue, match="parts"):
        list(demo.as_text([odd]))
