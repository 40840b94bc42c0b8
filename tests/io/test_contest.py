from __future__ import annotations

import json

import pytest

from kipp.domain.errors import Faults, InvalidType
from kipp.domain.selection import Exit
from kipp.io.certificate import read_contest
from kipp.io.contest import Contest, join
from kipp.rules.decision import Outcome

WITHDREW = {"proposal": "p", "stage": "uji publik", "standing": "mengundurkan diri"}


def content(**parts: object) -> bytes:
    return json.dumps(parts).encode()


def faults(inputs: dict[str, bytes]) -> list[str]:
    with pytest.raises(Faults) as caught:
        read_contest(inputs)
    return [str(fault) for fault in caught.value.faults]


class TestSeveralFiles:
    """Together they are one contest."""

    def test_lists_are_joined_and_maps_added(self) -> None:
        found = read_contest(
            {
                "b.json": content(exits=[WITHDREW], screened={"q": "tidak terpenuhi"}),
                "a.json": content(screened={"p": "terpenuhi"}, visited=["p"]),
            }
        )

        assert [type(each) for each in found.exits] == [Exit]
        assert found.screened == {"p": Outcome.MET, "q": Outcome.NOT_MET}
        assert (found.visited, found.assessors, found.traits) == (("p",), None, None)

    def test_nothing_is_not_recorded(self) -> None:
        assert read_contest({}) == join([]) == Contest()

    def test_an_empty_list_is_recorded(self) -> None:
        assert read_contest({"a.json": content(assessors=[])}).assessors == ()

    def test_nobody_is_named_twice(self) -> None:
        both = {"p": "terpenuhi"}

        assert faults({"a": content(screened=both), "b": content(screened=both)}) == [
            "screened: expected each proposal in one file only, got 'p'"
        ]


class TestFaults:
    def test_of_all_files_at_once(self) -> None:
        found = faults({"a.json": b"{", "b.json": b'{"sheets": 1}', "c.json": b'"\xff"'})

        assert len(found) == 3
        assert "a.json" in found[0]
        assert "b.json, line 1, $.sheets" in found[1]
        assert found[2] == "c.json: expected text in UTF-8, got b'\\xff'"

    def test_a_part_that_no_contest_has(self) -> None:
        (said,) = faults({"a.json": content(winners=["p"])})

        assert "winners" in said

    def test_no_bytes(self) -> None:
        with pytest.raises(InvalidType, match="inputs"):
            read_contest({"a.json": "{}"})  # type: ignore[dict-item]  # what is asked
