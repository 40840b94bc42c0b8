"""What the register and the rulebook cost a proposal of about 700 bytes, against a bare parse.

Made-up proposals that break nothing: 600 agencies, starts over six years, submissions by the
second, every group and category of the cycle, summaries of many lengths.  Each round checks them
with nothing remembered, and reads their lines with ``orjson``; a ratio is taken inside a round, the
medians count.  Then the same with two in a hundred at fault.

Run: ``python benchmarks/rules.py [ROUNDS] [CYCLE]``.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Callable

import attrs
import orjson

import kipp
from kipp.domain.citation import cited
from kipp.domain.dates import Date, DateTime
from kipp.domain.innovation import ReplicaSource
from kipp.io.rule_faults import RuleChecks
from kipp.registry import registry
from kipp.rules.field import offered_reason

SIZE = 20_000
ZONES = [dt.timezone(dt.timedelta(hours=hours)) for hours in (7, 8, 9)]


def entries(book: kipp.Rulebook, size: int, faulty: float = 0.0) -> list[kipp.Proposal]:
    """*size* proposals that the cycle of *book* admits, and a share *faulty* that is too young."""
    luck = random.Random(size)
    kinds = next(cited(book["participants"]))
    fit = [each.key for each in registry().agencies(on=Date(2018, 1, 1), kinds=kinds)]
    agencies = luck.sample(
        [key for key in fit if registry().agency(key).span.valid_to is None], 590
    )
    groups = [each for each in kipp.Group if offered_reason(book, each).outcome == kipp.Outcome.MET]
    categories = next(cited(book["categories.names"]), ("umum",))
    documents = next(cited(book["documents.required"]), ("video",))
    words = next(cited(book["summary.words"]), 200)
    closes = next(cited(book["schedule.registration_closes"]))[-1]
    last = dt.datetime.combine(closes, dt.time(1), tzinfo=dt.UTC)
    source = {
        group: tuple(cited(book[f"groups.{group.key}.source_awards"])) for group in kipp.Group
    }

    def one(number: int) -> kipp.Proposal:
        group = luck.choice(groups)
        replica = group is kipp.Group.REPLICATION
        tiers = [
            kipp.Tier(year=year, level=span.level, group=span.group)
            for spans in source[group]
            for span in spans
            for year in range(span.first_year, span.last_year + 1)
        ]
        started = Date.fromordinal(closes.toordinal() - 3 * 366 - luck.randrange(6 * 365))
        innovation = kipp.Innovation(
            id=f"inovasi-{number:06}",
            title=f"Layanan Terpadu Contoh Nomor {number:06}",
            agency=kipp.AgencyKey(luck.choice(agencies)),
            unit="RSUD Contoh",
            started=closes if luck.random() < faulty else started,
            origin=kipp.Origin.REPLICA if replica else kipp.Origin.ORIGINAL,
            replica_of=(ReplicaSource(title="Asal", tiers=tuple(tiers and [luck.choice(tiers)])),)
            if replica
            else (),
            sdgs=tuple(luck.sample(range(1, 18), luck.randint(1, 4))),
            public_service=True,
            pandemic_related=luck.random() < 0.1,
        )
        return kipp.Proposal(
            id=f"proposal-{number:06}",
            innovation=innovation,
            cycle=book.year or 0,
            group=group,
            category=luck.choice(categories),
            submitted_at=DateTime.instance(
                (last - dt.timedelta(seconds=luck.randrange(20 * 86_400))).astimezone(
                    luck.choice(ZONES)
                )
            ),
            invited=True if group is kipp.Group.SPECIAL else None,
            documents=documents,
            words=(("summary", luck.randint(words // 2, words)),),
            video_minutes=luck.randint(1, 3),
            careless=False,
        )

    return [one(number) for number in range(size)]


def seconds(work: Callable[[], object]) -> float:
    """CPU time of *work*."""
    started = time.process_time()
    work()
    return time.process_time() - started


@attrs.frozen
class Sample:
    """Made-up proposals, and a line of about 700 bytes for each."""

    book: kipp.Rulebook
    proposals: list[kipp.Proposal]
    lines: list[bytes]

    def check(self) -> tuple[RuleChecks, int]:
        """How many faults they have, nothing remembered before."""
        checks = RuleChecks(self.book, registry(), cycles=kipp.rulebook)
        return checks, sum(len(checks(each)) for each in self.proposals)

    def parse(self) -> None:
        """Read each line and let it go."""
        for line in self.lines:
            orjson.loads(line)


def sample(book: kipp.Rulebook, faulty: float) -> Sample:
    """*SIZE* proposals; a summary of 200 letters stands beside each in its line."""
    proposals = entries(book, SIZE, faulty)
    data = (orjson.loads(kipp.to_json(each)) for each in proposals)
    lines = [orjson.dumps({**each, "summary": "ringkasan " * 20}) for each in data]
    return Sample(book, proposals, lines)


def main(rounds: int = 7, cycle: int = 2021) -> None:
    """Print the medians over *rounds*."""
    for name, share in (("fit", 0.0), ("two in a hundred too young", 0.02)):
        made = sample(kipp.rulebook(cycle), share)
        checks, faults = made.check()
        times = [(seconds(made.check), seconds(made.parse)) for _ in range(rounds)]
        each = statistics.median(ours for ours, _ in times) / SIZE * 1e6
        ratio = statistics.median(ours / bare for ours, bare in times)
        print(
            f"{cycle}, {name}: {len(checks.asked)} rules, {faults} faults; "
            f"{each:.1f} microseconds a record, {ratio:.2f} of a bare parse of "
            f"{statistics.mean(map(len, made.lines)):.0f} bytes"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
