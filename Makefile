# Two commands matter: `make run` and `make test`. Both need Python >= 3.11 and nothing else.

# The first Python that is new enough; choose another with `make PYTHON=... run`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$p && break; done)
JOBS ?= 2
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app ideas_app
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: audit bench bench-front bench-full bench-opinion bench-search bench-shortlist check clean cluster css \
	distclean documents faults format format-check fuzz help imports lint lock migrations mutants \
	run sbom screenshots test test-postgres translations types vendor

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Installing -----------------------------------------------------------------------------------

# Stamps, so that a second `make` installs nothing and a changed lock installs again.
$(VENV)/.run: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found." \
		"Install it, or say where it is: make PYTHON=/path/to/python3 run" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than Python 3.11. Choose another: make PYTHON=python3.12 run" >&2; \
		exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Making $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV); } || { \
		echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu install python3-venv" >&2; \
		exit 1; }
	@echo "Installing requirements.txt into $(VENV) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.run
	@echo "Installing requirements-test.txt into $(VENV) ..."
	@$(PIP) -r requirements-test.txt
	@touch $@

# Running --------------------------------------------------------------------------------------

run: $(VENV)/.run ## serve http://127.0.0.1:8000 with the demo year (ARGS="--port 8080")
	@$(FLASK) serve $(ARGS)

# Checking -------------------------------------------------------------------------------------

test: $(VENV)/.test ## the whole suite (ARGS="tests/ideas -x", JOBS=4, DATABASE_URL=...)
	@$(BIN)/pytest -n $(JOBS) $(ARGS)

test-postgres: $(VENV)/.test ## the whole suite on a throw-away PostgreSQL and Redis
	@$(BIN)/python tools/services.py run --redis -- $(BIN)/pytest -n $(JOBS) $(ARGS)

fuzz: $(VENV)/.test ## ask the API what nobody would, for minutes (ARGS="--fuzz 300")
	@$(BIN)/pytest -q -s tests/api/test_contract.py --fuzz 100 $(ARGS)

check: format-check lint imports types test ## everything that CI asks for, on SQLite

format: $(VENV)/.test ## put the code into its form
	@$(BIN)/ruff check --quiet --fix-only --select I .
	@$(BIN)/ruff format .

format-check: $(VENV)/.test ## is the code in its form?
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }

lint: $(VENV)/.test ## ruff, broadly
	@$(BIN)/ruff check --quiet .

imports: $(VENV)/.test ## do imports go down only?
	@$(BIN)/lint-imports --no-logo

types: $(VENV)/.test ## mypy --strict
	@$(BIN)/mypy

translations: $(VENV)/.test ## bring the catalogues up to date; fails while Korean is missing
	@$(BIN)/python tools/translations.py update

migrations: $(VENV)/.test ## up, do the tables match the models?, down, on an empty database
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		export ENVIRONMENT=test DATABASE_URL="sqlite:///$$folder/ideas.db" && \
		$(FLASK) db upgrade && $(FLASK) db check && $(FLASK) db downgrade base

mutants: $(VENV)/.test ## take away each guard in turn: does a test notice? (ARGS="votes --kind refusal")
	@$(BIN)/python -m tools.mutants $(ARGS)

# Supply chain ---------------------------------------------------------------------------------

$(VENV)/.audit: requirements-audit.txt $(VENV)/.test
	@echo "Installing requirements-audit.txt into $(VENV) ..."
	@$(PIP) -r requirements-audit.txt
	@touch $@

audit: $(VENV)/.audit ## known holes of what is installed, where an advisory service can be reached
	@$(BIN)/python tools/audit.py

sbom: $(VENV)/.audit ## what the service is made of, as CycloneDX: sbom.json
	@$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o sbom.json requirements.txt
	@echo "sbom.json: $$(grep -c '"purl"' sbom.json) components"

documents: $(VENV)/.run ## open the demo year's report with pdftotext and LibreOffice (about a minute)
	@$(BIN)/python -m tools.documents

# Measuring ------------------------------------------------------------------------------------

# The load generator. Where it lacks, root of a Debian gets it; everybody else is told how.
WRK := command -v wrk >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	apt-get install -qq -y wrk >/dev/null; } || { echo "wrk is not installed: apt-get install wrk" >&2; exit 1; }

bench: $(VENV)/.test ## speed beside a bare application, one table (10 min; ARGS="--database postgresql", "--only growth")
	@$(WRK)
	@PYTHONPATH=. $(BIN)/python -m bench.speed $(ARGS)

bench-full: $(VENV)/.test ## the same with a million ideas and ballots, ten minutes of mixed load; both databases
	@$(WRK)
	@missed=0; for database in sqlite postgresql; do \
		PYTHONPATH=. $(BIN)/python -m bench.speed --full --database $$database $(ARGS) || missed=1; \
	done; exit $$missed

bench-shortlist: $(VENV)/.run ## seconds and memory of every rule, up to a million ballots (ARGS=city)
	@PYTHONPATH=. $(BIN)/python bench/shortlist.py $(ARGS)

bench-opinion: $(VENV)/.run ## seconds and memory of the opinion map (ARGS="city large")
	@PYTHONPATH=. $(BIN)/python bench/opinion.py $(ARGS)

bench-front: $(VENV)/.test ## what pages weigh on a phone, behind nginx, seen by Chromium (ARGS="--lang en")
	@PYTHONPATH=. $(BIN)/python bench/front.py $(ARGS)

bench-search: $(VENV)/.test ## milliseconds of search and likeness over 20,000 ideas (ARGS=100000)
	@PYTHONPATH=. $(BIN)/python bench/search.py $(ARGS)

faults: $(VENV)/.test ## kill, stop and fill up what can be, under load; one table (ARGS="R1 --on sqlite", some ten minutes)
	@PYTHONPATH=. $(BIN)/python -m bench.faults $(ARGS)

cluster: $(VENV)/.test ## two hosts, replica, PgBouncer: costs, and what is lost when something goes (ARGS="--only trials", ten minutes)
	@PYTHONPATH=. $(BIN)/python -m bench.cluster --write docs/operators/scale.md $(ARGS)

# Housekeeping ---------------------------------------------------------------------------------

lock: $(VENV)/.test ## recompile the locks after a change of *.in (ARGS=--upgrade for the newest)
	@$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	@$(COMPILE) $(ARGS) requirements-test.in -o requirements-test.txt
	@$(COMPILE) $(ARGS) requirements-audit.in -o requirements-audit.txt
	@! grep -n '://' requirements.txt requirements-test.txt requirements-audit.txt || { \
		echo "A lock names a host: it must install from any index" >&2; exit 1; }

css: $(VENV)/.run ## join the style sheets anew after a change of static/css
	@$(BIN)/python tools/bundle_css.py

vendor: $(VENV)/.test ## make static/vendor and the fonts again from their pinned packages (needs npm)
	@$(BIN)/python tools/vendor_krds.py $(ARGS)
	@$(BIN)/python tools/vendor_pretendard.py
	@$(BIN)/uv run --no-project --with fonttools==4.68.0 --with brotli==1.2.1 python tools/vendor_webfont.py
	@$(BIN)/python tools/bundle_css.py

screenshots: $(VENV)/.test ## take the README's pictures again (needs Chromium; about a minute)
	@$(BIN)/python -m tools.screenshots

clean: ## delete caches and results
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage \
		htmlcov test-results
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## delete .venv too; data in instance/ is never deleted
	@rm -rf $(VENV)
