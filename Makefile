# The front door. `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo test prove chaos year check format bench lighthouse lock newest screenshots

# Where the machine forbids Python to keep what it compiled, each of hundreds of processes would compile again.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python

help:  ## list the commands
	@sed -nE "s|^([a-z]+):.*## (.*)|  make \1\t\2|p" Makefile

run:  ## start the practice with demo data on this machine; open the address it prints
	@tools/venv requirements.lock
	@DEMO=1 $(PY) manage.py up

demo:  ## reset the demo practice (changes only demo data)
	@tools/venv requirements.lock
	@DEMO=1 $(PY) manage.py demo --reset

test:  ## run the tests of each push: both databases, real processes, a real browser
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) tools/run_tests.py $(PARTS)

prove:  ## run all tests at full size on both databases (an hour); writes docs/proofs.md
	@tools/venv requirements-dev.lock
	@tools/debian browsers
	@$(PY) tools/run_tests.py --prove $(PARTS)

chaos:  ## break a real practice for 24 minutes (MINUTES, SEED) on both databases; writes docs/chaos.md
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) -m tools.chaos --minutes $(or $(MINUTES),24) --seed $(or $(SEED),0)

year:  ## live through a year of a practice in some minutes (SEED, DAYS, CLIENTS, ENGINE); writes docs/year.md
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) -m tools.year --seed $(or $(SEED),0) --days $(or $(DAYS),365) --clients $(or $(CLIENTS),400) $(if $(ENGINE),--engine $(ENGINE))

check:  ## check style, types, migrations, deployment settings, templates, known vulnerabilities
	@tools/venv requirements-dev.lock
	@tools/check

format:  ## format the code
	@tools/venv requirements-dev.lock
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

bench:  ## measure what slots, bookings, pages and follow-ups cost (tables only, nothing fails)
	@tools/venv requirements-dev.lock
	@$(PY) bench/slots.py
	@$(PY) -m pytest -q -s -n0 booking/tests/appointments/test_page_budget.py portal/tests/lessons/test_page_budget.py | grep -E "queries|kB"
	@$(PY) bench/slots_over_http.py
	@$(PY) bench/booking_over_http.py
	@$(PY) bench/booking_builds.py
	@$(PY) bench/other_product.py
	@$(PY) bench/search.py
	@$(PY) bench/workspace_pages.py
	@$(PY) bench/recordings.py
	@$(PY) bench/followups.py
	@$(PY) bench/sweep.py
	@$(PY) -m bench.delivery
	@$(PY) bench/memory.py
	@if tools/with_postgres true 2>/dev/null; then \
		tools/with_postgres $(PY) bench/slots_over_http.py; tools/with_postgres $(PY) bench/booking_over_http.py; tools/with_postgres $(PY) bench/booking_builds.py; tools/with_postgres $(PY) bench/search.py; tools/with_postgres $(PY) bench/workspace_pages.py; tools/with_postgres $(PY) bench/sweep.py; \
	else echo "No PostgreSQL here: skipping that half of the table (tools/debian installs it)."; fi

lighthouse:  ## run Lighthouse on the booking pages; needs `make run`, npm and Chromium
	@$(PY) bench/lighthouse.py $(or $(SITE),http://localhost:8000) $(or $(SLOWDOWN),4)

lock:  ## pin all versions with their hashes, for all systems
	@tools/venv requirements-dev.lock
	@tools/lock

newest:  ## run the quick tests with the newest version of every dependency, in separate environments
	@tools/venv requirements-dev.lock
	@$(PY) -m tools.newest $(PARTS)

screenshots:  ## take the README's pictures again, from the demo practice
	@tools/venv requirements-dev.lock
	@tools/debian
	@$(PY) -m tools.screenshots
