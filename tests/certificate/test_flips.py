"""Every byte of a certificate and of its input, one at a time, is caught by both verifiers."""

from __future__ import annotations

import json

import kipp_verify
from kipp.io.certificate import verify
from tests.certificate.sample import CERTIFICATE, INPUT, inputs

KEPT, GIVEN = CERTIFICATE.read_bytes(), INPUT.read_bytes()


def flipped(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


def test_every_byte_of_the_certificate() -> None:
    for place in range(len(KEPT)):
        changed = flipped(KEPT, place, 1 << place % 8)

        assert not verify(changed, inputs()).holds, place
        assert kipp_verify.verify(changed, inputs()) != [], place


def test_every_byte_of_the_input() -> None:
    for place in range(len(GIVEN)):
        changed = {INPUT.name: flipped(GIVEN, place, 1 << place % 8)}

        assert not verify(KEPT, changed).holds, place
        assert kipp_verify.verify(KEPT, changed) != [], place


def test_each_bit_of_the_digest() -> None:
    """Capitals are not the digits that the format asks for."""
    start = KEPT.rindex(json.loads(KEPT)["digest"].encode())
    for place in range(start, len(KEPT)):
        for bit in range(8):
            changed = flipped(KEPT, place, 1 << bit)

            assert not verify(changed, inputs()).holds, place
            assert kipp_verify.verify(changed, inputs()) != [], place


def test_a_file_of_another_name_one_more_and_none() -> None:
    for files in ({"x.json": GIVEN}, {INPUT.name: GIVEN, "x.json": b"{}"}, {}):
        assert not verify(KEPT, files).holds
        assert kipp_verify.verify(KEPT, files) != []
