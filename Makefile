# Two commands for a newcomer: `make run` (the main job on the bundled recording) and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
# Bytecode is written when a module is first imported: of the packages for tests most modules never are.
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --no-compile

.DEFAULT_GOAL := help
.PHONY: help run test soak lint docs lock bench clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cardwatch needs Python 3.11 or newer; found $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1; }
	@echo "setting up a virtual environment in $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing pinned dependencies (once, about a minute)"
	@$(INSTALL) --require-hashes -r requirements.txt
	@PYTHONWARNINGS=ignore $(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(STAMP) requirements-dev.txt
	@echo "installing the test tools (once)"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

run: $(STAMP)  ## the main job on the bundled two-date recording, into ./var
	@$(BIN)/cardwatch demo

test: $(DEV)  ## every check: format, lint, types, import contracts, tests (reduced counts)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not soak"

soak: $(DEV)  ## every test with full counts (kills, fuzzing, the simulated month) and new Hypothesis examples; note them in docs/soak.md
	@$(BIN)/pytest --hypothesis-profile=soak

lint: $(DEV)  ## format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(DEV)  ## speed, as ratios measured side by side
	@for script in benchmarks/*_speed.py; do echo "== $$script"; $(BIN)/python $$script; done

lock:  ## pin the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 pyproject.toml --extra build --extra publish --extra mcp --extra cluster -o requirements.txt
	uv pip compile --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 pyproject.toml --extra build --extra publish --extra mcp --extra cluster --extra inspect --extra dev -o requirements-dev.txt
	uv pip compile --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 pyproject.toml --extra build --extra publish --extra mcp --extra cluster --extra inspect -o requirements-inspect.txt

clean:  ## remove the environment and the demo catalog
	rm -rf $(VENV) var
