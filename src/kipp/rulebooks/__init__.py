"""The packaged rulebooks (*petunjuk pelaksanaan* as data) and the loader for anybody's own."""

from __future__ import annotations

from kipp.rulebooks.loader import (
    cycles,
    duty_book,
    fiscal_years,
    hubs_book,
    incentive_book,
    load,
    rulebook,
)

__all__ = ["cycles", "duty_book", "fiscal_years", "hubs_book", "incentive_book", "load", "rulebook"]
