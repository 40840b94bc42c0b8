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
    ("simulation/luck.py", "8"): "Philox4x64 gives four words, each two normal numbers",
    ("simulation/luck.py", "64"): "bits of a word of Philox4x64",
    ("simulation/luck.py", "32"): "bits of half a word of Philox4x64",
    ("simulation/luck.py", "4"): "words of Philox4x64",
    ("simulation/luck.py", "10"): "rounds of Philox4x64-10",
    ("simulation/luck.py", "15197193596820024467"): "a multiplier of Philox4x64 (Salmon 2011)",
    ("simulation/luck.py", "14581110107779764567"): "a multiplier of Philox4x64 (Salmon 2011)",
    ("simulation/luck.py", "11400714819323198485"): "a step of Philox4x64 (golden ratio)",
    ("simulation/luck.py", "13503953896175478587"): "a step of Philox4x64 (square root of 3)",
    ("simulation/luck.py", "24"): "bits that a number of single precision holds",
    ("simulation/luck.py", "2"): "halving and doubling in the transform of Box and Muller",
    ("simulation/measures.py", "20"): "a share is counted in steps of 2**-20",
    ("simulation/study.py", "10000"): "replications of a study unless said otherwise",
    ("simulation/study.py", "17"): "numbers of a batch that fit a processor's cache, 2**17",
    ("simulation/work.py", "8"): "replications of one part of the work, 2**8",
    ("simulation/work.py", "22"): "below 2**22 starting processes costs more than it saves",
    ("simulation/work.py", "5"): "tries of a part whose worker died",
    ("cli/application.py", "10000"): "replications of a study unless said otherwise",
    ("cli/application.py", "8"): "how far one assessor strays unless said otherwise",
    ("simulation/plots.py", "300"): "dots per inch that a paper prints",
    ("simulation/plots.py", "100"): "a share in percent",
}
