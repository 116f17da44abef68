# Two commands are enough: `make run` to try it, `make test` to check it. `make help` lists all.
PYTHON      ?= python3
PYTEST_ARGS ?= -n 2
BENCH_ARGS  ?=
VENV        := .venv
BIN         := $(VENV)/bin
PIP         := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
LOCK        := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
               --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
               --no-emit-trusted-host --no-emit-options $(if $(UPGRADE),--upgrade)
BESIDE      := $(BIN)/python -m dev.services run --

.DEFAULT_GOAL := help
.PHONY: help install run run-full test lint fmt deep bench lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

install: $(BIN)/.dev ## make .venv with everything for development

run: $(BIN)/.run ## start the service here: SQLite, runner, mailbox folder (Ctrl-C ends it)
	@exec $(BIN)/eventsvc up

run-full: $(BIN)/.dev ## start the production shape here: PostgreSQL, Redis, Celery, SMTP
	@exec $(BIN)/python -m dev.full

test: lint ## check everything: lint, types, import rules, all tests (PYTEST_ARGS="-n 2")
	$(BESIDE) $(BIN)/python -m pytest -m "not deep" $(PYTEST_ARGS)

lint: $(BIN)/.dev ## check style, types and import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(BIN)/.dev ## put the code in form
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

deep: $(BIN)/.dev ## run the tests that take minutes
	EVENTSVC_TEST_PROFILE=deep $(BESIDE) $(BIN)/python -m pytest -m deep $(PYTEST_ARGS)

bench: $(BIN)/.dev ## measure, each figure beside a bare Flask application
	$(BESIDE) $(BIN)/python -m bench $(BENCH_ARGS)

lock: $(BIN)/.dev ## write the lock files anew (UPGRADE=1 takes newer versions)
	$(LOCK) --output-file requirements.lock pyproject.toml dev/lock.in
	$(LOCK) --output-file requirements-dev.lock --extra dev \
	        --constraint requirements.lock pyproject.toml dev/lock.in

clean: ## remove .venv and caches (keeps the data in var/ and .services/)
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say what .venv holds, so that a second `make` installs nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed and $(PYTHON) is not; name one: make PYTHON=python3.13"; \
	  exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv is missing: install it (on Debian and Ubuntu: apt-get install python3-venv)"; \
	  exit 1; } >&2
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(BIN)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the service needs …"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(BIN)/.dev: requirements-dev.lock $(BIN)/.run
	@echo "Installing what its development needs …"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
