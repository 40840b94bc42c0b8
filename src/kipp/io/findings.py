"""What a rule or the register finds about one record, and where in the record: not yet a fault."""

from __future__ import annotations

import attrs

from kipp.io.document import Path
from kipp.rules.decision import Reason, RuleId

__all__ = ["Finding", "of_the_law"]


@attrs.frozen
class Finding:
    """A *reason* against a record, or one that leaves it open, with the part it looked at.

    *value* is what stands there.  *law* says that it does not depend on the record but on the
    cycle, so that a run says it once; *rule* asked, where one did.
    """

    reason: Reason
    path: Path = ()
    value: object = None
    law: bool = False
    rule: RuleId | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """What two findings share that say the same."""
        return self.reason.code, self.reason.values, () if self.law else self.path


def of_the_law(reason: Reason) -> bool:
    """Whether *reason* depends on the cycle alone: a contest not held, a value nobody found.

    The day that an age counts from, and sources that disagree, matter to some records only: to
    those that one reading admits and another does not.
    """
    path = dict(reason.values).get("path")
    match reason.code:
        case "NO_KIPP_HELD" | "CRITERIA_OF_OTHER_YEARS":
            return True
        case "VALUE_NOT_FOUND":
            return path != _OF_SOME
        case "VALUE_DISPUTED":
            return path == "held" or str(path).endswith(".offered")
        case _:
            return False


_OF_SOME = "minimum_age.counts_from"
