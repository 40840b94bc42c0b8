"""A proposal as it is handed in to be judged."""

from __future__ import annotations

import attrs

from kipp.domain.award import AwardHistory
from kipp.domain.proposal import Proposal

__all__ = ["Submission"]


@attrs.frozen(kw_only=True)
class Submission:
    """A proposal with what its innovation reached before; no *history*: nobody recorded it.

    A plain proposal reads as one without history.
    """

    proposal: Proposal
    history: AwardHistory | None = None
