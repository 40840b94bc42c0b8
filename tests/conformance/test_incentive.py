"""The incentive against the published record: cases, lag by cycle, what no book may claim."""

from __future__ import annotations

import pytest

from kipp.domain.award import Level, Tier
from kipp.domain.citation import Cited, Disputed, Evidence, NotFound, alternatives, cited
from kipp.domain.incentive import IncentiveStatus
from kipp.domain.record import AwardRow
from kipp.registry import awards, registry
from kipp.rules.decision import Outcome
from kipp.rules.incentive import fiscal_year, incentive_proposal, incentive_status, propose
from kipp.rules.resolution import Resolved, resolve
from tests.fiscal import books, cycle

BOOKS = books()
REGISTRY = registry()


def row(year: int, innovation: str, tier: str) -> AwardRow:
    found = [
        each
        for each in awards()
        if each.year == year and each.tier_key == tier and innovation in each.innovation
    ]
    return found[0]


@pytest.mark.parametrize(
    ("year", "innovation", "agency", "counts_for"),
    [
        (2019, "Ambon City of Music", "kota-ambon", 2020),
        (2021, "Getar Dilan", "kab-luwu-utara", 2022),
    ],
)
def test_a_local_government_in_the_top_45(
    year: int, innovation: str, agency: str, counts_for: int
) -> None:
    """Ambon: Mollucas Times, August 2019.  Luwu Utara: Koran Seruya, November 2021."""
    award = row(year, innovation, "top_45")
    resolved = resolve(REGISTRY, award.agency_name, on=year)
    assert isinstance(resolved, Resolved)
    assert resolved.agency.key == agency

    found = incentive_proposal(
        cycle(year), BOOKS, resolved.agency, award.tier, innovation=award.innovation
    )

    assert found.value is not None
    assert (found.value.agency, found.value.fiscal_year) == (agency, counts_for)


def test_the_finance_ministrys_own_winner_is_not_proposed() -> None:
    """IdS, Kementerian Keuangan, Top 45 of 2019: no local government."""
    found = propose(
        cycle(2019),
        BOOKS,
        next(agency for agency in REGISTRY if agency.key == "kemenkeu"),
        Tier(year=2019, level=Level.WINNER, size=45),
    )

    assert found.outcome is Outcome.NOT_MET
    assert "NOT_LOCAL_GOVERNMENT" in found.codes


def expected(award: AwardRow, local: bool) -> Outcome:
    """2017 to 2022: the winners of local governments; beyond the Top 45 of 2021 and 2022 open."""
    if not local or award.tier.level is not Level.WINNER:
        return Outcome.NOT_MET
    stated = award.year not in (2021, 2022) or award.tier.size == 45
    return Outcome.MET if stated else Outcome.UNKNOWN


def test_every_published_award_is_answered() -> None:
    """Awards of 2017 to 2022 whose agency resolves; no fiscal fact is recorded, none is made up."""
    answered = 0
    for award in awards():
        resolved = resolve(REGISTRY, award.agency_name, on=award.year)
        if not isinstance(resolved, Resolved) or award.year not in range(2017, 2023):
            continue
        kind = resolved.agency.kind
        local = kind is not None and kind.is_local_government
        found = propose(cycle(award.year), BOOKS, resolved.agency, award.tier)
        status = incentive_status(cycle(award.year), BOOKS, resolved.agency, award.tier)

        assert found.outcome is expected(award, local), award
        refused = found.outcome is Outcome.NOT_MET
        assert status.value is (IncentiveStatus.NOT_ELIGIBLE if refused else None), award
        answered += 1
    assert answered > 0


def test_kipp_2022_is_proposed_by_the_ministrys_word_and_no_more() -> None:
    """Channel9.id, 24 February 2022; the fiscal year is disputed, so there is no status."""
    agency = next(each for each in REGISTRY if each.key == "kab-luwu-utara")
    tier = Tier(year=2022, level=Level.WINNER, size=45)

    proposed = propose(cycle(2022), BOOKS, agency, tier)

    assert proposed.outcome is Outcome.MET
    assert proposed.evidence is Evidence.MINISTRY
    assert fiscal_year(cycle(2022), BOOKS).value is None
    assert incentive_status(cycle(2022), BOOKS, agency, tier).value is None


def test_every_cycle_stands_in_the_book_of_a_year_it_is_said_to_count_for() -> None:
    for book in BOOKS:
        for path in book:
            if path.endswith(".fiscal_year"):
                assert book.year in set(cited(book[path])), (book.name, path)


def test_no_lag_is_carried_over_to_2022() -> None:
    """Do not encode: a lag of one year for KIPP 2022."""
    value = next(book for book in BOOKS if book.year == 2022)["cycles.2022.fiscal_year"]

    assert isinstance(value, Disputed)
    assert [
        (each.value, each.evidence) for each in value.alternatives if isinstance(each, Cited)
    ] == [
        (2022, Evidence.MINISTRY),
        (2023, Evidence.INFERRED),
    ]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_neither_still_counts_nor_no_longer_counts(year: int) -> None:
    """Do not encode: both are unproven after FY2022."""
    book = next(book for book in BOOKS if book.year == year)

    assert isinstance(book["link"], NotFound)
    assert isinstance(book["criteria.required"], NotFound)


def test_no_money_is_computed_from_innovation() -> None:
    """Do not encode: a rupiah formula for the innovation indicator."""
    assert {type(book["innovation.weight"]) for book in BOOKS} == {NotFound}


def test_inference_stands_only_as_the_weaker_side_of_a_dispute() -> None:
    for book in BOOKS:
        for path in book:
            readings = alternatives(book[path])
            assert readings[0].evidence is not Evidence.INFERRED, (book.name, path)


@pytest.mark.parametrize(
    ("year", "total"),
    [(2017, 7500), (2018, 8500), (2019, 10000), (2020, 15000)],
)
def test_the_envelopes_of_the_finance_ministrys_slides(year: int, total: int) -> None:
    book = next(book for book in BOOKS if book.year == year)

    assert list(cited(book["envelope.billion_rupiah"])) == [total]


def test_the_three_clusters_share_the_whole() -> None:
    book = next(book for book in BOOKS if book.year == 2022)

    shares = [next(cited(book[f"clusters.{key}.share_percent"])) for key in ("a", "b", "c")]

    assert shares == [50, 35, 15]
    assert sum(shares) == 100
