"""The door for rulebook files: what it reads, and how it refuses, word for word."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from kipp.domain.award import AwardSpan, Level
from kipp.domain.citation import (
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Unlimited,
    cited,
)
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange, Period
from kipp.domain.errors import Faults, InvalidType, UnknownName
from kipp.io import from_json, to_json
from kipp.rulebooks import cycles, duty_book, hubs_book, incentive_book, load, rulebook
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind

HEAD = """
kind = "cycle"
name = "KOVABLIK 2030"
year = 2030
"""

SOURCE = """
[sources.decree]
title = "Governor's decree"
evidence = "regulation"
"""

CAP = "groups.general.cap"
STATES = "value, unlimited, not_open, not_found, disputed"


def faults(text: str, head: str = HEAD, sources: str = SOURCE) -> list[str]:
    """The lines with which the loader refuses the text."""
    with pytest.raises(Faults) as caught:
        load(f"{head}{text}{sources}")
    return str(caught.value).splitlines()


def read(text: str, sources: str = SOURCE) -> Rulebook:
    return load(f"{HEAD}{text}{sources}")


def stated(book: Rulebook, path: str) -> object:
    (value,) = cited(book[path])
    return value


class TestReading:
    """A user's own file goes through the same door as the packaged ones."""

    FILE = """
kind = "cycle"
name = "KOVABLIK 2030"
year = 2030

[theme]
value = "Melayani"
sources = ["decree", { key = "news", evidence = "press" }]
note = "As printed."

[groups.general.cap]
unlimited = true
sources = ["decree"]

[groups.replication.offered]
not_open = true
sources = ["decree"]

[groups.special.cap]
not_found = "decree, annexes missing"
note = "Perhaps three."

[groups.general.minimum_age]
disputed = [
    { value = "P1Y", sources = ["decree"], note = "The text." },
    { unlimited = true, sources = ["news"] },
]

[groups.general.excluding_awards]
value = [{ level = "winner", first_year = 2028, last_year = 2029, group = "general" }]
sources = ["decree"]

[schedule.registration_opens]
value = { first = 2030-01-01, last = 2030-01-31 }
sources = ["decree"]

[schedule.registration_closes]
value = [2030-02-28, 2030-03-10]
sources = ["decree"]

[sources.decree]
title = "Governor's decree"
evidence = "regulation"
date = 2029-12-01

[sources.news]
title = "A newspaper"
evidence = "ministry"
date = "December 2029"
url = "https://example.org/kovablik"
"""

    def test_every_state_of_a_value(self) -> None:
        book = load(self.FILE)
        decree = Source(key="decree", title="Governor's decree", date="2029-12-01")
        news = Source(
            key="news",
            title="A newspaper",
            date="December 2029",
            url="https://example.org/kovablik",
        )

        assert (book.kind, book.name, book.year) == (BookKind.CYCLE, "KOVABLIK 2030", 2030)
        theme = book["theme"]
        assert isinstance(theme, Cited)
        assert theme.value == "Melayani"
        assert theme.note == "As printed."
        assert [(c.source, c.evidence) for c in theme.citations] == [
            (decree, Evidence.REGULATION),
            (news, Evidence.PRESS),
        ]
        assert isinstance(book[CAP], Unlimited)
        assert isinstance(book["groups.replication.offered"], NotOpen)
        assert book["groups.special.cap"] == NotFound("decree, annexes missing", "Perhaps three.")
        age = book["groups.general.minimum_age"]
        assert isinstance(age, Disputed)
        first, second = age.alternatives
        assert isinstance(first, Cited)
        assert first.value == Period(years=1)
        assert first.note == "The text."
        assert isinstance(second, Unlimited)
        assert second.evidence is Evidence.MINISTRY

    def test_values_of_every_shape(self) -> None:
        book = load(self.FILE)

        span = AwardSpan(level=Level.WINNER, first_year=2028, last_year=2029, group=Group.GENERAL)
        assert stated(book, "groups.general.excluding_awards") == (span,)
        assert stated(book, "schedule.registration_opens") == DateRange(
            Date(2030, 1, 1), Date(2030, 1, 31)
        )
        assert stated(book, "schedule.registration_closes") == (
            Date(2030, 2, 28),
            Date(2030, 3, 10),
        )

    def test_a_path_and_a_text_give_the_same_book(self, tmp_path: Path) -> None:
        file = tmp_path / "kovablik.toml"
        file.write_text(self.FILE, encoding="utf-8")

        assert load(file) == load(self.FILE)

    def test_a_fault_in_a_file_names_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "kovablik.toml"
        file.write_text(f"{HEAD}[held]\nvalue = 1\nsources = ['decree']\n{SOURCE}", "utf-8")

        with pytest.raises(Faults) as caught:
            load(file)

        assert str(caught.value) == f"held: expected true or false, got 1 @ {file}:held.value"

    def test_a_book_of_hubs_has_no_year(self) -> None:
        book = load("kind = 'hubs'\nname = 'Hubs'\n")

        assert (book.kind, book.year, dict(book.terms)) == (BookKind.HUBS, None, {})

    def test_years_inside_paths(self) -> None:
        """The duty is stated year by year: ``create.minimum.2014``."""
        book = load(
            f"kind = 'duty'\nname = 'Duty'\n[create.minimum.2014]\nvalue = 1\n"
            f"sources = ['decree']\n{SOURCE}"
        )

        assert stated(book, "create.minimum.2014") == 1

    def test_a_loaded_book_survives_pickling(self) -> None:
        book = load(self.FILE)

        assert pickle.loads(pickle.dumps(book)) == book


class TestRefusing:
    """Everything wrong with a file is said at once, each fault with file and dotted place."""

    def test_all_faults_at_once_in_the_order_of_the_file(self) -> None:
        text = """
[theme]
value = 7
sources = ["decree"]
[held]
value = true
[grups.general.cap]
value = 10
"""

        assert faults(text) == [
            "theme: expected a text, got 7 @ text:theme.value",
            (
                "held: expected a list of source keys, got None @ text:held.sources; "
                "a value nobody states is not_found"
            ),
            "path: expected a path of a cycle rulebook, got 'grups' @ text:grups",
        ]

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (
                "[groups.general.capp]\nvalue = 10\nsources = ['decree']",
                (
                    "path: expected a path of a cycle rulebook, got 'groups.general.capp' "
                    "@ text:groups.general.capp; did you mean groups.general.cap?"
                ),
            ),
            (
                "[cap]\nvalue = 10\nsources = ['decree']",
                (
                    "path: expected a path of a cycle rulebook, got 'cap' @ text:cap; did you mean "
                    "groups.general.cap, groups.replication.cap, groups.special.cap?"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree']\nunit = 'proposals'",
                (f"key: expected one of {STATES}, sources, note, got 'unit' @ text:{CAP}.unit"),
            ),
            (
                f"[{CAP}]\nvalue = 10",
                (
                    f"{CAP}: expected a list of source keys, got None @ text:{CAP}.sources; "
                    "a value nobody states is not_found"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = []",
                (
                    f"{CAP}: expected a list of source keys, got [] @ text:{CAP}.sources; "
                    "a value nobody states is not_found"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = 'decree'",
                (
                    f"{CAP}: expected a list of source keys, got 'decree' @ text:{CAP}.sources; "
                    "a value nobody states is not_found"
                ),
            ),
            (
                f"[{CAP}]\nunlimited = true",
                (
                    f"{CAP}: expected a list of source keys, got None @ text:{CAP}.sources; "
                    "a value nobody states is not_found"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree', 'rumour']",
                f"{CAP}: expected a key of [sources], got 'rumour' @ text:{CAP}.sources",
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree', 'decree']",
                f"{CAP}: expected each source once, got ['decree', 'decree'] @ text:{CAP}.sources",
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree', {{ key = 'decree', page = 3 }}]",
                (
                    f"{CAP}: expected a source key, or a table with key and evidence, "
                    f"got {{'key': 'decree', 'page': 3}} @ text:{CAP}.sources"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree', 3]",
                (
                    f"{CAP}: expected a source key, or a table with key and evidence, got 3 "
                    f"@ text:{CAP}.sources"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree', {{ key = 'decree', evidence = 'M' }}]",
                (
                    f"{CAP}: expected one of regulation, secondhand, ministry, press, inferred, "
                    f"got 'M' @ text:{CAP}.sources.evidence"
                ),
            ),
            (
                f"[{CAP}]\nvalue = '10'\nsources = ['decree']",
                f"{CAP}: expected a whole number from 0, got '10' @ text:{CAP}.value",
            ),
            (
                "[groups.general.minimum_age]\nvalue = '1 year'\nsources = ['decree']",
                (
                    "groups.general.minimum_age: expected a period such as P1Y, got '1 year' "
                    "@ text:groups.general.minimum_age.value"
                ),
            ),
            (
                (
                    "[schedule.registration_opens]\n"
                    "value = { first = 2030-02-01, last = 2030-01-31 }\nsources = ['decree']"
                ),
                (
                    "DateRange.last: expected a day not before 2030-02-01, got Date(2030, 1, 31) "
                    "@ text:schedule.registration_opens.value"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nunlimited = true\nsources = ['decree']",
                (
                    f"{CAP}: expected exactly one of {STATES}, "
                    f"got ['value', 'unlimited'] @ text:{CAP}"
                ),
            ),
            (
                f"[{CAP}]\nsources = ['decree']",
                (f"{CAP}: expected exactly one of {STATES}, got [] @ text:{CAP}"),
            ),
            (
                f"[{CAP}]\nunlimited = false\nsources = ['decree']",
                f"{CAP}: expected true, got False @ text:{CAP}.unlimited",
            ),
            (
                f"[{CAP}]\nnot_open = 1\nsources = ['decree']",
                f"{CAP}: expected true, got 1 @ text:{CAP}.not_open",
            ),
            (
                f"[{CAP}]\nnot_found = true",
                f"{CAP}: expected a text, got True @ text:{CAP}.not_found",
            ),
            (
                f"[{CAP}]\nnot_found = ' '",
                f"{CAP}: expected a text that is not blank, got ' ' @ text:{CAP}.not_found",
            ),
            (
                f"[{CAP}]\nnot_found = 'decree'\nsources = ['decree']",
                (
                    f"{CAP}: expected no sources: what was searched is said in not_found and note, "
                    f"got ['decree'] @ text:{CAP}.sources"
                ),
            ),
            (
                f"[{CAP}]\nvalue = 10\nsources = ['decree']\nnote = 3",
                f"{CAP}: expected a text, got 3 @ text:{CAP}.note",
            ),
            (
                "[groups.general]\ncap = 10",
                (
                    f"{CAP}: expected a table with one of value, unlimited, not_open, not_found, "
                    f"disputed, got 10 @ text:{CAP}"
                ),
            ),
            (
                "[groups]\ngeneral = 10",
                (
                    "path: expected a path of a cycle rulebook, got 'groups.general' "
                    "@ text:groups.general; did you mean groups.general.cap?"
                ),
            ),
        ],
    )
    def test_a_value(self, text: str, fault: str) -> None:
        uncited = "sources.decree: expected a source that a value cites, got 'decree'"

        found = [line for line in faults(f"\n{text}\n") if not line.startswith(uncited)]

        assert found == [fault]

    @pytest.mark.parametrize(
        ("disputed", "fault"),
        [
            ("3", "expected a list of at least two alternatives, got 3"),
            (
                "[{ value = 10, sources = ['decree'] }]",
                (
                    "expected a list of at least two alternatives, "
                    "got [{'sources': ['decree'], 'value': 10}]"
                ),
            ),
            (
                "[{ value = 10, sources = ['news'] }, { value = 9, sources = ['decree'] }]",
                "expected the stronger alternative first, got ['press', 'regulation']",
            ),
            (
                "[{ value = 10, sources = ['decree'] }, { value = 10, sources = ['news'] }]",
                "expected alternatives that differ, got [10, 10]",
            ),
            (
                (
                    "[{ unlimited = true, sources = ['decree'] }, "
                    "{ unlimited = true, sources = ['news'] }]"
                ),
                "expected alternatives that differ, got [None, None]",
            ),
        ],
    )
    def test_a_dispute(self, disputed: str, fault: str) -> None:
        news = "[sources.news]\ntitle = 'A newspaper'\nevidence = 'press'\n"
        used = "[theme]\nvalue = 'x'\nsources = ['decree', 'news']\n"

        found = faults(f"{used}[{CAP}]\ndisputed = {disputed}\n", sources=SOURCE + news)

        assert found == [f"{CAP}: {fault} @ text:{CAP}.disputed"]

    def test_an_alternative_at_its_own_place(self) -> None:
        text = f"""
[{CAP}]
disputed = [{{ value = 10, sources = ["decree"] }}, {{ not_found = "x" }}, 4]
sources = ["decree"]
"""

        assert faults(text) == [
            (
                f"{CAP}: expected no sources beside disputed: each alternative has its own, "
                f"got ['decree'] @ text:{CAP}.disputed"
            ),
            (
                "key: expected one of value, unlimited, not_open, sources, note, got 'not_found' "
                f"@ text:{CAP}.disputed[1].not_found"
            ),
            (
                f"{CAP}: expected exactly one of value, unlimited, not_open, got [] "
                f"@ text:{CAP}.disputed[1]"
            ),
            (
                f"{CAP}: expected a table with one of value, unlimited, not_open, got 4 "
                f"@ text:{CAP}.disputed[2]"
            ),
        ]

    @pytest.mark.parametrize(
        ("source", "fault"),
        [
            (
                "title = 'x'\nevidence = 'rumour'",
                (
                    "sources.paper.evidence: expected one of regulation, secondhand, ministry, "
                    "press, inferred, got 'rumour' @ text:sources.paper.evidence"
                ),
            ),
            (
                "title = 'x'\nevidence = 'assumed'",
                (
                    "sources.paper.evidence: expected one of regulation, secondhand, ministry, "
                    "press, inferred, got 'assumed' @ text:sources.paper.evidence"
                ),
            ),
            (
                "title = 'x'",
                (
                    "sources.paper.evidence: expected one of regulation, secondhand, ministry, "
                    "press, inferred, got None @ text:sources.paper.evidence"
                ),
            ),
            (
                "title = 'x'\nevidence = ['press']",
                (
                    "sources.paper.evidence: expected one of regulation, secondhand, ministry, "
                    "press, inferred, got ['press'] @ text:sources.paper.evidence"
                ),
            ),
            (
                "evidence = 'press'",
                "sources.paper.title: expected a text, got None @ text:sources.paper.title",
            ),
            (
                "title = ' '\nevidence = 'press'",
                (
                    "sources.paper.title: expected a text that is not blank, got ' ' "
                    "@ text:sources.paper.title"
                ),
            ),
            (
                "title = 'x'\nevidence = 'press'\ndate = 2030",
                "sources.paper.date: expected a text, got 2030 @ text:sources.paper.date",
            ),
            (
                "title = 'x'\nevidence = 'press'\nurl = 1",
                "sources.paper.url: expected a text, got 1 @ text:sources.paper.url",
            ),
            (
                "title = 'x'\nevidence = 'press'\nauthor = 'y'",
                (
                    "key: expected one of title, evidence, date, url, got 'author' "
                    "@ text:sources.paper.author"
                ),
            ),
        ],
    )
    def test_a_source(self, source: str, fault: str) -> None:
        text = f"[{CAP}]\nvalue = 10\nsources = ['paper']\n"

        assert faults(text, sources=f"[sources.paper]\n{source}\n") == [fault]

    def test_a_date_with_an_hour_is_not_a_date_of_a_source(self) -> None:
        text = f"[{CAP}]\nvalue = 10\nsources = ['paper']\n"
        paper = "[sources.paper]\ntitle = 'x'\nevidence = 'press'\ndate = 2030-01-01T10:00:00\n"

        (fault,) = faults(text, sources=paper)

        assert fault.startswith("sources.paper.date: expected a text, got datetime")

    def test_a_source_nobody_cites(self) -> None:
        assert faults("") == [
            (
                "sources.decree: expected a source that a value cites, got 'decree' "
                "@ text:sources.decree"
            )
        ]

    def test_sources_that_are_no_tables(self) -> None:
        assert faults("sources = 3\n", sources="") == [
            "sources: expected a table of sources, got 3 @ text:sources"
        ]
        text = f"[{CAP}]\nvalue = 10\nsources = ['decree']\n"
        assert faults(text, sources="[sources]\ndecree = 'Decree'\n") == [
            (
                "sources.decree: expected a table with title and evidence, got 'Decree' "
                "@ text:sources.decree"
            )
        ]

    def test_one_address_under_two_keys(self) -> None:
        url = "evidence = 'press'\nurl = 'https://example.org'\n"
        sources = f"[sources.a]\ntitle = 'A'\n{url}[sources.b]\ntitle = 'B'\n{url}"

        assert faults(f"[{CAP}]\nvalue = 1\nsources = ['a', 'b']\n", sources=sources) == [
            (
                "sources.b.url: expected an address of its own, not that of sources.a, "
                "got 'https://example.org' @ text:sources.b.url"
            )
        ]

    @pytest.mark.parametrize(
        ("head", "fault"),
        [
            ("name = 'x'\nyear = 1\n", "kind: expected a text, got None @ text:kind"),
            (
                "kind = 'contest'\nname = 'x'\nyear = 1\n",
                "kind: expected one of cycle, incentive, hubs, duty, got 'contest' @ text:kind",
            ),
            ("kind = 'cycle'\nyear = 1\n", "name: expected a text, got None @ text:name"),
            (
                "kind = 'cycle'\nname = ''\nyear = 1\n",
                "name: expected a text that is not blank, got '' @ text:name",
            ),
            (
                "kind = 'cycle'\nname = 'x'\n",
                "year: expected a year such as 2021, got None @ text:year",
            ),
            (
                "kind = 'incentive'\nname = 'x'\nyear = '2021'\n",
                "year: expected a year such as 2021, got '2021' @ text:year",
            ),
            (
                "kind = 'cycle'\nname = 'x'\nyear = true\n",
                "year: expected a year such as 2021, got True @ text:year",
            ),
            (
                "kind = 'duty'\nname = 'x'\nyear = 2021\n",
                "year: expected no year in a rulebook of kind duty, got 2021 @ text:year",
            ),
        ],
    )
    def test_the_head(self, head: str, fault: str) -> None:
        assert faults("", head=head, sources="") == [fault]

    @pytest.mark.parametrize(
        ("text", "line", "place"),
        [
            ("kind = 'cycle'\nname = \n", "name = ", "text, line 2"),
            ("a = 1\na = 2\n", "a = 2", "text, line 2"),
            ("a = '''\n", "a = '''", "text, last line"),
            ("[sources.a]\ntitle = 'x'\n[sources.a]\n", "[sources.a]", "text, line 3"),
        ],
    )
    def test_what_is_not_toml(self, text: str, line: str, place: str) -> None:
        """A source declared twice is refused by TOML itself."""
        with pytest.raises(Faults) as caught:
            load(text)

        assert str(caught.value) == f"file: expected TOML, got {line!r} @ {place}"

    def test_a_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        missing = tmp_path / "missing.toml"
        latin = tmp_path / "latin.toml"
        latin.write_bytes("name = 'Pedoman \xe9'\n".encode("latin-1"))

        for file in (missing, latin, tmp_path):
            with pytest.raises(Faults) as caught:
                load(file)
            (fault,) = caught.value.faults
            assert fault.args[:3] == ("file", str(file), "a readable file in UTF-8")

    @pytest.mark.parametrize(
        ("wide", "narrow"),
        [
            ("groups.general.nominees", "groups.general.finalists"),
            ("groups.special.finalists", "groups.special.winners"),
            ("groups.replication.nominees", "groups.replication.winners"),
            ("evaluation.nominees", "finalists.total"),
            ("finalists.total", "winners.total"),
            ("groups.general.finalists", "intermediate.size"),
            ("intermediate.size", "groups.general.winners"),
        ],
    )
    def test_a_tier_larger_than_the_stage_before_it(self, wide: str, narrow: str) -> None:
        def book(narrow_size: int) -> str:
            return (
                f"[{wide}]\nvalue = 15\nsources = ['decree']\n"
                f"[{narrow}]\nvalue = {narrow_size}\nsources = ['decree']\n"
            )

        assert stated(read(book(15)), narrow) == 15
        assert faults(book(16)) == [
            f"{narrow}: expected at most 15, the size of {wide}, got 16 @ text:{narrow}.value"
        ]

    def test_disputed_tiers_are_compared_by_the_readings_that_fit_best(self) -> None:
        def book(least: int) -> str:
            return (
                "[groups.general.finalists]\nvalue = 15\nsources = ['decree']\n"
                "[groups.general.winners]\ndisputed = [{ value = 20, sources = ['decree'] }, "
                f"{{ value = {least}, sources = ['decree'] }}]\n"
            )

        assert isinstance(read(book(15))["groups.general.winners"], Disputed)
        assert len(faults(book(16))) == 1


class TestPackaged:
    """``rulebook(year)`` and its like read the packaged files once."""

    def test_the_years(self) -> None:
        assert cycles() == tuple(range(2014, 2027))

    def test_read_once(self) -> None:
        assert rulebook(2021) is rulebook(2021)
        assert rulebook(2021).name == "KIPP 2021"
        assert incentive_book(2021).year == 2021
        assert duty_book().kind is BookKind.DUTY
        assert hubs_book().kind is BookKind.HUBS

    @pytest.mark.parametrize("year", [2013, 2027])
    def test_a_year_without_a_file(self, year: int) -> None:
        with pytest.raises(UnknownName, match=rf"^year: expected one of 2014, .*2026, got {year}$"):
            rulebook(year)

    @pytest.mark.parametrize("year", ["2021", True, 2021.0])
    def test_a_year_that_is_no_number(self, year: int) -> None:
        with pytest.raises(InvalidType, match=r"^year: expected a year such as 2021, got "):
            rulebook(year)


# A value no rule of the path knows, and what is expected there, by kind of rulebook.
UNKNOWN_TO_THE_RULES: tuple[tuple[BookKind, str, object, str], ...] = (
    (BookKind.CYCLE, "minimum_age.counts_from", "launch", "one of registration_closes"),
    (BookKind.CYCLE, "schedule.closing_zone", "Mars/X", "the name of a time zone"),
    (BookKind.CYCLE, "schedule.closing_zone", "../Jakarta", "the name of a time zone"),
    (BookKind.CYCLE, "schedule.closing_time", "24:00", "a time written HH:MM"),
    (BookKind.CYCLE, "schedule.closing_time", "noon", "a time written HH:MM"),
    (BookKind.CYCLE, "evaluation.evaluators", 0, "a whole number from 1"),
    (BookKind.CYCLE, "panel.assessors", 0, "a whole number from 1"),
    (BookKind.CYCLE, "groups.general.winners", -1, "a whole number from 0"),
    (BookKind.CYCLE, "evaluation.combine", "loudest", "one of mean"),
    (BookKind.CYCLE, "panel.combine", "loudest", "one of mean"),
    (BookKind.CYCLE, "selection.nominees_by", "panel", "one of evaluation"),
    (BookKind.CYCLE, "selection.finalists_by", "panel", "one of evaluation, finalists"),
    (BookKind.CYCLE, "selection.winners_by", "luck", "one of evaluation, finalists, panel"),
    (BookKind.CYCLE, "selection.carry_over", "half", "one of none"),
    (BookKind.CYCLE, "composition.quota", "half", "one of none, demands, shares"),
    (BookKind.CYCLE, "ties.cascade", ["luck"], "each of evaluation, finalists, panel, "),
    (BookKind.CYCLE, "ties.cascade", ["panel", "panel"], "each of evaluation, finalists, panel, "),
    (BookKind.CYCLE, "ties.cascade", ["draw", "panel"], "each of evaluation, finalists, panel, "),
    (BookKind.CYCLE, "marks.quantum", 0, "a step above 0"),
    (BookKind.CYCLE, "evaluation.pass_mark", -1, "an exact number from 0"),
    (BookKind.INCENTIVE, "floor.billion_rupiah", -1, "an exact number from 0"),
    (BookKind.INCENTIVE, "envelope.billion_rupiah", -1, "an exact number from 0"),
    (BookKind.INCENTIVE, "cycles.2030.fiscal_year", 0, "a year of the calendar"),
    (BookKind.HUBS, "target.year", 10_000, "a year of the calendar"),
)


@pytest.mark.parametrize(("kind", "path", "value", "expected"), UNKNOWN_TO_THE_RULES)
class TestWhatNoRuleKnows:
    """A value of the right kind that no rule can work with is refused where it comes in."""

    def test_in_a_file(self, kind: BookKind, path: str, value: object, expected: str) -> None:
        year = "" if kind is BookKind.HUBS else "year = 2030\n"
        stated = json.dumps(value)
        text = f"[{path}]\nvalue = {stated}\nsources = ['decree']\n"

        (said,) = faults(text, head=f"kind = '{kind}'\nname = 'Contoh'\n{year}")

        assert said.startswith(f"{path}: expected {expected}")
        assert f", got {value!r} @ text:{path}.value" in said

    def test_in_a_reform(self, kind: BookKind, path: str, value: object, expected: str) -> None:
        book = {BookKind.HUBS: hubs_book(), BookKind.INCENTIVE: incentive_book(2022)}
        before = book.get(kind, rulebook(2021))

        with pytest.raises(Faults) as caught:
            before.reform({path: value}, name="odd")

        assert str(caught.value).startswith(f"{path}: expected {expected}")

    def test_in_a_record(self, kind: BookKind, path: str, value: object, expected: str) -> None:
        cites = rulebook(2021)["held"].citations
        plain = tuple(value) if isinstance(value, list) else value
        odd = Rulebook(kind=kind, name="odd", terms={path: Cited(plain, cites)})

        with pytest.raises(Faults, match=f"{path}: expected {expected}"):
            from_json(to_json(odd), Rulebook)


@pytest.mark.parametrize("year", ["-5", "0", "10000"])
def test_a_year_that_no_calendar_has(year: str) -> None:
    assert faults("", head=f"kind = 'cycle'\nname = 'x'\nyear = {year}\n", sources="") == [
        f"year: expected a year of the calendar, got {year} @ text:year"
    ]
