"""Laws of phase, anchoring and survival, for every innovation that the types allow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKind
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Instrument, InstrumentKind, Phase
from kipp.domain.institutionalisation import (
    Institutionalisation,
    Ladder,
    LeaderChange,
    Survival,
)
from kipp.rulebooks import hubs_book
from kipp.rules.decision import Classification, Outcome
from kipp.rules.institutionalisation import (
    institutionalisation_level,
    phase_of,
    survives_leader_change,
)
from kipp.testing import agencies, days, innovations
from tests.fiscal import body

BOOK = hubs_book()
LOCAL = agencies(kinds=(AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY))
DAY = Date(2022, 6, 1)
EXPECTED_FROM = Date(2025, 11, 30)
MARKS = ("legal_base", "budget_line", "coaching_unit")
OTHER_MARKS = MARKS[1:]
LADDER = (
    Ladder.NONE,
    Ladder.OFFICE_DECREE,
    Ladder.LEADER_DECREE,
    Ladder.LEADER_REGULATION,
    Ladder.COUNCIL_REGULATION,
)
HEIGHT = {kind: place for place, kind in enumerate(InstrumentKind, start=1)}

maybe = st.none() | st.booleans()
mostly = st.sampled_from((True, True, True, False, None))
instruments = st.builds(
    Instrument,
    kind=st.sampled_from(InstrumentKind),
    number=st.sampled_from(("", "31/2018")),
    date=st.none() | days() | st.integers(-1, 1).map(lambda shift: DAY.add(days=shift)),
    names_innovation=mostly,
    in_force=mostly,
)
instrument_lists = st.lists(instruments, max_size=3).map(tuple)


@st.composite
def anchored(draw: st.DrawFn) -> Innovation:
    """An innovation that mostly runs; every mark there, not there or not recorded."""
    return attrs.evolve(
        draw(innovations(started=st.none() | days(last=DAY))),
        running=draw(mostly),
        improved_or_spread=draw(mostly),
        instruments=draw(instrument_lists | instrument_lists | st.none()),
        budget_line=draw(mostly),
        coaching_unit=draw(mostly),
    )


def phase(innovation: Innovation, **extra: Any) -> Classification[Phase]:
    return phase_of(BOOK, innovation, DAY, **extra)


def level(
    innovation: Innovation, on: Date = DAY, kind: AgencyKind | None = AgencyKind.REGENCY
) -> Classification[Institutionalisation]:
    return institutionalisation_level(BOOK, innovation, body(kind), on)


def completions(innovation: Innovation) -> Iterator[Innovation]:
    """Every way in which the facts that are not recorded could turn out."""
    names = ("running", "improved_or_spread", *OTHER_MARKS)
    facts = [_either(getattr(innovation, name)) for name in names]
    for legal in _filled(innovation.instruments):
        for values in product(*facts):
            known: dict[str, Any] = dict(zip(names, values, strict=True))
            yield attrs.evolve(innovation, instruments=legal, **known)


def _either(fact: bool | None) -> tuple[bool, ...]:
    return (False, True) if fact is None else (fact,)


def _filled(listed: tuple[Instrument, ...] | None) -> list[tuple[Instrument, ...]]:
    if listed is None:
        whole = (Instrument(kind=kind, names_innovation=True, in_force=True) for kind in HEIGHT)
        return [(), *((each,) for each in whole)]
    ways = [
        [
            attrs.evolve(each, names_innovation=names, in_force=force)
            for names in _either(each.names_innovation)
            for force in _either(each.in_force)
        ]
        for each in listed
    ]
    return list(product(*ways))


def later(instrument: Instrument) -> bool:
    return instrument.date is not None and instrument.date > DAY


def height(innovation: Innovation) -> int:
    """The clause by hand, for facts that are all recorded: the highest that names it, in force."""
    return max(
        (
            HEIGHT[each.kind]
            for each in innovation.instruments or ()
            if each.names_innovation and each.in_force and not later(each)
        ),
        default=0,
    )


def phase_by_hand(innovation: Innovation) -> Phase | None:
    """DR-B5 by hand, for facts that are all recorded and an innovation that has begun."""
    if not innovation.running:
        return None
    if height(innovation) and innovation.budget_line and innovation.coaching_unit:
        return Phase.INSTITUTIONALISATION
    return Phase.DEVELOPMENT if innovation.improved_or_spread else None


class TestPhase:
    """Creation until it runs; development while improved or spread; institutionalisation with
    legal cover, budget and coaching.  The use of the three as a test is inferred."""

    @given(anchored())
    def test_a_value_exactly_where_every_completion_agrees(self, innovation: Innovation) -> None:
        possible = {phase_by_hand(each) for each in completions(innovation)}

        expected = possible.pop() if len(possible) == 1 else None
        assert phase(innovation).value is expected

    @given(anchored(), mostly)
    def test_built_to_bear_every_mark(self, innovation: Innovation, improved: bool | None) -> None:
        legal = Instrument(kind=InstrumentKind.OFFICE_DECREE, names_innovation=True, in_force=True)
        whole = attrs.evolve(
            innovation,
            running=True,
            improved_or_spread=improved,
            instruments=(*(innovation.instruments or ()), legal),
            budget_line=True,
            coaching_unit=True,
        )
        found = phase(whole)

        assert found.value is Phase.INSTITUTIONALISATION
        assert found.codes == ("LEGAL_BASE", "BUDGET_LINE", "COACHING_UNIT")

    @given(anchored(), st.integers(-1, 1), st.none() | st.just(False))
    def test_creation_ends_on_its_first_day(
        self, innovation: Innovation, shift: int, running: bool | None
    ) -> None:
        begun = attrs.evolve(innovation, started=DAY.add(days=shift), running=running)

        assert (phase(begun).value is Phase.CREATION) is (shift > 0)

    @given(anchored(), st.none() | days())
    def test_an_idea_is_in_creation_whatever_else_is_there(
        self, innovation: Innovation, started: Date | None
    ) -> None:
        idea = attrs.evolve(innovation, running=None, started=started)

        assert phase(idea, idea_only=True).value is Phase.CREATION

    @given(anchored(), days(DAY.add(days=1)))
    def test_running_before_it_began_is_refused(self, innovation: Innovation, later: Date) -> None:
        running = attrs.evolve(innovation, running=True)

        with pytest.raises(InvalidValue, match="running"):
            phase(running, idea_only=True)
        with pytest.raises(InvalidValue, match="running"):
            phase(attrs.evolve(running, started=later))

    @given(anchored(), st.data())
    def test_knowledge_only_settles(self, innovation: Innovation, data: st.DataObject) -> None:
        before = phase(innovation).value
        assume(before is not None)
        learnt = data.draw(st.sampled_from(list(completions(innovation))))

        assert phase(learnt).value is before

    @given(anchored(), instruments)
    def test_another_instrument_never_hurts(self, innovation: Innovation, more: Instrument) -> None:
        """One in force that names it may lift the phase, and no other moves it down."""
        assume(innovation.instruments is not None)
        more = attrs.evolve(more, names_innovation=True, in_force=True)
        wider = attrs.evolve(innovation, instruments=(*(innovation.instruments or ()), more))
        before, after = phase(innovation).value, phase(wider).value

        if before is Phase.INSTITUTIONALISATION:
            assert after is before
        if after is Phase.DEVELOPMENT:
            assert before is Phase.DEVELOPMENT

    @given(anchored(), instrument_lists, instruments)
    def test_what_does_not_count_changes_nothing(
        self, innovation: Innovation, listed: tuple[Instrument, ...], idle: Instrument
    ) -> None:
        """A frame rule, an instrument repealed; the order of the rest."""
        base = attrs.evolve(innovation, instruments=listed)
        for fact in ("names_innovation", "in_force"):
            without: dict[str, Any] = {fact: False}
            beside = (attrs.evolve(idle, **without), *reversed(listed))
            assert phase(attrs.evolve(base, instruments=beside)) == phase(base)

    @given(anchored())
    def test_each_mark_speaks_for_itself(self, innovation: Innovation) -> None:
        assume(innovation.running)
        found = phase(innovation)
        codes = {"budget_line": "BUDGET_LINE", "coaching_unit": "COACHING_UNIT"}
        for name, code in codes.items():
            fact = getattr(innovation, name)
            assert (code in found.codes) is (fact is True)
            assert (f"NO_{code}" in found.codes) is (fact is False)
            assert (name in unrecorded_in(found)) is (fact is None)
        legal = {height(each) > 0 for each in completions(innovation)}
        assert ("LEGAL_BASE" in found.codes) is (legal == {True})
        assert ("NO_LEGAL_BASE" in found.codes) is (legal == {False})
        assert ("legal_base" in unrecorded_in(found)) is (len(legal) > 1)

    @given(anchored(), st.lists(st.sampled_from(MARKS), min_size=1, unique=True))
    def test_fewer_marks_never_hurt(self, innovation: Innovation, marks: list[str]) -> None:
        """A reform that asks less; what it touched is marked as assumed."""
        reformed = BOOK.reform({"institutionalisation.marks": marks}, name="fewer marks")
        before, after = phase(innovation), phase_of(reformed, innovation, DAY)

        if before.value is Phase.INSTITUTIONALISATION:
            assert after.value is before.value
        assert bool(after.assumptions) is bool(innovation.running)

    @given(anchored(), st.text(min_size=1).filter(lambda t: t.strip() and t not in MARKS))
    def test_a_mark_nobody_records_is_refused(self, innovation: Innovation, name: str) -> None:
        reformed = BOOK.reform({"institutionalisation.marks": [name]}, name="another mark")

        with pytest.raises(InvalidValue, match=r"marks: expected one of legal_base"):
            phase_of(reformed, attrs.evolve(innovation, running=True), DAY)

    @given(anchored())
    def test_marks_are_sourced(self, innovation: Innovation) -> None:
        found = phase(innovation)
        marks = [each for each in found.reasons if each.code.removeprefix("NO_") in MARK_CODES]

        assert all(reason.citations for reason in marks)


MARK_CODES = {"LEGAL_BASE", "BUDGET_LINE", "COACHING_UNIT"}


def unrecorded_in(found: Classification[Any]) -> set[object]:
    return {
        dict(reason.values)["fact"]
        for reason in found.reasons
        if reason.code == "FACT_NOT_RECORDED"
    }


class TestLevel:
    """The highest instrument in force that names the innovation, and the two marks beside it;
    the order is inferred and there is no pass mark."""

    @given(anchored())
    def test_a_step_exactly_where_every_completion_agrees(self, innovation: Innovation) -> None:
        possible = {height(each) for each in completions(innovation)}
        found = level(innovation).value

        if len(possible) == 1:
            assert found is not None
            assert found.step is LADDER[possible.pop()]
        else:
            assert found is None

    @given(anchored())
    def test_the_marks_are_the_facts(self, innovation: Innovation) -> None:
        found = level(innovation).value
        assume(found is not None)
        assert found is not None
        facts = (innovation.budget_line, innovation.coaching_unit)

        assert (found.budget_line, found.coaching_unit) == facts
        assert found.legal_base is (found.step is not Ladder.NONE)

    @given(anchored(), st.data())
    def test_knowledge_only_settles(self, innovation: Innovation, data: st.DataObject) -> None:
        before = level(innovation).value
        assume(before is not None)
        after = level(data.draw(st.sampled_from(list(completions(innovation))))).value

        assert before is not None
        assert after is not None
        assert after.step is before.step
        for name in OTHER_MARKS:
            assert getattr(before, name) in (None, getattr(after, name))

    @given(anchored(), instruments)
    def test_one_more_in_force_never_lowers_the_step(
        self, innovation: Innovation, more: Instrument
    ) -> None:
        before = level(innovation).value
        assume(before is not None)
        assert before is not None
        assume(not later(more))
        whole = attrs.evolve(more, names_innovation=True, in_force=True)
        listed = (whole, *(innovation.instruments or ()))
        after = level(attrs.evolve(innovation, instruments=listed)).value

        assert after is not None
        expected = max(LADDER.index(before.step), HEIGHT[more.kind])
        assert LADDER.index(after.step) == expected

    @given(anchored(), instruments, st.integers(-1, 1))
    def test_what_is_dated_later_is_no_step_yet(
        self, innovation: Innovation, dated: Instrument, shift: int
    ) -> None:
        """The day before, the day itself, the day after: in force as recorded, and naming it."""
        whole = attrs.evolve(dated, date=DAY.add(days=shift), names_innovation=True, in_force=True)
        alone = attrs.evolve(innovation, instruments=(whole,), running=True)
        found = level(alone).value

        assert found is not None
        assert (found.step is Ladder.NONE) is (shift > 0)
        assert ("LEGAL_BASE" in phase(alone).codes) is (shift <= 0)

    @given(anchored(), instrument_lists, instruments)
    def test_what_does_not_count_changes_no_step(
        self, innovation: Innovation, listed: tuple[Instrument, ...], idle: Instrument
    ) -> None:
        base = attrs.evolve(innovation, instruments=listed)
        for fact in ("names_innovation", "in_force"):
            without: dict[str, Any] = {fact: False}
            beside = (*reversed(listed), attrs.evolve(idle, **without))
            assert level(attrs.evolve(base, instruments=beside)).value == level(base).value

    @given(anchored())
    def test_the_reason_names_the_step(self, innovation: Innovation) -> None:
        found = level(innovation)
        step = None if found.value is None else LADDER.index(found.value.step)

        assert ("DECREE_ONLY" in found.codes) is (step in (1, 2))
        assert ("REGULATION_IN_FORCE" in found.codes) is (step in (3, 4))
        assert ("NO_INSTRUMENT" in found.codes) is (innovation.instruments == ())
        assert ("instruments" in unrecorded_in(found)) is (innovation.instruments is None)
        issued = [each for each in innovation.instruments or () if not later(each)]
        frame = any(each.names_innovation is False for each in issued)
        repealed = any(each.in_force is False for each in issued)
        early = len(issued) < len(innovation.instruments or ())
        assert ("FRAME_RULE_ONLY" in found.codes) is (step == 0 and frame)
        assert ("REPEALED" in found.codes) is (step == 0 and repealed)
        assert ("INSTRUMENT_LATER" in found.codes) is (step == 0 and early)

    @given(anchored(), st.lists(instruments, min_size=1, max_size=2), st.booleans())
    def test_no_step_says_why(
        self, innovation: Innovation, listed: list[Instrument], frame: bool
    ) -> None:
        """All frame rules in force, or all repealed though they name it: that and nothing else.

        Of those dated later only that is said.
        """
        idle = tuple(
            attrs.evolve(each, names_innovation=not frame, in_force=frame) for each in listed
        )
        found = level(attrs.evolve(innovation, instruments=idle))

        assert found.value is not None
        assert found.value.step is Ladder.NONE
        issued = not all(later(each) for each in listed)
        said = {"FRAME_RULE_ONLY": frame and issued, "REPEALED": issued and not frame}
        said["INSTRUMENT_LATER"] = any(later(each) for each in listed)
        assert {code: code in found.codes for code in said} == said

    @given(anchored())
    def test_each_other_mark_speaks_for_itself(self, innovation: Innovation) -> None:
        found = level(innovation)

        for name in OTHER_MARKS:
            fact = getattr(innovation, name)
            assert (name.upper() in found.codes) is (fact is True)
            assert (f"NO_{name.upper()}" in found.codes) is (fact is False)
            assert (name in unrecorded_in(found)) is (fact is None)

    @given(anchored(), agencies() | LOCAL, st.integers(-31, 1) | st.integers(-400, 400))
    def test_expected_of_regions_since_november_2025_and_never_required(
        self, innovation: Innovation, agency: Any, shift: int
    ) -> None:
        on = EXPECTED_FROM.add(days=shift)
        found = institutionalisation_level(BOOK, innovation, agency, on)
        local = agency.kind in (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)

        assert ("EXPECTED_NOT_REQUIRED" in found.codes) is (local and shift >= 0)
        assert found.value == level(innovation, on).value
        outcomes = {each.outcome for each in found.reasons}
        assert outcomes <= {None, Outcome.UNKNOWN}

    @given(anchored())
    def test_a_region_without_autonomy_is_no_local_government(self, innovation: Innovation) -> None:
        jakarta = attrs.evolve(body(AgencyKind.CITY), autonomous=False)
        found = institutionalisation_level(BOOK, innovation, jakarta, EXPECTED_FROM)

        assert "EXPECTED_NOT_REQUIRED" not in found.codes

    @given(anchored(), days())
    def test_the_order_is_always_said_to_be_inferred(
        self, innovation: Innovation, on: Date
    ) -> None:
        found = level(innovation, on)
        said = [each for each in found.reasons if each.code == "ORDER_IS_INFERRED"]

        assert [each.terms[0].path for each in said] == ["institutionalisation.ladder"]
        assert found.subject == innovation.id


class TestSurvival:
    """Only what was seen: nothing is predicted."""

    @given(
        st.builds(LeaderChange, innovation=st.just("i"), leader_changed=maybe, running_after=maybe)
    )
    def test_a_value_exactly_where_change_and_sequel_were_seen(self, change: LeaderChange) -> None:
        found = survives_leader_change(change)
        seen = change.leader_changed is True and change.running_after is not None
        expected = {True: Survival.OBSERVED_YES, False: Survival.OBSERVED_NO}

        assert (found.value is not None) is seen
        assert ("LEADER_CHANGED" in found.codes) is seen
        assert ("PREDICTION_NOT_RULE" in found.codes) is (change.leader_changed is False)
        if change.running_after is not None and seen:
            assert found.value is expected[change.running_after]
        assert found.subject == change.innovation

    @given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
    def test_knowledge_only_settles(
        self, changed: bool, running: bool, know_change: bool, know_running: bool
    ) -> None:
        full = LeaderChange(innovation="i", leader_changed=changed, running_after=running)
        part = LeaderChange(
            innovation="i",
            leader_changed=changed if know_change else None,
            running_after=running if know_running else None,
        )
        before, after = survives_leader_change(part).value, survives_leader_change(full).value

        assert before in (None, after)
