"""The command line: ``kipp demo``, ``rulebook``, ``resolve``, ``judge``, ``select`` and more.

A thin face of the library: each command asks one public function and prints its reasons, or with
``--json`` the answer itself.  The exit status is that of :class:`Exit`.  It needs the extra
``cli`` (click), which is loaded when :func:`main` runs.
"""

from __future__ import annotations

import enum
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from kipp import messages
from kipp.domain.award import Level, Tier
from kipp.domain.citation import Cited, Disputed, NotFound, NotOpen, Term, Unlimited, cited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.errors import Faults, InvalidValue, KippError, MissingExtra, UnknownName
from kipp.domain.hub import HubStatus
from kipp.domain.selection import Standing
from kipp.rules.decision import Classification, Decision, Judgement, Outcome, Reason
from kipp.rules.resolution import Resolved, Unresolvable

if TYPE_CHECKING:
    import click

    from kipp.domain.agency import Agency
    from kipp.domain.proposal import Proposal
    from kipp.io import Submission
    from kipp.rules.rulebook import Rulebook
    from kipp.rules.selection import Selection

__all__ = ["Exit", "Shown", "main"]


class Exit(enum.IntEnum):
    """What the exit status says."""

    MET = 0
    NOT_MET = 1
    BAD_USE = enum.auto()
    UNKNOWN = enum.auto()


_BY_OUTCOME = {
    Outcome.MET: Exit.MET,
    Outcome.NOT_MET: Exit.NOT_MET,
    Outcome.UNKNOWN: Exit.UNKNOWN,
}


@attrs.frozen
class Shown:
    """What a command shows: values for ``--json`` (one a line), lines of text, the status."""

    values: tuple[object, ...]
    lines: Iterable[str]
    status: Exit = Exit.MET


# The commands: each gets the language and its own arguments


def _demo(lang: str) -> Shown:
    from kipp import demo

    sections = demo.demonstrate(demo.packaged(), lang)
    return Shown(sections, demo.as_text(sections, lang))


def _rulebook(lang: str, year: str, path: str | None) -> Shown:
    book = _book(year)
    if path is None:
        lines = (_term_line(book.term(each), lang) for each in book)
        return Shown((book,), (book.name, *lines))
    term = book.term(path)
    open_ = isinstance(term.value, (NotFound, Disputed))
    return Shown((term,), (_term_line(term, lang),), Exit.UNKNOWN if open_ else Exit.MET)


def _book(name: str) -> Rulebook:
    """The rulebook of a cycle (``2021``), a fiscal year (``FY2021``), the hubs or the duty."""
    from kipp import rulebooks

    others = {"hubs": rulebooks.hubs_book, "duty": rulebooks.duty_book}
    if name in others:
        return others[name]()
    fiscal = name.removeprefix("FY")
    if not _is_number(fiscal):
        raise InvalidValue("YEAR", name, "a year, FY and a year, hubs or duty")
    return (
        rulebooks.rulebook(int(name)) if fiscal == name else rulebooks.incentive_book(int(fiscal))
    )


_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)


def _is_number(text: str) -> bool:
    """Whether *text* is a year as people write it: four digits."""
    return _YEAR.fullmatch(text) is not None


def _term_line(term: Term[Any], lang: str) -> str:
    return messages.line(
        "cli.term",
        lang,
        path=term.path,
        value=_state(term.value, lang),
        sources=messages.sources(term.citations, lang),
    )


def _state(value: object, lang: str) -> str:
    match value:
        case Cited(value=stated):
            return messages.shown(stated, lang)
        case Unlimited():
            return messages.line("state.unlimited", lang)
        case NotOpen():
            return messages.line("state.not_open", lang)
        case NotFound(searched=searched):
            return messages.line("state.not_found", lang, searched=searched)
        case Disputed(alternatives=readings):
            said = tuple(_state(reading, lang) for reading in readings)
            return messages.line("state.disputed", lang, readings=said)
        case _:
            raise InvalidValue("value", value, "a state of a rulebook value")


def _resolve(lang: str, text: str, on: str) -> Shown:
    from kipp.defaults import resolve

    if not text.strip():
        raise InvalidValue("TEXT", text, "the name or code of an agency")
    answer = resolve(text, on=_moment(on))
    if isinstance(answer, Resolved):
        return Shown((answer,), (_resolved_line(answer, lang),))
    lines = [messages.say(answer.finding, lang)]
    if answer.reason is Unresolvable.UNKNOWN:
        lines += _suggested(text, lang)
    return Shown((answer,), lines, Exit.UNKNOWN)


def _moment(on: str) -> str | int:
    return int(on) if _is_number(on) else on


def _resolved_line(answer: Resolved, lang: str) -> str:
    return messages.line(
        "cli.resolved",
        lang,
        text=answer.text,
        name=answer.agency.name,
        key=answer.agency.key,
        kind=answer.agency.kind,
        unit=answer.unit and answer.unit.name,
        unsure=None if answer.sure else messages.line("cli.unsure", lang),
    )


def _suggested(text: str, lang: str) -> list[str]:
    from kipp.registry import registry
    from kipp.rules.resolution import suggest

    agencies = registry()
    keys = suggest(agencies, text)
    said = tuple(f"{agencies.agency(key).name} ({key})" for key in keys)
    return [messages.line("cli.suggestions", lang, keys=said)] if keys else []


def _named(text: str, on: str | int) -> Agency:
    """The one agency of that name or key; a name that is not one agency is bad input here."""
    from kipp.registry import registry
    from kipp.rules.resolution import named, suggest

    answer = named(registry(), text, on)
    if isinstance(answer, Resolved):
        return answer.agency
    perhaps = [key for key in answer.candidates or suggest(registry(), text) if key != text]
    cure = f"it may mean {', '.join(perhaps)}" if perhaps else ""
    expected = f"one agency ({answer.reason.name.lower()})"
    raise UnknownName("agency", text, expected, f"on {on}", cure)


def _hub(lang: str, name: str, on: str) -> Shown:
    from kipp.defaults import hub

    moment = _moment(on)
    agency = _named(name, moment)
    if isinstance(moment, int):
        return _hub_in_year(lang, agency, moment)
    answer = hub(agency, on=on)
    return Shown((answer,), _answer_lines(answer, lang), _listed(answer.value))


@attrs.frozen(kw_only=True)
class _From:
    """An answer that holds from a day of a year on, as ``--json`` shows it."""

    on: Date
    answer: Classification[HubStatus]


def _hub_in_year(lang: str, agency: Agency, year: int) -> Shown:
    """One answer where it is the same on every day of *year*, else each from its first day on.

    Days left open only because a date is known by the year are passed over where the others
    agree: what happened some day of the year happened in it.
    """
    from kipp.defaults import hub
    from kipp.rules.agency import year_days

    first, last = year_days(year)
    every = (first.add(days=count) for count in range((last - first).days + 1))
    days = (day for day in every if agency.span.covers(day) is not False)
    answers = [(day, hub(agency, on=day)) for day in days]
    runs = _runs(answers)
    settled = _runs(each for each in answers if not _day_unknown(each[1]))
    if len(settled or runs) == 1:
        ((_, answer),) = settled or runs
        return Shown((answer,), _answer_lines(answer, lang), _listed(answer.value))
    lines = [
        line
        for day, answer in runs
        for line in (messages.line("cli.from", lang, day=day), *_answer_lines(answer, lang))
    ]
    return Shown(tuple(_From(on=day, answer=answer) for day, answer in runs), lines, Exit.UNKNOWN)


_OnDay: TypeAlias = tuple[Date, Classification[HubStatus]]


def _runs(answers: Iterable[_OnDay]) -> list[_OnDay]:
    """The first of those in a row that say the same."""
    return [next(run) for _, run in groupby(answers, key=lambda each: each[1].value)]


def _day_unknown(answer: Classification[HubStatus]) -> bool:
    return any(
        reason.code == "YEAR_PRECISION_ONLY" and reason.outcome is Outcome.UNKNOWN
        for reason in answer.reasons
    )


def _listed(status: HubStatus | None) -> Exit:
    if status is None:
        return Exit.UNKNOWN
    return Exit.NOT_MET if status is HubStatus.NOT_IN_KNOWN_LIST else Exit.MET


def _answer_lines(answer: Classification[Any] | Decision, lang: str) -> Iterator[str]:
    said = answer.outcome if isinstance(answer, Decision) else answer.value
    shown = messages.line("cli.open", lang) if said is None else messages.shown(said, lang)
    title = messages.title(answer.rule, lang)
    yield messages.line(
        "cli.answer",
        lang,
        title=title,
        subject=answer.subject,
        value=shown,
        weakest=answer.evidence,
    )
    for reason in answer.reasons:
        yield f"  {messages.say(reason, lang)}"


def _incentive(lang: str, agency: str, cycle: int, tier: str, group: str | None) -> Shown:
    from kipp import rulebooks
    from kipp.rules.incentive import fiscal_year, incentive_status, propose

    book = rulebooks.rulebook(cycle)
    books = [rulebooks.incentive_book(year) for year in rulebooks.fiscal_years()]
    body = _named(agency, cycle)
    reached = _tier(book, tier, None if group is None else Group(group))
    proposed = propose(book, books, body, reached)
    answers: list[Decision | Classification[Any]] = [proposed]
    if proposed.outcome is Outcome.MET:
        answers += [
            fiscal_year(book, books),
            incentive_status(book, books, body, reached),
        ]
    lines = dict.fromkeys(line for answer in answers for line in _answer_lines(answer, lang))
    return Shown(tuple(answers), lines, _BY_OUTCOME[proposed.outcome])


def _tier(book: Rulebook, text: str, group: Group | None) -> Tier:
    """The tier that *text* names in the cycle: its size (``45``, ``Top 45``) or its level."""
    word = " ".join(text.casefold().replace("_", " ").split())
    level = {each.name.lower().replace("_", " "): each for each in Level} | {
        each.value: each for each in Level
    }
    if word in level:
        return _of_level(book, level[word], group)
    size = re.fullmatch(r"(?:top)? ?(\d+)", word, re.ASCII)
    known = [each for each in _tiers(book) if group in (None, each.group)]
    fitting = [each for each in known if size and each.size == int(size[1])]
    levels = {each.level for each in fitting}
    if len(levels) == 1:
        return attrs.evolve(fitting[0], group=group)
    sizes = ", ".join(dict.fromkeys(f"Top {each.size}" for each in known))
    cure = "name the group with --group" if fitting else f"levels are {', '.join(level)}"
    raise InvalidValue("--tier", text, f"one tier of the cycle ({sizes})", book.name, cure)


def _of_level(book: Rulebook, level: Level, group: Group | None) -> Tier:
    """The tier of *level*; the winners of the special group, and they alone, are outstanding."""
    special = group is Group.SPECIAL or (group is None and level is Level.OUTSTANDING)
    open_ = not isinstance(book[f"groups.{Group.SPECIAL.key}.offered"], NotOpen)
    if (level is Level.OUTSTANDING and not (special and open_)) or (
        level is Level.WINNER and group is Group.SPECIAL
    ):
        expected = "outstanding for the special group where it is open, and for no other"
        raise InvalidValue("--tier", level.name.lower(), expected, book.name)
    return Tier(year=book.year or 0, level=level, group=group)


def _tiers(book: Rulebook) -> Iterator[Tier]:
    """The tiers of the cycle with their sizes, by group; of the whole where no group has one."""
    rows = [
        (f"groups.{group.key}.{name}", level, group)
        for group in Group
        for name, level in (
            ("finalists", Level.FINALIST),
            ("winners", Level.OUTSTANDING if group is Group.SPECIAL else Level.WINNER),
        )
    ]
    found = list(_sized(book, rows))
    whole = [("intermediate.size", Level.INTERMEDIATE, None)]
    if not found:
        whole.append(("winners.total", Level.WINNER, None))
    yield from found
    yield from _sized(book, whole)


def _sized(book: Rulebook, rows: Iterable[tuple[str, Level, Group | None]]) -> Iterator[Tier]:
    for path, level, group in rows:
        for size in cited(book[path]):
            yield Tier(year=book.year or 0, level=level, size=size, group=group)


def _judge(lang: str, file: str, cycle: int) -> Shown:
    from kipp import rulebooks
    from kipp.defaults import judge
    from kipp.io import placed_submissions
    from kipp.rules.field import field_of

    book = rulebooks.rulebook(cycle)
    text, name = _text_of(file)
    placed = placed_submissions(text, source=name)
    if not placed:
        raise InvalidValue("FILE", name, "at least one proposal")
    faults = list(_misplaced(placed, cycle))
    if faults:
        raise Faults(faults)
    handed_in = [each for _, each in placed]
    field = field_of((each.proposal for each in handed_in), cycle)
    judged = tuple(
        judge(each.proposal, history=each.history, others=field, book=book) for each in handed_in
    )
    found = {judgement.outcome for judgement in judged}
    worst = next(outcome for outcome in Outcome if outcome in found)
    return Shown(judged, (_judged_line(each, lang) for each in judged), _BY_OUTCOME[worst])


def _misplaced(placed: Iterable[tuple[str, Submission]], cycle: int) -> Iterator[KippError]:
    """Proposals of another cycle, and ids that two different proposals bear, each at its place."""
    first: dict[str, tuple[str, Proposal]] = {}
    for place, each in placed:
        entered = each.proposal
        if entered.cycle != cycle:
            expected = f"{cycle}, the cycle asked about"
            yield InvalidValue("proposal.cycle", entered.cycle, expected, place)
        before, same = first.setdefault(entered.id, (place, entered))
        if same != entered:
            expected = f"an id that no other proposal bears, as the one @ {before} does"
            yield InvalidValue("proposal.id", entered.id, expected, place)


def _text_of(file: str) -> tuple[str, str]:
    """The text of a file, or of the standard input for ``-``, and what errors call it."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig"), "stdin" if file == "-" else file
    except (OSError, UnicodeDecodeError):
        raise InvalidValue("FILE", file, "a readable file in UTF-8") from None


def _judged_line(judgement: Judgement, lang: str) -> str:
    open_: list[Reason] = [
        reason
        for reason in judgement.reasons
        if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)
    ]
    codes = tuple(dict.fromkeys(reason.code for reason in open_))
    outcome = judgement.outcome
    return messages.line(
        "cli.judged",
        lang,
        subject=judgement.subject,
        outcome=outcome,
        codes=codes,
        not_asked=len(judgement.not_asked) or None,
        weakest=judgement.evidence,
    )


def _select(
    lang: str, files: tuple[str, ...], cycle: int, assume: str | None, output: str | None
) -> Shown:
    from kipp.defaults import certify, select_contest
    from kipp.io.certificate import digest_of, read_contest

    book = _assumed_book(cycle, assume)
    inputs = _inputs(files)
    taken = {Path(file).resolve() for file in (*files, *([assume] if assume else ()))}
    if output is not None and Path(output).resolve() in taken:
        raise InvalidValue("--output", output, "a file that is not read as well")
    selection = select_contest(read_contest(inputs), book=book)
    lines = [*_stage_lines(selection, lang)]
    if output is not None:
        _write(output, certificate := certify(selection, book=book, inputs=inputs))
        lines.append(messages.line("cli.written", lang, file=output, digest=digest_of(certificate)))
    open_ = selection.stopped or selection.unknown
    return Shown((selection,), lines, Exit.UNKNOWN if open_ else Exit.MET)


def _assumed_book(cycle: int, assume: str | None) -> Rulebook:
    """The packaged rulebook of a cycle, with the assumptions of a file."""
    from kipp import assumptions, rulebooks

    book = rulebooks.rulebook(cycle)
    if assume is None:
        return book
    text, name = _text_of(assume)
    # Always in the reference language: the law a certificate states is the same for everybody.
    return book.assume(assumptions.read(text, source=name), name=Path(name).name)


def _stage_lines(selection: Selection, lang: str) -> Iterator[str]:
    """How many go on from each stage, every tie with how it was settled, who wins or why not."""
    for record in selection.stages:
        yield messages.line(
            "cli.stage",
            lang,
            stage=record.stage,
            entered=len(record.results),
            selected=len(record.selected),
        )
        for each in record.settlements:
            values = attrs.asdict(each, recurse=False)
            yield f"  {messages.line('cli.settled', lang, **_only(values, _SETTLED))}"
    for reason in selection.stopped.reasons if selection.stopped else ():
        yield messages.say(reason, lang)
    for last in () if selection.stopped else selection.final:
        if last.standing is Standing.UNKNOWN:
            said = messages.say(last.reasons[0], lang)
            yield messages.line("cli.left-open", lang, proposal=last.proposal, reason=said)
    for key in selection.winners:
        yield messages.line("cli.winner", lang, proposal=key)


_SETTLED = ("group", "tied", "seats", "key", "selected", "still_tied")


def _only(values: Mapping[str, object], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] or None for name in names}


def _inputs(files: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each file by its own name, as a certificate lists them."""
    found: dict[str, bytes] = {}
    for file in files:
        name = Path(file).name
        if name in found:
            raise InvalidValue("FILES", file, "files of different names")
        found[name] = _bytes_of(file)
    return found


def _bytes_of(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:
        raise InvalidValue("FILES", file, "a readable file") from None


def _write(file: str, content: bytes) -> None:
    """Write beside it, then rename: whoever looks finds the old file or the whole new one."""
    place = Path(file).resolve()
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(content)  # a device or a pipe takes it as it is
            return
        partial = place.with_name(f"{place.name}.partial")
        partial.write_bytes(content)
        partial.replace(place)
    except OSError:
        raise InvalidValue("--output", file, "a file that can be written") from None


def _verify(
    lang: str, certificate: str, files: tuple[str, ...], cycle: int | None, assume: str | None
) -> Shown:
    from kipp.defaults import verify

    if cycle is None and assume is not None:
        raise InvalidValue("--assume", assume, "assumptions beside the rulebook of a --cycle")
    book = None if cycle is None else _assumed_book(cycle, assume)
    found = verify(_bytes_of(certificate), _inputs(files), book=book)
    if not found.holds:
        lines = [line for fault in found.faults for line in messages.fault_lines(fault, lang)]
        return Shown((found,), lines, Exit.NOT_MET)
    lines = [messages.line("cli.verified", lang, digest=found.digest)]
    if book is None:
        lines.append(messages.line("cli.law-unchecked", lang))
    return Shown((found,), lines)


@attrs.frozen(kw_only=True)
class _RuleRow:
    """A rule as ``kipp rules --json`` lists it."""

    id: str
    title: str
    family: str
    answer: enum.StrEnum
    paths: tuple[str, ...]
    codes: tuple[str, ...]


def _rules(lang: str) -> Shown:
    from kipp.rules.catalogue import RULES

    rows = tuple(
        _RuleRow(
            id=rule.id,
            title=messages.title(rule.id, lang),
            family=rule.family,
            answer=rule.answer,
            paths=rule.paths,
            codes=rule.codes,
        )
        for rule in RULES
    )
    width = max(len(row.id) for row in rows)
    return Shown(rows, (f"{row.id:{width}}  {row.title}" for row in rows))


# From the shell and back


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on *argv* (without the name of the program); the exit status.

    An error is one line on the standard error, never a traceback.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    lang = _language(words)
    try:
        import click
    except ImportError:
        return _complain(
            *messages.fault_lines(MissingExtra("the command line", "click", "cli"), lang)
        )
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that lacks a letter shows its number instead of ending the program.
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not the main function of click: it answers a closed pipe with the status of "not met".
        with _application(lang).make_context("kipp", words) as context:
            status = context.command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _complain(error.format_message())
    except KippError as error:
        return _complain(*messages.fault_lines(error, lang))
    except KeyboardInterrupt:
        return _ended_by("SIGINT")
    except BrokenPipeError:
        return _ended_by("SIGPIPE")
    except OSError as error:
        sys.stdout = None  # nothing more can be written there
        said = InvalidValue("output", error.strerror, "a place that takes it")
        return _complain(*messages.fault_lines(said, lang))
    return int(status)


def _plain(text: str) -> str:
    """*text* on one line, whatever a record put into it: what does not print is written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _complain(*lines: str) -> int:
    """Each fault on one line."""
    for line in lines:
        print(f"kipp: {_plain(line)}", file=sys.stderr)
    return Exit.BAD_USE


def _ended_by(name: str) -> int:
    """End as a shell expects it of a program that this signal ends; nothing more is printed."""
    number = getattr(signal, name, None)
    if number is not None:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    return Exit.BAD_USE


def _language(words: Sequence[str]) -> str:
    """The language of the help texts, which click prints before it has read the options."""
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    return next((lang for lang in asked if lang in messages.LANGUAGES), messages.LANGUAGES[0])


def _commands(lang: str) -> dict[str, tuple[Callable[..., Shown], list[click.Parameter]]]:
    """Each command by name: what runs, and what it is given."""
    import click

    def argument(name: str) -> click.Argument:
        return click.Argument([name], metavar=name.upper())

    def several(name: str) -> click.Argument:
        return click.Argument([name], metavar=f"{name.upper()}…", nargs=-1, required=True)

    def option(
        name: str, *, required: bool = True, short: str | None = None, **more: Any
    ) -> click.Option:
        text = messages.line(f"cli.help.option.{name}", lang)
        words = [f"--{name}", *([short] if short else [])]
        return click.Option(words, required=required, help=text, **more)

    groups = click.Choice([group.value for group in Group])
    return {
        "demo": (_demo, []),
        "rulebook": (_rulebook, [argument("year"), option("path", required=False)]),
        "resolve": (_resolve, [argument("text"), option("on")]),
        "hub": (_hub, [argument("name"), option("on")]),
        "incentive": (
            _incentive,
            [
                argument("agency"),
                option("cycle", type=int),
                option("tier"),
                option("group", required=False, type=groups),
            ],
        ),
        "judge": (_judge, [argument("file"), option("cycle", type=int)]),
        "rules": (_rules, []),
        "select": (
            _select,
            [
                several("files"),
                option("cycle", type=int),
                option("assume", required=False),
                option("output", required=False, short="-o"),
            ],
        ),
        "verify": (
            _verify,
            [
                argument("certificate"),
                several("files"),
                option("cycle", type=int, required=False),
                option("assume", required=False),
            ],
        ),
    }


def _application(lang: str) -> click.Group:
    """The commands with their help texts in *lang*."""
    import click

    group = click.Group(
        "kipp",
        params=[*_common(lang), _version()],
        callback=lambda **_: None,
        help=messages.line("cli.help", lang),
        context_settings={"help_option_names": ["-h", "--help"]},
        no_args_is_help=False,
    )
    for name, (run, params) in _commands(lang).items():
        text = messages.line(f"cli.help.{name}", lang)
        command = click.Command(
            name, params=[*params, *_common(lang)], callback=_printing(run, lang), help=text
        )
        group.add_command(command)
    return group


def _common(lang: str) -> list[click.Parameter]:
    """``--json`` and ``--lang``, taken before and after the name of the command."""
    import click

    return [
        click.Option(
            ["--json", "as_json"], is_flag=True, help=messages.line("cli.help.option.json", lang)
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(messages.LANGUAGES),
            help=messages.line("cli.help.option.lang", lang),
        ),
    ]


def _version() -> click.Parameter:
    import click

    from kipp import __version__, data_version

    def show(context: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked:
            click.echo(f"kipp {__version__}, data {data_version}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show
    )


def _printing(run: Callable[..., Shown], default: str) -> Callable[..., int]:
    def command(*, as_json: bool, lang: str | None, **given: Any) -> int:
        import click

        context = click.get_current_context().parent
        before = context.params if context is not None else {}
        shown = run(lang or before.get("lang") or default, **given)
        for line in _json_lines(shown) if as_json or before.get("as_json") else shown.lines:
            print(line if as_json or line.isprintable() else _plain(line))
        return shown.status

    return command


def _json_lines(shown: Shown) -> Iterator[str]:
    from kipp.io import to_json

    return (to_json(value) for value in shown.values)
