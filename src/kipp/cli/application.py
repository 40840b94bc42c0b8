"""The commands with their arguments and help texts, as click has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kipp import messages
from kipp.cli.agencies import hub_of, resolve_text
from kipp.cli.books import demonstration, every_rule, rulebook_terms
from kipp.cli.incentive import incentive_of
from kipp.cli.judging import judge_file
from kipp.cli.records import (
    FORMS,
    convert_file,
    fix_file,
    schema_of,
    template_of,
    validate_files,
)
from kipp.cli.selecting import select_files, verify_files
from kipp.cli.shown import Shown
from kipp.cli.simulating import simulate_cycle
from kipp.domain.cycle import Group
from kipp.io.kinds import KINDS

if TYPE_CHECKING:
    import click


__all__ = ["application", "printable"]

_REPLICATIONS = 10_000
_SPREAD = 8
"""How far one assessor strays, in marks, unless said otherwise; nobody published it."""


def _commands(lang: str) -> dict[str, tuple[Callable[..., Shown], list[click.Parameter]]]:
    """Each command by name: what runs, and what it is given."""
    import click

    def argument(name: str) -> click.Argument:
        return click.Argument([name], metavar=name.upper())

    def several(name: str) -> click.Argument:
        return click.Argument([name], metavar=f"{name.upper()}…", nargs=-1, required=True)

    def option(
        name: str,
        *,
        required: bool = True,
        short: str | None = None,
        into: str | None = None,
        said: str = "",
        **more: Any,
    ) -> click.Option:
        """*into* names the argument, *said* the help text, where they are not called like it."""
        text = messages.line(f"cli.help.option.{said or name}", lang)
        words = [*([into] if into else []), f"--{name}", *([short] if short else [])]
        return click.Option(words, required=required, help=text, **more)

    kind = option("kind", required=False, default="proposal", type=click.Choice([*KINDS]))
    table = [
        option("sheet", required=False),
        option("numbers", required=False),
        option("dates", required=False),
        option("zone", required=False),
        option("separator", required=False),
        option("encoding", required=False),
    ]

    groups = click.Choice([group.value for group in Group])
    return {
        "demo": (demonstration, []),
        "rulebook": (rulebook_terms, [argument("year"), option("path", required=False)]),
        "resolve": (resolve_text, [argument("text"), option("on")]),
        "hub": (hub_of, [argument("name"), option("on")]),
        "incentive": (
            incentive_of,
            [
                argument("agency"),
                option("cycle", type=int),
                option("tier"),
                option("group", required=False, type=groups),
            ],
        ),
        "judge": (judge_file, [argument("file"), option("cycle", type=int)]),
        "rules": (every_rule, []),
        "select": (
            select_files,
            [
                several("files"),
                option("cycle", type=int),
                option("assume", required=False),
                option("output", required=False, short="-o"),
            ],
        ),
        "simulate": (
            simulate_cycle,
            [
                option("cycle", type=int),
                option("reform", required=False),
                option(
                    "replications",
                    short="-n",
                    required=False,
                    type=click.IntRange(min=1),
                    default=_REPLICATIONS,
                ),
                option("seed", required=False, type=click.IntRange(min=0), default=0),
                option("size", required=False, type=click.IntRange(min=1)),
                option("spread", required=False, type=float, default=float(_SPREAD)),
                option("assume", required=False),
                option("output", required=False, short="-o", said="study"),
                option("plots", required=False),
                option("workers", required=False, type=click.IntRange(min=1)),
            ],
        ),
        "validate": (
            validate_files,
            [
                several("files"),
                option("cycle", type=int, required=False),
                kind,
                option(
                    "format",
                    into="form",
                    required=False,
                    default=FORMS[0],
                    type=click.Choice(FORMS),
                ),
                option("output", required=False, short="-o", said="report"),
                option("annotate", required=False),
                option("cross/--no-cross", said="cross", required=False, default=True),
                *table,
            ],
        ),
        "fix": (
            fix_file,
            [
                argument("file"),
                option("cycle", type=int, required=False),
                kind,
                option("yes", required=False, is_flag=True),
                option("dry-run", into="dry_run", required=False, is_flag=True),
                *table,
            ],
        ),
        "schema": (schema_of, [click.Argument(["kind"], type=click.Choice([*KINDS]))]),
        "template": (
            template_of,
            [
                click.Argument(["kind"], type=click.Choice([*KINDS])),
                option("output", short="-o", said="template"),
            ],
        ),
        "convert": (convert_file, [argument("source"), argument("target"), kind, *table]),
        "verify": (
            verify_files,
            [
                argument("certificate"),
                several("files"),
                option("cycle", type=int, required=False),
                option("assume", required=False),
            ],
        ),
    }


def application(lang: str) -> click.Group:
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
        if as_json or before.get("as_json"):
            _print(_json_lines(shown), verbatim=True)
        else:
            _print(shown.lines, verbatim=shown.verbatim)
        return shown.status() if callable(shown.status) else shown.status

    return command


def _print(lines: Iterable[str], *, verbatim: bool) -> None:
    for line in lines:
        print(line if verbatim or line.isprintable() else printable(line))


def _json_lines(shown: Shown) -> Iterable[str]:
    from kipp.io import to_json

    return map(to_json, shown.values) if shown.as_json is None else shown.as_json


def printable(text: str) -> str:
    """*text* on one line, whatever a record put into it: what does not print is written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
