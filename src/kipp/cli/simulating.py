"""``kipp simulate``: what the rules do to a made-up field, many times over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp import messages
from kipp.cli.books import assumed_book
from kipp.cli.files import apart, text_of, write_whole
from kipp.cli.shown import Exit, Shown
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidType, InvalidValue

if TYPE_CHECKING:
    from kipp.rules.rulebook import Rulebook
    from kipp.simulation import Comparison, Field, Study

__all__ = ["simulate_cycle"]

_TIERS = (Stage.FINALISTS, Stage.WINNERS)


def simulate_cycle(
    lang: str,
    cycle: int,
    reform: str | None,
    replications: int,
    seed: int,
    size: int | None,
    spread: float,
    assume: str | None,
    output: str | None,
    plots: str | None,
    workers: int | None,
) -> Shown:
    """``kipp simulate``: a study of a made-up field, and of a reform beside it."""
    from kipp.registry import record, registry
    from kipp.simulation import Panel, compare, simulate
    from kipp.simulation.published import published_field
    from kipp.simulation.tables import study_json

    apart("--output", output, [each for each in (reform, assume) if each])
    book = _book(cycle, assume)
    changes = None if reform is None else _changes(reform)
    field = published_field(registry(), record(), book, seed=f"kipp {seed}", n=size)
    with _counting(lang) as progress:
        study = simulate(
            field,
            book,
            noise=Panel(spread=spread),
            replications=replications if changes is None else 1,
            seed=seed,
            workers=workers if changes is None else 1,
            progress=progress if changes is None else None,
        )
        found: Study | Comparison = study
        if changes is not None:
            found = compare(
                study,
                changes,
                name=Path(reform or "").stem,
                replications=replications,
                workers=workers,
                progress=progress,
            )
    lines = [*_lines(found, lang)]
    if output is not None:
        write_whole(output, study_json(found).encode())
        lines.append(messages.line("cli.simulated-file", lang, file=output))
    if plots is not None:
        lines += (
            messages.line("cli.simulated-file", lang, file=str(path))
            for path in _drawn(found, Path(plots), lang)
        )
    first = _studies(found)[0]
    return Shown((), lines, Exit.UNKNOWN if first.interrupted else Exit.MET, as_json=_json(found))


def _book(cycle: int, assume: str | None) -> Rulebook:
    """The rulebook of a cycle with the assumptions of a file, else with the packaged example."""
    from kipp import assumptions, rulebooks

    if assume is not None:
        return assumed_book(cycle, assume)
    return rulebooks.rulebook(cycle).assume(assumptions.example(cycle), name="example")


def _changes(file: str) -> Mapping[str, Any]:
    """The paths and plain values of a reform, a TOML file."""
    import tomllib

    text, name = text_of(file)
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("--reform", str(error), "TOML", name) from None
    if not whole:
        raise InvalidValue("--reform", None, "one path with its value or more", name)
    for path, value in whole.items():
        if isinstance(value, dict) and "." not in path:
            cure = "write the path in quotes, such as 'groups.general.winners' = 30"
            raise InvalidType("--reform", path, "paths in quotes with plain values", name, cure)
    return whole


@contextmanager
def _counting(lang: str) -> Iterator[Callable[[int, int], None] | None]:
    """On a terminal, how many replications are done."""
    if not sys.stderr.isatty():
        yield None
        return
    import click

    bar: Any = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            label = messages.line("cli.simulating", lang)
            bar = click.progressbar(length=total, label=label, file=sys.stderr)
        bar.update(done - bar.pos)

    yield progress
    if bar is not None:
        bar.render_finish()


# What is shown


def _studies(found: Study | Comparison) -> tuple[Study, ...]:
    from kipp.simulation import Study

    return (found,) if isinstance(found, Study) else (found.first, found.other)


def _lines(found: Study | Comparison, lang: str) -> Iterator[str]:
    studies = _studies(found)
    first = studies[0]
    yield from _about(first.setting.field, lang)
    for study in studies:
        yield from _law_lines(study, lang)
    if len(studies) > 1:
        yield messages.line("cli.simulated-difference", lang)
        yield from _measures(found, lang)
    if first.interrupted:
        done, asked = first.replications, first.asked
        yield messages.line("cli.simulated-part", lang, done=done, asked=asked)


def _about(field: Field, lang: str) -> Iterator[str]:
    """That nobody entered this field, and the figures it follows."""
    size = len(field.proposals)
    yield messages.line("cli.simulated-field", lang, count=size, seed=field.seed)
    for each in field.figures:
        yield "  " + messages.line(
            "cli.simulated-figure", lang, name=each.name, value=each.value, source=each.source
        )


def _law_lines(study: Study, lang: str) -> Iterator[str]:
    setting = study.setting
    yield messages.line(
        "cli.simulated-law",
        lang,
        rulebook=" + ".join((setting.book.name, *setting.book.reforms)),
        replications=study.replications,
        stopped=study.tally.stopped,
    )
    for path in setting.book:
        term = setting.book.term(path)
        if term.evidence is Evidence.ASSUMED:
            yield "  " + messages.line("cli.simulated-assumed", lang, path=path)
    yield from _measures(study, lang)
    for (group, stage), keys in study.ties().items():
        for key, share in keys.items():
            yield "  " + messages.line(
                "cli.simulated-tie",
                lang,
                group=group.lower(),
                stage=Stage[stage],
                key=key or None,
                share=_percent(share, lang),
            )


def _measures(found: Study | Comparison, lang: str) -> Iterator[str]:
    from kipp.simulation.measures import MEASURES
    from kipp.simulation.plots import measure_label

    for tier in _TIERS:
        for name, is_share in MEASURES.items():
            each = found.measure(name, tier)
            yield "  " + messages.line(
                "cli.simulated-measure",
                lang,
                measure=measure_label(name, tier, lang),
                value=_written(each.value, lang, is_share),
                error=_written(each.error, lang, is_share),
            )


def _written(value: float, lang: str, is_share: bool) -> str:
    return _decimal(f"{value:.4f}" if is_share else f"{value:.2f}", lang)


def _percent(share: float, lang: str) -> str:
    return _decimal(f"{share:.1%}", lang)


def _decimal(text: str, lang: str) -> str:
    return text if lang == "en" else text.replace(".", ",")


def _json(found: Study | Comparison) -> Iterator[str]:
    from kipp.simulation.tables import study_json

    yield study_json(found).rstrip("\n")


def _drawn(found: Study | Comparison, folder: Path, lang: str) -> Iterator[Path]:
    """Draw every picture of the study into *folder*."""
    from kipp.simulation import Comparison, plots

    first, *_ = _studies(found)
    drawn = {
        "inclusion": plots.inclusion_curve(first, lang=lang),
        "provinces": plots.tile_map(first, lang=lang),
    }
    if isinstance(found, Comparison):
        reforms = found.other.setting.book.reforms
        named = {first.setting.book.name: found.first, reforms[-1]: found.other}
        drawn |= {
            "clusters": plots.composition_bars(found, "cluster", lang=lang),
            "islands": plots.composition_bars(found, "island", lang=lang),
            "agencies": plots.measure_spread(named, "agencies", lang=lang),
        }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, axes in drawn.items():
            path = folder / f"{name}.png"
            axes.figure.savefig(path, dpi=plots.DPI)
            yield path
    except OSError as error:
        expected = f"a folder that can be written to ({error.strerror})"
        raise InvalidValue("--plots", str(folder), expected) from None
