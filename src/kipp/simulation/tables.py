"""A study as one tidy table, and as JSON that says everything it rests on.

Each row is one estimate: under which law, of which tier, of what, with its Monte-Carlo standard
error.  What a made-up field gave is marked as such in every row.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import attrs

from kipp.domain.errors import InvalidType, MissingExtra
from kipp.rules.policy import MARKED
from kipp.simulation.measures import MEASURES, TIERS
from kipp.simulation.study import Comparison, Estimate, Study, rulebook_digest, versions

__all__ = [
    "COLUMNS",
    "SCHEMA",
    "Row",
    "rows",
    "study_data",
    "study_json",
    "to_arrow",
    "to_pandas",
    "to_polars",
]

SCHEMA: Final = "kipp.study/1"
"""The name of the form of the JSON, and its version."""

_BY = ("cluster", "province", "island")
_DIFFERENCE = "difference"


@attrs.frozen(kw_only=True)
class Row:
    """One estimate: the *law* (or ``difference``), the *tier*, the *kind* of what is estimated.

    *kind* is ``inclusion`` (*name* is a proposal), ``measure``, ``count`` (*by* an attribute,
    *name* one of its values) or ``tie`` (*by* the group, *name* the key that settled, blank for
    none).  *value* and *error* are not numbers where nothing was counted.
    """

    law: str
    tier: str
    kind: str
    by: str
    name: str
    value: float
    error: float
    made_up: bool


COLUMNS: Final = tuple(each.name for each in attrs.fields(Row))
"""The columns of the table, in order."""


def rows(of: Study | Comparison) -> Iterator[Row]:
    """Every estimate of a study, or of both studies of a comparison and their differences.

    Raises:
        InvalidType: neither a study nor a comparison.
    """
    match of:
        case Study():
            yield from _of_study(of, of.setting.book.name)
        case Comparison():
            yield from _of_study(of.first, of.first.setting.book.name)
            yield from _of_study(of.other, _other_name(of))
            yield from _estimates(of, _DIFFERENCE, made_up=of.first.setting.field.made_up)
        case _:
            raise InvalidType("of", of, "a Study or a Comparison")


def _other_name(comparison: Comparison) -> str:
    """The other law, told apart from the first by its reforms where both have one name."""
    book = comparison.other.setting.book
    if book.name != comparison.first.setting.book.name:
        return book.name
    return f"{book.name} + {' + '.join(book.reforms)}"


def _of_study(study: Study, law: str) -> Iterator[Row]:
    made_up = study.setting.field.made_up
    yield from _estimates(study, law, made_up=made_up)
    for (group, stage), keys in study.ties().items():
        for key, value in keys.items():
            yield Row(
                law=law,
                tier=stage.lower(),
                kind="tie",
                by=group.lower(),
                name=key,
                value=value,
                error=_binomial(value, study.replications),
                made_up=made_up,
            )


def _binomial(share: float, count: int) -> float:
    """The error of a share; of a cut that is tied several times in a replication it is none."""
    if count <= 1 or not 0 <= share <= 1:
        return math.nan
    return math.sqrt(share * (1 - share) / (count - 1))


def _estimates(of: Study | Comparison, law: str, *, made_up: bool) -> Iterator[Row]:
    for tier in TIERS:
        found: list[tuple[str, str, str, Estimate]] = [
            ("measure", "", name, of.measure(name, tier)) for name in MEASURES
        ]
        found += [
            ("count", by, label, each) for by in _BY for label, each in of.counts(by, tier).items()
        ]
        found += [("inclusion", "", key, each) for key, each in of.inclusion(tier).items()]
        for kind, by, name, each in found:
            yield Row(
                law=law,
                tier=tier.name.lower(),
                kind=kind,
                by=by,
                name=name,
                value=each.value,
                error=each.error,
                made_up=made_up,
            )


def _columns(of: Study | Comparison) -> dict[str, list[Any]]:
    every = [attrs.astuple(row) for row in rows(of)]
    columns = zip(*every, strict=True)
    return {name: list(column) for name, column in zip(COLUMNS, columns, strict=True)}


def to_arrow(of: Study | Comparison) -> Any:
    """The table as a ``pyarrow.Table``.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
        InvalidType: as :func:`rows`.
    """
    return _library("pyarrow", "arrow").table(_columns(of))


def to_pandas(of: Study | Comparison) -> Any:
    """The table as a ``pandas.DataFrame``.

    Raises:
        MissingExtra: pandas is not installed.
        InvalidType: as :func:`rows`.
    """
    return _library("pandas", "simulation").DataFrame(_columns(of))


def to_polars(of: Study | Comparison) -> Any:
    """The table as a ``polars.DataFrame``.

    Raises:
        MissingExtra: polars is not installed.
        InvalidType: as :func:`rows`.
    """
    return _library("polars", "simulation").DataFrame(_columns(of))


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtra("a table of a study", name, extra) from None


# JSON


def study_json(of: Study | Comparison) -> str:
    """A study, or a comparison, as JSON: the same study gives the same text.

    Raises:
        InvalidType: as :func:`rows`.
    """
    return json.dumps(study_data(of), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def study_data(of: Study | Comparison) -> dict[str, Any]:
    """What :func:`study_json` writes, as plain data; what is not a number is none.

    Raises:
        InvalidType: as :func:`rows`.
    """
    estimates = [
        {
            "law": row.law,
            "tier": row.tier,
            "kind": row.kind,
            "by": row.by,
            "name": row.name,
            "value": _number(row.value),
            "error": _number(row.error),
        }
        for row in rows(of)
    ]
    studies = (of.first, of.other) if isinstance(of, Comparison) else (of,)
    field = studies[0].setting.field
    return {
        "schema": SCHEMA,
        "made_up": field.made_up,
        "field": {
            "proposals": len(field.proposals),
            "seed": field.seed,
            "figures": [_texts(attrs.asdict(each)) for each in field.figures],
            "notes": list(field.notes),
        },
        "laws": [_law(each) for each in studies],
        "versions": versions(),
        "estimates": estimates,
    }


def _law(study: Study) -> dict[str, Any]:
    setting = study.setting
    return {
        "rulebook": setting.book.name,
        "cycle": setting.book.year,
        "reforms": list(setting.book.reforms),
        "rulebook_digest": rulebook_digest(setting.book),
        "setting_digest": setting.digest,
        "assumptions": [
            {"path": each.path, "value": str(each.value), "why": each.why}
            for each in setting.assumptions
        ],
        "assumed": [path for path in setting.book if _is_assumed(study, path)],
        "noise": {stage.name.lower(): _model(setting.models[stage]) for stage in MARKED},
        "seed": str(setting.seed),
        "asked": study.asked,
        "finished": [list(each) for each in study.finished],
        "replications": study.replications,
        "stopped": study.tally.stopped,
    }


def _is_assumed(study: Study, path: str) -> bool:
    evidence = study.setting.book.term(path).evidence
    return evidence is not None and evidence.name == "ASSUMED"


def _model(model: object) -> str:
    return repr(model)


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in data.items()}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
