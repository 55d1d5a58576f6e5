# The targets that a newcomer needs. All other commands are verbs of ./moorings, which `make setup` prepares.

# Unknown variables are refused, because make ignores them silently.
known := STACK ARGS BASE FROM_STATE OUTPUT DIR CONFIG PYTHON
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(if $(filter $(name),$(known)),,$(error $(name) is not a variable of this Makefile ($(known))))))

# Values on the command line are plain text. Otherwise make would expand them, and run $(shell …) in them, before a recipe sees them.
# Recipes read such values from the environment, as shell variables that are never parsed as part of a command.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override export $(name) := $$(value $(name)))))

# Arguments of the engine are words: the shell splits them and expands nothing. A variable of the environment with this name is not meant.
ifeq ($(origin ARGS),environment)
unexport ARGS
endif

# Many container images set this variable. Every process would then recompile the SDKs, which takes longer than running them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up preview policy down pr foreign test check docs bench fuzz clean

help: ## list the targets
	@echo "make TARGET [STACK=local] [ARGS='arguments of the engine']"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12
	@echo "./moorings --help lists the rest"

setup: ## create .venv and provide the Pulumi CLI
	@command -v "$${PYTHON:-python3}" >/dev/null || { echo "Python 3.11 or newer is needed and there is no $${PYTHON:-python3}: install it, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@"$${PYTHON:-python3}" tools/setup.py

up: setup ## provision STACK on the local Azure
	@set -f; ./moorings up $${STACK:+"$$STACK"} $${ARGS:+-- $$ARGS}

preview: setup ## show what `up` would do
	@set -f; ./moorings preview $${STACK:+"$$STACK"} $${ARGS:+-- $$ARGS}

policy: setup ## evaluate the policies for the resources of a preview
	@./moorings policy $${STACK:+"$$STACK"}

down: setup ## delete the resources of `up`
	@set -f; ./moorings down $${STACK:+"$$STACK"} $${ARGS:+-- $$ARGS}

pr: setup ## rehearse the branch (STACK=name, BASE=ref, FROM_STATE=file, OUTPUT=folder) with mandatory policies
	@./moorings pr $${STACK:+"$$STACK"} $${BASE:+"--base=$$BASE"} $${FROM_STATE:+"--from-state=$$FROM_STATE"} $${OUTPUT:+"--output=$$OUTPUT"}

foreign: setup ## run the programs in DIR on a local Azure that serves every type (CONFIG=file)
	@./moorings foreign "$${DIR:?name a folder of programs: make foreign DIR=...}" $${CONFIG:+"--config=$$CONFIG"}

test: setup ## run all tests, including those on the real engine
	@.venv/bin/python -m pytest -n 2 --dist worksteal

check: setup ## run the linter, the formatter, the type checker and the architecture tests
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/basedpyright
	@.venv/bin/python -m pytest -q tests/architecture

docs: setup ## build the documentation as a site in site/, with its links checked
	@./moorings docs --verify
	@.venv/bin/python -m tools.site

bench: setup ## compare the toolkit with a flat program
	@./moorings bench

fuzz: setup ## kill processes during runs and test the recovery
	@./moorings fuzz

clean: ## remove the local Azure with its state, and caches
	@"$${PYTHON:-python3}" tools/clean.py
