"""Laws of the duty, for every book, agency and record that the types allow."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName
from kipp.domain.citation import Citation, Cited, Disputed, Evidence, NotFound, Source, Value
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.rulebooks import duty_book
from kipp.rules.decision import Decision, Outcome
from kipp.rules.duty import create_one, enter_one
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind
from kipp.testing import agencies, fields_of_proposals, proposals
from tests.contest import stated

YEAR = 2021
KEY = AgencyKey("kab-contoh")
OTHER = AgencyKey("kota-contoh")
RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
CITE = (Citation(Source(key="s", title="s"), Evidence.MINISTRY),)
REGENCY = Agency(key=KEY, kind=AgencyKind.REGENCY, names=(DatedName("Contoh"),))

# The days on both sides of the year's two ends, by name, and one inside.
DAYS = (
    Date(2020, 12, 31),
    Date(2021, 1, 1),
    Date(2021, 7, 17),
    Date(2021, 12, 31),
    Date(2022, 1, 1),
)
maybe = st.none() | st.booleans()


def made(
    number: int | str,
    started: Date | None,
    origin: Origin | None = Origin.ORIGINAL,
    public_service: bool | None = True,
    agency: AgencyKey = KEY,
) -> Innovation:
    return Innovation(
        id=f"i{number}",
        title=f"Contoh {number}",
        agency=agency,
        started=started,
        origin=origin,
        public_service=public_service,
    )


# An innovation for each point that no source settles.
OPEN = {
    "create.replica_counts": made("r", DAYS[1], Origin.REPLICA),
    "create.older_counts": made("o", DAYS[0]),
}


def flags() -> st.SearchStrategy[Value[bool]]:
    return st.sampled_from((NotFound("everywhere"), Cited(True, CITE), Cited(False, CITE)))


def minima() -> st.SearchStrategy[Value[int]]:
    counts = st.integers(0, 2).map(lambda least: Cited(least, CITE))
    return counts | counts | st.just(NotFound("everywhere"))


@st.composite
def books(draw: st.DrawFn, *, known: bool = False) -> Rulebook:
    """An imagined duty for one year; *known*: its minimum is cited, and it holds all year."""
    counted = st.integers(0, 2).map(lambda least: Cited(least, CITE))
    begun = st.sampled_from((Date(2014, 12, 1), DateRange(Date(2020, 12, 1), Date(2021, 1, 1))))
    later = st.sampled_from((Date(2021, 1, 2), DateRange(Date(2020, 12, 31), Date(2021, 1, 2))))
    terms: dict[str, Value[Any]] = {
        "subjects": Cited(tuple(AgencyKind), CITE),
        f"create.minimum.{YEAR}": draw(counted if known else minima()),
        f"enter.minimum.{YEAR}": draw(counted if known else minima()),
        "create.replica_counts": draw(flags()),
        "create.older_counts": draw(flags()),
        "create.duty_from": Cited(draw(begun if known else begun | later), CITE),
    }
    return Rulebook(kind=BookKind.DUTY, name="imagined", terms=terms)


@st.composite
def records(draw: st.DrawFn, *, most: int = 3) -> tuple[Innovation, ...]:
    """Innovations of the agency, any fact perhaps not recorded, days by name."""
    one = st.tuples(
        st.none() | st.sampled_from(DAYS) | st.just(DAYS[1]),
        st.none() | st.sampled_from(Origin) | st.just(Origin.ORIGINAL),
        st.sampled_from((True, True, None, False)),
    )
    return tuple(made(n, *facts) for n, facts in enumerate(draw(st.lists(one, max_size=most))))


def created(book: Rulebook, own: Iterable[Innovation]) -> Decision:
    return create_one(book, REGENCY, YEAR, own)


def entered(book: Rulebook, own: Iterable[Proposal], year: int = YEAR) -> Decision:
    return enter_one(book, REGENCY, year, own)


def completions(innovation: Innovation) -> Iterator[Innovation]:
    """Every way to fill in what is not recorded, as far as it can matter."""
    days = DAYS if innovation.started is None else (innovation.started,)
    origins = tuple(Origin) if innovation.origin is None else (innovation.origin,)
    public = (True, False) if innovation.public_service is None else (innovation.public_service,)
    for day, origin, serves in itertools.product(days, origins, public):
        yield attrs.evolve(innovation, started=day, origin=origin, public_service=serves)


def counts(innovation: Innovation, replicas: bool, older: bool) -> bool:
    """The clause, where everything is recorded and every open point is settled."""
    assert innovation.started is not None
    in_time = innovation.started.year == YEAR or (older and innovation.started.year < YEAR)
    new = innovation.origin is Origin.ORIGINAL or replicas
    return in_time and new and bool(innovation.public_service)


def readings(value: Value[bool]) -> tuple[bool, ...]:
    return (value.value,) if isinstance(value, Cited) else (True, False)


def possible(book: Rulebook, own: Sequence[Innovation]) -> set[Outcome]:
    """The outcomes over all fillings of facts and open points: a brute force."""
    least = stated(book, f"create.minimum.{YEAR}")
    flags = (readings(book["create.replica_counts"]), readings(book["create.older_counts"]))
    return {
        Outcome.MET if sum(counts(i, *read) for i in filled) >= least else Outcome.NOT_MET
        for read in itertools.product(*flags)
        for filled in itertools.product(*(tuple(completions(each)) for each in own))
    }


class TestCreateOne:
    """At least one public-service innovation created a year; replicas and older ones open."""

    @given(books(known=True), records(most=2))
    def test_unknown_exactly_when_some_filling_would_change_it(
        self, book: Rulebook, own: tuple[Innovation, ...]
    ) -> None:
        found = possible(book, own)
        expected = found.pop() if len(found) == 1 else Outcome.UNKNOWN

        assert created(book, own).outcome is expected

    @given(books(), records())
    def test_before_it_was_compulsory_nothing_is_missed(
        self, book: Rulebook, own: tuple[Innovation, ...]
    ) -> None:
        """A beginning on 1 January still asks the whole year; on 2 January it may not have."""
        begun = stated(book, "create.duty_from")
        last = begun.last if isinstance(begun, DateRange) else begun
        always = book.reform({"create.duty_from": "2013-01-01"}, name="always")
        before, after = created(always, own).outcome, created(book, own).outcome

        late = last >= Date(2021, 1, 2) and before is Outcome.NOT_MET
        assert after is (Outcome.UNKNOWN if late else before)

    @given(books(), records(), st.randoms())
    def test_order_never_matters(
        self, book: Rulebook, own: tuple[Innovation, ...], random: Any
    ) -> None:
        turned = list(own)
        random.shuffle(turned)

        assert created(book, turned) == created(book, own)

    @given(books(), records(), records())
    def test_those_of_others_and_of_later_years_never_matter(
        self, book: Rulebook, own: tuple[Innovation, ...], others: tuple[Innovation, ...]
    ) -> None:
        foreign = [attrs.evolve(each, agency=OTHER) for each in others]
        late = [
            attrs.evolve(each, id=f"late-{each.id}", started=Date(2022, 1, 1)) for each in others
        ]

        assert created(book, [*foreign, *own, *late]) == created(book, own)

    @given(books(), records())
    def test_said_twice_counts_once(self, book: Rulebook, own: tuple[Innovation, ...]) -> None:
        assert created(book, [*own, *own]) == created(book, own)

    @given(books(), records(), records(most=1))
    def test_one_more_never_hurts(
        self, book: Rulebook, own: tuple[Innovation, ...], more: tuple[Innovation, ...]
    ) -> None:
        wider = [*own, *(attrs.evolve(each, id="one-more") for each in more)]

        assert RANK[created(book, wider).outcome] >= RANK[created(book, own).outcome]

    @given(books(known=True), records(), st.integers(0, 3))
    def test_a_higher_minimum_never_helps(
        self, book: Rulebook, own: tuple[Innovation, ...], more: int
    ) -> None:
        path = f"create.minimum.{YEAR}"
        least = stated(book, path)
        stricter = book.reform({path: least + more}, name="stricter")

        assert RANK[created(stricter, own).outcome] <= RANK[created(book, own).outcome]

    @given(books(), records(), st.sampled_from(("create.replica_counts", "create.older_counts")))
    def test_to_count_more_kinds_never_hurts(
        self, book: Rulebook, own: tuple[Innovation, ...], path: str
    ) -> None:
        wide = created(book.reform({path: True}, name="counts"), own).outcome
        narrow = created(book.reform({path: False}, name="does not"), own).outcome

        assert RANK[narrow] <= RANK[created(book, own).outcome] <= RANK[wide]

    @given(books(), records(), st.data())
    def test_knowledge_only_settles(
        self, book: Rulebook, own: tuple[Innovation, ...], data: st.DataObject
    ) -> None:
        """What is learnt about facts or about the law may settle UNKNOWN, never overturn."""
        before = created(book, own).outcome
        assume(before is not Outcome.UNKNOWN)
        learnt = [data.draw(st.sampled_from(tuple(completions(each)))) for each in own]
        open_points = [
            path
            for path in ("create.replica_counts", "create.older_counts")
            if isinstance(book[path], NotFound)
        ]
        settled = {path: data.draw(st.booleans()) for path in open_points}

        assert created(book.reform(settled, name="settled"), learnt).outcome is before

    @given(books(known=True), records(), st.sampled_from(sorted(OPEN)), st.booleans())
    def test_who_answers_an_open_point_sees_it(
        self, book: Rulebook, beside: tuple[Innovation, ...], path: str, counts: bool
    ) -> None:
        """An assumption about a replica or an older one stands beside what was counted."""
        own = [OPEN[path], *beside]
        after = created(book.reform({path: counts}, name="mine"), own)

        assert path in {term.path for term in after.assumptions}
        assert after.evidence is Evidence.ASSUMED

    @given(st.sampled_from(sorted(OPEN)), books(), flags())
    def test_one_doubtful_innovation_counts_as_the_open_point_says(
        self, path: str, book: Rulebook, flag: Value[bool]
    ) -> None:
        alone = attrs.evolve(book, terms={**book.terms, path: flag})
        one = alone.reform(
            {f"create.minimum.{YEAR}": 1, "create.duty_from": "2014-12-01"}, name="one"
        )
        expected = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}

        settled = flag.value if isinstance(flag, Cited) else None
        assert created(one, [OPEN[path]]).outcome is expected[settled]

    @given(st.sampled_from(DAYS[1:4]), st.none() | st.sampled_from(Origin))
    def test_where_replicas_count_the_origin_need_not_be_known(
        self, day: Date, origin: Origin | None
    ) -> None:
        book = duty_book().reform({"create.replica_counts": True}, name="replicas count")

        assert created(book, [made(0, day, origin)]).outcome is Outcome.MET

    @given(books(), records())
    def test_an_unknown_names_the_open_point_it_rests_on(
        self, book: Rulebook, own: tuple[Innovation, ...]
    ) -> None:
        paths = {
            "ONLY_REPLICA": "create.replica_counts",
            "OLDER_INNOVATION_ONLY": "create.older_counts",
            "BEFORE_COMPULSORY": "create.duty_from",
        }
        for reason in created(book, own).reasons:
            named = {term.path for term in reason.terms}
            assert paths.get(reason.code, "") in {"", *named}


class TestEnterOne:
    """At least one proposal entered a year: any not withdrawn, of any group and any age."""

    @given(books(known=True), fields_of_proposals(agency=KEY))
    def test_agrees_with_a_plain_count(self, book: Rulebook, own: tuple[Proposal, ...]) -> None:
        least = stated(book, f"enter.minimum.{YEAR}")
        count = len([each for each in own if not each.withdrawn])
        decision = entered(book, own)

        assert decision.outcome is (Outcome.MET if count >= least else Outcome.NOT_MET)
        assert dict(decision.reasons[1].values) == {"entered": count, "at_least": least}

    @given(books(), fields_of_proposals(agency=KEY), proposals(agency=KEY), st.randoms())
    def test_order_and_what_is_beside_the_point_never_matter(
        self, book: Rulebook, own: tuple[Proposal, ...], other: Proposal, random: Any
    ) -> None:
        """Withdrawn ones, those of other years and of other agencies, and any order."""
        foreign = attrs.evolve(other.innovation, agency=OTHER)
        beside = [
            attrs.evolve(other, id="a", withdrawn=True),
            attrs.evolve(other, id="b", cycle=YEAR - 1, withdrawn=False),
            attrs.evolve(other, id="c", innovation=foreign, withdrawn=False),
        ]
        turned = [*own, *beside]
        random.shuffle(turned)

        assert entered(book, turned) == entered(book, own)
        assert entered(book, [*own, *own]) == entered(book, own)

    @given(books(), fields_of_proposals(agency=KEY), proposals(agency=KEY))
    def test_one_more_never_hurts(
        self, book: Rulebook, own: tuple[Proposal, ...], more: Proposal
    ) -> None:
        wider = [*own, attrs.evolve(more, id="one more")]

        assert RANK[entered(book, wider).outcome] >= RANK[entered(book, own).outcome]

    @given(
        st.sampled_from((2019, 2020)),
        st.none() | st.sampled_from(Group),
        proposals(agency=KEY),
    )
    def test_nothing_about_a_proposal_matters_but_that_it_stands(
        self, year: int, group: Group | None, own: Proposal
    ) -> None:
        standing = attrs.evolve(own, cycle=year, group=group, withdrawn=False)

        assert entered(duty_book(), [standing], year).outcome is Outcome.MET
        gone = attrs.evolve(standing, withdrawn=True)
        assert entered(duty_book(), [gone], year).outcome is Outcome.NOT_MET

    @given(books(), fields_of_proposals(agency=KEY), st.integers(0, 2), st.integers(0, 2))
    def test_a_disputed_minimum_is_tried_both_ways(
        self, book: Rulebook, own: tuple[Proposal, ...], one: int, other: int
    ) -> None:
        path = f"enter.minimum.{YEAR}"
        answers = {
            entered(book.reform({path: least}, name="read"), own).outcome for least in (one, other)
        }
        both = Disputed((Cited(one, CITE), Cited(other, CITE)))
        disputed = attrs.evolve(book, terms={**book.terms, path: both})

        expected = answers.pop() if len(answers) == 1 else Outcome.UNKNOWN
        assert entered(disputed, own).outcome is expected


class TestWhomItReaches:
    """Government bodies; enterprises with a recorded public-service obligation."""

    @given(books(), agencies(key=KEY), records(), fields_of_proposals(agency=KEY))
    def test_without_a_known_reach_the_answer_is_unknown(
        self,
        book: Rulebook,
        agency: Agency,
        own: tuple[Innovation, ...],
        entries: tuple[Proposal, ...],
    ) -> None:
        unknown = agency.kind is None or (
            agency.kind.is_enterprise and not agency.public_service_obligation
        )
        for reached, plain in (
            (create_one(book, agency, YEAR, own), created(book, own)),
            (enter_one(book, agency, YEAR, entries), entered(book, entries)),
        ):
            assert reached.outcome is (Outcome.UNKNOWN if unknown else plain.outcome)
            assert reached.codes[1:] == plain.codes[1:]

    @given(books(), agencies(key=KEY), records(), st.sampled_from(AgencyKind), st.booleans())
    def test_learning_what_the_agency_is_only_settles(
        self,
        book: Rulebook,
        agency: Agency,
        own: tuple[Innovation, ...],
        kind: AgencyKind,
        obliged: bool,
    ) -> None:
        before = create_one(book, agency, YEAR, own).outcome
        assume(before is not Outcome.UNKNOWN)
        known = agency.public_service_obligation
        learnt = attrs.evolve(
            agency,
            kind=agency.kind or kind,
            public_service_obligation=obliged if known is None else known,
        )

        assert create_one(book, learnt, YEAR, own).outcome is before

    @given(books(), agencies(key=KEY, kinds=AgencyKind), st.sets(st.sampled_from(AgencyKind)))
    def test_whom_the_list_leaves_out_owes_nothing(
        self, book: Rulebook, agency: Agency, listed: set[AgencyKind]
    ) -> None:
        narrow = book.reform({"subjects": sorted(kind.name.lower() for kind in listed)}, name="n")
        for decision in (
            create_one(narrow, agency, YEAR, ()),
            enter_one(narrow, agency, YEAR, ()),
        ):
            left_out = agency.kind not in listed
            assert ("NOT_SUBJECT_TO_DUTY" in decision.codes) is left_out
            assert not left_out or decision.outcome is Outcome.MET


@given(
    st.integers(2012, 2026),
    agencies(key=KEY),
    records(),
    st.data(),
)
def test_every_deciding_reason_has_a_term(
    year: int, agency: Agency, own: tuple[Innovation, ...], data: st.DataObject
) -> None:
    """And the consequence decides nothing."""
    entries = data.draw(fields_of_proposals(cycle=year, agency=KEY))
    for decision in (
        create_one(duty_book(), agency, year, own),
        enter_one(duty_book(), agency, year, entries),
    ):
        assert all(reason.terms for reason in decision.reasons)
        assert [reason.outcome for reason in decision.reasons][-1] is None
        reprimanded = year in (2015, 2016)
        assert ("REPRIMAND_2015_2016" in decision.codes) is reprimanded


@given(st.integers(2015, 2023), st.dates(), records(), st.booleans())
def test_built_to_comply_is_met(
    year: int, moment: Any, beside: tuple[Innovation, ...], enterprise: bool
) -> None:
    """A new original public service in the year; one proposal in 2019 or 2020."""
    day = Date(year, moment.month, min(moment.day, 28))
    new = attrs.evolve(made(99, day))
    kind = AgencyKind.BUMD if enterprise else AgencyKind.CITY
    agency = attrs.evolve(REGENCY, kind=kind, public_service_obligation=enterprise)

    assert create_one(duty_book(), agency, year, [*beside, new]).outcome is Outcome.MET
    standing = Proposal(id="p", innovation=new, cycle=year)
    decision = enter_one(duty_book(), agency, year, [standing])
    assert decision.outcome is (Outcome.MET if year in (2019, 2020) else Outcome.UNKNOWN)


@given(books(), st.integers(0, 9), st.integers(0, 9))
def test_two_reforms_both_survive(book: Rulebook, create: int, enter: int) -> None:
    paths = (f"create.minimum.{YEAR}", f"enter.minimum.{YEAR}")
    after = book.reform({paths[0]: create}, name="a").reform({paths[1]: enter}, name="b")

    assert [stated(after, path) for path in paths] == [create, enter]
    untouched = {path: value for path, value in book.terms.items() if path not in paths}
    assert untouched.items() <= after.terms.items()
    assert {term.path for term in entered(after, ()).assumptions} == {paths[1]}
    assert paths[0] in {term.path for term in created(after, ()).assumptions}


@given(st.sampled_from((True, False)), maybe, records(most=2))
def test_2024_follows_the_suspension(
    suspended: bool, minimum: bool | None, own: tuple[Innovation, ...]
) -> None:
    """Unclear as it stands; suspended asks nothing; not suspended asks the minimum."""
    moved = [
        each if each.started is None else attrs.evolve(each, started=each.started.add(years=3))
        for each in own
    ]
    changes = {} if minimum is None else {"create.minimum.2024": int(minimum)}
    unclear = duty_book().reform(changes, name="minimum")
    book = unclear.reform({"create.suspended_2024": suspended}, name="suspension")

    assert create_one(unclear, REGENCY, 2024, moved).outcome is Outcome.UNKNOWN
    decision = create_one(book, REGENCY, 2024, moved)
    assert "create.suspended_2024" in {term.path for term in decision.assumptions}
    if suspended:
        assert decision.outcome is Outcome.MET
    elif minimum is None:
        assert decision.outcome is Outcome.UNKNOWN
    elif not moved:
        assert decision.outcome is (Outcome.NOT_MET if minimum else Outcome.MET)


@given(records(most=1), st.sampled_from(DAYS))
def test_one_id_names_one_innovation(own: tuple[Innovation, ...], day: Date) -> None:
    assume(own and own[0].started != day)
    for pair in ([*own, made(0, day)], [made(0, day), *own]):
        with pytest.raises(InvalidValue, match="one innovation per id"):
            created(duty_book(), pair)
