"""Pictures of a study (extra ``plot``), each on the given axes or on new ones.

Labels are Indonesian or English, colours are told apart by people who are colour-blind, and what a
made-up field gave says so in the picture itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, TypeAlias

from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue, MissingExtra, UnknownName
from kipp.simulation.measures import MEASURES
from kipp.simulation.places import provinces
from kipp.simulation.study import Comparison, Estimate, Study

__all__ = [
    "DPI",
    "composition_bars",
    "inclusion_curve",
    "measure_label",
    "measure_spread",
    "sensitivity",
    "tile_map",
]

DPI: Final = 300
"""Dots per inch that a paper prints."""

_Axes: TypeAlias = Any
"""``matplotlib.axes.Axes``."""


def inclusion_curve(
    study: Study,
    tier: Stage = Stage.WINNERS,
    *,
    around: int | None = None,
    lang: str = "id",
    ax: _Axes | None = None,
) -> _Axes:
    """How often each proposal is in *tier*, the most often first, around the cut.

    The cut is at the mean number of places; *around* is how many proposals are shown on either
    side, as many as there are places unless given.  The band reaches two standard errors.

    Raises:
        UnknownName: another language than ``id`` and ``en``.
        MissingExtra: matplotlib is not installed.
    """
    axes = _axes(ax)
    found = sorted(study.inclusion(tier).values(), key=lambda each: -each.value)
    places = round(study.measure("proposals", tier).value)
    reach = places if around is None else around
    first, last = max(places - reach, 0), min(places + reach, len(found))
    shown = found[first:last]
    ranks = range(first + 1, last + 1)
    colours = _said()["colours"]
    errors = [_times() * each.error for each in shown]
    axes.fill_between(
        ranks,
        [_cent(max(each.value - error, 0)) for each, error in zip(shown, errors, strict=True)],
        [_cent(min(each.value + error, 1)) for each, error in zip(shown, errors, strict=True)],
        color=colours["first"],
        alpha=_FAINT,
        linewidth=0,
    )
    axes.plot(ranks, [_cent(each.value) for each in shown], color=colours["first"])
    axes.axvline(places + _HALF, color=colours["line"], linestyle="--", linewidth=_THIN)
    label = _label(lang, "cut").format(places=places)
    axes.annotate(
        label,
        (places + _HALF, 1),
        xycoords=("data", "axes fraction"),
        xytext=(_GAP, -_GAP),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=_size("small"),
    )
    axes.set_ylim(0, _cent(1))
    axes.set_xlabel(_label(lang, "place"))
    axes.set_ylabel(_label(lang, "share"))
    return _noted(axes, study, lang)


def composition_bars(
    comparison: Comparison,
    by: str = "cluster",
    tier: Stage = Stage.FINALISTS,
    *,
    names: tuple[str, str] | None = None,
    lang: str = "id",
    ax: _Axes | None = None,
) -> _Axes:
    """How many of *tier* have each value of *by* under two laws, with two standard errors.

    *names* call the laws.

    Raises:
        UnknownName, MissingExtra: as :func:`inclusion_curve`.
    """
    axes = _axes(ax)
    colours = _said()["colours"]
    first, other = comparison.first.counts(by, tier), comparison.other.counts(by, tier)
    values = sorted({*first, *other}, key=lambda value: -_value(first.get(value)))
    called = names or (
        comparison.first.setting.book.name,
        " + ".join(comparison.other.setting.book.reforms) or comparison.other.setting.book.name,
    )
    for place, (counts, colour, name) in enumerate(
        ((first, colours["first"], called[0]), (other, colours["other"], called[1]))
    ):
        rows = [at + _BAR * (place - _HALF) for at in range(len(values))]
        axes.barh(
            rows,
            [_value(counts.get(value)) for value in values],
            height=_BAR,
            xerr=[_times() * _error(counts.get(value)) for value in values],
            color=colour,
            label=name,
            error_kw={"elinewidth": _THIN, "capsize": _size("cap")},
        )
    axes.set_yticks(range(len(values)), [_named(lang, value) for value in values])
    axes.invert_yaxis()
    axes.set_xlabel(_label(lang, "count"))
    axes.legend(frameon=False, fontsize=_size("small"), loc="lower right")
    return _noted(axes, comparison.first, lang)


def measure_spread(
    studies: Mapping[str, Study],
    name: str,
    tier: Stage = Stage.FINALISTS,
    *,
    lang: str = "id",
    ax: _Axes | None = None,
) -> _Axes:
    """A measure of *tier* under several laws, by their names, with two standard errors.

    Raises:
        InvalidValue: no study, or no such measure.
        UnknownName, MissingExtra: as :func:`inclusion_curve`.
    """
    axes = _axes(ax)
    if not studies:
        raise InvalidValue("studies", studies, "one study or more")
    found = [study.measure(name, tier) for study in studies.values()]
    axes.errorbar(
        [_shown(name, each.value) for each in found],
        range(len(found)),
        xerr=[_times() * _shown(name, each.error) for each in found],
        fmt="o",
        color=_said()["colours"]["first"],
        markersize=_size("marker"),
        capsize=_size("cap"),
        linewidth=_THIN,
    )
    axes.set_yticks(range(len(found)), [*studies])
    axes.set_ylim(len(found) - _HALF, -_HALF)
    axes.set_xlabel(_measured(lang, name, tier))
    return _noted(axes, next(iter(studies.values())), lang)


def sensitivity(
    values: Sequence[float],
    studies: Sequence[Study],
    name: str,
    tier: Stage = Stage.FINALISTS,
    *,
    lever: str = "",
    lang: str = "id",
    ax: _Axes | None = None,
) -> _Axes:
    """A measure of *tier* against the *values* of a *lever*: a weight, a cap, a size.

    Raises:
        InvalidValue: not one study for each value, or no such measure.
        UnknownName, MissingExtra: as :func:`inclusion_curve`.
    """
    axes = _axes(ax)
    if len(values) != len(studies) or not studies:
        raise InvalidValue("studies", len(studies), f"a study for each of {len(values)} values")
    found = [study.measure(name, tier) for study in studies]
    axes.errorbar(
        values,
        [_shown(name, each.value) for each in found],
        yerr=[_times() * _shown(name, each.error) for each in found],
        fmt="o-",
        color=_said()["colours"]["first"],
        markersize=_size("marker"),
        capsize=_size("cap"),
        linewidth=_THIN,
    )
    axes.set_xlabel(lever)
    axes.set_ylabel(_measured(lang, name, tier))
    return _noted(axes, studies[0], lang)


def tile_map(
    study: Study,
    tier: Stage = Stage.FINALISTS,
    *,
    lang: str = "id",
    ax: _Axes | None = None,
) -> _Axes:
    """The mean number of innovations of *tier* by province, a square for each.

    Raises:
        UnknownName, MissingExtra: as :func:`inclusion_curve`.
    """
    axes = _axes(ax)
    matplotlib = _matplotlib()
    counts = study.counts("province", tier)
    known = {key: _value(counts.get(key)) for key in provinces()}
    most = max(known.values()) or 1
    shades = matplotlib.colormaps[_said()["colours"]["shade"]]
    for key, place in provinces().items():
        value = known[key]
        square = matplotlib.patches.Rectangle(
            (place.column, place.row), _TILE, _TILE, facecolor=shades(value / most)
        )
        axes.add_patch(square)
        dark = value / most < _said()["tiles"]["dark_below"]
        written = f"{place.short}\n{value:.{_said()['tiles']['decimals']}f}"
        axes.text(
            place.column + _TILE * _HALF,
            place.row + _TILE * _HALF,
            _decimal(written, lang),
            ha="center",
            va="center",
            color="white" if dark else "black",
            fontsize=_size("small") - 1,
        )
    axes.set_xlim(0, max(each.column for each in provinces().values()) + 1)
    axes.set_ylim(max(each.row for each in provinces().values()) + 1, 0)
    axes.set_aspect("equal")
    axes.axis("off")
    central = _value(counts.get(""))
    told = f"{_label(lang, 'map')}; {_label(lang, 'none')}: {central:.1f}"
    axes.text(
        _HALF,
        0,
        _decimal(told, lang),
        transform=axes.transAxes,
        ha="center",
        va="top",
        fontsize=_size("font"),
    )
    return _noted(axes, study, lang)


# What pictures share

_HALF = 1 / (1 + 1)
_FAINT = 1 / (1 + 1 + 1 + 1)
_THIN = _HALF + _FAINT
_BAR = _HALF - _FAINT / (1 + 1)
_TILE = 1 - _FAINT / (1 + 1 + 1 + 1)
_GAP = 1 + 1


@cache
def _said() -> Mapping[str, Any]:
    text = (resources.files("kipp.simulation") / "plots.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _matplotlib() -> Any:
    try:
        import matplotlib as mpl
        import matplotlib.figure
        import matplotlib.patches  # reached as an attribute
    except ImportError:
        raise MissingExtra("drawing a picture", "matplotlib", "plot") from None
    return mpl


def _axes(given: _Axes | None) -> _Axes:
    """The given axes, or those of a new figure at the size a paper prints it."""
    matplotlib = _matplotlib()
    size = _said()["size"]
    axes = given
    if axes is None:
        figure = matplotlib.figure.Figure(
            figsize=(size["width"], size["height"]), layout="constrained"
        )
        axes = figure.subplots()
    axes.tick_params(labelsize=size["font"])
    axes.xaxis.label.set_size(size["font"])
    axes.yaxis.label.set_size(size["font"])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def _noted(axes: _Axes, study: Study, lang: str) -> _Axes:
    """Say above the picture what it is of: whether made up, the seed, how many replications."""
    for axis in (axes.xaxis, axes.yaxis):
        if type(axis.get_major_formatter()).__name__ == "ScalarFormatter":
            axis.set_major_formatter(lambda value, _: _decimal(f"{value:g}", lang))
    field = study.setting.field
    text = _label(lang, "made_up" if field.made_up else "recorded")
    said = text.format(seed=study.setting.seed, replications=f"{study.replications:,}")
    axes.set_title(
        _decimal(said, lang),
        loc="right",
        fontsize=_size("small") - 1,
        color=_said()["colours"]["line"],
    )
    return axes


def _label(lang: str, name: str) -> str:
    labels = _said()["labels"]
    if lang not in labels:
        raise UnknownName("lang", lang, f"one of {', '.join(labels)}")
    found: str = labels[lang][name]
    return found


def measure_label(name: str, tier: Stage, lang: str) -> str:
    """What people call a measure of a tier."""
    _label(lang, "count")
    tiers, measures = _said()["tiers"][lang], _said()["measures"][lang]
    return f"{measures[name]}, {tiers[tier.name.lower()]}"


def _measured(lang: str, name: str, tier: Stage) -> str:
    return measure_label(name, tier, lang) + (" (%)" if MEASURES[name] else "")


def _named(lang: str, value: str) -> str:
    """What a picture calls a value; provinces are called by their short names."""
    if not value:
        return _label(lang, "none")
    known = provinces().get(value)
    return known.short if known else str(_said()["values"][lang].get(value, value))


def _decimal(text: str, lang: str) -> str:
    """Numbers as *lang* writes them: in Indonesian the comma and the point change places."""
    return text if lang == "en" else text.translate(_SWAPPED)


_SWAPPED = str.maketrans(",.", ".,")


def _shown(name: str, value: float) -> float:
    return _cent(value) if MEASURES[name] else value


def _cent(share: float) -> float:
    return share * _HUNDRED


_HUNDRED = 100


def _times() -> int:
    found: int = _said()["errors"]["times"]
    return found


def _size(name: str) -> float:
    found: float = _said()["size"][name]
    return found


def _value(found: Estimate | None) -> float:
    return 0.0 if found is None else found.value


def _error(found: Estimate | None) -> float:
    return 0.0 if found is None else found.error
