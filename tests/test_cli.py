"""The command line: what it prints, on which stream, with which exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from kipp import __version__, data_version
from kipp.cli import main
from kipp.demo import Section
from kipp.domain.hub import HubStatus
from kipp.io import from_json, to_json
from kipp.rulebooks import rulebook
from kipp.rules.catalogue import RULES
from kipp.rules.decision import Classification, Decision, Judgement, Outcome
from kipp.rules.resolution import Resolved, Unresolved
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        status = main(words)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def proposal(number: int = 1, **facts: object) -> dict[str, object]:
    innovation = {
        "id": f"i{number}",
        "title": f"Contoh {number:04}",
        "agency": "kota-ambon",
        "started": "2017-01-01",
        "sdgs": [3],
    }
    return {
        "id": f"Contoh {number:04}",
        "innovation": innovation,
        "cycle": 2021,
        "group": "umum",
        **facts,
    }


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "proposals.json"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


class TestRulebook:
    def test_one_term(self, run: Run) -> None:
        status, out, err = run("rulebook", "2021", "--path", "groups.general.cap", "--lang", "en")

        assert (status, err) == (0, "")
        assert out.startswith("groups.general.cap: 10 (")
        assert out.endswith("17 March 2021 [ministry])\n")

    def test_a_term_not_found_is_unknown(self, run: Run) -> None:
        status, out, _ = run("rulebook", "2022", "--path", "groups.general.cap", "--lang", "en")

        assert status == 3
        assert out.startswith("groups.general.cap: not found; searched: ")

    def test_a_disputed_term_is_unknown(self, run: Run) -> None:
        status, out, _ = run("rulebook", "2020", "--path", "winners.total", "--lang", "en")

        assert status == 3
        assert out.startswith("winners.total: disputed: 50, 51 (")

    @pytest.mark.parametrize(
        ("year", "path", "said"),
        [
            ("2020", "groups.general.cap", "unlimited"),
            ("2022", "groups.replication.cap", "not open"),
            ("2021", "groups.general.minimum_age", "2 years"),
        ],
    )
    def test_states(self, run: Run, year: str, path: str, said: str) -> None:
        status, out, _ = run("--lang=en", "rulebook", year, "--path", path)

        assert status == 0
        assert out.startswith(f"{path}: {said} (")

    def test_the_whole_book(self, run: Run) -> None:
        status, out, _ = run("rulebook", "2021")

        paths = [line.partition(":")[0] for line in out.splitlines()[1:]]
        assert status == 0
        assert paths == list(rulebook(2021))

    @pytest.mark.parametrize("name", ["FY2021", "duty"])
    def test_other_books(self, run: Run, name: str) -> None:
        status, out, _ = run("rulebook", name)

        assert status == 0
        assert len(out.splitlines()) > 1

    def test_json(self, run: Run) -> None:
        _, out, _ = run("rulebook", "2021", "--json")

        assert from_json(out, Rulebook) == rulebook(2021)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["1999"], "kipp: year: expected one of 2014, "),
            (["last"], "kipp: YEAR: expected a year, FY and a year, hubs or duty, got 'last'"),
            (["²"], "kipp: YEAR: expected a year, FY and a year, hubs or duty, got '²'"),
            (["2021", "--path", "cap"], "kipp: path: expected a path of a cycle rulebook"),
        ],
    )
    def test_bad_use(self, run: Run, words: list[str], message: str) -> None:
        status, out, err = run("--lang", "en", "rulebook", *words)

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert err.startswith(message)


class TestResolve:
    def test_an_agency(self, run: Run) -> None:
        status, out, _ = run("resolve", "Pemkab Luwu Utara", "--on", "2021", "--lang", "en")

        assert status == 0
        assert "key kab-luwu-utara" in out

    def test_a_unit_is_said(self, run: Run) -> None:
        _, out, _ = run("resolve", "Kab. Luwu Utara (Puskesmas X)", "--on", "2021-03-01")

        assert out.endswith("; unit: Puskesmas X\n")

    def test_a_near_miss_is_unknown_and_only_suggests(self, run: Run) -> None:
        status, out, _ = run("resolve", "Kota Ambonn", "--on", "2021", "--lang", "en")

        first, second = out.splitlines()
        assert status == 3
        assert first == "unknown: no agency is known by this name: Kota Ambonn"
        assert second.startswith("perhaps you mean: ")
        assert "kota-ambon" in second

    @pytest.mark.parametrize("text", ["", "  "])
    def test_a_blank_text_is_bad_use(self, run: Run, text: str) -> None:
        status, out, err = run("resolve", text, "--on", "2021", "--lang", "en")

        assert (status, out) == (2, "")
        assert err == f"kipp: TEXT: expected the name or code of an agency, got {text!r}\n"

    def test_nothing_like_it_suggests_nothing(self, run: Run) -> None:
        status, out, _ = run("resolve", "Qqqq", "--on", "2021")

        assert (status, len(out.splitlines())) == (3, 1)

    def test_a_number_without_a_scheme_is_ambiguous(self, run: Run) -> None:
        status, out, _ = run("resolve", "3578", "--on", "2021", "--lang", "en")

        assert status == 3
        assert out.startswith("unknown: the name fits more than one agency: 3578")

    def test_json(self, run: Run) -> None:
        _, found, _ = run("--json", "resolve", "Kota Ambon", "--on", "2021-03-01")
        _, lost, _ = run("resolve", "Kota Atlantis", "--on", "2021", "--json")

        assert from_json(found, Resolved).agency.key == "kota-ambon"
        assert from_json(lost, Unresolved).reason.name == "UNKNOWN"

    @pytest.mark.parametrize("on", ["2021-02-30", "yesterday", "20210317", ""])
    def test_bad_days(self, run: Run, on: str) -> None:
        status, out, err = run("resolve", "Kota Ambon", "--on", on, "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert err.startswith("kipp: on: expected ")


class TestHub:
    @pytest.mark.parametrize(
        ("name", "on", "status", "said"),
        [
            ("Provinsi Jawa Timur", "2020-12-31", 0, "hub by decree"),
            ("Provinsi Nusa Tenggara Timur", "2022-12-31", 0, "hub by commitment"),
            ("kab-luwu-utara", "2021-12-31", 0, "covered by the hub of its province"),
            ("Provinsi Papua", "2021-12-31", 1, "not in the known list"),
            ("Provinsi Papua", "2025-01-01", 3, "no certain answer"),
        ],
    )
    def test_status(self, run: Run, name: str, on: str, status: int, said: str) -> None:
        found, out, _ = run("hub", name, "--on", on, "--lang", "en")

        assert found == status
        assert out.splitlines()[0].startswith("Hub status, ")
        assert out.splitlines()[0].endswith(f": {said} [weakest source: ministry]")

    def test_json(self, run: Run) -> None:
        _, out, _ = run("hub", "prov-jawa-timur", "--on", "2020-12-31", "--json")

        assert from_json(out, Classification).value is HubStatus.BY_DECREE

    @pytest.mark.parametrize("words", [["Kota Atlantis", "--on", "2021-01-01"], ["x", "--on", "y"]])
    def test_bad_use(self, run: Run, words: list[str]) -> None:
        status, out, err = run("hub", *words)

        assert (status, out, len(err.splitlines())) == (2, "", 1)

    @pytest.mark.parametrize(
        ("name", "on", "status", "said"),
        [
            ("prov-jawa-timur", "2020", 0, "hub by decree"),
            ("prov-jawa-timur", "2019", 1, "not in the known list"),
            ("kab-luwu-utara", "2021", 0, "covered by the hub of its province"),
            ("kab-luwu-utara", "2020", 0, "covered by the hub of its province"),
            ("prov-papua-selatan", "2022", 1, "not in the known list"),
        ],
    )
    def test_a_year_whose_days_agree(
        self, run: Run, name: str, on: str, status: int, said: str
    ) -> None:
        """A decree known only by its year is of that year, and the note says so."""
        found, out, _ = run("hub", name, "--on", on, "--lang", "en")

        assert found == status
        assert out.splitlines()[0] == f"Hub status, {name}: {said} [weakest source: ministry]"
        assert ("only known to lie between 1 January 2020" in out) is (on == "2020")

    @pytest.mark.parametrize("name", ["prov-jawa-timur", "kab-banyuwangi"])
    @pytest.mark.parametrize("on", ["2020-01-01", "2020-12-30"])
    def test_a_day_of_the_decrees_year(self, run: Run, name: str, on: str) -> None:
        status, out, _ = run("hub", name, "--on", on, "--lang", "en")

        assert status == 3
        assert "unknown: the day is only known to lie between 1 January 2020 and" in out

    def test_a_year_whose_days_differ_and_one_is_known_to_the_month(self, run: Run) -> None:
        """The Riau Islands committed themselves in August 2024; the list of 2024 is incomplete."""
        status, out, _ = run("hub", "prov-kepulauan-riau", "--on", "2024", "--lang", "en")

        assert status == 3
        assert [line for line in out.splitlines() if line.startswith("from ")] == [
            "from 1 January 2024 on:",
            "from 31 August 2024 on:",
        ]

    @pytest.mark.parametrize("lang", ["en", "id"])
    def test_a_source_without_a_title_is_named_by_its_page(self, run: Run, lang: str) -> None:
        words = ("hub", "Nusa Tenggara Timur", "--on", "2022-12-15", "--lang", lang)

        assert "(https://menpan.go.id/site/berita-terkini/komitmen-pem" in run(*words)[1]

    def test_a_year_whose_days_differ_says_from_when(self, run: Run) -> None:
        """East Nusa Tenggara committed itself on 28 September 2022."""
        words = ("hub", "prov-nusa-tenggara-timur", "--on", "2022")
        status, out, _ = run(*words, "--lang", "en")

        assert status == 3
        said = "Hub status, prov-nusa-tenggara-timur: {} [weakest source: ministry]"
        assert [line for line in out.splitlines() if not line.startswith("  ")] == [
            "from 1 January 2022 on:",
            said.format("not in the known list"),
            "from 28 September 2022 on:",
            said.format("hub by commitment"),
        ]
        rows = [json.loads(line) for line in run(*words, "--json")[1].splitlines()]
        assert [row["on"] for row in rows] == ["2022-01-01", "2022-09-28"]

    @pytest.mark.parametrize("on", ["9999", "9999-12-31"])
    def test_the_last_year_of_the_calendar(self, run: Run, on: str) -> None:
        status, out, err = run("hub", "Jawa Timur", "--on", on, "--lang", "en")

        assert (status, err) == (0, "")
        assert out.startswith("Hub status, prov-jawa-timur: hub by decree")

    @pytest.mark.parametrize("on", ["2021-01-01", "2021"])
    def test_a_key_has_to_stand_on_the_day(self, run: Run, on: str) -> None:
        """South Papua was founded in July 2022."""
        status, out, err = run("hub", "prov-papua-selatan", "--on", on, "--lang", "en")

        assert (status, out) == (2, "")
        assert "expected one agency (not_yet), got 'prov-papua-selatan' @ on 2021" in err


class TestDemo:
    def test_every_section_in_both_languages(self, run: Run) -> None:
        status, out, err = run("demo", "--lang", "en")
        headings = [line for line in out.splitlines() if line[:1].isdigit()]

        assert (status, err) == (0, "")
        assert [line[:2] for line in headings] == ["1.", "2.", "3.", "4.", "5.", "6."]
        assert headings[0] == "1. The published record"
        assert "1. Catatan yang dipublikasikan\n" in run("demo")[1]

    def test_json_is_one_section_a_line(self, run: Run) -> None:
        _, out, _ = run("--json", "demo")

        assert [from_json(line, Section).heading.code for line in out.splitlines()] == [
            "demo.record",
            "demo.arithmetic",
            "demo.cycle",
            "demo.incentive",
            "demo.hubs",
            "demo.proof",
        ]


class TestIncentive:
    @pytest.mark.parametrize("tier", ["Top 45", "top_45", "45", "TOP  45", "winner", "terpuji"])
    def test_a_tier_is_named_as_people_and_tables_name_it(self, run: Run, tier: str) -> None:
        status, _, _ = run("incentive", "Kota Ambon", "--cycle", "2019", "--tier", tier)

        assert status == 0

    def test_proposed(self, run: Run) -> None:
        """Getar Dilan, Top 45 of 2021: proposed for the fiscal year 2022."""
        status, out, _ = run(
            "incentive", "Kab. Luwu Utara", "--cycle", "2021", "--tier", "Top 45", "--lang", "en"
        )

        assert status == 0
        assert out.startswith("Proposal for the incentive, kab-luwu-utara: met [")
        assert "Fiscal year of the incentive, KIPP 2021: 2022 [" in out
        assert "Status of the incentive proposal, kab-luwu-utara: no certain answer [" in out

    def test_no_local_government(self, run: Run) -> None:
        """IdS of the Ministry of Finance, Top 45 of 2019: not proposed."""
        status, out, _ = run(
            "incentive", "Kementerian Keuangan", "--cycle", "2019", "--tier", "45", "--json"
        )

        decision = from_json(out, Decision)
        assert status == 1
        assert decision.outcome is Outcome.NOT_MET
        assert "NOT_LOCAL_GOVERNMENT" in decision.codes

    @pytest.mark.parametrize(
        ("tier", "group", "status"),
        [
            ("99", None, 1),
            ("finalist", "umum", 1),
            ("winner", "umum", 0),
            ("terpuji", "umum", 0),
            ("TOP45", None, 0),
            ("5", "replikasi", 3),
            ("outstanding", "khusus", 3),
        ],
    )
    def test_tiers(self, run: Run, tier: str, group: str | None, status: int) -> None:
        chosen = [] if group is None else ["--group", group]

        assert (
            run("incentive", "kota-ambon", "--cycle", "2021", "--tier", tier, *chosen)[0] == status
        )

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["kota-ambon", "--cycle", "2021", "--tier", "5"], "name the group with --group"),
            (["kota-ambon", "--cycle", "2021", "--tier", "46"], "(Top 99, Top 45, Top 15, Top 5)"),
            (["kota-ambon", "--cycle", "2021", "--tier", "best"], "levels are "),
            (["Kota Atlantis", "--cycle", "2021", "--tier", "45"], "one agency (unknown)"),
            (["3578", "--cycle", "2021", "--tier", "45"], "it may mean "),
            (["kota-ambon", "--cycle", "1999", "--tier", "45"], "year: expected one of 2014"),
            (["kota-ambon", "--cycle", "x", "--tier", "45"], "Invalid value for '--cycle'"),
        ],
    )
    def test_bad_use(self, run: Run, words: list[str], message: str) -> None:
        status, out, err = run("incentive", *words, "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert message in err


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A small contest in two files, assumptions for it, and a place for the certificate."""
    folder = tmp_path_factory.mktemp("contest")
    criteria = ["background_aims", "novelty_added_value", "implementation", "significance"]
    criteria += ["adaptability", "resources", "sustainability"]
    entered = [proposal(number) for number in range(1, 5)]
    sheets = [
        {
            "proposal": each["id"],
            "stage": stage,
            "assessor": assessor,
            "marks": dict.fromkeys(keys, 60 + number),
        }
        for number, each in enumerate(entered)
        for stage, assessor, keys in (
            ("penilaian tim evaluasi", "E1", criteria),
            ("penilaian tim evaluasi", "E2", criteria),
            ("finalis", "P1", ["nilai"]),
            ("tim panel independen", "P1", ["nilai"]),
        )
    ]
    screened = {str(each["id"]): "terpenuhi" for each in entered}
    example = resources.files("kipp.rulebooks") / "assumptions" / "2021.toml"
    texts = {
        "entries.json": json.dumps({"proposals": entered, "screened": screened}),
        "sheets.json": json.dumps({"sheets": sheets}),
        "assume.toml": example.read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: str(folder / name) for name in (*texts, "result.json")}


class TestSelect:
    def selected(self, run: Run, files: dict[str, str], *more: str) -> tuple[int, str, str]:
        inputs = (files["entries.json"], files["sheets.json"])
        return run("select", *inputs, "--cycle", "2021", "--lang", "en", *more)

    def test_stage_by_stage(self, run: Run, files: dict[str, str]) -> None:
        status, out, err = self.selected(run, files, "--assume", files["assume.toml"])

        assert (status, err) == (0, "")
        lines = out.splitlines()
        assert lines[0] == "registration: 4 in, 4 selected"
        assert [line for line in lines if line.startswith("winner: ")] == [
            f"winner: Contoh 000{number}" for number in (4, 3, 2, 1)
        ]

    def test_without_assumptions_it_stops_and_says_where(
        self, run: Run, files: dict[str, str]
    ) -> None:
        status, out, _ = self.selected(run, files)

        assert status == 3
        assert "schedule.closing_zone" in out or "groups.general.criteria" in out

    def test_who_has_no_certain_result_is_named(
        self, run: Run, files: dict[str, str], tmp_path: Path
    ) -> None:
        """There is a place for everybody, yet nobody knows the marks of the first."""
        whole = json.loads(Path(files["sheets.json"]).read_text(encoding="utf-8"))
        kept = [each for each in whole["sheets"] if each["proposal"] != "Contoh 0001"]
        fewer = tmp_path / "sheets.json"
        fewer.write_text(json.dumps({"sheets": kept}), encoding="utf-8")

        status, out, _ = run(
            *("select", files["entries.json"], str(fewer), "--cycle", "2021", "--lang", "en"),
            *("--assume", files["assume.toml"]),
        )

        assert status == 3
        assert "no certain result for Contoh 0001: " in out
        assert "the marks of the Tim Evaluasi" in out

    def test_the_certificate_is_the_same_in_both_languages(
        self, run: Run, files: dict[str, str], tmp_path: Path
    ) -> None:
        written = [tmp_path / "id.json", tmp_path / "en.json"]
        for place in written:
            words = ("--assume", files["assume.toml"], "-o", str(place), "--lang", place.stem)
            inputs = (files["entries.json"], files["sheets.json"])
            assert run("select", *inputs, "--cycle", "2021", *words)[0] == 0

        assert written[0].read_bytes() == written[1].read_bytes()

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are links and pipes on POSIX only")
    def test_a_link_or_a_pipe_stays_one(
        self, run: Run, files: dict[str, str], tmp_path: Path
    ) -> None:
        target, link = tmp_path / "target.json", tmp_path / "link.json"
        link.symlink_to(target)
        assumed = ("--assume", files["assume.toml"])

        assert self.selected(run, files, *assumed, "-o", str(link))[0] == 0
        assert link.is_symlink()
        assert target.read_bytes().startswith(b'{"certificate":')
        assert self.selected(run, files, *assumed, "-o", os.devnull)[0] == 0
        assert not Path(os.devnull).is_file()

    def test_a_certificate_that_holds(self, run: Run, files: dict[str, str]) -> None:
        assumed = ("--assume", files["assume.toml"])
        status, out, _ = self.selected(run, files, *assumed, "-o", files["result.json"])
        digest = out.splitlines()[-1].rsplit(" ", 1)[-1]
        inputs = (files["entries.json"], files["sheets.json"])

        assert status == 0
        said = run("verify", files["result.json"], *inputs, "--lang", "en")
        assert (said[0], said[2]) == (0, "")
        holds, unchecked = said[1].splitlines()
        assert holds == f"holds: {digest}"
        assert unchecked.startswith("law, and screening where no file records it, are taken as")
        law = ("--cycle", "2021", *assumed)
        said = run("verify", files["result.json"], *inputs, "--lang", "en", *law)
        assert said == (0, f"holds: {digest}\n", "")
        said = run("verify", files["result.json"], *inputs, "--lang", "en", *law[:2])
        assert said[0] == 1
        assert "certificate.rulebook.digest" in said[1]
        assert run("verify", files["result.json"], *inputs, *assumed)[0] == 2
        status, out, _ = run("verify", files["result.json"], inputs[0], "--lang", "en")
        assert status == 1
        assert "certificate.inputs" in out

    def test_json(self, run: Run, files: dict[str, str]) -> None:
        status, out, _ = self.selected(run, files, "--assume", files["assume.toml"], "--json")

        assert status == 0
        assert len(from_json(out, Selection).winners) == 4

    def test_ties_are_shown(self, run: Run, files: dict[str, str], tmp_path: Path) -> None:
        text = Path(files["sheets.json"]).read_text(encoding="utf-8")
        equal = tmp_path / "sheets.json"
        equal.write_text(text.replace("61", "60").replace("62", "60"), encoding="utf-8")
        few = tmp_path / "few.toml"
        few.write_text(
            Path(files["assume.toml"])
            .read_text(encoding="utf-8")
            .replace(
                '"groups.general.nominees" = { value = 198',
                '"groups.general.nominees" = { value = 2',
            ),
            encoding="utf-8",
        )

        status, out, err = run(
            *("select", files["entries.json"], str(equal), "--cycle", "2021", "--lang", "en"),
            *("--assume", str(few)),
        )

        assert (status, err) == (0, "")
        (tie,) = [line for line in out.splitlines() if "; settled by draw: " in line]
        assert "Contoh 0001, Contoh 0002, Contoh 0003 for 1 place" in tie

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["nowhere.json"], "kipp: FILES: expected a readable file, got 'nowhere.json'"),
            (["entries.json", "entries.json"], "kipp: FILES: expected files of different names"),
            (["assume.toml"], "kipp: text: expected JSON"),
            (["entries.json", "--assume", "entries.json"], "expected TOML"),
            (["entries.json", "-o", "/nowhere/at/all.json"], "--output: expected a file that can"),
            (["entries.json", "-o", "entries.json"], "--output: expected a file that is not read"),
            (
                ["entries.json", "--assume", "assume.toml", "-o", "assume.toml"],
                "--output: expected a file that is not read",
            ),
        ],
    )
    def test_bad_use(self, run: Run, files: dict[str, str], words: list[str], said: str) -> None:
        status, out, err = run(
            "select",
            *(files.get(word, word) for word in words),
            "--cycle",
            "2021",
            "--lang",
            "en",
        )

        assert (status, out) == (2, "")
        assert said in err

    def test_what_is_no_certificate(self, run: Run, files: dict[str, str]) -> None:
        status, out, _ = run("verify", files["entries.json"], files["entries.json"], "--lang", "en")

        assert status == 1
        assert "a certificate that bears the digest of what it says" in out


@pytest.mark.parametrize("scheme", ["kemendagri:", "bps:", "KEMENDAGRI: "])
def test_a_scheme_without_its_code_is_no_agency(run: Run, scheme: str) -> None:
    """The ministry that gives out the codes is not meant by them."""
    status, out, _ = run("resolve", scheme, "--on", "2021", "--json")

    assert status == 3
    assert json.loads(out)["reason"] == "tidak dikenal"
    assert run("hub", scheme, "--on", "2021")[0] == 2


class TestJudge:
    def test_one_line_each_and_the_worst_outcome(
        self, run: Run, file: Callable[[str], str]
    ) -> None:
        history = {"innovation": "i1"}
        young = proposal(2)
        young["innovation"] = {**young["innovation"], "started": "2021-01-01"}  # type: ignore[dict-item]  # an object by proposal()
        records = [{"proposal": proposal(1), "history": history}, young]
        text = "\n".join(json.dumps(record) for record in records)

        status, out, err = run("judge", file(text), "--cycle", "2021", "--lang", "en")

        first, second = out.splitlines()
        assert (status, err) == (1, "")
        assert first.startswith("Contoh 0001: unknown: ")
        assert second.startswith("Contoh 0002: not met: ")
        assert "TOO_YOUNG" in second

    def test_history_is_used(self, run: Run, file: Callable[[str], str]) -> None:
        award = {
            "innovation": "i1",
            "agency": "kota-ambon",
            "tier": {"year": 2019, "level": "terpuji", "size": 45},
        }
        record = {"proposal": proposal(1), "history": {"innovation": "i1", "awards": [award]}}

        status, out, _ = run("judge", file(json.dumps(record)), "--cycle", "2021")

        assert status == 1
        assert "HIGHEST_TIER_BEFORE" in out

    @pytest.mark.parametrize(
        "tier",
        [
            {"year": 1990, "level": "terpuji"},
            {"year": 2013, "level": "finalis"},
            {"year": 2024, "level": "terpuji"},
            {"year": 2019, "level": "terpuji", "size": 1_000_000},
        ],
    )
    def test_a_tier_that_no_kipp_had(
        self, run: Run, file: Callable[[str], str], tier: dict[str, object]
    ) -> None:
        award = {"innovation": "i1", "agency": "kota-ambon", "tier": tier}
        record = {"proposal": proposal(1), "history": {"innovation": "i1", "awards": [award]}}

        status, out, err = run("judge", file(json.dumps(record)), "--cycle", "2021", "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert "history.awards: expected a " in err
        assert "Contoh 0001" in err

    @pytest.mark.parametrize(
        "tier",
        [
            {"year": 1990, "level": "terpuji", "organiser": "KOVABLIK"},
            {"year": 2023, "level": "penghargaan tersendiri", "size": 21},
            {"year": 2030, "level": "terpuji", "size": 46},
        ],
    )
    def test_a_tier_that_nobody_knows_better(
        self, run: Run, file: Callable[[str], str], tier: dict[str, object]
    ) -> None:
        """Of another contest, beside the contest, of a year that is not packaged."""
        award = {"innovation": "i1", "agency": "kota-ambon", "tier": tier}
        record = {"proposal": proposal(1), "history": {"innovation": "i1", "awards": [award]}}

        assert run("judge", file(json.dumps(record)), "--cycle", "2021")[2] == ""

    def test_the_cap_counts_the_whole_file(self, run: Run, file: Callable[[str], str]) -> None:
        text = json.dumps([proposal(number) for number in range(11)])

        status, out, _ = run("judge", file(text), "--cycle", "2021")

        assert status == 1
        assert all("CAP_REACHED" in line for line in out.splitlines())

    def test_json_is_one_judgement_a_line(self, run: Run, file: Callable[[str], str]) -> None:
        text = json.dumps([proposal(1), proposal(2)])

        _, out, _ = run("judge", file(text), "--cycle", "2021", "--json")

        assert [from_json(line, Judgement).subject for line in out.splitlines()] == [
            "Contoh 0001",
            "Contoh 0002",
        ]

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00"])
    def test_a_moment_at_the_end_of_the_calendar(
        self, run: Run, file: Callable[[str], str], moment: str
    ) -> None:
        name = file(json.dumps(proposal(1, submitted_at=moment)))

        status, out, err = run("judge", name, "--cycle", "2021", "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert "every time zone has a day for" in err

    def test_every_fault_on_its_line(self, run: Run, file: Callable[[str], str]) -> None:
        text = json.dumps([proposal(1, cycle="2021"), proposal(2, group="umun")])
        name = file(text)

        status, out, err = run("judge", name, "--cycle", "2021")

        assert (status, out) == (2, "")
        assert [line.partition(" @ ")[2] for line in err.splitlines()] == [
            f"{name}, line 1, $[0].cycle; write 2021",
            f"{name}, line 1, $[1].group",
        ]

    def test_a_line_says_the_weakest_class_also_when_all_is_met(
        self, run: Run, file: Callable[[str], str]
    ) -> None:
        """The age of 2019 is inferred; on the line that says *met* this shows."""
        entered = proposal(1, cycle=2019, category="x")
        del entered["group"]
        text = json.dumps({"proposal": entered, "history": {"innovation": "i1"}})

        _, english, _ = run("judge", file(text), "--cycle", "2019", "--lang", "en")
        _, indonesian, _ = run("judge", file(text), "--cycle", "2019")

        assert " [weakest source: inferred]" in english
        assert " [sumber terlemah: simpulan]" in indonesian

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("en", " [not asked in this cycle: {} rules]"),
            ("id", " [tidak ditanyakan pada periode ini: {} aturan]"),
        ],
    )
    @pytest.mark.parametrize("cycle", [2014, 2019, 2021, 2024])
    def test_a_line_says_how_much_was_not_asked(
        self, run: Run, file: Callable[[str], str], cycle: int, lang: str, said: str
    ) -> None:
        """*Met* is said of what the cycle asks, and only of that."""
        name = file(json.dumps(proposal(1, cycle=cycle)))
        words = ("judge", name, "--cycle", str(cycle), "--lang", lang)

        judgement = from_json(run(*words, "--json")[1], Judgement)
        assert run(*words)[1].endswith(said.format(len(judgement.not_asked)) + "\n")

    def test_every_proposal_of_another_cycle_is_named_with_its_line(
        self, run: Run, file: Callable[[str], str]
    ) -> None:
        records = [proposal(1), proposal(2, cycle=2020), proposal(3), proposal(4, cycle=2019)]
        name = file("\n".join(map(json.dumps, records)))

        status, out, err = run("judge", name, "--cycle", "2021", "--lang", "en")

        assert (status, out) == (2, "")
        assert err == (
            "kipp: proposal.cycle: expected 2021, the cycle asked about, got 2020 @ "
            f"{name}, line 2 (and 1 more like it @ {name}, line 4)\n"
        )

    def test_two_proposals_of_one_id_are_named_with_their_lines(
        self, run: Run, file: Callable[[str], str]
    ) -> None:
        name = file(json.dumps([proposal(1), proposal(1, withdrawn=True), proposal(1)], indent=1))

        status, out, err = run("judge", name, "--cycle", "2021", "--lang", "en")

        assert (status, out) == (2, "")
        assert "an id that no other proposal bears, as the one @ " in err
        assert f"got 'Contoh 0001' @ {name}, line " in err
        assert err.endswith(", $[1]\n")

    @pytest.mark.parametrize(
        ("lines", "place"),
        [
            (['{"id": "x",', json.dumps(proposal(2))], "line 1, column 12"),
            (
                [json.dumps(proposal(1)), '{"id": "x", ', json.dumps(proposal(2))],
                "line 2, column 13",
            ),
            ([json.dumps(proposal(1)), "", "x"], "line 3, column 1"),
        ],
    )
    def test_a_broken_line_is_named(
        self, run: Run, file: Callable[[str], str], lines: list[str], place: str
    ) -> None:
        name = file("\n".join(lines))

        status, out, err = run("judge", name, "--cycle", "2021", "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert err.endswith(f" @ {name}, {place}\n")

    def test_the_same_fault_in_many_lines_is_one_line(
        self, run: Run, file: Callable[[str], str]
    ) -> None:
        name = file("\n".join(json.dumps(proposal(n, group="umun")) for n in range(1, 41)))

        _, _, english = run("judge", name, "--cycle", "2021", "--lang", "en")
        _, _, indonesian = run("judge", name, "--cycle", "2021")

        places = "; ".join(f"{name}, line {n}, $.group" for n in (2, 3, 4))
        assert english == (
            "kipp: group: expected one of umum, replikasi, khusus, got 'umun' @ "
            f"{name}, line 1, $.group (and 39 more like it @ {places} and 36 other places)\n"
        )
        assert indonesian == (
            "kipp: group: diharapkan one of umum, replikasi, khusus, diterima 'umun' @ "
            f"{name}, line 1, $.group (dan 39 lagi yang serupa @ {places} dan 36 tempat lain)\n"
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[]", "FILE: expected at least one proposal"),
            ("", "text: expected JSON, got ''"),
            (json.dumps(proposal(cycle=2020)), "proposal.cycle: expected 2021"),
        ],
    )
    def test_bad_files(self, run: Run, file: Callable[[str], str], text: str, message: str) -> None:
        status, out, err = run("judge", file(text), "--cycle", "2021", "--lang", "en")

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert message in err

    def test_files_that_cannot_be_read(self, run: Run, tmp_path: Path) -> None:
        latin = tmp_path / "latin.json"
        latin.write_bytes(b'{"id": "\xe9"}')

        for name in (str(tmp_path / "none.json"), str(tmp_path), str(latin)):
            status, out, err = run("judge", name, "--cycle", "2021")
            assert (status, out, len(err.splitlines())) == (2, "", 1)
            assert "a readable file in UTF-8" in err


class TestRules:
    def test_every_rule_once(self, run: Run) -> None:
        status, out, _ = run("rules", "--lang", "en")

        assert status == 0
        assert [line.split()[0] for line in out.splitlines()] == [rule.id for rule in RULES]
        assert "Proposal cap" in out

    def test_json(self, run: Run) -> None:
        _, out, _ = run("rules", "--json")

        rows = [json.loads(line) for line in out.splitlines()]
        assert [row["id"] for row in rows] == [rule.id for rule in RULES]
        assert next(row for row in rows if row["id"] == "proposal-cap")["title"] == (
            "Batas jumlah proposal per instansi"
        )


class TestUse:
    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["nothing"],
            ["resolve"],
            ["resolve", "Kota Ambon"],
            ["rules", "--lang", "fr"],
            ["rules", "--what"],
            ["rules", "more"],
        ],
    )
    def test_bad_use_is_one_line(self, run: Run, words: list[str]) -> None:
        status, out, err = run(*words)

        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert err.startswith("kipp: ")

    @pytest.mark.parametrize("words", [["--help"], ["-h"], ["judge", "--help"]])
    def test_help_is_in_the_language(self, run: Run, words: list[str]) -> None:
        indonesian = run(*words)
        english = run("--lang", "en", *words)

        assert indonesian[0] == english[0] == 0
        assert "Bahasa: id (bawaan) atau en." in indonesian[1]
        assert "Language: id (default) or en." in english[1]

    def test_options_may_stand_before_or_after(self, run: Run) -> None:
        before = run("--lang", "en", "--json", "rules")
        after = run("rules", "--json", "--lang", "en")

        assert before == after

    def test_the_nearer_option_wins(self, run: Run) -> None:
        assert run("--lang", "id", "rules", "--lang", "en") == run("--lang", "en", "rules")


def kipp(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from kipp.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]  # options of each test


class TestProcess:
    def test_standard_input(self) -> None:
        text = b"\xef\xbb\xbf" + json.dumps(proposal(1)).encode()

        done = kipp("judge", "-", "--cycle", "2021", input=text)

        assert done.returncode == 3
        assert done.stdout.startswith(b"Contoh 0001: belum dapat dipastikan")

    def test_faults_of_the_standard_input(self) -> None:
        done = kipp("--lang=en", "judge", "-", "--cycle", "2021", input=b"\xff")

        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr == b"kipp: FILE: expected a readable file in UTF-8, got '-'\n"

    def test_a_terminal_that_lacks_letters(self) -> None:
        env = {"PYTHONIOENCODING": "ascii", "PATH": ""}

        done = kipp("resolve", "Kota Malé", "--on", "2021", env=env)

        assert (done.returncode, done.stderr) == (3, b"")
        assert rb"Kota Mal\xe9" in done.stdout

    @pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="the system has no such signal")
    def test_a_reader_that_leaves(self) -> None:
        code = "import sys; from kipp.cli import main; sys.exit(main())"
        words = [sys.executable, "-c", code, "rulebook", "2021"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            complaint = running.stderr.read()

        assert complaint == b""
        assert running.returncode == -signal.SIGPIPE

    @pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="the system has no such signal")
    def test_an_interrupt(self) -> None:
        code = (
            "import sys, kipp.rulebooks\n"
            "def interrupted(year): raise KeyboardInterrupt\n"
            "kipp.rulebooks.rulebook = interrupted\n"
            "from kipp.cli import main\n"
            "sys.exit(main(['rulebook', '2021']))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

        assert (done.returncode, done.stderr.strip()) == (-signal.SIGINT, b"")

    def test_without_click(self) -> None:
        code = (
            "import sys; sys.modules['click'] = None\n"
            "from kipp.cli import main\n"
            "sys.exit(main(['rules', '--lang', 'en']))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr == (
            b"kipp: the command line needs the package click, which is not installed; "
            b"install it with: pip install 'kipp-id[cli]'\n"
        )

    def test_loading_the_module_loads_no_click(self) -> None:
        code = "import sys, kipp.cli; sys.exit('click' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_json_of_a_term_reads_back(run: Run) -> None:
    from kipp.domain.citation import Term

    _, out, _ = run("rulebook", "2021", "--path", "groups.general.cap", "--json")

    assert from_json(out, Term) == rulebook(2021).term("groups.general.cap")
    assert to_json(from_json(out, Term)) + "\n" == out


class TestHostileInput:
    @pytest.mark.parametrize(
        ("cycle", "tier", "group"),
        [
            ("2021", "outstanding", "umum"),
            ("2020", "outstanding", "replikasi"),
            ("2019", "outstanding", None),
            ("2020", "winner", "khusus"),
        ],
    )
    def test_a_tier_that_never_was_is_refused(
        self, run: Run, cycle: str, tier: str, group: str | None
    ) -> None:
        """The five outstanding winners are those of the special group, from 2020 on."""
        named = ["--group", group] if group else []
        status, out, err = run("incentive", "Kota Ambon", "--cycle", cycle, "--tier", tier, *named)

        assert (status, out) == (2, "")
        assert "outstanding" in err

    """Whatever a record or a shell hands in: one line, a status that is true, nothing forged."""

    @pytest.mark.parametrize("year", ["9" * 5_000, "FY" + "9" * 5_000, "02021", "²⁰²¹", ""])
    def test_a_year_is_four_digits(self, run: Run, year: str) -> None:
        status, out, err = run("rulebook", year)

        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1

    @pytest.mark.parametrize("on", ["9" * 5_000, "20210", "0", "kemarin"])
    def test_a_day_is_a_day(self, run: Run, on: str) -> None:
        status, out, err = run("resolve", "Kota Ambon", "--on", on)

        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1

    @pytest.mark.parametrize(
        "text", ["Kota\tAmbon\n", "X\x1b[31m", "P\nP-9: terpenuhi", "a\u2028b"]
    )
    def test_a_text_forges_no_line(self, run: Run, text: str) -> None:
        _, out, _ = run("resolve", text, "--on", "2020-01-01")

        assert all(line.isprintable() for line in out.split("\n"))
        assert "P-9: terpenuhi" not in out.splitlines()

    def test_the_version_is_that_of_code_and_data(self, run: Run) -> None:
        status, out, _ = run("--version")

        assert status == 0
        assert out == f"kipp {__version__}, data {data_version}\n"

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
    def test_output_that_cannot_be_written_is_bad_use(self) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-c", "import sys, kipp.cli; sys.exit(kipp.cli.main())", "rules"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )

        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
