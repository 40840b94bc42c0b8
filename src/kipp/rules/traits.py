"""What demands of composition can ask of a proposal, as far as the registry and it say so.

Indonesian: *klaster, kelompok, kategori, provinsi, instansi*.  Island groups and disadvantaged
areas stand in no table of kipp: who demands something of them records them per proposal.
"""

from __future__ import annotations

from kipp.domain.agency import Agency
from kipp.domain.dates import Date
from kipp.domain.proposal import Proposal

__all__ = ["traits_of"]


def traits_of(proposal: Proposal, agency: Agency | None, on: Date) -> dict[str, str]:
    """Agency, cluster (its kind), group, category and region (its province) of a proposal.

    *on* is the day the province is asked for.  What is not recorded is not there.
    """
    kind = agency.kind if agency else None
    found = {
        "agency": str(proposal.agency),
        "cluster": kind.name.lower() if kind else None,
        "group": proposal.group.key if proposal.group else None,
        "category": proposal.category,
        "region": agency.province_on(on) if agency else None,
    }
    return {name: value for name, value in found.items() if value is not None}
