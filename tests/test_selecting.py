"""Selecting and verifying with the packaged rulebooks and agencies."""

from __future__ import annotations

import json
from typing import Any

import pytest

import kipp
from kipp.assumptions import example
from kipp.domain.errors import Faults
from kipp.io.certificate import certify
from kipp.rules.selection import select

BOOK = kipp.rulebook(2021).assume(example(2021))


def entered(name: str, **facts: Any) -> dict[str, Any]:
    innovation = {
        "id": f"I-{name}",
        "title": f"Contoh {name}",
        "agency": "kota-ambon",
        "started": "2017-01-01",
        "sdgs": [3],
    }
    return {"id": name, "innovation": innovation, "cycle": 2021, "group": "umum", **facts}


def sheets(name: str, mark: int) -> list[dict[str, Any]]:
    keys = [each.key for each in BOOK["groups.general.criteria"].value if each.weight]  # type: ignore[union-attr]  # assumed above
    return [
        {"proposal": name, "stage": stage, "assessor": who, "marks": dict.fromkeys(asked, mark)}
        for stage, who, asked in (
            ("penilaian tim evaluasi", "E-1", keys),
            ("penilaian tim evaluasi", "E-2", keys),
            ("finalis", "P-1", ["nilai"]),
            ("tim panel independen", "P-1", ["nilai"]),
        )
    ]


def files(**parts: Any) -> dict[str, bytes]:
    whole = {
        "proposals": [entered("a"), entered("b")],
        "sheets": [*sheets("a", 70), *sheets("b", 80)],
        **parts,
    }
    return {"contest.json": json.dumps(whole).encode()}


class TestScreening:
    """Without a word of the files kipp judges, when it selects and when it verifies."""

    INPUTS = files(histories=[{"innovation": "I-a"}, {"innovation": "I-b"}])

    def test_is_judged_again_under_the_rulebook(self) -> None:
        found = kipp.select_contest(kipp.read_contest(self.INPUTS), book=BOOK)
        certificate = kipp.certify(found, book=BOOK, inputs=self.INPUTS)

        assert kipp.verify(certificate, self.INPUTS, book=BOOK).holds
        assert kipp.verify(certificate, self.INPUTS).holds

    def test_a_forged_one_is_found_with_the_rulebook(self) -> None:
        contest = kipp.read_contest(self.INPUTS)
        forged = select(
            BOOK,
            contest.proposals,
            contest.sheets,
            screened={"a": kipp.Outcome.MET, "b": kipp.Outcome.NOT_MET},
        )
        certificate = certify(forged, BOOK, self.INPUTS)

        assert kipp.verify(certificate, self.INPUTS).holds
        assert not kipp.verify(certificate, self.INPUTS, book=BOOK).holds


class TestRelations:
    """A relation to a name that is no key would never keep an assessor from a proposal."""

    @pytest.mark.parametrize("agency", ["Kota Ambon", "KOTA-AMBON", "kota-ambon "])
    def test_to_what_is_no_key(self, agency: str) -> None:
        bound = [{"key": "E-1", "relations": [{"agency": agency, "kind": "bekerja"}]}]
        contest = kipp.read_contest(files(assessors=bound))

        with pytest.raises(Faults, match=r"Relation\.agency: expected a key of the registry"):
            kipp.select_contest(contest, book=BOOK)
        with pytest.raises(Faults, match=r"Relation\.agency"):
            kipp.select(
                contest.proposals,
                contest.sheets,
                book=BOOK,
                histories={},
                assessors=contest.assessors,
            )

    def test_to_a_key(self) -> None:
        bound = [
            {"key": "E-1", "relations": [{"agency": "kota-ambon", "kind": "bekerja"}]},
            {"key": "E-2"},
            {"key": "P-1"},
        ]
        contest = kipp.read_contest(files(assessors=bound))

        with pytest.raises(Faults, match="nobody bound to kota-ambon"):
            kipp.select_contest(contest, book=BOOK)
