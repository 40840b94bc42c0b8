"""Arrow columns as plain data, whatever schema they come in, ready for the check of shape.

Nothing is coerced.  What says the same in another type is read the same: a dictionary or a large
text as a text, any whole number type, a timestamp with its zone as a moment, a decimal as an exact
number.  What does not is kept as a :class:`Foreign` value, which no field accepts, so that it is
found at its place.

Null is a value not recorded: none where the field knows that, else as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import attrs

from kipp.io.arrow_schema import ArrowForm, Column, column_of, pyarrow
from kipp.io.document import Repeated
from kipp.io.submission import Submission

__all__ = ["Foreign", "as_list", "plain_rows", "stored"]


@attrs.frozen(repr=False)
class Foreign:
    """A value of an Arrow type that no record has, as *text*."""

    text: str

    def __repr__(self) -> str:
        return self.text


def plain_rows(batch: Any, kind: type) -> list[Any]:
    """Each row of the ``pyarrow.RecordBatch`` *batch* as plain data, to be checked as *kind*.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    column = column_of(kind)
    if kind is Submission and "proposal" not in batch.schema.names:
        column = column.parts["proposal"]
    return _objects(batch.schema.names, batch.columns, batch.num_rows, column)


def _objects(names: list[str], arrays: list[Any], rows: int, column: Column | None) -> list[Any]:
    twice = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    if twice:
        # The other columns are read all the same; of those that stand twice the last one counts.
        last = dict(zip(names, arrays, strict=True))
        rest = _objects([*last], [*last.values()], rows, column)
        return [Repeated(twice, row) for row in rest]
    known = column.parts if column is not None else {}
    values = [_values(array, known.get(name)) for name, array in zip(names, arrays, strict=True)]
    if not names:
        return [{} for _ in range(rows)]
    left_out = [
        name
        for name, array in zip(names, arrays, strict=True)
        if array.null_count and not (name in known and known[name].nullable)
    ]
    found = [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
    for name in left_out:
        for row in found:
            if row[name] is None:
                del row[name]
    return found


def _values(array: Any, column: Column | None) -> list[Any]:
    """The values of *array* as plain data; *column* is what should stand there, if known."""
    array = stored(array)
    types, kind = pyarrow().types, array.type
    if types.is_null(kind):
        return [None] * len(array)
    if types.is_struct(kind):
        return _structs(array, column)
    if types.is_map(kind):
        return _maps(array, column)
    if any(is_list(kind) for is_list in _lists()):
        return _listed(array, column)
    return _simple(array, column)


def stored(array: Any, *, decode: bool = True) -> Any:
    """*array* without what only says how it is kept: extensions, runs and (*decode*) dictionaries.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow = pyarrow()
    while True:
        kind = array.type
        if isinstance(kind, arrow.BaseExtensionType):
            array = array.storage
        elif arrow.types.is_run_end_encoded(kind):
            array = arrow.compute.run_end_decode(array)
        elif decode and arrow.types.is_dictionary(kind):
            array = array.dictionary_decode()
        else:
            return array


def as_list(array: Any) -> Any:
    """The map *array* as what it is: a list of structs of ``key`` and ``value``.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow, kind = pyarrow(), array.type
    entry = (kind.key_field.with_name("key"), kind.item_field.with_name("value"))
    return array.view(arrow.list_(arrow.struct(entry)))


def _structs(array: Any, column: Column | None) -> list[Any]:
    names = [field.name for field in array.type]
    choice = column is not None and column.form is ArrowForm.CHOICE
    found = _objects(names, array.flatten(), len(array), column)
    if choice:
        found = [_chosen(value) for value in found]
    return _nulled(found, array)


def _chosen(value: Any) -> Any:
    """What the one field that is filled holds."""
    if type(value) is not dict or len(value) > 1:
        return value
    return next(iter(value.values()), None)


def _nulled(values: list[Any], array: Any) -> list[Any]:
    if not array.null_count:
        return values
    valid = array.is_valid().to_pylist()
    return [value if there else None for value, there in zip(values, valid, strict=True)]


def _lists() -> Iterator[Callable[[Any], bool]]:
    types = pyarrow().types
    for name in ("list", "large_list", "fixed_size_list", "list_view", "large_list_view"):
        yield getattr(types, f"is_{name}")


def _listed(array: Any, column: Column | None) -> list[Any]:
    if column is not None and column.form in (ArrowForm.PAIRS, ArrowForm.TABLE):
        return _keyed(array, column)
    part = column.parts.get("item") if column is not None else None
    return _cut(_values(array.flatten(), part), array)


def _keyed(array: Any, column: Column) -> list[Any]:
    """A map that another program wrote as what it is: a list of keys with their values."""
    item = array.type.value_type
    if pyarrow().types.is_struct(item) and {each.name for each in item} == {"key", "value"}:
        return _maps(array, column)
    return _cut(_values(array.flatten(), None), array)


def _cut(values: list[Any], array: Any) -> list[Any]:
    """*values*, one after the other, as the lists of *array*."""
    found: list[Any] = []
    begin = 0
    lengths = pyarrow().compute.list_value_length(array).to_pylist()
    for length, there in zip(lengths, array.is_valid().to_pylist(), strict=True):
        if there:
            found.append(values[begin : begin + length])
            begin += length
        else:
            found.append(None)
    return found


def _maps(array: Any, column: Column | None) -> list[Any]:
    """A map, or the list of structs of key and value that it is kept as."""
    if pyarrow().types.is_map(array.type):
        array = as_list(array)
    entries = array.flatten()
    inside = column.parts if column is not None else {}
    keys = _values(entries.field("key"), inside.get("key"))
    values = _values(entries.field("value"), inside.get("value"))
    pairs = _cut([list(pair) for pair in zip(keys, values, strict=True)], array)
    if column is None or column.form is not ArrowForm.TABLE:
        return pairs
    return [None if each is None else _table(each) for each in pairs]


def _table(pairs: list[Any]) -> Any:
    found = {key: value for key, value in pairs if isinstance(key, str)}
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    twice = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    return Repeated(twice) if twice else pairs


def _simple(array: Any, column: Column | None) -> list[Any]:
    types, kind = pyarrow().types, array.type
    form = column.form if column is not None else None
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind):
        return list(array.to_pylist())
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _texts(array)
    if types.is_date(kind) and form in (ArrowForm.DAY, ArrowForm.CHOICE):
        return _texts(array.cast(pyarrow().string()))
    if types.is_timestamp(kind) and kind.tz and form is ArrowForm.MOMENT:
        return _texts(_moments(array))
    if types.is_decimal(kind) and form in (ArrowForm.EXACT, ArrowForm.WHOLE):
        return [None if each is None else _number(each, form) for each in array.to_pylist()]
    return _foreign(array)


def _foreign(array: Any) -> list[Any]:
    kind = array.type
    try:
        texts = array.cast(pyarrow().string()).to_pylist()
    except (pyarrow().ArrowException, UnicodeDecodeError):
        texts = ["…" if each.is_valid else None for each in array]
    return [None if each is None else Foreign(f"{each} ({kind})") for each in texts]


def _texts(array: Any) -> list[Any]:
    """The texts; a byte that is no UTF-8 becomes half of a surrogate pair, which none accepts."""
    try:
        return list(array.to_pylist())
    except UnicodeDecodeError:
        arrow = pyarrow()
        raw = array.cast(arrow.large_binary()).to_pylist()
        return [None if each is None else each.decode(errors="surrogateescape") for each in raw]


def _number(value: Any, form: ArrowForm) -> Any:
    exact = Fraction(value)
    if form is ArrowForm.WHOLE:
        return exact.numerator if exact.denominator == 1 else Foreign(str(value))
    return str(exact)


def _moments(array: Any) -> Any:
    """Moments as text with the offset of their zone, or in UTC where no text says it exactly."""
    arrow, compute = pyarrow(), pyarrow().compute
    in_utc = array.cast(arrow.timestamp(array.type.unit, "UTC"))
    plain = in_utc.cast(arrow.string())
    try:
        local = array.cast(arrow.string())
        same = compute.equal(local.cast(in_utc.type), in_utc)
        plain = compute.if_else(same, local, plain)
    except arrow.ArrowException:
        pass  # a zone that this machine does not know: an Arrow timestamp is UTC all the same
    return _as_moments(plain)


def _as_moments(texts: Any) -> Any:
    """``2021-05-03 10:00:00.000000000+0800`` as ``2021-05-03T10:00:00+08:00``, nothing lost."""
    compute = pyarrow().compute
    for pattern, replacement in (
        (r"^(\S+) ", r"\1T"),
        (r"\.(\d*[1-9])?0*([Z+-])", r".\1\2"),
        (r"\.([Z+-])", r"\1"),
        (r"([+-]\d\d)(\d\d)$", r"\1:\2"),
    ):
        texts = compute.replace_substring_regex(texts, pattern, replacement)
    return texts
