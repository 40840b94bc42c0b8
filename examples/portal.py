"""For developers of a portal: what stands against a proposal before it is sent.

The proposal is made up; the terms are those of the contest of 2021.  Run it with
``python examples/portal.py``.
"""

from __future__ import annotations

from pendulum import Date

import kipp


def proposal(started: Date, category: str | None = None) -> kipp.Proposal:
    """What the form holds so far; what was not filled in is not recorded, and stays None."""
    agency = kipp.resolve("Pemkot Malang", on=2021)
    assert isinstance(agency, kipp.Resolved)
    innovation = kipp.Innovation(
        id="contoh-1", title="Contoh 0001", agency=agency.agency.key, started=started
    )
    return kipp.Proposal(
        id="P-1", innovation=innovation, cycle=2021, group=kipp.Group.GENERAL, category=category
    )


def against(judgement: kipp.Judgement, outcome: kipp.Outcome, lang: str) -> list[str]:
    """The sentences of every reason with *outcome*, each with its source."""
    return [kipp.say(each, lang) for each in judgement.reasons if each.outcome is outcome]


def show(entered: kipp.Proposal) -> None:
    """Print what a portal would show beside the form."""
    never_awarded = kipp.AwardHistory(innovation=entered.innovation.id)
    judgement = kipp.judge(entered, history=never_awarded)
    print(f"{entered.title}, begun {entered.started}: {judgement.outcome.name}")
    for heading, outcome in (
        ("must change", kipp.Outcome.NOT_MET),
        ("still open", kipp.Outcome.UNKNOWN),
    ):
        for sentence in against(judgement, outcome, "en"):
            print(f"  {heading}: {sentence}")


def main() -> None:
    """One innovation that is too young for the general group of 2021, and an older one."""
    show(proposal(Date(2019, 9, 11)))
    show(proposal(Date(2018, 9, 11), category="health"))


if __name__ == "__main__":
    main()
