from __future__ import annotations

import pytest

from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.selection import Exit, Standing


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.DISQUALIFIED])
def test_one_may_withdraw_or_be_disqualified(standing: Standing) -> None:
    assert Exit(proposal="p", stage=Stage.OBJECTION, standing=standing).why == ""


@pytest.mark.parametrize(
    "standing",
    [Standing.SELECTED, Standing.NOT_SELECTED, Standing.TIED_AT_CUT, Standing.UNKNOWN],
)
def test_other_standings_are_no_exit(standing: Standing) -> None:
    with pytest.raises(InvalidValue, match=r"Exit.standing: expected withdrawn or disqualified"):
        Exit(proposal="p", stage=Stage.OBJECTION, standing=standing)
