"""The published record: every award with its agency and province, and the codes of regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kipp.demo.lines import Line, Tables, line_of, settings
from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.citation import Evidence
from kipp.domain.dates import Date
from kipp.domain.record import AwardRow
from kipp.rules.resolution import Resolution, Resolved, Unresolvable, Unresolved, resolve

__all__ = ["record_lines"]


def record_lines(tables: Tables) -> Iterator[Line]:
    """Awards by year and tier, each with the agency it resolves to or the reason why not."""
    rows = tables.record.awards
    answers = [(row, resolve(tables.agencies, row.agency_name, row.year)) for row in rows]
    tiers: dict[tuple[int, str], list[tuple[AwardRow, Resolution]]] = {}
    for row, answer in answers:
        tiers.setdefault((row.year, row.tier_key), []).append((row, answer))
    for (year, tier), pairs in tiers.items():
        found = sum(isinstance(answer, Resolved) for _, answer in pairs)
        counts = {"count": len(pairs), "resolved": found}
        named = dict.fromkeys((row.tier.size, row.tier.level, row.tier.group) for row, _ in pairs)
        about = {"year": year, "tier": tier, "levels": tuple(named)}
        yield line_of("demo.awards", [row for row, _ in pairs], **about, **counts)
        yield from (_award(row, answer) for row, answer in pairs)
    resolved = sum(isinstance(answer, Resolved) for _, answer in answers)
    yield line_of("demo.resolved", rows, resolved=resolved, count=len(rows))
    yield from _provinces(answers)
    yield _codes(tables)


def _award(row: AwardRow, answer: Resolution) -> Line:
    if isinstance(answer, Unresolved):
        values: dict[str, object] = {"name": row.agency_name, "reason": answer.reason}
        return line_of("demo.unresolved", [row], year=row.year, **values)
    values = {"innovation": row.innovation, "name": row.agency_name, "agency": answer.agency.key}
    return line_of("demo.award", [row], year=row.year, tier=row.tier_key, **values)


def _provinces(answers: Iterable[tuple[AwardRow, Resolution]]) -> Iterator[Line]:
    """Awards of local governments by province: that of the last day of the award's year."""
    by_province: dict[AgencyKey, list[tuple[AwardRow, AgencyKey]]] = {}
    for row, answer in answers:
        if isinstance(answer, Resolved):
            province = _province(answer.agency, Date(row.year, 1, 1).end_of("year"))
            if province is not None:
                by_province.setdefault(province, []).append((row, answer.agency.key))
    for province, pairs in sorted(by_province.items()):
        counts = {"count": len(pairs), "agencies": len({key for _, key in pairs})}
        yield line_of("demo.province", [row for row, _ in pairs], province=province, **counts)


def _province(agency: Agency, on: Date) -> AgencyKey | None:
    return agency.key if agency.kind is AgencyKind.PROVINCE else agency.province_on(on)


def _codes(tables: Tables) -> Line:
    """How many codes lead back to their region, and where the two schemes differ."""
    evidence = Evidence(settings()["codes"]["evidence"])
    bearers = [agency for agency in tables.agencies if agency.identifiers]
    codes = [(agency, code) for agency in bearers for code in agency.identifiers]
    found = sum(_leads_back(resolve(tables.agencies, str(c), None), a) for a, c in codes)
    local = [agency for agency in bearers if agency.kind is not AgencyKind.PROVINCE]
    differ = sum(len({code.code.replace(".", "") for code in a.identifiers}) > 1 for a in local)
    values = {"codes": len(codes), "found": found, "differ": differ, "local": len(local)}
    sources = tuple(dict.fromkeys(agency.source for agency in bearers))
    return Line("demo.codes", tuple(values.items()), sources, evidence)


def _leads_back(answer: Resolution, agency: Agency) -> bool:
    """An administrative region is named too, though it is no agency of the contest."""
    if isinstance(answer, Resolved):
        return answer.agency == agency
    administrative = answer.reason is Unresolvable.ADMINISTRATIVE
    return administrative and answer.candidates == (agency.key,)
