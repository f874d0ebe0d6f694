# Everything a developer and CI do. `make help` lists it; nothing here needs more than Python 3.11 and a registry.
#
#   make run                      the whole shop, http://127.0.0.1:8000
#   PORT=8001 make run            elsewhere
#   make test ARGS="commerce -x"  arguments go to pytest

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

ARGS ?=
BASE_URL ?=
BASE ?= origin/main
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder  # browsers stay last

VENV := .venv
BIN := $(VENV)/bin
LOCAL := $(BIN)/python -m tools.local
# Named after what is installed and where: another pin, or the folder moved, and the next start installs anew.
STAMP := $(VENV)/installed-$(shell { cat requirements/development.txt; pwd; } | cksum | tr ' ' -)

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/site:$(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test coverage e2e check artefacts settings migrations compatibility audit sbom predeploy postdeploy \
	format bench seed requirements messages shell clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9_-]+:.*## / {printf "  \033[1m%-13s\033[0m %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Create .venv and install the pinned requirements (once; later starts need no network)

$(STAMP):
	@PYTHON="$(PYTHON)" tools/setup.sh $(VENV)
	@rm -f $(VENV)/installed-* && touch $@

run: $(STAMP) ## Run the whole shop with a demo catalogue; Ctrl-C stops everything (HOST, PORT)
	@exec $(LOCAL) run

test: $(STAMP) ## Run the tests with a throw-away PostgreSQL and Valkey (ARGS="...")
	@exec $(LOCAL) exec -- pytest $(if $(ARGS),$(ARGS),$(SIDE_BY_SIDE))

coverage: $(STAMP) ## Run the tests and say which lines none of them walks (coverage.xml)
	@exec $(LOCAL) exec -- pytest $(SIDE_BY_SIDE) --ignore=e2e --cov --cov-report=term --cov-report=xml $(ARGS)

e2e: $(STAMP) ## Drive a browser through the shop; BASE_URL=https://... tests a deployed one
	@exec pytest e2e $(if $(BASE_URL),--base-url $(BASE_URL)) $(ARGS)

check: $(STAMP) ## Check format, lint, types, import contracts, migrations, templates, translations: what CI checks
	ruff format --check
	ruff check
	mypy
	lint-imports --no-logo
	djlint --lint --quiet --allow-empty-input site/templates cms workers
	python -m tools.messages
	python -m tools.senses
	@$(MAKE) artefacts
	$(LOCAL) exec -- $(SHELL) -euc 'python manage.py check; python manage.py makemigrations --check --dry-run'

artefacts: $(STAMP) ## Lint workflows, Dependabot's file and shell scripts
	zizmor --offline --quiet --persona=auditor .github
	check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	check-jsonschema --quiet --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	yamllint --strict .github
	shellcheck --severity=warning $(shell git ls-files '*.sh') .ci/run

settings: $(STAMP) ## Check the settings of staging and production as Django's deployment checklist does
	@exec python -m tools.deploy.settings

migrations: $(STAMP) ## Lint new migrations, then go forward, back and forward again, also with a shop in the tables
	@exec $(LOCAL) exec -- $(SHELL) -euc 'python -m tools.migrations.lint; python -m tools.migrations.there_and_back'

compatibility: $(STAMP) ## Run the tests of another commit on this one's schema (BASE=origin/main)
	@exec tools/migrations/old_code.sh $(BASE) $(ARGS)

audit: $(STAMP) ## Look for known weaknesses of the pinned requirements (needs the network)
	@for name in production development; do \
		pip-audit --strict --disable-pip --require-hashes --requirement requirements/$$name.txt || { \
			echo "audit: not passed for requirements/$$name.txt. Where a package \"could not be audited\" the advisories were" \
				"not reached: nothing is proven, neither good nor bad. Ask again where the network is." >&2; \
			exit 1; }; \
	done

sbom: $(STAMP) ## Write what the image's Python is made of to sbom.json (CycloneDX)
	cyclonedx-py requirements --output-reproducible --of JSON --output-file sbom.json requirements/production.txt

predeploy: $(STAMP) ## Go through the checklist before a deployment (ARGS="--environment production")
	@exec python -m tools.deploy.predeploy $(ARGS)

postdeploy: $(STAMP) ## Go through the checklist after a deployment (BASE_URL=https://..., ARGS="--allow-writes")
	@exec python -m tools.deploy.postdeploy $(BASE_URL) $(ARGS)

format: $(STAMP) ## Put the code into the one format, and repair what can be repaired
	ruff format
	ruff check --fix

bench: $(STAMP) ## Measure the pages and the order path
	@exec $(LOCAL) exec -- python -m tools.bench $(ARGS)

seed: $(STAMP) ## Fill the running shop's database with the demo shop (again)
	@exec python manage.py seed_demo $(ARGS)

requirements: $(STAMP) ## Pin requirements/*.in with hashes
	@for name in base production test development; do \
		uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
			--custom-compile-command "make requirements" --output-file requirements/$$name.txt requirements/$$name.in; \
	done

messages: $(STAMP) ## Collect the texts into site/locale and compile the translations (needs gettext)
	python manage.py makemessages --locale ko --no-wrap --add-location file \
		--ignore '$(VENV)/*' --ignore 'e2e/*' --ignore 'tools/*' --ignore '*/tests/*'
	python -m tools.messages --write

shell: $(STAMP) ## Open a Python shell in the running shop
	@exec python manage.py shell

clean: ## Delete the demo shop's data, caches and reports; .venv stays
	@[ ! -x $(BIN)/python ] || $(LOCAL) clean
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache e2e/results
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
