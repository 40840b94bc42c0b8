"""A proposal: an innovation as entered in one cycle, group and category."""

from __future__ import annotations

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.checks import (
    COUNT,
    FLAG,
    MOMENT,
    NAME,
    NUMBER,
    every,
    held,
    maybe,
    of,
    require,
    row,
)
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateTime
from kipp.domain.innovation import Innovation

__all__ = ["Proposal"]


_WORDS = row("a section and its number of words", NAME, COUNT)

_PROPOSAL = {
    "id": NAME,
    "innovation": of(Innovation),
    "cycle": NUMBER,
    "group": maybe(of(Group)),
    "category": maybe(NAME),
    "submitted_at": maybe(MOMENT),
    "withdrawn": FLAG,
    "disqualified": FLAG,
    "invited": maybe(FLAG),
    "documents": maybe(every(NAME)),
    "words": maybe(every(_WORDS)),
    "video_minutes": maybe(COUNT),
    "careless": maybe(FLAG),
    "mou": maybe(FLAG),
}


@attrs.frozen(kw_only=True, field_transformer=held(_PROPOSAL))
class Proposal:
    """A proposal (*proposal inovasi*); ``None`` means not recorded.

    *documents* are keys of the rulebook's document list; *words* maps a section to its number of
    words; *careless* records a reader's finding; *invited* whether the minister invited it.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a blank id, a negative number, a moment without its offset.
    """

    id: str
    innovation: Innovation
    cycle: int
    group: Group | None = None
    category: str | None = None
    submitted_at: DateTime | None = None
    withdrawn: bool = False
    disqualified: bool = False
    invited: bool | None = None
    documents: tuple[str, ...] | None = None
    words: tuple[tuple[str, int], ...] | None = None
    video_minutes: int | None = None
    careless: bool | None = None
    mou: bool | None = None

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def agency(self) -> AgencyKey:
        """The agency the proposal counts for."""
        return self.innovation.agency

    @property
    def title(self) -> str:
        """The title of the innovation."""
        return self.innovation.title

    @property
    def started(self) -> Date | None:
        """The first day of implementation, if recorded."""
        return self.innovation.started
