"""How property tests run: the same examples everywhere, or many random ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A fresh clone answers the same on every machine: examples are derived from the test itself.
settings.register_profile(
    "default",
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    max_examples=2000,
    derandomize=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("KIPP_TEST_PROFILE", "default"))
