# gsomia: `make` alone lists what there is. Needs Python 3.11 or later with venv; no compiler.
#
# Everything is installed into .venv, as wheels, at the versions and hashes of requirements/*.txt.
# Which index pip asks is pip's own setting: no file here names one.

PYTHON  ?= python3
DIR     ?= demo
KEEP    ?=
WORKERS ?= auto
UPGRADE ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --only-binary :all:
COMPILE = CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--pip-args '--only-binary :all:' $(UPGRADE)

.DELETE_ON_ERROR:
.PHONY: help demo test lint bench fuzz faults lock clean

help:
	@echo 'make demo    three nodes on this machine live through their exchanges, in $(DIR)/ (KEEP=1 leaves them running)'
	@echo 'make test    the test suite (WORKERS=2 for two processes)'
	@echo 'make lint    style, types, import order, house rules'
	@echo 'make bench   our figures beside the peers, in one run'
	@echo 'make fuzz    hostile input for every parser, for longer than the tests do'
	@echo 'make faults  a node killed at each of its steps, and a file of 1 GiB'
	@echo 'make lock    write requirements/*.txt again (UPGRADE=--upgrade for newer versions)'
	@echo 'make clean   remove .venv, caches and builds; a demo folder is left alone'

# -- what to do -----------------------------------------------------------------

# The program decides whether $(DIR) is a demo folder that it may start over in.
demo: .venv/.runtime
	$(BIN)/gsomia demo --dir '$(DIR)' $(if $(KEEP),--keep)

test: .venv/.dev
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/tooling/house.py

bench: .venv/.bench
	@$(BIN)/python bench $(if $(JSON),--json)

faults: .venv/.dev
	$(BIN)/pytest tests/faults tests/peers/test_large.py -m "slow or not slow" -n $(WORKERS) --timeout 0

fuzz: .venv/.dev
	$(BIN)/pytest tests/fuzz --hypothesis-profile fuzz -n $(WORKERS) --timeout 0

lock: .venv/.dev
	$(COMPILE) --extra print --extra documents --output-file requirements/runtime.txt pyproject.toml requirements/runtime.in
	$(COMPILE) --extra print --extra documents --output-file requirements/dev.txt pyproject.toml requirements/dev.in
	$(COMPILE) --output-file requirements/bench.txt requirements/bench.in

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -- what is installed ----------------------------------------------------------

# A stamp is touched last, so that an interrupted installation is done again.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "gsomia needs Python 3.11 or later; $(PYTHON) is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo 'Name another one, for example: make PYTHON=python3.12 test' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot make a virtual environment: ensurepip or venv is missing.' >&2; \
		echo 'On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.made requirements/runtime.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.bench: .venv/.dev requirements/bench.txt
	$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@
