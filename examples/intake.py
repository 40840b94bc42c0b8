"""For integrators: check records that come from another system, one proposal a line.

``data/contoh.ndjson`` holds made-up proposals of one agency, one of them with a fault on purpose.
Run it with ``python examples/intake.py``, or with the name of a file of your own.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import kipp
from kipp.io import Submission, read_submissions
from kipp.rules.field import field_of

CONTOH = Path(__file__).parent / "data" / "contoh.ndjson"


def read(lines: str, name: str) -> tuple[Submission, ...]:
    """The records of a file; where one cannot be read, print every fault and keep the others."""
    try:
        return read_submissions(lines, source=name)
    except kipp.Faults as found:
        for fault in found.faults:
            print(f"refused: {fault}")
    return tuple(each for line in lines.splitlines() for each in _one(line))


def _one(line: str) -> tuple[Submission, ...]:
    try:
        return read_submissions(line)
    except kipp.Faults:
        return ()


def check(records: tuple[Submission, ...]) -> tuple[kipp.Judgement, ...]:
    """Judge every record beside all others of its cycle, which the cap and the titles need."""
    fields = {
        cycle: field_of((each.proposal for each in records), cycle)
        for cycle in {each.proposal.cycle for each in records}
    }
    return tuple(
        kipp.judge(each.proposal, history=each.history, others=fields[each.proposal.cycle])
        for each in records
    )


def codes(judgement: kipp.Judgement) -> tuple[str, ...]:
    """The codes another program acts on: every one that is not met or unknown, each once."""
    found = (r.code for r in judgement.reasons if r.outcome not in (None, kipp.Outcome.MET))
    return tuple(dict.fromkeys(found))


def main(path: Path = CONTOH) -> None:
    """Print a line per record, then how often each code was given."""
    judged = check(read(path.read_text("utf-8"), path.name))
    for each in judged:
        print(f"{each.subject}: {each.outcome.name} {', '.join(codes(each))}".rstrip())
    for code, count in Counter(code for each in judged for code in codes(each)).most_common():
        print(f"{count:>4} {code}")
    print(kipp.to_json(judged[0])[:72], "…")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
