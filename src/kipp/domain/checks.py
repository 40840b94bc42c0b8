"""What a field may hold, declared once and checked where a value is made.

A table of kinds per class, one line per field, becomes the metadata of the fields
(:func:`held`).  Constructors check by it (:func:`require`): a wrong value raises with its class
and field, itself and what was expected.  Whoever reads or describes records from outside reads
the same kinds (:func:`kinds_of`) and looks into them: their form, their parts, their limits.
Nothing is converted: a date is a pendulum date, a closed word is a member of its type.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from operator import attrgetter, call
from types import MappingProxyType, NoneType
from typing import Any, Final, TypeAlias

import attrs
from pendulum import Date, DateTime

from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "AGREEMENTS",
    "COUNT",
    "DAY",
    "EACH",
    "EXACT",
    "FLAG",
    "KIND",
    "MOMENT",
    "NAME",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "Agreement",
    "Form",
    "Kind",
    "agreements_of",
    "among",
    "bounded",
    "either",
    "every",
    "held",
    "kinds_of",
    "maybe",
    "narrowed",
    "of",
    "require",
    "row",
    "several",
    "table",
]

KIND: Final = "kind"
"""The key of a field's metadata under which its :class:`Kind` stands."""

AGREEMENTS: Final = "agreements"
"""The key under which the :class:`Agreement` of a field with others stand."""

EACH: Final = "*"
"""The step of a path that stands for every item of a list."""


class Form(enum.Enum):
    """What a value of a kind is made of."""

    TEXT = "text"
    FLAG = "flag"
    WHOLE = "whole"
    EXACT = "exact"
    DAY = "day"
    MOMENT = "moment"
    WORD = "word"
    """A member of one of the kind's closed types."""
    RECORD = "record"
    """A value of one of the kind's classes."""
    MAYBE = "maybe"
    """The one part, or none."""
    EITHER = "either"
    """One of the parts."""
    EVERY = "every"
    """A tuple of any length, each item the one part."""
    ROW = "row"
    """A tuple with one item of each part, in order."""
    TABLE = "table"
    """Keys of the first part, each with a value of the second."""
    OTHER = "other"


_NO_LIMITS: Mapping[str, Any] = MappingProxyType({})


def _no_cure(_value: object) -> str:
    return ""


@attrs.frozen(eq=False)
class Kind:
    """What is *expected*, in words, and whether a value is that.

    *base* is the kind that this one narrows: a value that is not even of the base has the wrong
    type.  *cure* says how to make a right value of a wrong one, where that is known.

    For those who look into it: *form*, the *parts* it is made of and the *classes* its values
    are of; *key* names the sentence ``expects.<key>`` of the catalogue, which *limits* fill:
    ``least``, ``most``, ``above`` (numbers), ``words`` (those of a closed type that fit),
    ``filled`` (a text that is not blank), ``items`` (how many at the least), ``distinct`` (each
    item once, by its first part where that is ``"first"``).  *sure* are the types whose every
    value is accepted, so that nobody need ask.
    """

    expected: str
    accepts: Callable[[object], bool]
    base: Kind | None = None
    cure: Callable[[object], str] = _no_cure
    form: Form = Form.OTHER
    parts: tuple[Kind, ...] = ()
    classes: tuple[type, ...] = ()
    key: str = ""
    limits: Mapping[str, Any] = _NO_LIMITS
    sure: frozenset[type] = frozenset()

    def fault(self, name: str, value: object) -> InvalidType | InvalidValue:
        """The error for *value*, which is not accepted, in the field *name*."""
        if self.base is None:
            return InvalidType(name, value, self.expected, cure=self.cure(value))
        if not self.base.accepts(value):
            return self.base.fault(name, value)
        return InvalidValue(name, value, self.expected, cure=self.cure(value))


def narrowed(
    base: Kind,
    expected: str,
    check: Callable[..., bool],
    cure: str = "",
    *,
    key: str = "",
    **limits: object,
) -> Kind:
    """Those of *base* for which *check* holds too; *limits* say the same as data."""
    accepts = base.accepts
    return Kind(
        expected,
        lambda value: accepts(value) and check(value),
        base,
        lambda _: cure,
        base.form,
        base.parts,
        base.classes,
        key or base.key,
        MappingProxyType({**base.limits, **limits}),
    )


def bounded(
    base: Kind,
    expected: str,
    *,
    least: int | None = None,
    most: int | None = None,
    above: int | None = None,
    key: str = "",
) -> Kind:
    """The numbers of *base* from *least* to *most*, both included, or above *above*."""
    given = {"least": least, "most": most, "above": above}
    limits: dict[str, Any] = {name: each for name, each in given.items() if each is not None}
    sure = base.sure
    checks: dict[tuple[str, ...], Callable[[Any], bool]] = {
        ("least",): lambda value: type(value) in sure and value >= least,
        ("above",): lambda value: type(value) in sure and value > above,
        ("least", "most"): lambda value: type(value) in sure and least <= value <= most,
    }
    return attrs.evolve(
        narrowed(base, expected, bool, key=key or ".".join((base.key, *limits)), **limits),
        accepts=checks[tuple(limits)],
    )


def among(base: Kind, expected: str, words: Iterable[enum.Enum]) -> Kind:
    """The *words* of a closed type that fit."""
    fitting = tuple(words)
    return narrowed(base, expected, fitting.__contains__, words=fitting)


def several(
    base: Kind,
    expected: str,
    *,
    items: int = 0,
    distinct: bool | str = False,
    cure: str = "",
    key: str = "",
) -> Kind:
    """The tuples of *base* with so many *items* at the least.

    *distinct*: each item once; ``"first"``: each once by its own first item.
    """

    def check(value: tuple[Any, ...]) -> bool:
        if len(value) < items:
            return False
        told = [each[0] for each in value] if distinct == "first" else value
        return not distinct or len(set(told)) == len(told)

    given = {"items": items, "distinct": distinct}
    limits: dict[str, Any] = {name: limit for name, limit in given.items() if limit}
    said = key or ".".join((base.key, *limits))
    return narrowed(base, expected, check, cure, key=said, **limits)


def of(*classes: type) -> Kind:
    """A value of one of *classes*."""
    words = [cls for cls in classes if issubclass(cls, enum.Enum)]

    def cure(value: object) -> str:
        known = (cls for cls in words if value in [member.value for member in cls])
        return next((f"write {cls.__name__}({value!r})" for cls in known), "")

    expected = " or ".join(_with_article(cls.__name__) for cls in classes)
    form = Form.WORD if words else Form.RECORD
    return Kind(
        expected,
        lambda value: isinstance(value, classes),
        None,
        cure,
        form,
        (),
        classes,
        form.value,
        sure=frozenset(classes),
    )


def _with_article(name: str) -> str:
    return f"an {name}" if name.startswith(tuple("AEIOU")) else f"a {name}"


def maybe(kind: Kind) -> Kind:
    """That, or none for *not recorded*."""
    accepts = kind.accepts
    return Kind(
        f"{kind.expected}, or none",
        lambda value: value is None or accepts(value),
        kind.base and maybe(kind.base),
        kind.cure,
        Form.MAYBE,
        (kind,),
        kind.classes,
        Form.MAYBE.value,
        sure=kind.sure | {NoneType},
    )


def either(*kinds: Kind) -> Kind:
    """One of several kinds, none of which narrows another."""
    return Kind(
        " or ".join(kind.expected for kind in kinds),
        lambda value: any(kind.accepts(value) for kind in kinds),
        None,
        lambda value: next(filter(None, (kind.cure(value) for kind in kinds)), ""),
        Form.EITHER,
        kinds,
        tuple(cls for kind in kinds for cls in kind.classes),
        Form.EITHER.value,
        sure=frozenset[type]().union(*(kind.sure for kind in kinds)),
    )


def every(kind: Kind) -> Kind:
    """A tuple whose items are each that."""
    accepts, sure = kind.accepts, kind.sure

    def accepts_every(value: object) -> bool:
        if not isinstance(value, tuple):
            return False
        return (bool(sure) and sure.issuperset(map(type, value))) or all(map(accepts, value))

    def cure(value: object) -> str:
        items = value if isinstance(value, tuple) else ()
        return next((kind.cure(item) for item in items if not accepts(item)), "")

    return Kind(
        f"a tuple, each item {kind.expected}",
        accepts_every,
        kind.base and every(kind.base),
        cure,
        Form.EVERY,
        (kind,),
        (),
        Form.EVERY.value,
    )


def row(expected: str, *kinds: Kind, key: str = Form.ROW.value) -> Kind:
    """A tuple with one item of each kind, in order; *expected* says that in words."""

    def accepts(value: object) -> bool:
        if not isinstance(value, tuple) or len(value) != size:
            return False
        return all(map(call, checks, value))

    checks, size = [kind.accepts for kind in kinds], len(kinds)
    bases = [kind.base or kind for kind in kinds]
    base = row(expected, *bases, key=key) if any(kind.base for kind in kinds) else None
    return Kind(expected, accepts, base, form=Form.ROW, parts=kinds, key=key)


def table(expected: str, key: Kind, value: Kind) -> Kind:
    """A mapping from each *key* to its *value*."""

    def accepts(found: object) -> bool:
        return isinstance(found, Mapping) and all(
            key.accepts(each) and value.accepts(part) for each, part in found.items()
        )

    return Kind(expected, accepts, form=Form.TABLE, parts=(key, value), key=Form.TABLE.value)


def _nothing_more(*_: Any) -> Mapping[str, Any]:
    return _NO_LIMITS


@attrs.frozen(eq=False, kw_only=True)
class Agreement:
    """What the fields of one value must agree on.

    The value *at* its path (names of fields, :data:`EACH` for every item of a list) is wrong
    where it does not agree with the fields *beside* it: where not ``holds(value, *beside)``.
    *expected* says in words what would be right, of the values beside; *code* is that of the
    fault, *key* names the sentence ``expects.<key>``, both filled with the values beside, by
    their names, and with what *more* gives of them.
    """

    code: str
    key: str
    at: tuple[str, ...]
    beside: tuple[str, ...]
    holds: Callable[..., bool]
    expected: Callable[..., str]
    more: Callable[..., Mapping[str, Any]] = _nothing_more

    def broken(self, instance: object) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Where *instance* holds what does not agree, each place with what stands there."""
        beside = self.compared(instance)
        for path, value in self.reached(instance):
            if not self.holds(value, *beside):
                yield path, value

    def reached(self, instance: object) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """The values at the path, each with its own place."""
        return _reached(instance, self.at, ())

    def compared(self, instance: object) -> tuple[Any, ...]:
        """The values beside."""
        return tuple(getattr(instance, name) for name in self.beside)


def _reached(
    value: Any, steps: tuple[str, ...], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if not steps:
        yield path, value
        return
    step, *rest = steps
    if step != EACH:
        yield from _reached(getattr(value, step), tuple(rest), (*path, step))
        return
    for index, item in enumerate(value):
        yield from _reached(item, tuple(rest), (*path, index))


_Fields: TypeAlias = "list[attrs.Attribute[Any]]"


def held(kinds: Mapping[str, Kind], *agreements: Agreement) -> Callable[[type, _Fields], _Fields]:
    """What the fields of a class hold, for ``attrs.frozen(field_transformer=held(…))``."""

    def transform(_cls: type, fields: _Fields) -> _Fields:
        return [_holding(field, kinds.get(field.name), agreements) for field in fields]

    return transform


def _holding(
    field: attrs.Attribute[Any], kind: Kind | None, agreements: Iterable[Agreement]
) -> attrs.Attribute[Any]:
    if kind is None:
        return field
    own = tuple(each for each in agreements if each.at[0] == field.name)
    more = {KIND: kind, **({AGREEMENTS: own} if own else {})}
    return field.evolve(metadata={**field.metadata, **more})


def kinds_of(cls: type) -> Mapping[str, Kind]:
    """The kind of each field of *cls* that has one, in the order of the fields."""
    fields: Iterable[attrs.Attribute[Any]] = attrs.fields(cls)
    return MappingProxyType(
        {field.name: field.metadata[KIND] for field in fields if KIND in field.metadata}
    )


def agreements_of(cls: type) -> tuple[Agreement, ...]:
    """What the fields of *cls* must agree on, in the order of the fields."""
    fields: Iterable[attrs.Attribute[Any]] = attrs.fields(cls)
    return tuple(each for field in fields for each in field.metadata.get(AGREEMENTS, ()))


@attrs.frozen
class _Plan:
    """How the values of all fields are got at once, how each is checked, what they agree on."""

    values: Callable[[object], tuple[Any, ...]]
    checks: tuple[tuple[frozenset[type], Callable[[object], bool]], ...]
    agreed: tuple[tuple[Callable[[object], Any], Callable[..., bool]], ...]
    others: tuple[Agreement, ...]


class _Plans(dict[type, _Plan]):
    """The plan of each class, made when its first value is."""

    def __missing__(self, cls: type) -> _Plan:
        kinds, agreements = kinds_of(cls), agreements_of(cls)
        near = [each for each in agreements if EACH not in each.at]
        self[cls] = _Plan(
            # With one name more, never looked at, they come as a tuple even where there is one.
            attrgetter(*kinds, "__class__"),
            tuple((kind.sure, kind.accepts) for kind in kinds.values()),
            tuple((attrgetter(*each.at, *each.beside), each.holds) for each in near),
            tuple(each for each in agreements if EACH in each.at),
        )
        return self[cls]


_PLANS = _Plans()


def require(instance: object) -> None:
    """Refuse the first field of *instance* that is not of its kind, or that others disagree with.

    Raises:
        InvalidType: another type, with the field's name, the value and what was expected.
        InvalidValue: the right type, but nothing the field may hold.
    """
    plan = _PLANS[type(instance)]
    for value, (sure, accepts) in zip(plan.values(instance), plan.checks, strict=False):
        if type(value) not in sure and not accepts(value):
            raise _first_fault(instance)
    for get, holds in plan.agreed:
        if not holds(*get(instance)):
            _refuse_disagreement(instance)
    if plan.others:
        _refuse_disagreement(instance)


def _refuse_disagreement(instance: object) -> None:
    for each in agreements_of(type(instance)):
        for _, value in each.broken(instance):
            name = f"{type(instance).__name__}.{each.at[0]}"
            raise InvalidValue(name, value, each.expected(*each.compared(instance)))


def _first_fault(instance: object) -> InvalidType | InvalidValue:
    cls = type(instance)
    values = ((name, kind, getattr(instance, name)) for name, kind in kinds_of(cls).items())
    wrong = ((name, kind, value) for name, kind, value in values if not kind.accepts(value))
    name, kind, value = next(wrong)
    return kind.fault(f"{cls.__name__}.{name}", value)


def _date_cure(value: object) -> str:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"write pendulum.date({value.year}, {value.month}, {value.day})"
    return "read a text with kipp.domain.dates.parse_day" if isinstance(value, str) else ""


def _moment_cure(value: object) -> str:
    aware = isinstance(value, dt.datetime) and value.tzinfo is not None
    return "make one of it with pendulum.instance" if aware else ""


def _is_text(value: object) -> bool:
    return type(value) is str or (isinstance(value, str) and not isinstance(value, enum.Enum))


def _is_filled(value: Any) -> bool:
    return (type(value) is str or _is_text(value)) and bool(value.strip())


def _plain(
    form: Form, expected: str, cls: type, accepts: Callable[[object], bool], **more: Any
) -> Kind:
    classes = (cls,)
    return Kind(expected, accepts, form=form, classes=classes, key=form.value, **more)


TEXT = _plain(Form.TEXT, "a text", str, _is_text, sure=frozenset({str}))
FLAG = _plain(
    Form.FLAG,
    "true or false",
    bool,
    lambda value: isinstance(value, bool),
    sure=frozenset({bool}),
)
DAY = _plain(
    Form.DAY,
    "a pendulum date (not a moment)",
    Date,
    lambda value: type(value) is Date,
    cure=_date_cure,
    sure=frozenset({Date}),
)
NAME = Kind(
    "a text that is not blank",
    _is_filled,
    TEXT,
    form=Form.TEXT,
    classes=(str,),
    key="name",
    limits=MappingProxyType({"filled": True}),
)
"""An id, a key, a title: something must stand there."""

WHOLE = _plain(
    Form.WHOLE, "a whole number", int, lambda value: type(value) is int, sure=frozenset({int})
)
COUNT = bounded(WHOLE, "a whole number from 0", least=0)
"""How many there are."""

NUMBER = bounded(WHOLE, "a whole number from 1", least=1)
"""A year, the size of a tier."""

EXACT = _plain(
    Form.EXACT,
    "a Fraction",
    Fraction,
    lambda value: type(value) is Fraction,
    sure=frozenset({Fraction}),
)
"""An exact number."""

MOMENT = narrowed(
    narrowed(
        _plain(
            Form.MOMENT,
            "a pendulum moment",
            DateTime,
            lambda value: type(value) is DateTime,
            cure=_moment_cure,
        ),
        "a moment with its offset",
        lambda value: value.tzinfo is not None,
    ),
    "a moment that every time zone has a day for, so not of the calendar's first or last year",
    lambda value: dt.MINYEAR < value.year < dt.MAXYEAR,
)
