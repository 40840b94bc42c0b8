"""A study: one field under one law, many times over, and what came of it.

``simulate`` runs it, ``compare`` runs two laws under the same luck.  Every draw has an address
(:mod:`kipp.simulation.luck`), so that the bits of a study do not depend on who ran which part.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from typing import TypeAlias

import attrs

from kipp.domain.agency import AgencyKind
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.rules.decision import Outcome
from kipp.rules.policy import MARKED
from kipp.rules.rulebook import Assumption, Rulebook, cycle_book, diff
from kipp.rules.selection import Selection
from kipp.simulation.arrays import Array, numpy
from kipp.simulation.field import Field
from kipp.simulation.kernel import Kernel
from kipp.simulation.law import law_of
from kipp.simulation.luck import Luck
from kipp.simulation.measures import MEASURES, STEP, TIERS, Pairs, Scene, Sums, Tally, labels_of
from kipp.simulation.noise import AssessorModel, Panel
from kipp.simulation.places import island_of
from kipp.simulation.replay import replayed
from kipp.simulation.work import Progress, Ranges, share_out

__all__ = [
    "Comparison",
    "Estimate",
    "Noise",
    "Setting",
    "Study",
    "compare",
    "prepared",
    "rulebook_digest",
    "simulate",
    "versions",
]

Noise: TypeAlias = AssessorModel | Mapping[Stage, AssessorModel]
"""A model of assessors for every stage with marks, or one for each."""

_CELLS = 1 << 17
"""So many numbers a batch holds side by side, as fits a processor's cache."""

_REGIONAL = (AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY)
_BY = ("cluster", "province", "island")


@attrs.frozen
class Estimate:
    """A mean over replications and its Monte-Carlo standard *error*; not a number of none."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.4g} ± {self.error:.2g}"


@attrs.frozen(kw_only=True, eq=False)
class Setting:
    """What a study is of: field, law with its assumptions, assessors, seed.

    Two settings with one *digest* give the same bits.
    """

    field: Field
    book: Rulebook
    assumptions: tuple[Assumption, ...] = ()
    models: Mapping[Stage, AssessorModel]
    seed: int
    screened: Mapping[str, Outcome] = attrs.field(repr=False)
    kernel: Kernel = attrs.field(repr=False)
    scene: Scene = attrs.field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of everything the result depends on."""
        said = [
            rulebook_digest(self.book),
            repr(self.field.proposals),
            repr(self.field.worth),
            repr(sorted(self.field.histories.items())),
            repr(sorted(self.field.holders)),
            repr([(stage.name, repr(self.models[stage])) for stage in MARKED]),
            repr(self.seed),
        ]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def rulebook_digest(book: Rulebook) -> str:
    """SHA-256 of the terms of a rulebook, in the order of their paths."""
    terms = "\n".join(f"{path} = {value!r}" for path, value in book.terms.items())
    return hashlib.sha256(f"{book.kind} {book.year}\n{terms}".encode()).hexdigest()


@attrs.frozen(kw_only=True, eq=False)
class Study:
    """What came of *setting* in the *finished* replications (*hasil simulasi*).

    Fewer are finished than were *asked* for only where the study was interrupted; what is there is
    whole and may be used.
    """

    setting: Setting
    asked: int
    finished: Ranges
    tally: Tally

    @property
    def replications(self) -> int:
        """How many replications are counted, those that stopped among them."""
        return self.tally.replications

    @property
    def interrupted(self) -> bool:
        """Whether fewer replications are finished than were asked for."""
        return self.replications < self.asked

    @property
    def stopped(self) -> Estimate:
        """The share of replications that could go no further, for a tie or a missing score."""
        return _share(self.tally.stopped, self.replications)

    def inclusion(self, tier: Stage = Stage.WINNERS) -> dict[str, Estimate]:
        """How often each proposal was in *tier*, of the replications that did not stop."""
        whole = self.replications - self.tally.stopped
        found = self.tally.included.get(tier)
        ids = [each.id for each in self.setting.field.proposals]
        counts = [0] * len(ids) if found is None or not whole else found.tolist()
        return {key: _share(count, whole) for key, count in zip(ids, counts, strict=True)}

    def measure(self, name: str, tier: Stage = Stage.WINNERS) -> Estimate:
        """A measure of *tier* (:data:`kipp.simulation.measures.MEASURES`).

        Raises:
            InvalidValue: no such measure, or a stage that is no tier.
        """
        _check_measure(name, tier)
        whole = self.replications - self.tally.stopped
        return _mean(self.tally.measures.get((tier, name)), whole, share=MEASURES[name])

    def counts(self, by: str, tier: Stage = Stage.WINNERS) -> dict[str, Estimate]:
        """How many of *tier* have each value of *by*: ``cluster``, ``province`` or ``island``."""
        _check_measure(None, tier)
        return _means(self.tally.counts.get((tier, _by(by))), self._whole, self._labels(by))

    def ties(self) -> dict[tuple[str, str], dict[str, float]]:
        """By group and stage of a cut, how often it was tied, and by which key it was settled.

        The key ``""`` is that of a tie that nothing settled.
        """
        found: dict[tuple[str, str], dict[str, float]] = {}
        for (group, stage, key), count in sorted(self.tally.ties.items()):
            share = count / self.replications if self.replications else math.nan
            found.setdefault((group, stage), {})[key] = share
        return found

    def replay(self, replication: int) -> Selection:
        """One replication by the exact selection, with every reason, tie and score."""
        setting = self.setting
        return replayed(
            setting.kernel,
            setting.book,
            setting.field.proposals,
            setting.screened,
            setting.field.traits(setting.book),
            replication,
        )

    @property
    def _whole(self) -> int:
        return self.replications - self.tally.stopped

    def _labels(self, by: str) -> tuple[str, ...]:
        return self.setting.scene.labels[by]


@attrs.frozen(kw_only=True, eq=False)
class Comparison:
    """Two laws on one field under the same luck: *first*, *other*, and how they differ by pairs.

    A difference is *other* less *first*; its error is that of the pairs, which is smaller than that
    of two studies apart.
    """

    first: Study
    other: Study
    pairs: Pairs

    def inclusion(self, tier: Stage = Stage.WINNERS) -> dict[str, Estimate]:
        """The change of how often each proposal is in *tier*."""
        ids = [each.id for each in self.first.setting.field.proposals]
        count = self.pairs.replications
        gained, lost = self.pairs.gained.get(tier), self.pairs.lost.get(tier)
        if gained is None or lost is None:
            return dict.fromkeys(ids, Estimate(math.nan, math.nan))
        pairs = zip(ids, gained.tolist(), lost.tolist(), strict=True)
        return {key: _estimate(came - went, came + went, count) for key, came, went in pairs}

    def measure(self, name: str, tier: Stage = Stage.WINNERS) -> Estimate:
        """The change of a measure of *tier*.

        Raises:
            InvalidValue: as :meth:`Study.measure`.
        """
        _check_measure(name, tier)
        sums = self.pairs.measures.get((tier, name))
        return _mean(sums, self.pairs.replications, share=MEASURES[name])

    def counts(self, by: str, tier: Stage = Stage.WINNERS) -> dict[str, Estimate]:
        """The change of how many of *tier* have each value of *by*."""
        _check_measure(None, tier)
        labels = labels_of(_by(by), self.first.setting.scene, self.other.setting.scene)
        return _means(self.pairs.counts.get((tier, by)), self.pairs.replications, labels)


def simulate(
    field: Field,
    rulebook: Rulebook,
    assumptions: Iterable[Assumption] = (),
    noise: Noise | None = None,
    replications: int = 10_000,
    *,
    seed: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run the whole law of *rulebook* on *field*, *replications* times under other marks.

    *assumptions* fill what nobody published.  *noise* is how assessors mark, one model for all
    stages or one for each.  *executor* is anything with ``concurrent.futures``' protocol; without
    it a pool of *workers* processes, by default as many as there are processors, or none where the
    study is small.  *progress* is called with how many replications are done, and of how many.

    Interrupted by the keyboard, it gives what is finished (:attr:`Study.interrupted`).

    Raises:
        Faults: everything wrong with the law or the field, before the first draw.
        InvalidType, InvalidValue: another argument that is wrong.
        MissingExtra: numpy is not installed.
    """
    setting = _setting(field, rulebook, tuple(assumptions), noise, seed)
    tally, finished = share_out(
        _run, (setting.kernel, setting.scene), _count(replications), executor, workers, progress
    )
    return Study(setting=setting, asked=replications, finished=finished, tally=tally[0])


def compare(
    study: Study,
    reform: Rulebook | Mapping[str, object],
    *,
    field: Field | None = None,
    noise: Noise | None = None,
    replications: int | None = None,
    name: str = "reform",
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """The law of *study* and another one, on the same field under the same luck.

    *reform* is another rulebook, or the paths that change.  *field* is the same field as the other
    law has to see it (moved to another cycle); it must have the same proposals in the same order.

    Raises:
        Faults, InvalidType, InvalidValue: as :func:`simulate`; a field of other proposals.
    """
    first = study.setting
    book = first.book.reform(reform, name=name) if isinstance(reform, Mapping) else reform
    other = prepared(study, book, field=field, noise=noise)
    asked = study.asked if replications is None else _count(replications)
    (mine, theirs, pairs), finished = share_out(
        _run_both,
        (first.kernel, first.scene, other.kernel, other.scene),
        asked,
        executor,
        workers,
        progress,
    )
    return Comparison(
        first=Study(setting=first, asked=asked, finished=finished, tally=mine),
        other=Study(setting=other, asked=asked, finished=finished, tally=theirs),
        pairs=pairs,
    )


def prepared(
    study: Study, book: Rulebook, *, field: Field | None = None, noise: Noise | None = None
) -> Setting:
    """The setting of another law, with the seed and as far as not said otherwise the field.

    Raises:
        Faults, InvalidType, InvalidValue: as :func:`compare`.
    """
    first = study.setting
    moved = first.field if field is None else field
    if [each.id for each in moved.proposals] != [each.id for each in first.field.proposals]:
        raise InvalidValue("field", len(moved.proposals), "the proposals of the study, in order")
    like = first if moved is first.field and _screens_alike(first.book, book) else None
    return _setting(moved, book, (), noise or first.models, first.seed, like)


_AFTER_SCREENING = ("composition.", "criteria.", "evaluation.", "marks.", "panel.", "selection.")
_AFTER_SCREENING_TOO = ("ties.", "field_verification.")
_OF_GROUPS = ("criteria", "nominees", "finalists", "winners")


def _screens_alike(one: Rulebook, other: Rulebook) -> bool:
    """Whether the laws differ only in what is asked after screening."""
    return one.year == other.year and all(
        change.path.startswith((*_AFTER_SCREENING, *_AFTER_SCREENING_TOO))
        or (change.path.startswith("groups.") and change.path.endswith(_OF_GROUPS))
        for change in diff(one, other)
    )


def _count(replications: object) -> int:
    if type(replications) is not int or replications < 1:
        raise InvalidValue("replications", replications, "a whole number from 1")
    return replications


# One part of the work


def _batches(part: range, size: int) -> Iterable[range]:
    step = max(_CELLS // max(size, 1), 1)
    return (part[begin : begin + step] for begin in range(0, len(part), step))


def _run(kernel: Kernel, scene: Scene, part: range) -> tuple[Tally]:
    tally = Tally()
    for batch in _batches(part, kernel.law.size):
        tally.add(kernel.run(batch), scene)
    return (tally,)


def _run_both(
    first: Kernel, here: Scene, other: Kernel, there: Scene, part: range
) -> tuple[Tally, Tally, Pairs]:
    mine, theirs, pairs = Tally(), Tally(), Pairs()
    for batch in _batches(part, first.law.size):
        one, two = first.run(batch), other.run(batch)
        mine.add(one, here)
        theirs.add(two, there)
        pairs.add(one, two, (here, there))
    return mine, theirs, pairs


# The setting


def _setting(
    field: Field,
    rulebook: Rulebook,
    assumptions: tuple[Assumption, ...],
    noise: Noise | None,
    seed: int,
    like: Setting | None = None,
) -> Setting:
    """The setting of a study; *like* is one whose screening says the same."""
    np = numpy()
    if not isinstance(field, Field):
        raise InvalidType("field", field, "a Field")
    if not field.proposals:
        raise InvalidValue("Field.proposals", (), "one proposal or more")
    cycle_book("rulebook", rulebook)
    luck = Luck(seed)
    models = _models(noise)
    book = rulebook.assume(assumptions) if assumptions else rulebook
    screened = field.screened(book) if like is None else like.screened
    traits = field.traits(book)
    law = law_of(
        book, field.proposals, screened, traits, lambda stage, asked: _size(models[stage], asked)
    )
    worth = np.array(field.worth, dtype=np.float32)
    kernel = Kernel(law=law, worth=worth, models=models, luck=luck)
    still = Kernel(law=law, worth=worth, models=dict.fromkeys(MARKED, _STILL), luck=luck)
    return Setting(
        field=field,
        book=book,
        assumptions=assumptions,
        models=models,
        seed=seed,
        screened=screened,
        kernel=kernel,
        scene=_scene(field, screened, traits, worth, still),
    )


_STILL = Panel(spread=0.0)


def _models(noise: Noise | None) -> Mapping[Stage, AssessorModel]:
    if noise is None:
        raise InvalidValue("noise", None, "a model of the assessors, such as Panel(spread=8)")
    if not isinstance(noise, Mapping):
        if not hasattr(noise, "marks"):
            raise InvalidType("noise", noise, "a model of assessors, with a method marks")
        return dict.fromkeys(MARKED, noise)
    missing = [stage.name for stage in MARKED if stage not in noise]
    if missing:
        raise InvalidValue("noise", missing, "a model for each stage with marks")
    return {stage: noise[stage] for stage in MARKED}


def _size(model: AssessorModel, asked: int) -> int:
    """How many assessors mark where the rulebook asks for so many."""
    own = getattr(model, "assessors", None)
    if own is not None and own < asked:
        raise InvalidValue("assessors", own, f"at least {asked}, as the rulebook asks for")
    return asked if own is None else own


def _scene(
    field: Field,
    screened: Mapping[str, Outcome],
    traits: Mapping[str, Mapping[str, str]],
    worth: Array,
    still: Kernel,
) -> Scene:
    np = numpy()
    keys = sorted({each.agency for each in field.proposals})
    number = {key: place for place, key in enumerate(keys)}
    kinds = [field.registry.by_key.get(key) for key in keys]
    told = {
        "cluster": [traits[each.id].get("cluster", "") for each in field.proposals],
        "province": [traits[each.id].get("region", "") for each in field.proposals],
    }
    told["island"] = [island_of(each) or "" for each in told["province"]]
    coded = {by: np.unique(np.array(values), return_inverse=True) for by, values in told.items()}
    groups = sorted({each.group.name if each.group else "" for each in field.proposals})
    outcomes = still.run(range(1))
    return Scene(
        agency=np.array([number[each.agency] for each in field.proposals]),
        newcomer=np.array([key not in field.holders for key in keys]),
        regional=np.array([each is not None and each.kind in _REGIONAL for each in kinds]),
        worth=worth,
        group=np.array(
            [groups.index(each.group.name if each.group else "") for each in field.proposals]
        ),
        entered=np.array([screened[each.id] is Outcome.MET for each in field.proposals]),
        still={tier: outcomes.selected[tier][0] for tier in TIERS},
        labels={by: tuple(map(str, names)) for by, (names, _) in coded.items()},
        codes={by: codes for by, (_, codes) in coded.items()},
    )


# Estimates


def _estimate(total: int, squares: int, count: int, unit: float = 1.0) -> Estimate:
    """The mean of so many whole numbers and its standard error, in *unit*."""
    if not count:
        return Estimate(math.nan, math.nan)
    mean = total / count
    if count == 1:
        return Estimate(mean * unit, math.nan)
    # Exact before it is divided: the difference of two large numbers.
    spread = (squares * count - total * total) / (count * (count - 1))
    return Estimate(mean * unit, math.sqrt(max(spread, 0.0) / count) * unit)


def _share(count: int, of: int) -> Estimate:
    return _estimate(count, count, of)


def _mean(sums: Sums | None, count: int, *, share: bool) -> Estimate:
    found = sums or Sums()
    return _estimate(int(found.total), int(found.squares), count, 1 / STEP if share else 1.0)


def _means(sums: Sums | None, count: int, labels: tuple[str, ...]) -> dict[str, Estimate]:
    if sums is None:
        return dict.fromkeys(labels, Estimate(math.nan, math.nan))
    pairs = zip(labels, sums.total.tolist(), sums.squares.tolist(), strict=True)
    return {label: _estimate(total, squares, count) for label, total, squares in pairs}


def _check_measure(name: str | None, tier: Stage) -> None:
    if name is not None and name not in MEASURES:
        raise InvalidValue("measure", name, f"one of {', '.join(MEASURES)}")
    if tier not in TIERS:
        raise InvalidValue("tier", tier, f"one of {', '.join(each.name for each in TIERS)}")


def _by(name: str) -> str:
    if name not in _BY:
        raise InvalidValue("by", name, f"one of {', '.join(_BY)}")
    return name


def versions() -> dict[str, str]:
    """The versions that the bits of normal numbers may depend on."""
    return {"python": sys.version.partition(" ")[0], "numpy": numpy().__version__}
