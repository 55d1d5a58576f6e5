# The newcomer's whole vocabulary. `make up` and `make test` set up what they need by themselves.
STACK  ?= local
PYTHON ?= python3
VENV   := .venv/bin

# Set in many container images. Every process would then compile the SDKs anew, which takes longer than running them.
unexport PYTHONDONTWRITEBYTECODE
# Handed to the shell as variables, so that nothing in them is read as part of a command.
export STACK BASE FROM_STATE OUTPUT DIR CONFIG

.DEFAULT_GOAL := help
.PHONY: help setup up preview policy down pr pulumi foreign test check bench lock clean

help: ## list the targets
	@echo "make TARGET [STACK=$(STACK)]"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

setup: ## make .venv and provide the Pulumi CLI
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed and there is no $(PYTHON): install it, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) tools/setup.py

up: setup ## provision STACK on the local Azure
	@$(VENV)/python -m tools.stack up "--stack=$$STACK"

preview: setup ## show what `up` would do
	@$(VENV)/python -m tools.stack preview "--stack=$$STACK"

policy: setup ## judge what `up` would make by the policies
	@$(VENV)/python -m tools.stack policy "--stack=$$STACK"

down: setup ## delete what `up` has made
	@$(VENV)/python -m tools.stack down "--stack=$$STACK"

pr: setup ## rehearse the branch (BASE=ref, STACK=name, FROM_STATE=file) with the policies mandatory
	@$(VENV)/python -m tools.pull_request $(if $(filter-out file,$(origin STACK)),"--stack=$$STACK") \
		$(if $(BASE),"--base=$$BASE") $(if $(FROM_STATE),"--from-state=$$FROM_STATE") $(if $(OUTPUT),"--output=$$OUTPUT") $(ARGS)

pulumi: setup ## run the CLI that setup chose on your own backend (ARGS="preview -s prod")
	@$(VENV)/python -m tools.pulumi $(ARGS)

foreign: setup ## run the programs of DIR on a local Azure that serves every type (CONFIG=file)
	@$(VENV)/python -m tools.foreign "$${DIR:?name a folder of programs: make foreign DIR=...}" $(if $(CONFIG),"--config=$$CONFIG") $(ARGS)

test: setup ## run all tests, those on the real engine too
	@$(VENV)/python -m pytest -n 2 $(ARGS)

check: setup ## lint, format, types, and the walls between packages
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/basedpyright
	@$(VENV)/python -m pytest -q tests/architecture

bench: setup ## measure the toolkit against a flat program
	@$(VENV)/python -m bench

lock: setup ## write requirements.lock from what .venv holds
	@$(VENV)/python -m tools.lock

clean: ## remove the local Azure with its state, and caches
	@rm -rf .pulumi-local .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
