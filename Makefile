# Every target sets up what it needs by itself; scripts/setup ends at once when nothing is to be done.
# ARGS passes options on:  make demo ARGS="--once --seed 7"   make test ARGS="tests/core -x"
SHELL := /bin/bash
PYTHON_BIN := .venv/bin/python
ARGS ?=
# Test processes. Three: the machines that check this project have two cores, and a third of a test's time is a pretend site's pace.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long check format bench elasticsearch clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything that is missing (Python packages, Chromium, Chinese fonts)
	@scripts/setup

demo: ## Crawl the pretend town and open the officers' site; ARGS="--once" checks and ends
	@scripts/setup --quiet
	@.venv/bin/wangxun demo $(ARGS)

test: ## Run all tests that this machine can run, with the coverage gate
	@scripts/setup --quiet
	@scripts/test_tools
	$(PYTHON_BIN) -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

test-long: ## The same with the full number of rounds, for an evening
	@scripts/setup --quiet
	@scripts/test_tools
	WANGXUN_TEST_LONG=1 $(PYTHON_BIN) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: ## Style, types, import contracts
	@scripts/setup --quiet
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: ## Let ruff mend style by itself
	@scripts/setup --quiet
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: ## Run each benchmark; each prints ratios
	@scripts/setup --quiet
	@shopt -s nullglob; for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(PYTHON_BIN) "$$script" $(ARGS) || exit 1; done

elasticsearch: ## Run a real Elasticsearch on loopback until Ctrl-C and print its address; ARGS="--nodes 3"
	@scripts/setup --quiet
	@$(PYTHON_BIN) -m tests.elasticsearch.launcher $(ARGS)

# var/ and .venv stay: the first may hold evidence, the second costs minutes.
clean: ## Remove caches and leftovers of builds and test runs; the next set-up compiles the judge's inner loops again
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f .coverage .coverage.* junit.xml core/compiled.*.so core/.compiled.*.new
	find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0r rm -rf
