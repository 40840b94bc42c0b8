"""The phase of an innovation, how firmly it is anchored, whether it outlived a leader."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.citation import NotFound
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Instrument, InstrumentKind, Phase
from kipp.domain.institutionalisation import Ladder, LeaderChange, Survival
from kipp.rulebooks import hubs_book
from kipp.rules.decision import Classification
from kipp.rules.institutionalisation import (
    CODES,
    CODES_OF,
    RULE_IDS,
    institutionalisation_level,
    phase_of,
    survives_leader_change,
)
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind
from tests.fiscal import body, disputed, made

BOOK = hubs_book()
DAY = Date(2021, 6, 1)


def instrument(
    kind: InstrumentKind = InstrumentKind.LEADER_REGULATION,
    names: bool | None = True,
    in_force: bool | None = True,
    date: Date | None = None,
) -> Instrument:
    return Instrument(kind=kind, names_innovation=names, in_force=in_force, date=date)


WHOLE = Innovation(
    id="i",
    title="Contoh",
    agency=AgencyKey("kab-contoh"),
    started=Date(2018, 1, 1),
    running=True,
    improved_or_spread=True,
    instruments=(instrument(),),
    budget_line=True,
    coaching_unit=True,
)


def phase(
    book: Rulebook = BOOK, *, idea_only: bool | None = None, **changes: Any
) -> Classification[Phase]:
    innovation = attrs.evolve(WHOLE, **changes)
    return phase_of(book, innovation, DAY, idea_only=idea_only)


class TestPhase:
    """Creation until it runs; development while it is improved or spread; institutionalisation
    with a legal cover, budget and coaching (ministry, 2020 and 2021; as a test: inferred)."""

    def test_all_three_marks(self) -> None:
        found = phase()

        assert found.value is Phase.INSTITUTIONALISATION
        assert found.codes == ("LEGAL_BASE", "BUDGET_LINE", "COACHING_UNIT")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"instruments": ()}, "NO_LEGAL_BASE"),
            ({"instruments": (instrument(names=False),)}, "NO_LEGAL_BASE"),
            ({"instruments": (instrument(in_force=False),)}, "NO_LEGAL_BASE"),
            ({"budget_line": False}, "NO_BUDGET_LINE"),
            ({"coaching_unit": False}, "NO_COACHING_UNIT"),
        ],
    )
    def test_without_one_it_is_developed(self, changes: dict[str, Any], code: str) -> None:
        found = phase(**changes)

        assert found.value is Phase.DEVELOPMENT
        assert {code, "IMPROVED_OR_SPREAD"} <= set(found.codes)

    @pytest.mark.parametrize("kind", InstrumentKind)
    def test_no_kind_of_instrument_is_required(self, kind: InstrumentKind) -> None:
        assert phase(instruments=(instrument(kind),)).value is Phase.INSTITUTIONALISATION

    @pytest.mark.parametrize(
        ("improved", "code"),
        [(False, "NEITHER_IMPROVED_NOR_SPREAD"), (None, "FACT_NOT_RECORDED")],
    )
    def test_neither_the_marks_nor_development(self, improved: bool | None, code: str) -> None:
        found = phase(budget_line=False, improved_or_spread=improved)

        assert found.value is None
        assert code in found.codes

    @pytest.mark.parametrize(
        "changes",
        [
            {"instruments": None},
            {"instruments": (instrument(names=None),)},
            {"instruments": (instrument(in_force=None), instrument(names=False))},
            {"budget_line": None},
            {"coaching_unit": None},
        ],
    )
    def test_a_mark_not_recorded_could_still_be_there(self, changes: dict[str, Any]) -> None:
        found = phase(**changes)

        assert found.value is None
        assert "FACT_NOT_RECORDED" in found.codes

    def test_a_missing_mark_outweighs_one_not_recorded(self) -> None:
        assert phase(budget_line=None, coaching_unit=False).value is Phase.DEVELOPMENT

    def test_one_good_instrument_is_enough(self) -> None:
        others = (instrument(names=None), instrument(), instrument(in_force=False))

        assert phase(instruments=others).value is Phase.INSTITUTIONALISATION

    @pytest.mark.parametrize(
        ("started", "value"),
        [(Date(2021, 6, 2), Phase.CREATION), (Date(2021, 6, 1), None), (None, None)],
    )
    def test_not_begun(self, started: Date | None, value: Phase | None) -> None:
        assert phase(started=started, running=False).value is value

    def test_an_idea_only(self) -> None:
        found = phase(started=None, running=None, idea_only=True)

        assert (found.value, found.codes) == (Phase.CREATION, ("NOT_YET_RUNNING",))

    @pytest.mark.parametrize(
        ("running", "code"), [(False, "NO_LONGER_RUNNING"), (None, "FACT_NOT_RECORDED")]
    )
    def test_not_known_to_run(self, running: bool | None, code: str) -> None:
        found = phase(running=running)

        assert (found.value, found.codes) == (None, (code,))

    def test_facts_that_contradict_each_other(self) -> None:
        with pytest.raises(InvalidValue, match=r"innovation\.running: expected false or none"):
            phase(idea_only=True)
        with pytest.raises(InvalidValue, match=r"innovation\.running: expected false or none"):
            phase(started=Date(2021, 6, 2))

    def test_marks_nobody_states(self) -> None:
        path = "institutionalisation.marks"
        found = phase(made(BookKind.HUBS, None, {path: NotFound("nothing")}))

        assert (found.value, found.codes) == (None, ("VALUE_NOT_FOUND",))

    def test_marks_that_sources_dispute(self) -> None:
        path = "institutionalisation.marks"
        readings = (["budget_line"], ["budget_line", "coaching_unit"])
        book = made(BookKind.HUBS, None, {path: disputed(BookKind.HUBS, path, *readings)})

        assert phase(book).value is Phase.INSTITUTIONALISATION
        assert phase(book, budget_line=False).value is Phase.DEVELOPMENT
        assert phase(book, coaching_unit=False).value is None
        assert phase(book, coaching_unit=False).codes[0] == "VALUE_DISPUTED"


def level(
    *instruments: Instrument, kind: AgencyKind = AgencyKind.REGENCY, on: Date = DAY
) -> tuple[Ladder | None, tuple[str, ...]]:
    innovation = attrs.evolve(WHOLE, instruments=instruments)
    found = institutionalisation_level(BOOK, innovation, body(kind), on)
    return (None if found.value is None else found.value.step), found.codes


class TestLevel:
    """The highest instrument in force that names the innovation; there is no pass mark."""

    @pytest.mark.parametrize(
        ("kind", "step", "code"),
        [
            (InstrumentKind.OFFICE_DECREE, Ladder.OFFICE_DECREE, "DECREE_ONLY"),
            (InstrumentKind.LEADER_DECREE, Ladder.LEADER_DECREE, "DECREE_ONLY"),
            (InstrumentKind.LEADER_REGULATION, Ladder.LEADER_REGULATION, "REGULATION_IN_FORCE"),
            (InstrumentKind.COUNCIL_REGULATION, Ladder.COUNCIL_REGULATION, "REGULATION_IN_FORCE"),
        ],
    )
    def test_each_step(self, kind: InstrumentKind, step: Ladder, code: str) -> None:
        found, codes = level(instrument(kind))

        assert found is step
        assert {code, "ORDER_IS_INFERRED"} <= set(codes)

    def test_the_highest_counts_in_any_order(self) -> None:
        kinds = [instrument(kind) for kind in InstrumentKind]

        assert level(*kinds)[0] is level(*reversed(kinds))[0] is Ladder.COUNCIL_REGULATION

    def test_getar_dilan(self) -> None:
        """Luwu Utara's regent's regulation 31/2018 (press): step three of four."""
        perbup = Instrument(
            kind=InstrumentKind.LEADER_REGULATION,
            number="31/2018",
            names_innovation=True,
            in_force=True,
        )

        assert level(perbup)[0] is Ladder.LEADER_REGULATION

    @pytest.mark.parametrize(
        ("instruments", "codes"),
        [
            ((), {"NO_INSTRUMENT"}),
            ((instrument(names=False),), {"FRAME_RULE_ONLY"}),
            ((instrument(in_force=False),), {"REPEALED"}),
            (
                (instrument(names=False), instrument(in_force=False)),
                {"FRAME_RULE_ONLY", "REPEALED"},
            ),
            ((instrument(date=DAY.add(days=1)),), {"INSTRUMENT_LATER"}),
            ((instrument(names=False, date=DAY.add(days=1)),), {"INSTRUMENT_LATER"}),
        ],
    )
    def test_no_step(self, instruments: tuple[Instrument, ...], codes: set[str]) -> None:
        found, seen = level(*instruments)

        assert found is Ladder.NONE
        said = {"NO_INSTRUMENT", "FRAME_RULE_ONLY", "REPEALED", "INSTRUMENT_LATER"}
        assert codes == set(seen) & said

    def test_an_instrument_of_the_day_itself_counts_and_one_of_the_next_day_does_not(self) -> None:
        assert level(instrument(date=DAY))[0] is Ladder.LEADER_REGULATION
        assert level(instrument(date=DAY.add(days=1), in_force=None))[0] is Ladder.NONE
        assert phase(instruments=(instrument(date=DAY.add(days=1)),)).value is Phase.DEVELOPMENT

    def test_an_instrument_not_fully_recorded(self) -> None:
        high = instrument(InstrumentKind.COUNCIL_REGULATION, names=None)
        low = instrument(InstrumentKind.OFFICE_DECREE, in_force=None)

        assert level(high)[0] is None
        assert level(high, instrument())[0] is None
        assert level(low, instrument())[0] is Ladder.LEADER_REGULATION

    def test_nothing_recorded(self) -> None:
        bare = attrs.evolve(WHOLE, instruments=None, budget_line=None, coaching_unit=None)

        found = institutionalisation_level(BOOK, bare, body(), DAY)

        assert found.value is None
        assert found.codes.count("FACT_NOT_RECORDED") == 3

    def test_the_other_marks_stand_beside_it(self) -> None:
        bare = attrs.evolve(WHOLE, instruments=(), budget_line=False, coaching_unit=None)

        found = institutionalisation_level(BOOK, bare, body(), DAY)

        assert found.value is not None
        assert (found.value.legal_base, found.value.budget_line) == (False, False)
        assert found.value.coaching_unit is None
        assert {"NO_BUDGET_LINE", "FACT_NOT_RECORDED"} <= set(found.codes)

    @pytest.mark.parametrize(
        ("kind", "on", "noted"),
        [
            (AgencyKind.REGENCY, Date(2025, 11, 29), False),
            (AgencyKind.REGENCY, Date(2025, 11, 30), True),
            (AgencyKind.PROVINCE, Date(2026, 1, 1), True),
            (AgencyKind.MINISTRY, Date(2026, 1, 1), False),
        ],
    )
    def test_what_home_affairs_expects_of_regions_is_only_noted(
        self, kind: AgencyKind, on: Date, noted: bool
    ) -> None:
        step, codes = level(instrument(InstrumentKind.OFFICE_DECREE), kind=kind, on=on)

        assert step is Ladder.OFFICE_DECREE
        assert ("EXPECTED_NOT_REQUIRED" in codes) is noted

    def test_a_kind_that_is_not_known(self) -> None:
        found = institutionalisation_level(BOOK, WHOLE, body(None), Date(2026, 1, 1))

        assert "EXPECTED_NOT_REQUIRED" not in found.codes

    def test_a_day_known_exactly(self) -> None:
        terms = {
            "institutionalisation.expected_from": "2025-11-10",
            "institutionalisation.expected": ["council_regulation"],
        }
        book = made(BookKind.HUBS, None, terms)

        found = institutionalisation_level(book, WHOLE, body(), Date(2025, 11, 10))

        assert "EXPECTED_NOT_REQUIRED" in found.codes


class TestSurvival:
    """Only what was observed; a prediction would be no rule."""

    @pytest.mark.parametrize(
        ("changed", "running", "value", "code"),
        [
            (True, True, Survival.OBSERVED_YES, "LEADER_CHANGED"),
            (True, False, Survival.OBSERVED_NO, "LEADER_CHANGED"),
            (True, None, None, "FACT_NOT_RECORDED"),
            (False, True, None, "PREDICTION_NOT_RULE"),
            (False, None, None, "PREDICTION_NOT_RULE"),
            (None, True, None, "FACT_NOT_RECORDED"),
        ],
    )
    def test_observed_or_none(
        self, changed: bool | None, running: bool | None, value: Survival | None, code: str
    ) -> None:
        change = LeaderChange(innovation="i", leader_changed=changed, running_after=running)

        found = survives_leader_change(change)

        assert (found.value, found.codes) == (value, (code,))

    def test_nothing_is_predicted(self) -> None:
        assert {each.name for each in Survival} == {"OBSERVED_YES", "OBSERVED_NO"}


def test_codes_are_each_declared_once() -> None:
    assert set(CODES_OF) == set(RULE_IDS)
    assert len(set(CODES)) == len(CODES)
