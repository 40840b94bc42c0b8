"""Arrow batches already in memory: ``check_batch`` against bare ``pyarrow.compute``.

The bare contender is written by hand for one cycle: a mask for each demand of the shape, the
register and the rulebook, and the rows and elements where it fails, without a code, a cure or a
source.  Made-up proposals of which none, or two in a hundred, are at fault.  Both have to find the
same rows; a ratio is taken inside a round, the medians count.  The bar is 1.5, the aim 1.1.

*First* starts with nothing remembered, as every round of the bare contender does; *further* is a
stream that goes on, whose agencies and categories were met before.

Run: ``python benchmarks/columnar.py [ROUNDS]``.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import kipp
from benchmarks.rules import entries
from kipp.domain.citation import cited
from kipp.domain.cycle import Group
from kipp.domain.innovation import Origin
from kipp.io.arrow_schema import to_batch
from kipp.io.batches import check_batches
from kipp.registry import registry
from kipp.rules.agency import refusal, year_days

YEAR = 2021
BOOK = kipp.rulebook(YEAR)
SIZE, ROWS = 98_304, 16_384
MOMENT = (
    r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-][0-2][0-9]:[0-5][0-9])$"
)


def made(faulty: float) -> list[Any]:
    """Batches of proposals, of which a share *faulty* has one fault of seven kinds."""
    luck = random.Random(SIZE)
    rows = to_batch(entries(BOOK, SIZE, faulty / 7), kipp.Proposal).to_pylist(maps_as_pydicts=None)
    for row in rows:
        if luck.random() < faulty * 6 / 7:
            spoil(row, luck)
    schema = to_batch([], kipp.Proposal).schema
    return [
        pa.RecordBatch.from_pylist(rows[begin : begin + ROWS], schema=schema)
        for begin in range(0, SIZE, ROWS)
    ]


def spoil(row: dict[str, Any], luck: random.Random) -> None:
    innovation = row["innovation"]
    match luck.randrange(6):
        case 0:
            row["group"] = "umun"
        case 1:
            innovation["sdgs"] = [*innovation["sdgs"], 18]
        case 2:
            innovation["title"] = "  "
        case 3:
            innovation["agency"] = "kota-atlantis"
        case 4:
            row["submitted_at"] = "2021-05-03T10:00:00"
        case _:
            row["category"] = "sulap"


class Bare:
    """The demands of 2021 as expressions of columns, with what they look up."""

    def __init__(self) -> None:
        days = year_days(YEAR)
        fit = [each.key for each in registry() if refusal(each, *days) is None]
        self.agencies = pa.array(fit)
        self.groups = pa.array([each.value for each in Group])
        self.origins = pa.array([each.value for each in Origin])
        self.categories = pa.array(next(cited(BOOK["categories.names"])))
        closes = next(cited(BOOK["schedule.registration_closes"]))[-1]
        self.closes = pa.scalar(f"{closes}T23:59:59+07:00").cast(pa.timestamp("us", "UTC"))
        self.oldest = {
            group: age.before(closes)
            for group in Group
            for age in cited(BOOK[f"groups.{group.key}.minimum_age"])
        }

    def faults(self, batch: Any) -> list[tuple[str, list[Any]]]:
        """Each demand with the rows, or rows of elements, where it fails."""
        return [(name, failing(mask)) for name, mask in self.masks(batch)]

    def rows(self, batch: Any) -> set[int]:
        """The rows where some demand fails."""
        return {row for _, rows in self.faults(batch) for row in rows}

    def all(self, batches: list[Any]) -> list[Any]:
        """What fails in each of *batches*."""
        return [self.faults(each) for each in batches]

    def masks(self, batch: Any) -> Any:
        column = batch.column
        innovation = column("innovation")
        inner = dict(
            zip([each.name for each in innovation.type], innovation.flatten(), strict=True)
        )
        for name, array in (
            ("id", column("id")),
            ("innovation.id", inner["id"]),
            ("title", inner["title"]),
            ("agency", inner["agency"]),
        ):
            yield name, pc.and_(array.is_valid(), filled(array))
        yield "unit", optional(inner["unit"], filled)
        yield "category", optional(column("category"), filled)
        yield "cycle", pc.equal(column("cycle"), YEAR)
        yield "video", optional(column("video_minutes"), lambda array: pc.greater_equal(array, 0))
        yield (
            "group",
            optional(column("group"), lambda array: pc.is_in(array, value_set=self.groups)),
        )
        yield (
            "origin",
            optional(inner["origin"], lambda array: pc.is_in(array, value_set=self.origins)),
        )
        yield (
            "moment",
            optional(column("submitted_at"), lambda array: pc.match_substring_regex(array, MOMENT)),
        )
        yield from self.items(column, inner)
        yield "registered", pc.is_in(inner["agency"], value_set=self.agencies)
        yield "offered", pc.is_in(column("category"), value_set=self.categories)
        yield "entered", pc.invert(pc.or_(column("withdrawn"), column("disqualified")))
        yield "careless", pc.invert(column("careless"))
        yield from self.rules(column, inner)

    def items(self, column: Any, inner: Any) -> Any:
        for name, array, fits in (
            ("sdgs", inner["sdgs"], lambda each: pc.and_(pc.greater(each, 0), pc.less(each, 18))),
            ("documents", column("documents"), filled),
        ):
            items = array.flatten()
            wrong = pc.invert(pc.and_(items.is_valid(), fits(items)))
            yield name, pc.list_parent_indices(array).filter(wrong)
        words = column("words")
        yield "words", pc.greater_equal(words.items, 0)
        yield "sections", filled(words.keys)
        sources = inner["replica_of"].flatten()
        yield "sources", filled(sources.field("title"))
        tiers = sources.field("tiers").flatten()
        yield "tiers", pc.greater(tiers.field("year"), 0)
        yield (
            "tier groups",
            optional(tiers.field("group"), lambda array: pc.is_in(array, value_set=self.groups)),
        )

    def rules(self, column: Any, inner: Any) -> Any:
        group, replica = column("group"), Group.REPLICATION.value
        for each, oldest in self.oldest.items():
            young = pc.greater(inner["started"], pa.scalar(oldest))
            yield f"age {each}", pc.invert(pc.and_(pc.equal(group, each.value), young))
        sent = pc.match_substring_regex(column("submitted_at"), MOMENT)
        moments = pc.if_else(sent, column("submitted_at"), None).cast(pa.timestamp("us", "UTC"))
        yield "deadline", pc.less_equal(moments, self.closes)
        yield (
            "invited",
            pc.or_(
                pc.not_equal(group, Group.SPECIAL.value), pc.fill_null(column("invited"), False)
            ),
        )
        named = pc.greater(pc.list_value_length(inner["replica_of"]), 0)
        yield "source", pc.or_(pc.not_equal(group, replica), named)
        lengths = pc.map_lookup(column("words"), pa.scalar("summary"), "last")
        most = next(cited(BOOK["summary.words"]), None)
        if most is not None:
            yield "summary", pc.less_equal(lengths, most)


def filled(array: Any) -> Any:
    return pc.match_substring_regex(array, r"\S")


def optional(array: Any, mask: Callable[[Any], Any]) -> Any:
    return pc.or_(array.is_null(), pc.fill_null(mask(array), False))


def failing(mask: Any) -> list[Any]:
    if not pa.types.is_boolean(mask.type):
        return list(mask.to_pylist())
    return list(pc.indices_nonzero(pc.invert(mask)).to_pylist())


def seconds(work: Callable[[Any], object], batches: Any) -> float:
    """CPU time of *work* on *batches*."""
    started = time.process_time()
    work(batches)
    return time.process_time() - started


def check(batches: list[Any]) -> list[Any]:
    """The faults of each batch, nothing remembered before."""
    return list(check_batches(batches, BOOK, registry()))


def rows_at_fault(batches: list[Any]) -> list[set[int]]:
    """The rows of each batch in which ours finds something."""
    found = check(batches)[: len(batches)]
    return [{row for row in each["row"].to_pylist() if row is not None} for each in found]


def main(rounds: int = 7) -> None:
    """Print the medians and quartiles over *rounds*."""
    pa.set_cpu_count(1)
    bare = Bare()
    for label, share in (("fit", 0.0), ("two in a hundred at fault", 0.02)):
        batches = made(share)
        ours, theirs = rows_at_fault(batches), [bare.rows(each) for each in batches]
        assert ours == theirs, "the contenders find other rows"
        print(f"{label}: {sum(map(len, ours))} of {SIZE} rows with faults")
        for name, again in (("first", False), ("further", True)):
            times = [one_round(bare, batches, again) for _ in range(rounds)]
            ratios = [mine / other for mine, other in times]
            low, middle, high = statistics.quantiles(ratios, n=4)
            rate = SIZE / statistics.median(mine for mine, _ in times)
            print(
                f"  {name}: {rate:,.0f} rows a second, {middle:.2f} of bare pyarrow.compute "
                f"(quartiles {low:.2f}, {high:.2f})"
            )


def one_round(bare: Bare, batches: list[Any], again: bool) -> tuple[float, float]:
    """Seconds of ours and of the bare contender; *again*: ours met all of it before."""
    every = [*batches, *batches] if again else batches
    found = check_batches(every, BOOK, registry())
    for _ in every[len(batches) :]:
        next(found)
    return seconds(list, found), seconds(bare.all, batches)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
