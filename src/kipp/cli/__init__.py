"""The command line: ``kipp demo``, ``rulebook``, ``resolve``, ``judge``, ``select`` and more.

A thin face of the library: each command asks one public function and prints its reasons, or with
``--json`` the answer itself.  The exit status is that of :class:`Exit`.  It needs the extra
``cli`` (click), which is loaded when :func:`main` runs.
"""

from __future__ import annotations

from kipp.cli.shell import main
from kipp.cli.shown import Exit, Shown

__all__ = ["Exit", "Shown", "main"]
