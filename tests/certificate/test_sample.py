"""A certificate that was written once stays verifiable, by both, for good."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import kipp_verify
from kipp.domain.errors import InvalidValue
from kipp.io.canonical import canonical, digest
from kipp.io.certificate import FORMAT, certify, verify
from kipp.io.formats import from_json, to_json
from kipp.rules.rulebook import Rulebook
from tests.certificate.cycles import files_of
from tests.certificate.sample import BOOK, CERTIFICATE, CONTEST, INPUT, RULEBOOK, inputs, selected
from tests.contest import contest

KEPT = CERTIFICATE.read_bytes()
DIGEST = "sha256:a6f451d91275acfe2deb11b71eab999c20d8bb1504bd92487f3165daa1e9c8be"
"""Published here, so to say: whoever rewrites the sample has to rewrite this line as well."""


def verified(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The second verifier as a file that was copied somewhere, without kipp beside it."""
    code = Path(kipp_verify.__file__ or "")
    return subprocess.run(
        [sys.executable, "-I", "-W", "error", str(code), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_both_verify_the_kept_certificate() -> None:
    book = from_json(RULEBOOK.read_text(encoding="utf-8"), Rulebook)

    assert verify(KEPT, inputs(), book=book).faults == ()
    assert verify(KEPT, inputs()).digest == DIGEST
    assert kipp_verify.verify(KEPT, inputs(), RULEBOOK.read_bytes()) == []
    assert {FORMAT, kipp_verify.FORMAT} == {"kipp-certificate/1"}


def test_the_engine_still_writes_it_to_the_letter() -> None:
    """So far there is one format; with a later one this test goes, the one above stays."""
    assert certify(selected(BOOK, inputs()), BOOK, inputs()) == KEPT


class TestOnTheCommandLine:
    @pytest.mark.parametrize("asked", ["-h", "--help"])
    def test_help(self, asked: str) -> None:
        done = verified(asked)

        assert (done.returncode, done.stdout) == (0, f"{kipp_verify.USAGE}\n")

    def test_it_holds(self) -> None:
        done = verified(CERTIFICATE, INPUT, "--rulebook", RULEBOOK)

        assert (done.returncode, done.stdout) == (0, f"holds {DIGEST}\n")

    def test_what_it_takes_on_trust_is_said(self) -> None:
        done = verified(CERTIFICATE, INPUT)

        assert done.stdout.startswith("note: rulebook: only the form of its digest was looked at")
        assert done.stdout.endswith(f"\nholds {DIGEST}\n")

    def test_it_does_not_hold(self, tmp_path: Path) -> None:
        changed = tmp_path / INPUT.name
        changed.write_bytes(INPUT.read_bytes().replace(b'"novelty":80', b'"novelty":81', 1))
        done = verified(CERTIFICATE, changed)

        assert done.returncode == 1
        assert done.stdout.startswith('certificate.inputs[0].digest: stated "sha256:')
        assert done.stdout.endswith(f"\ndoes not hold {DIGEST}\n")

    @pytest.mark.parametrize(
        "arguments",
        [(), ("nowhere.json",), (CERTIFICATE, INPUT, INPUT), (CERTIFICATE, "--rulebook"), ("-v",)],
    )
    def test_wrong_use(self, arguments: tuple[object, ...]) -> None:
        done = verified(*arguments)

        assert done.returncode == 2
        assert done.stderr.startswith("usage: ")
        assert "Traceback" not in done.stderr


NO_CERTIFICATES = [
    b"",
    b"\xff",
    b"null",
    b"[" * 100_000,
    b'{"certificate":{},"digest":""}',
    b'{"certificate":{},"certificate":{},"digest":""}',
    b'{"certificate":1e400,"digest":"sha256:"}',
    b'{"certificate":' + b"9" * 5000 + b',"digest":""}',
    KEPT + b"\n",
    b" " + KEPT,
    KEPT[: len(KEPT) // 2],
]


@pytest.mark.parametrize("content", NO_CERTIFICATES, ids=range(len(NO_CERTIFICATES)))
def test_what_is_no_certificate(content: bytes) -> None:
    found = kipp_verify.verify(content, inputs())

    assert len(found) == 1
    assert not verify(content, inputs()).holds


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 100_000, b"null", b"[]", b'{"x":1}'])
def test_what_is_no_input(content: bytes) -> None:
    """Listed with its digest, and sealed again: nothing follows from it, and nothing breaks."""
    said = json.loads(KEPT)["certificate"]
    said["inputs"] = [{"name": "x", "digest": digest(content), "size": len(content)}]
    changed = canonical({"certificate": said, "digest": digest(canonical(said))})

    assert len(kipp_verify.verify(changed, {"x": content})) == 1
    assert not verify(changed, {"x": content}).holds


def _sealed(said: dict[str, Any]) -> bytes:
    return canonical({"certificate": said, "digest": digest(canonical(said))})


ODD_INPUTS: list[dict[str, Any]] = [
    {"exits": None},
    {"decisions": None},
    {"histories": None},
    {"visited": ["A-2"]},
]


@pytest.mark.parametrize("odd", ODD_INPUTS, ids=str)
def test_what_no_input_may_say_beside_the_rest(odd: dict[str, Any]) -> None:
    """In a second file, listed with its digest: no null for a list, no finalist visited twice."""
    content = json.dumps(odd).encode()
    said = json.loads(KEPT)["certificate"]
    said["inputs"].append({"name": "z.json", "digest": digest(content), "size": len(content)})
    given = {**inputs(), "z.json": content}

    (finding,) = kipp_verify.verify(_sealed(said), given)
    assert min(odd) in finding
    assert not verify(_sealed(said), given).holds


@pytest.mark.parametrize(
    "change",
    [
        lambda terms: terms["marks.quantum"]["value"]["value"].update(value="2/2"),
        lambda terms: terms["marks.quantum"]["value"].update(citations=[]),
    ],
)
def test_law_that_is_not_written_so(change: Callable[[dict[str, Any]], None]) -> None:
    said = json.loads(KEPT)["certificate"]
    change(said["law"]["terms"])

    assert len(kipp_verify.verify(_sealed(said), inputs())) == 1
    assert not verify(_sealed(said), inputs()).holds


def test_a_cut_that_could_not_be_made_shows_no_traits_so_the_input_must() -> None:
    strict = {"stage": "finalists", "by": "province", "of": "A", "at_least": 3}
    demands = {"composition.quota": "demands", "composition.demands": [strict]}
    book = contest({**demands, "selection.withdrawals": True, "field_verification.held": True})
    given = attrs.evolve(CONTEST, decisions=())
    bare = attrs.evolve(given, traits=None)
    selection = selected(book, files_of(given))

    assert kipp_verify.verify(certify(selection, book, files_of(given)), files_of(given)) == []
    with pytest.raises(InvalidValue, match="the traits that the demands ask for"):
        certify(selection, book, files_of(bare))


def test_a_rulebook_that_is_not_the_one() -> None:
    other = contest({"marks.highest": 99})
    name = attrs.evolve(other, name="another")

    for book in (other, name):
        assert not verify(KEPT, inputs(), book=book).holds
        assert kipp_verify.verify(KEPT, inputs(), to_json(book).encode()) != []
    assert len(kipp_verify.verify(KEPT, inputs(), b"{}")) == 1
