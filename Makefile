# Every target installs what it needs by itself: only Python 3.11 or newer and make must be there.
# The project is installed editable, so a change in src needs no new installation; a change in
# pyproject.toml does.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-pure thorough faults lint format types imports docs wheel check clean

# The first interpreter that is new enough; `make PYTHON=... test` names another one.
NEW_ENOUGH := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	if $$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$python; break; fi; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What the command and the demonstration need: a name, for a comma would end an argument of call.
SHOWN := cli,certificate

DEMO := .venv/demo
DEV := .venv/dev
WHEEL := .venv/wheel

# Worker processes of the test suite; 0 runs it in one process.  A file stays in one process: a later
# block of a page uses the names of an earlier one.
JOBS ?= auto

define environment
$(if $(PYTHON),,$(error kipp needs Python 3.11 or newer with venv; name one with PYTHON=...))
rm -rf $(1)
$(PYTHON) -m venv $(1)
$(1)/bin/python -m pip install --quiet $(2)
endef

help:
	@echo 'make demo      run the demonstration in an environment of its own'
	@echo 'make test      run the whole test suite, doctests and code blocks of the docs included'
	@echo 'make test-pure run the domain and rule tests without the compiled part of pendulum'
	@echo 'make thorough  run the property tests with many more, random examples'
	@echo 'make faults    plant faults in a copy and see the tests catch them (FAMILY=cap for one)'
	@echo 'make lint      check style and formatting      make format   repair both'
	@echo 'make types     check the types of src and tests'
	@echo 'make imports   check who may import whom'
	@echo 'make docs      build the documentation, warnings are errors'
	@echo 'make wheel     build the wheel, install it elsewhere and try it'
	@echo 'make check     lint, types, imports, test, docs'
	@echo 'make clean     remove environments, caches and built files'

$(DEMO)/.installed: pyproject.toml
	$(call environment,$(DEMO),-e '.[$(SHOWN)]')
	@touch $@

$(DEV)/.installed: pyproject.toml
	$(call environment,$(DEV),-e '.[dev]')
	@touch $@

demo: $(DEMO)/.installed
	@$(DEMO)/bin/kipp demo

test: $(DEV)/.installed
	$(DEV)/bin/python -m pytest -n $(JOBS) --maxprocesses 8 --dist loadfile --cov --cov-fail-under=100

test-pure: $(DEV)/.installed
	PENDULUM_EXTENSIONS=0 $(DEV)/bin/python -m pytest -q -n $(JOBS) --maxprocesses 8 --dist loadfile \
		src/kipp/domain src/kipp/rules $(wildcard tests/domain tests/rules tests/properties)

thorough: $(DEV)/.installed
	KIPP_TEST_PROFILE=thorough $(DEV)/bin/python -m pytest -n $(JOBS) --maxprocesses 8 --dist loadfile

faults: $(DEV)/.installed
	$(DEV)/bin/python tests/faults/plant.py $(FAMILY)

lint: $(DEV)/.installed
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .

format: $(DEV)/.installed
	$(DEV)/bin/ruff check --fix .
	$(DEV)/bin/ruff format .

types: $(DEV)/.installed
	$(DEV)/bin/mypy src tests conftest.py $(wildcard examples)

imports: $(DEV)/.installed
	$(DEV)/bin/lint-imports

docs: $(DEV)/.installed
	$(DEV)/bin/sphinx-build -W --keep-going -q -b html docs docs/_build/html

wheel: $(DEV)/.installed
	rm -rf dist
	$(DEV)/bin/python -m build --wheel --outdir dist
	$(call environment,$(WHEEL),"$$(echo dist/*.whl)[$(SHOWN)]")
	cd $(WHEEL) && bin/python -W error -c 'import kipp; print("kipp", kipp.__version__)' && bin/kipp demo >/dev/null

check: lint types imports test docs

clean:
	rm -rf .venv dist docs/_build htmlcov .coverage .coverage.*
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
