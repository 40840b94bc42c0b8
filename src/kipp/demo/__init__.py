"""``kipp demo``: the published record, its arithmetic, one whole cycle, what follows, the hubs.

Everything is a function of :class:`Tables`, so that a changed row changes the figure.  Each line
has a code of the message catalogue, its values and the sources it rests on.
"""

from __future__ import annotations

from kipp.demo.arithmetic import arithmetic_lines
from kipp.demo.cycle import Run, certificate_lines, cycle_lines, run_cycle
from kipp.demo.hubs import hub_lines
from kipp.demo.incentive import incentive_lines
from kipp.demo.lines import Line, Section, Tables, packaged
from kipp.demo.record import record_lines
from kipp.demo.text import as_text

__all__ = [
    "Line",
    "Run",
    "Section",
    "Tables",
    "arithmetic_lines",
    "as_text",
    "certificate_lines",
    "cycle_lines",
    "demonstrate",
    "hub_lines",
    "incentive_lines",
    "packaged",
    "record_lines",
    "run_cycle",
]


def demonstrate(tables: Tables, lang: str = "id") -> tuple[Section, ...]:
    """The six sections, each line with its source; assumptions say why in *lang*."""
    run = run_cycle(tables, lang)
    year = (("year", tables.book.year),)
    return (
        Section(Line("demo.record"), tuple(record_lines(tables))),
        Section(Line("demo.arithmetic"), tuple(arithmetic_lines(tables))),
        Section(Line("demo.cycle", year), tuple(cycle_lines(run))),
        Section(Line("demo.incentive"), tuple(incentive_lines(tables, run))),
        Section(Line("demo.hubs"), tuple(hub_lines(tables))),
        Section(Line("demo.proof"), tuple(certificate_lines(tables, run))),
    )
