# Two commands for newcomers: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO_HOME ?= var/demo
CUSTOMERS ?= 2000
MONTHS ?= 6
# A file of tests shares its banks: it stays on one core. Files start in tests/conftest.py's order.
PARALLEL ?= --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: help setup demo test test-fast lint ui bench constraints clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## Create the virtual environment with the pinned versions

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Tenure needs Python 3.11 to 3.13: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Setting up $(VENV) (about two minutes, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[test,lint,scorecard]'
	@touch $@

demo: $(READY) ## Build the sample bank, run everything, show what came out
	@$(BIN)/tenure demo --home $(DEMO_HOME) --customers $(CUSTOMERS) --months $(MONTHS)

test: $(READY) ## All tests
	@$(BIN)/pytest -q $(PARALLEL)

test-fast: $(READY) ## Tests of a second or two each
	@$(BIN)/pytest -q $(PARALLEL) -m "not slow"

lint: $(READY) ## ruff, mypy and sqlfluff
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@TENURE_WAREHOUSE=:memory: $(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

ui: $(READY) ## Dagster's UI on the demo bank
	@$(BIN)/tenure ui --home $(DEMO_HOME)

bench: $(READY) ## Benchmark; BENCH="--customers 1000000" for the full size
	@$(BIN)/python -m benchmarks.daily $(BENCH)

constraints: ## Pin the newest versions that the caps allow (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
		--no-emit-index-url --all-extras pyproject.toml -o constraints.txt

clean: ## Remove the environment and the demo bank
	@rm -rf $(VENV) $(DEMO_HOME)
