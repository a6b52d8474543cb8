# Everything a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/sh

.PHONY: setup demo test cover lint bench chaos audit lock clean

setup: .venv/ready

.venv/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cohorte needs Python 3.11 or later: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/cohorte demo

test: lint
	$(BIN)/python -m pytest -n auto

cover: setup
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A seed lives through a whole programme calmly, then again in rough weather: make chaos SEEDS=50;
# one of them, with its trace: make chaos SEED=7; its busiest night, or several, with all that may
# happen at each step in turn: make chaos SEED=7 SWEEP=1. A failure tells how to see it again.
chaos: setup
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),20))$(if $(NIGHTS), --nights $(NIGHTS))$(if $(LIVES), --lives $(LIVES))$(if $(SWEEP), --sweep $(SWEEP))$(if $(AT), --at '$(AT)')

bench: setup
	$(BIN)/python -m tests.bench

# Needs pip-audit, and a network: known holes in what Cohorte stands on.
audit:
	pip-audit --require-hashes --disable-pip --requirement requirements.txt

# Needs uv, which only whoever renews the lock has to have.
lock:
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv build dist cohorte-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
