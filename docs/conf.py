"""How Sphinx builds the documentation; a warning is an error (``make docs``)."""

from __future__ import annotations

import sys
from pathlib import Path

import kipp

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "kipp"
author = "the kipp contributors"
copyright = "2026, the kipp contributors"
version = release = kipp.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "kippdocs",
]
exclude_patterns = ["_build", "_ext"]

html_theme = "furo"
html_static_path = ["_static"]
html_title = f"kipp {release}"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

napoleon_numpy_docstring = False

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
