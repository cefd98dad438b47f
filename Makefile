# The front door. `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo test prove check format bench lighthouse lock newest

# Where the machine forbids Python to keep what it compiled, each of hundreds of processes would compile again.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python

help:  ## list these
	@sed -nE "s|^([a-z]+):.*## (.*)|  make \1\t\2|p" Makefile

run:  ## the whole practice with demo data, on this machine: open the address it prints
	@tools/venv requirements.lock
	@DEMO=1 $(PY) manage.py up

demo:  ## put the demo practice back to its first day (touches only what the demo made)
	@tools/venv requirements.lock
	@DEMO=1 $(PY) manage.py demo --reset

test:  ## both databases, real processes, a real browser: what each push runs
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) tools/run_tests.py $(PARTS)

prove:  ## the same at full size, everything on both databases: an hour; its table goes to docs/proofs.md
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) tools/run_tests.py --prove $(PARTS)

check:  ## style, types, migrations, deployment settings, templates, known vulnerabilities
	@tools/venv requirements-dev.lock
	@tools/check

format:  ## put the code into its one shape
	@tools/venv requirements-dev.lock
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

bench:  ## what slots, bookings and pages cost: tables to read, nothing to pass
	@tools/venv requirements-dev.lock
	@$(PY) bench/slots.py
	@$(PY) -m pytest -q -s -n0 booking/tests/test_page_budget.py | grep -E "queries|kB"
	@$(PY) bench/slots_over_http.py
	@$(PY) bench/booking_over_http.py
	@if tools/with_postgres true 2>/dev/null; then \
		tools/with_postgres $(PY) bench/slots_over_http.py; tools/with_postgres $(PY) bench/booking_over_http.py; \
	else echo "No PostgreSQL here: that half of the table is left out (tools/debian installs it)."; fi

lighthouse:  ## what Lighthouse says of the pages of booking; beside `make run`, with npm and Chromium
	@$(PY) bench/lighthouse.py $(or $(SITE),http://localhost:8000) $(or $(SLOWDOWN),4)

lock:  ## pin all versions with their hashes, for every system at once
	@tools/venv requirements-dev.lock
	@tools/lock

newest:  ## the quick tests with the newest version of every dependency, in environments of their own
	@tools/venv requirements-dev.lock
	@$(PY) -m tools.newest $(PARTS)
