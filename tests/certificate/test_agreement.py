"""Two verifiers that share no code accept and refuse the same certificates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import kipp_verify
from kipp.domain.errors import Faults
from kipp.io.canonical import canonical, digest
from kipp.io.certificate import verify
from kipp.io.formats import from_json
from kipp.rules.composition import Composition, Conflict
from kipp.rules.rulebook import Rulebook
from tests.certificate.cycles import Cycle, cycles
from tests.properties import test_composition as composition

OFTEN = settings(max_examples=2 * settings().max_examples)
"""A hundred cycles by default, four thousand in the thorough profile."""

LESS_OFTEN = settings(max_examples=settings().max_examples // 2)
"""For each of the many ways to forge."""

Content = dict[str, Any]


def opened(certificate: bytes) -> Content:
    content: Content = json.loads(certificate)["certificate"]
    return content


def sealed(content: Content) -> bytes:
    """What an attacker does last: the digest of what the certificate says by now."""
    return canonical({"certificate": content, "digest": digest(canonical(content))})


def both(certificate: bytes, files: dict[str, bytes], cycle: Cycle | None = None) -> list[bool]:
    """Whether each of the two accepts; with *cycle* they know its rulebook."""
    book, text = (cycle.book, cycle.rulebook()) if cycle else (None, None)
    return [
        verify(certificate, files, book=book).holds,
        kipp_verify.verify(certificate, files, text) == [],
    ]


@OFTEN
@given(cycles())
def test_both_accept_what_the_engine_certified(cycle: Cycle) -> None:
    certificate, files = cycle.certificate(), dict(cycle.files)

    assert verify(certificate, files, book=cycle.book).faults == ()
    assert kipp_verify.verify(certificate, files, cycle.rulebook()) == []
    assert both(certificate, files) == [True, True]


class TestOneFlippedBit:
    """Anywhere, in the certificate or in an input."""

    @given(cycles(), st.data())
    def test_is_caught(self, cycle: Cycle, data: st.DataObject) -> None:
        given = {"the certificate": cycle.certificate(), **cycle.files}
        name = data.draw(st.sampled_from(sorted(given)))
        changed = bytearray(given[name])
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] ^= 1 << data.draw(st.integers(0, 7))
        given[name] = bytes(changed)
        certificate = given.pop("the certificate")

        assert both(certificate, given) == [False, False]


# What an attacker changes in a certificate who knows the format.  Where a cycle has nothing of the
# kind, a stage is dropped instead: few cycles have a tie, and none is to be waited for.

Forgery = Callable[[Content, st.DataObject], None]


def rows_of(content: Content) -> Iterator[dict[str, list[Any]]]:
    return (stage["results"] for stage in content["stages"])


def swap_results(content: Content, data: st.DataObject) -> None:
    unlike = [
        (rows, one, other)
        for rows in rows_of(content)
        for one in rows
        for other in rows
        if one < other and rows[one] != rows[other]
    ]
    assume(unlike)
    rows, one, other = data.draw(st.sampled_from(unlike))
    rows[one], rows[other] = rows[other], rows[one]


def swap_fates(content: Content, data: st.DataObject) -> None:
    """Wherever the one stands, the other does.

    What screening found and what traits they have may be the certificate's own word: where the
    two differ in that, and in nothing else, the forged one would follow as well.
    """
    one, other = data.draw(st.permutations(sorted(content["final"])))[:2]
    assume(content["final"][one] != content["final"][other])
    assume("seleksi administrasi" not in (content["final"][one][0], content["final"][other][0]))
    assume(not any(cut["traits"] for stage in content["stages"] for cut in stage["cuts"]))
    spelt = json.dumps(content).replace(f'"{one}"', '"?"')
    spelt = spelt.replace(f'"{other}"', f'"{one}"').replace('"?"', f'"{other}"')
    content |= json.loads(spelt)


def change_a_score(content: Content, data: st.DataObject) -> None:
    scored = [row for rows in rows_of(content) for row in rows.values() if row[1] is not None]
    assume(scored)
    row = data.draw(st.sampled_from(scored))
    more = data.draw(st.sampled_from([Fraction(1), Fraction(-1), Fraction(1, 1000)]))
    row[1] = str(Fraction(row[1]) + more)


def change_a_rank(content: Content, data: st.DataObject) -> None:
    ranked = [row for rows in rows_of(content) for row in rows.values() if row[2] is not None]
    assume(ranked)
    data.draw(st.sampled_from(ranked))[2] += 1


def change_a_settlement(content: Content, data: st.DataObject) -> None:
    settled = [
        each for stage in content["stages"] for cut in stage["cuts"] for each in cut["settlements"]
    ]
    if not settled:
        drop_a_stage(content, data)
        return
    one = data.draw(st.sampled_from(settled))
    rest = [each for each in one["tied"] if each not in one["selected"]]
    changes: dict[str, object] = {
        "key": "draw" if one["key"] != "draw" else "evaluation",
        "seats": one["seats"] + 1,
        "selected": rest,
        "tied": one["tied"][1:],
        "values": one["values"][::-1] or [["p0", True]],
        "basis": f"{one.get('basis', '')}/",
        "still_tied": one["tied"],
    }
    unlike = sorted(name for name, value in changes.items() if one.get(name) != value)
    name = data.draw(st.sampled_from(unlike))
    one[name] = changes[name]


def change_a_cut(content: Content, data: st.DataObject) -> None:
    cuts = [cut for stage in content["stages"] for cut in stage["cuts"]]
    if not cuts:
        drop_a_stage(content, data)
        return
    cut = data.draw(st.sampled_from(cuts))
    name = data.draw(st.sampled_from(sorted(cut)))
    other: dict[type, object] = {list: ["p0", "p1"], dict: {"p0": {}}, int: 77, str: "umum"}
    changed = other.get(type(cut[name]), "1")
    assume(changed != cut[name])
    cut[name] = changed


def change_a_stop(content: Content, data: st.DataObject) -> None:
    stopped = content["stages"][-1]["stop"]
    if not stopped:
        drop_a_stage(content, data)
        return
    reason = data.draw(st.sampled_from(stopped))
    reason["values"] |= {data.draw(st.sampled_from(["seats", "stage", "path", "fact"])): "forged"}


def drop_a_stage(content: Content, data: st.DataObject) -> None:
    content["stages"].pop(data.draw(st.integers(0, len(content["stages"]) - 1)))


def change_the_end(content: Content, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(sorted(content["final"])))
    stage, standing = content["final"][one]
    content["final"][one] = data.draw(
        st.sampled_from([["terpuji", "terpilih"], [stage, "tidak terpilih"], ["finalis", standing]])
    )
    assume(content["final"][one] != [stage, standing])


def change_the_frame(content: Content, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["format", "rulebook", "law", "accept", "inputs", "more"]))
    content[name] = data.draw(st.sampled_from(["forged", [], {}, None]))


def forget_a_term(content: Content, data: st.DataObject) -> None:
    del content["law"]["terms"][data.draw(st.sampled_from(sorted(content["law"]["terms"])))]


def add_a_term(content: Content, data: st.DataObject) -> None:
    unread = {"type": "NotFound", "value": {"searched": "nothing"}}
    content["law"]["terms"]["theme"] = unread


@pytest.mark.parametrize(
    "forge",
    [
        swap_results,
        swap_fates,
        change_a_score,
        change_a_rank,
        change_a_settlement,
        change_a_cut,
        change_a_stop,
        drop_a_stage,
        change_the_end,
        change_the_frame,
        forget_a_term,
        add_a_term,
    ],
    ids=lambda forge: forge.__name__,
)
class TestForgedAndSealedAgain:
    """The digest is right again; replaying finds what the inputs and the law do not give."""

    @LESS_OFTEN
    @given(cycle=cycles(), data=st.data())
    def test_is_caught(self, forge: Forgery, cycle: Cycle, data: st.DataObject) -> None:
        content = opened(cycle.certificate())
        forge(content, data)

        assert both(sealed(content), dict(cycle.files)) == [False, False]


def changed_law(content: Content, data: st.DataObject) -> None:
    """Another value at one path, of the same kind as far as one can tell."""
    path = data.draw(st.sampled_from(sorted(content["law"]["terms"])))
    term = content["law"]["terms"][path]
    said = term["value"]
    if "value" not in said:
        said["note"] = "another"
        return
    value = said["value"]
    others: list[Any] = ["mean", "median", "evaluation", "finalists", "panel", "none", "7/8"]
    if type(value) is bool:
        others = [not value]
    elif type(value) is int:
        others = [value + 1, max(value - 1, 0)]
    elif type(value) is list and value:
        others = [value[1:], value[::-1]]
    elif type(value) is dict:
        others = [{"type": "Fraction", "value": str(Fraction(value["value"]) + 1)}]
    said["value"] = data.draw(st.sampled_from(others))
    assume(said["value"] != value)


def is_law(law: Content) -> bool:
    try:
        from_json(json.dumps(law), Rulebook)
    except Faults:
        return False
    return True


class TestATermOfLawChanged:
    """Who holds the rulebook sees it; without it, what counts is whether anything hangs on it."""

    @given(cycles(), st.data())
    def test_is_caught_with_the_rulebook(self, cycle: Cycle, data: st.DataObject) -> None:
        content = opened(cycle.certificate())
        changed_law(content, data)

        assert both(sealed(content), dict(cycle.files), cycle) == [False, False]

    @given(cycles(), st.data())
    def test_both_say_the_same_without_it(self, cycle: Cycle, data: st.DataObject) -> None:
        """Of any law that can be: the engine also looks at values that no stage came to use."""
        content = opened(cycle.certificate())
        changed_law(content, data)
        assume(is_law(content["law"]))
        one, other = both(sealed(content), dict(cycle.files))

        assert one is other

    @given(cycles(), st.data())
    def test_a_number_of_places_is_caught_without_it(
        self, cycle: Cycle, data: st.DataObject
    ) -> None:
        content = opened(cycle.certificate())
        terms = content["law"]["terms"]
        counted = [
            path
            for path in terms
            for stage, name in (("nominasi", "nominees"), ("finalis", "finalists"))
            if path.endswith(f"general.{name}")
            and isinstance(terms[path]["value"].get("value"), int)
            if any(
                cut["group"] == "umum" and cut["places"] is not None
                for each in content["stages"]
                if each["stage"] == stage
                for cut in each["cuts"]
            )
        ]
        assume(counted)
        terms[data.draw(st.sampled_from(counted))]["value"]["value"] += 1

        assert both(sealed(content), dict(cycle.files)) == [False, False]


def relisted(content: Content, files: dict[str, bytes]) -> None:
    """The digests of the *files* as they are by now."""
    content["inputs"] = [
        {"name": name, "digest": digest(text), "size": len(text)} for name, text in files.items()
    ]


def change_an_input(record: dict[str, Any], data: st.DataObject) -> None:
    """One thing that is recorded is recorded otherwise, or twice, or not at all."""
    names = [name for name in sorted(record) if record[name] and name != "histories"]
    name = data.draw(st.sampled_from(names))
    part = record[name]
    if isinstance(part, dict):
        key = data.draw(st.sampled_from(sorted(part)))
        unlike = [each for each in part.values() if each != part[key]]
        if data.draw(st.booleans()) and unlike:
            part[key] = unlike[0]
        else:
            del part[key]
        return
    at = data.draw(st.integers(0, len(part) - 1))
    what = data.draw(st.sampled_from(["drop", "twice", "change", "change", "change"]))
    if what == "drop":
        del part[at]
    elif what == "twice":
        part.append(deepcopy(part[at]))
    elif isinstance(part[at], dict):
        change_a_record(part[at], data)
    else:
        part[at] = "p8"


def change_a_record(record: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(record)))
    if name == "marks":
        key = data.draw(st.sampled_from(sorted(record["marks"]) or ["novelty"]))
        record["marks"][key] = data.draw(st.sampled_from([0, 1, 2, 3, "1/2", -1]))
        return
    others: dict[str, list[Any]] = {
        "group": ["umum", "khusus", None],
        "stage": ["finalis", "penilaian tim evaluasi", "nominasi"],
        "standing": ["mengundurkan diri", "didiskualifikasi", "terpilih"],
        "assessor": ["E1", "E2", "P1", "E9"],
        "weight": ["1/2", "2", "0"],
        "cycle": [2020, 2021],
        "withdrawn": [True, False],
        "submitted_at": ["2021-05-01T00:00:00Z", "2021-05-01", None],
        "chosen": [["p0"], ["p1"], []],
        "relations": [[], [{"agency": "made-up", "kind": "keluarga"}]],
    }
    record[name] = data.draw(st.sampled_from(others.get(name, ["p0", "p1", "p9", "E1"])))


class TestAnInputChangedAndListedAgain:
    """Its digest is written anew, and the certificate sealed again."""

    @OFTEN
    @given(cycles(), st.data())
    def test_both_say_the_same(self, cycle: Cycle, data: st.DataObject) -> None:
        content, files = opened(cycle.certificate()), dict(cycle.files)
        name = data.draw(st.sampled_from(sorted(files)))
        record = json.loads(files[name])
        change_an_input(record, data)
        files[name] = json.dumps(record).encode()
        relisted(content, files)
        one, other = both(sealed(content), files)

        assert one is other

    @given(cycles(), st.data())
    def test_a_mark_that_counted_is_caught(self, cycle: Cycle, data: st.DataObject) -> None:
        content, files = opened(cycle.certificate()), dict(cycle.files)
        name = max(files)
        record = json.loads(files[name])
        combine = content["law"]["terms"].get("evaluation.combine", {})
        assume(combine.get("value", {}).get("value") == "mean")
        scored = [
            sheet["marks"]
            for sheet in record["sheets"]
            for stage in content["stages"]
            if sheet["stage"] == stage["stage"] == "penilaian tim evaluasi"
            if [*sheet["marks"].values()] in ([0, 0], [1, 1], [2, 2])
            if (stage["results"].get(sheet["proposal"]) or [None] * 2)[1] is not None
        ]
        assume(scored)
        marks = data.draw(st.sampled_from(scored))
        marks |= {key: (mark + 1) % 3 for key, mark in marks.items()}
        files[name] = json.dumps(record).encode()
        relisted(content, files)

        assert both(sealed(content), files) == [False, False]


class TestComposition:
    """The walk that asks what can be filled finds what the engine's tree of sets finds."""

    @OFTEN
    @given(composition.met)
    def test_the_same_places(self, case: composition.Case) -> None:
        found = case.composed()
        assert isinstance(found, Composition)
        sets = sets_of(case)
        taken, ties, refused = sets.walk([sorted(equals) for equals in case.classes])

        assert tuple(taken) == found.taken
        assert [tuple(each) for each, _ in ties] == [each.candidates for each in found.ties]
        assert [seats for _, seats in ties] == [each.seats for each in found.ties]
        assert {key: tuple(names) for key, names in refused.items()} == {
            each.candidate: each.bound_by for each in found.refused
        }

    @given(composition.in_conflict)
    def test_the_same_conflicts(self, case: composition.Case) -> None:
        found = case.composed()
        assert isinstance(found, Conflict)
        sets = sets_of(case)
        stated = {
            "at_least": list(found.at_least),
            "at_most": list(found.at_most),
            "needed": found.needed,
            "possible": found.possible,
        }

        assert not sets.fits([0] * len(sets.names))
        assert sets.is_conflict(stated)
        for name in ("at_least", "at_most"):
            for less in range(len(stated[name])):  # type: ignore[arg-type]  # both are lists
                fewer = stated[name][:less] + stated[name][less + 1 :]  # type: ignore[index]  # so they are here
                assert not sets.is_conflict({**stated, name: fewer})
        assert not sets.is_conflict({**stated, "needed": found.needed + 1})


def sets_of(case: composition.Case) -> kipp_verify.Sets:
    demands = [
        {
            "name": each.name,
            "by": each.by,
            **({} if each.of is None else {"of": each.of}),
            "at_least": each.at_least,
            **({} if each.at_most is None else {"at_most": each.at_most}),
        }
        for each in case.demands
    ]
    return kipp_verify.Sets(demands, sorted(case.candidates), case.traits, case.places)


def nodes(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document: what it stands in, and its key there."""
    keys: Any = part.keys() if isinstance(part, dict) else range(len(part))
    for key in list(keys):
        yield part, key
        if isinstance(part[key], dict | list):
            yield from nodes(part[key])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
) | st.sampled_from(["1/0", "9" * 5000, 10**400, "\ud800", "type", [[]], {"type": "Cited"}])


class TestAnythingAnywhere:
    """A verdict, whatever stands in a certificate or an input: never an error of Python."""

    @given(cycles(), st.data())
    def test_in_a_certificate(self, cycle: Cycle, data: st.DataObject) -> None:
        content = opened(cycle.certificate())
        inside, key = data.draw(st.sampled_from(list(nodes(content))))
        before, inside[key] = inside[key], data.draw(ANYTHING)
        assume(inside[key] != before)
        body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for text in (body.encode("utf-8", "surrogatepass"), json.dumps(content).encode()):
            whole = b'{"certificate":%s,"digest":"%s"}' % (text, digest(text).encode())
            verify(whole, cycle.files)
            kipp_verify.verify(whole, dict(cycle.files), cycle.rulebook())
            kipp_verify.verify(whole, dict(cycle.files))

    @given(cycles(), st.data())
    def test_in_an_input(self, cycle: Cycle, data: st.DataObject) -> None:
        content, files = opened(cycle.certificate()), dict(cycle.files)
        name = data.draw(st.sampled_from(sorted(files)))
        record = json.loads(files[name])
        inside, key = data.draw(st.sampled_from(list(nodes(record))))
        inside[key] = data.draw(ANYTHING)
        files[name] = json.dumps(record).encode()
        relisted(content, files)
        both(sealed(content), files)

    @given(cycles(), st.data())
    def test_in_a_rulebook(self, cycle: Cycle, data: st.DataObject) -> None:
        book = json.loads(cycle.rulebook())
        inside, key = data.draw(st.sampled_from(list(nodes(book))))
        before, inside[key] = inside[key], data.draw(ANYTHING)
        assume(inside[key] != before)
        text = json.dumps(book).encode()

        assert kipp_verify.verify(cycle.certificate(), dict(cycle.files), text) != []
