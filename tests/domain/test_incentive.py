"""Facts about the incentive: opinions, grades, records, counts, a proposal."""

from __future__ import annotations

import pickle

import attrs
import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Level, Tier
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.incentive import (
    FiscalCluster,
    FiscalCriterion,
    FiscalRecord,
    Grade,
    IncentiveProposal,
    IncentiveStatus,
    InnovationCounts,
    Opinion,
)

KEY = AgencyKey("kab-contoh")
WTP, WDP = Opinion.UNQUALIFIED, Opinion.QUALIFIED
APBD = FiscalCriterion.APBD_ON_TIME


def record(**facts: object) -> FiscalRecord:
    return FiscalRecord(agency=KEY, fiscal_year=2021, **facts)  # type: ignore[arg-type]  # fields by name


class TestOrderOfEnumerations:
    """Opinions and grades run from the best down; clusters from the strictest."""

    def test_opinions(self) -> None:
        """*WTP, WDP, TW, TMP*: the four opinions of the audit board."""
        assert [each.value for each in Opinion] == [
            "wajar tanpa pengecualian",
            "wajar dengan pengecualian",
            "tidak wajar",
            "tidak menyatakan pendapat",
        ]

    def test_clusters(self) -> None:
        assert [each.name for each in FiscalCluster] == ["A", "B", "C"]

    @pytest.mark.parametrize(
        ("grade", "enough_for"),
        [(Grade.A, "ABCD"), (Grade.B, "BCD"), (Grade.C, "CD"), (Grade.D, "D")],
    )
    def test_a_grade_is_at_least_itself_and_the_lower_ones(
        self, grade: Grade, enough_for: str
    ) -> None:
        assert "".join(each.name for each in Grade if grade.at_least(each)) == enough_for


class TestStatus:
    """Nothing says "granted": the Ministry of Finance alone decides."""

    def test_no_word_of_granting(self) -> None:
        words = ("grant", "award", "paid", "disetujui", "dialokasikan", "menerima", "dibayar")
        texts = [f"{each.name} {each.value}".lower() for each in IncentiveStatus]

        assert len(texts) == 2
        assert not [text for text in texts for word in words if word in text]

    def test_the_better_one_still_waits(self) -> None:
        assert "menunggu Kementerian Keuangan" in IncentiveStatus.ELIGIBLE_PENDING_MOF.value


class TestRecord:
    """``None`` means not recorded, and nothing else does."""

    def test_nothing_is_recorded_by_default(self) -> None:
        facts = attrs.asdict(record())

        assert facts.pop("agency") == KEY
        assert facts.pop("fiscal_year") == 2021
        assert (facts.pop("opinions"), facts.pop("supplied")) == ((), ())
        assert set(facts.values()) == {None}

    def test_an_opinion_by_audited_year(self) -> None:
        found = record(opinions=((2019, WDP), (2020, WTP)))

        assert (found.opinion(2019), found.opinion(2020)) == (WDP, WTP)
        assert found.opinion(2018) is None

    def test_data_supplied_or_not_or_not_recorded(self) -> None:
        found = record(supplied=((APBD, False), (FiscalCriterion.EPLANNING, True)))

        assert found.has_data(APBD) is False
        assert found.has_data(FiscalCriterion.EPLANNING) is True
        assert found.has_data(FiscalCriterion.EBUDGETING) is None

    @pytest.mark.parametrize("again", [WTP, WDP])
    def test_one_opinion_a_year(self, again: Opinion) -> None:
        """Of two, the later one would win: the order of a record would decide."""
        with pytest.raises(InvalidValue, match=r"FiscalRecord\.opinions: expected one opinion per"):
            record(opinions=((2020, WTP), (2020, again)))

    @pytest.mark.parametrize("again", [True, False])
    def test_one_statement_a_criterion(self, again: bool) -> None:
        with pytest.raises(InvalidValue, match=r"FiscalRecord\.supplied: expected one statement"):
            record(supplied=((APBD, False), (APBD, again)))

    @pytest.mark.parametrize("year", [2021, 2022, 2050])
    def test_the_accounts_of_the_fiscal_year_and_later_were_not_yet_audited(
        self, year: int
    ) -> None:
        """FY2021 was computed before the accounts of 2021 were closed."""
        assert record(latest_audit=2020).latest_audit == 2020
        with pytest.raises(InvalidValue, match="expected a year before the fiscal year 2021"):
            record(latest_audit=year)

    def test_is_a_value(self) -> None:
        found = record(opinions=((2020, WTP),), apbd_on_time=True)

        assert pickle.loads(pickle.dumps(found)) == found
        assert len({found, attrs.evolve(found)}) == 1
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            found.apbd_on_time = False  # type: ignore[misc]  # the point of the test


class TestCounts:
    """A winner was a finalist, a finalist passed: winners <= finalists <= passed."""

    @pytest.mark.parametrize(
        ("passed", "finalists", "winners"),
        [(0, 0, 0), (3, 3, 3), (3, 2, 1), (3, None, 3), (None, 2, 2), (None, None, None)],
    )
    def test_possible(self, passed: int | None, finalists: int | None, winners: int | None) -> None:
        found = InnovationCounts(passed=passed, finalists=finalists, winners=winners)

        assert (found.passed, found.finalists, found.winners) == (passed, finalists, winners)

    @pytest.mark.parametrize(
        ("passed", "finalists", "winners"),
        [(2, 3, 1), (3, 1, 2), (2, None, 3), (None, 1, 2), (0, 1, None)],
    )
    def test_impossible(
        self, passed: int | None, finalists: int | None, winners: int | None
    ) -> None:
        with pytest.raises(InvalidValue, match="expected winners <= finalists <= passed"):
            InnovationCounts(passed=passed, finalists=finalists, winners=winners)

    @pytest.mark.parametrize("name", ["passed", "finalists", "winners"])
    @pytest.mark.parametrize(
        ("value", "error"),
        [(-1, InvalidValue), (True, InvalidType), (1.0, InvalidType), ("1", InvalidType)],
    )
    def test_only_whole_numbers_from_0(
        self, name: str, value: object, error: type[Exception]
    ) -> None:
        with pytest.raises(error, match=rf"InnovationCounts\.{name}: expected a whole number"):
            InnovationCounts(**{name: value})  # type: ignore[arg-type]  # on purpose

    def test_sums_keep_what_both_record(self) -> None:
        one = InnovationCounts(passed=4, finalists=2, winners=1)
        other = InnovationCounts(passed=3, winners=0)

        assert one + one == InnovationCounts(passed=8, finalists=4, winners=2)
        assert one + other == other + one == InnovationCounts(passed=7, winners=1)


def test_a_proposal_may_have_no_fiscal_year() -> None:
    """KIPP 2022: the sources do not agree."""
    tier = Tier(year=2022, level=Level.WINNER, size=45)
    found = IncentiveProposal(agency=KEY, tier=tier, fiscal_year=None)

    assert (found.fiscal_year, found.innovation) == (None, None)
    assert {each.name for each in attrs.fields(IncentiveProposal)} == {
        "agency",
        "tier",
        "fiscal_year",
        "innovation",
    }
