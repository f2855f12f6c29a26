# What a person types. `make` alone lists it.
# Everything is installed into .venv and ui/node_modules, with locked versions and hashes; nothing else is touched.

VENV := .venv
PYTHON_IN := $(VENV)/bin/python
UI_SOURCES := $(shell find ui \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print 2>/dev/null)
PIP := $(PYTHON_IN) -m pip install -qq --disable-pip-version-check
RUN := env PYTHONUNBUFFERED=1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint format types api api-check migrations-check reference bench lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: SENET_PORT, SENET_DATA, … (docs/reference/settings.md)"

run: setup ## Install what is missing and start everything, with the demo
	@$(RUN) $(VENV)/bin/senet up --demo

setup: $(VENV)/.base ui/dist/index.html ## Install what `make run` needs and build the user interface

setup-dev: $(VENV)/.dev ui/dist/index.html ## Install what tests and checks need as well

$(PYTHON_IN):
	@echo "Making the virtual environment …"
	@tools/make-venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(PYTHON_IN)
	@echo "Installing Senet's requirements …"
	@$(PIP) --require-hashes -r requirements/base.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing the developers' requirements …"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

ui/node_modules/.installed: ui/package-lock.json | $(VENV)/.base
	@echo "Installing the user interface's requirements …"
	@cd ui && ../tools/with-node npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ui/dist/index.html: $(UI_SOURCES) ui/node_modules/.installed
	@echo "Building the user interface …"
	@cd ui && ../tools/with-node npm run --silent build -- --logLevel warn
	@touch $@

test: setup-dev ## Run the whole suite, browser tests included
	@tools/ensure-chromium
	@tools/ensure-mail-servers
	@cd ui && ../tools/with-node npm test --silent
	@$(VENV)/bin/pytest -n auto --dist worksteal

lint: $(VENV)/.dev ui/node_modules/.installed ## Check style and the walls between rooms
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(PYTHON_IN) -m tools.lint
	@cd ui && ../tools/with-node npm run --silent lint

format: $(VENV)/.dev ui/node_modules/.installed ## Put the sources into shape
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@cd ui && ../tools/with-node npm run --silent format

types: $(VENV)/.dev ui/node_modules/.installed ## Check types: mypy and tsc
	@$(VENV)/bin/mypy
	@cd ui && ../tools/with-node npm run --silent types

api: $(VENV)/.base ui/node_modules/.installed ## Write the API's description and generate the TypeScript client from it
	@$(VENV)/bin/senet openapi > ui/openapi.json.new && mv ui/openapi.json.new ui/openapi.json
	@cd ui && ../tools/with-node npm run --silent generate

api-check: api ## Fail when the committed client is not the one the API describes
	@git diff --exit-code --stat -- ui/openapi.json ui/src/api || \
		{ echo "The TypeScript client is out of date. Run 'make api' and commit what it changed."; exit 1; }

reference: $(VENV)/.base ## Write the reference pages that are generated
	@$(PYTHON_IN) -m senet.config.reference > docs/reference/settings.md
	@$(PYTHON_IN) -m senet.interactions.reference > docs/reference/interaction-types.md
	@$(PYTHON_IN) -m senet.insights.reference > docs/reference/kpis.md
	@$(PYTHON_IN) -m senet.journeys.reference > docs/reference/journey-checks.md

migrations-check: $(VENV)/.base ## Fail when a model and its migrations differ
	@SENET_DATA=$$(mktemp -d) $(PYTHON_IN) -W ignore manage.py makemigrations --check --dry-run

bench: $(VENV)/.base ## Measure the hot paths as ratios (SIZE=1000000 for the full size)
	@$(VENV)/bin/senet bench all --size $(or $(SIZE),0) $(if $(JSON),--json)

lock: ## Resolve requirements/*.in again into lock files with hashes (needs uv)
	@for name in base dev node; do \
		uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
			requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove what was installed and built; data folders stay
	@rm -rf $(VENV) ui/node_modules ui/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
