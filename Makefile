# The words of this project. `make` alone lists them. Needs Python 3.11 or newer; everything else is installed in .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Two runs where PostgreSQL and Redis are found (CONTRIBUTING.md). Together they take every test.
FIRST_RUN := not (browser or postgres or redis)
SECOND_RUN := browser or postgres or redis or (database and not once)
# Three processes on two cores, four in the second run: tests wait for browsers, workers and sockets.
# How files are dealt: tests/plugin_runs.py.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile

# Tests and demo start many processes; without compiled files each would compile all of our code again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo setup run worker test e2e check fix bench docs screenshots

help:  ## list the words
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: .venv/runs  ## the whole desk on this machine, with a stand-in for GitHub: http://localhost:8000 (PORT=…)
	@exec $(BIN)/python -m bigcode_optout.sandbox.demo

setup: .venv/checks  ## install what running, testing and checking need into .venv

run: .venv/runs  ## the web server alone, on the settings of the environment, starting anew when code changes
	@exec $(BIN)/python manage.py runserver $${PORT:-8000}

worker: .venv/runs  ## a Celery worker with its timers, on the settings of the environment
	@exec $(BIN)/python -m celery --app bigcode_optout.celery worker --beat --schedule data/beat-schedule \
	  --concurrency 2 --without-gossip --without-mingle

test: .venv/checks  ## every test on SQLite and files; where found, the database's and the browser's on PostgreSQL and Redis
	@$(BIN)/python -m tests.services
	@services=$$($(BIN)/python -m tests.services --environment); \
	if [ -z "$$services" ]; then \
	  env -u DATABASE_URL -u REDIS_URL $(PYTEST) && \
	  echo "PostgreSQL or Redis is missing: the second run is left out."; \
	else \
	  env -u DATABASE_URL -u REDIS_URL $(PYTEST) -m "$(FIRST_RUN)" && \
	  echo "Again on $$services" && env $$services $(PYTEST) -n 4 -m "$(SECOND_RUN)"; \
	fi

e2e: .venv/checks  ## the tests in a browser
	$(PYTEST) -m browser

check: .venv/checks  ## style, types, import contracts, templates, migrations, production settings, lifecycle diagram
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy bigcode_optout
	$(BIN)/lint-imports
	$(BIN)/djlint --check templates
	$(BIN)/djlint --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.operations.example_environment manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py lifecycle_diagram --check

fix: .venv/checks  ## put right what a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat templates

bench: .venv/checks  ## measure, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks

docs: .venv/checks  ## write what is computed: docs/lifecycle.md, the tables of docs/authority.md and docs/roles.md
	$(BIN)/python manage.py lifecycle_diagram
	WRITE_DOCS=1 $(BIN)/python -m pytest -q -n 0 tests/removals/test_authority_table.py \
	  tests/claims/test_authority_worlds.py tests/review/test_roles.py

screenshots: .venv/checks  ## take the pictures of the README from a running demo
	$(BIN)/python -m tests.e2e.screenshots

# Stamps: pip runs again only when a list of requirements changes.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version)'
	$(PYTHON) -m venv .venv

.venv/runs: requirements.txt | .venv/bin/python
	$(PIP) install --requirement requirements.txt
	@touch $@

.venv/checks: requirements-dev.txt requirements.txt | .venv/bin/python
	$(PIP) install --requirement requirements-dev.txt
	@touch .venv/runs $@
