"""The yearly contest (*periode KIPP*): its groups, its stages, and how an innovation is entered."""

from __future__ import annotations

import enum

import attrs

from kipp.domain.checks import DAY, every, held, maybe, require
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue

__all__ = ["Group", "Schedule", "Stage"]


class Group(enum.StrEnum):
    """Group of a contest (*kelompok*): general, replication, special."""

    GENERAL = "umum"
    REPLICATION = "replikasi"
    SPECIAL = "khusus"

    @property
    def key(self) -> str:
        """The word used in rulebook paths: ``general``, ``replication``, ``special``."""
        return self.name.lower()


class Stage(enum.StrEnum):
    """Stage of a contest (*tahap*), in order."""

    REGISTERED = "terdaftar"
    SCREENING = "seleksi administrasi"
    EVALUATION = "penilaian tim evaluasi"
    NOMINATION = "nominasi"
    FINALISTS = "finalis"
    OBJECTION = "uji publik"
    PANEL = "tim panel independen"
    VERIFICATION = "verifikasi lapangan"
    WINNERS = "terpuji"


_SCHEDULE = {"opens": maybe(DAY), "closes": every(DAY)}


@attrs.frozen(kw_only=True, field_transformer=held(_SCHEDULE))
class Schedule:
    """When one may register: the first day, and every announced close, oldest first.

    Both ends are included.  Several closes were extended; age counts from the last one.

    Raises:
        InvalidType: a day that is no pendulum date.
        InvalidValue: no close at all.
    """

    opens: Date | None
    closes: tuple[Date, ...]

    def __attrs_post_init__(self) -> None:
        require(self)
        if not self.closes:
            raise InvalidValue("Schedule.closes", self.closes, "at least one announced close")

    @property
    def close(self) -> Date:
        """The close that counts: the last one announced."""
        return self.closes[-1]
