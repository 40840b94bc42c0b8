"""Reading much at once: the collector of cycles waits until everything is there.

Values in their thousands are looked at again and again by the collector while they are made, and
nothing of them can be garbage yet: that is up to a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading"]


@contextmanager
def loading() -> Iterator[None]:
    """Keep the collector from running inside; afterwards, also after an error, it is as before.

    Where it is off already, nothing is done.  Not for a generator's body: it would stay off
    between two values.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
