# healthtwin: every target does its own set-up on a machine with Python, make and git.
#
#   make demo      simulate a household, play a deteriorating hour, leave the portal open
#   make test      all tests except the long fault runs
#   make check     style, types, walls between rooms, sizes, doctests
#   make torture   the fault runs at full length
#   make figures   docs/evaluation and the README's tables, measured anew on the recordings
#   make sensing   every heart rate at every noise in a real browser (about half an hour)
#   make test-train  the code that trains the models, on tiny data, in an environment of its own
#   make train     the shipped forecast models again, from the recordings
#   make bench     the measurements in benchmarks/
#   make screenshots   pictures of the portal and of the phone app for docs/images, of synthetic people
#   make sbom      what a house runs on, as CycloneDX with licences: dist/healthtwin.cdx.json
#   make lock      resolve the locked dependencies again (UPGRADE=1 takes newer releases)

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
WORKERS ?= auto

export HEALTHTWIN_DATA ?= $(abspath ../shared/data)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Wheels only, so that no compiler is needed; hashes, so that what is installed is what was locked.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --only-binary :all: --require-hashes

# A stamp carries the checksum of what it was made from: changed contents ask for work, a fresh
# timestamp does not.
checksum   = $(firstword $(shell cat $(1) | cksum))
BASE_LOCKS := requirements/build.txt requirements/base.txt
BASE       := $(VENV)/.base-$(call checksum,$(BASE_LOCKS))
DEV        := $(VENV)/.dev-$(call checksum,$(BASE_LOCKS) requirements/dev.txt)
PACKAGE    := $(VENV)/.package-$(call checksum,pyproject.toml)
RIVALS     := $(VENV)-rivals/.made-$(call checksum,pyproject.toml requirements/base.txt)
TRAIN      := $(VENV)-train/.made-$(call checksum,pyproject.toml requirements/base.txt)
TRAIN_TESTS := $(TRAIN)-tests

.DEFAULT_GOAL := help
.PHONY: help demo install test test-train system-packages check torture figures sensing train bench screenshots sbom lock clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(BASE) $(PACKAGE)
	$(BIN)/healthtwin demo

install: $(DEV) $(PACKAGE)

test: $(DEV) $(PACKAGE) system-packages
	$(BIN)/pytest -m "not torture and not realtime" -n $(WORKERS) --dist loadfile --cov --cov-report= --cov-fail-under=0
	$(BIN)/pytest -m realtime --cov --cov-append --cov-report=term

# Fits every kind of model on made-up people; the heavy packages are in no other environment.
test-train: $(TRAIN_TESTS)
	$(VENV)-train/bin/python -m pytest -q tests/lab/training

system-packages:
	@sh tools/system_packages.sh

check: $(DEV) $(PACKAGE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/biome lint --error-on-warnings
	$(BIN)/mypy $(wildcard src tests tools benchmarks)
	$(BIN)/lint-imports
	$(BIN)/python tools/check_sizes.py
	$(BIN)/python tools/generate_docs.py --check
	$(BIN)/python tools/readme_figures.py --check
	$(BIN)/bandit -q -ll -c pyproject.toml -r src tools
	$(BIN)/python tools/secret_scan.py
	$(BIN)/pytest --doctest-modules src

torture: $(DEV) $(PACKAGE) system-packages
	HEALTHTWIN_TORTURE=full $(BIN)/pytest -m torture --timeout=0
	HEALTHTWIN_TORTURE=full $(BIN)/pytest tests/api/test_description.py --timeout=0

figures: $(DEV) $(PACKAGE) $(RIVALS) $(TRAIN)
	$(BIN)/python tools/write_evaluation.py
	$(BIN)/python tools/readme_figures.py

sensing: $(DEV) $(PACKAGE) system-packages
	$(BIN)/python -m benchmarks.bench_browser_sensing --at-once 1 --out docs/evaluation/browser-sensing.json

train: $(TRAIN)
	$(VENV)-train/bin/healthtwin train forecast --data $(HEALTHTWIN_DATA) --out src/healthtwin/forecast/models

bench: $(DEV) $(PACKAGE)
	$(BIN)/python -m benchmarks

screenshots: $(DEV) $(PACKAGE) system-packages
	$(BIN)/python tools/screenshots.py
	$(BIN)/python tools/app_screenshots.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "healthtwin needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) could not make a virtual environment (on Debian: apt-get install python3-venv)." >&2; exit 1; }

$(BASE): | $(BIN)/python
	@echo "Installing what healthtwin runs on ..."
	@rm -f $(VENV)/.base-*
	@$(PIP_INSTALL) -r requirements/build.txt -r requirements/base.txt
	@touch $@

$(DEV): | $(BIN)/python
	@echo "Installing what healthtwin runs on and is tested with ..."
	@rm -f $(VENV)/.base-* $(VENV)/.dev-*
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $@ $(BASE)

$(PACKAGE): | $(BIN)/python
	@rm -f $(VENV)/.package-*
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What sensing is measured against, and what trains the forecast, live apart: they are large, want other
# versions, and nobody needs them to run or test the house.
$(RIVALS): | $(BIN)/python
	@echo "Installing sensing's rivals into $(@D) ..."
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet mobgap --editable '.[audio]'
	@$(@D)/bin/python -m pip install --quiet --editable '.[rivals]'  # wants an older pandas; mobgap runs on it
	@touch $@

$(TRAIN): | $(BIN)/python
	@echo "Installing what trains the forecast into $(@D) ..."
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --only-binary :all: --editable '.[plots,train]'
	@touch $@

$(TRAIN_TESTS): $(TRAIN)
	@$(VENV)-train/bin/python -m pip install --quiet hypothesis pytest pytest-timeout
	@touch $@

# What runs in a house, and nothing that only builds or tests it: so it is read from an environment of its own.
sbom: $(DEV)
	@rm -rf $(VENV)-sbom && $(PYTHON) -m venv --without-pip $(VENV)-sbom
	@$(BIN)/python -m pip --python $(VENV)-sbom/bin/python install --quiet --only-binary :all: --require-hashes \
	  -r requirements/base.txt
	@mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --validate \
	  -o dist/healthtwin.cdx.json $(VENV)-sbom/bin/python
	@rm -rf $(VENV)-sbom

lock: $(VENV)-lock/bin/uv
	@sh tools/lock.sh $(VENV)-lock/bin/uv $(if $(UPGRADE),--upgrade)

$(VENV)-lock/bin/uv: requirements/lock.txt
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r requirements/lock.txt
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-lock $(VENV)-rivals $(VENV)-train build dist .coverage .coverage.* htmlcov
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
