"""The one list of figures that may stand in code.

Key: the file below ``src/kipp`` and the literal as Python prints it.  Value: why it is neither a
number of the law nor a term of a cycle.  An entry that no longer occurs fails the tests.
"""

from __future__ import annotations

ALLOWED: dict[tuple[str, str], str] = {
    ("domain/innovation.py", "17"): (
        "the Sustainable Development Goals of the United Nations are numbered 1 to 17; "
        "no rule of the contest says so"
    ),
    ("rules/lots.py", "65536"): "RFC 3797 counts the turns of a draw in two bytes",
}
