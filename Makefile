# What a newcomer needs. Everything else is a verb of ./moorings, which `make setup` makes ready to run.

# A variable that no recipe reads would be taken without a word.
known := STACK BASE FROM_STATE OUTPUT DIR CONFIG PYTHON
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(if $(filter $(name),$(known)),,$(error $(name) is not a variable of this Makefile ($(known)); what goes to the engine stands behind --, such as ./moorings preview dev -- --refresh))))

# What is given on the command line is text: make would expand it, and run what is in $(shell …), before a recipe sees it. Recipes read
# such values as variables of the shell, from the environment, and nothing in them is read as part of a command.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override export $(name) := $$(value $(name)))))

# Set in many container images. Every process would then compile the SDKs anew, which takes longer than running them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up preview policy down pr foreign test check bench fuzz clean

help: ## list the targets
	@echo "make TARGET [STACK=local]"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12
	@echo "./moorings --help lists the rest"

setup: ## make .venv and provide the Pulumi CLI
	@command -v "$${PYTHON:-python3}" >/dev/null || { echo "Python 3.11 or newer is needed and there is no $${PYTHON:-python3}: install it, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@"$${PYTHON:-python3}" tools/setup.py

up: setup ## provision STACK on the local Azure
	@./moorings up $${STACK:+"$$STACK"}

preview: setup ## show what `up` would do
	@./moorings preview $${STACK:+"$$STACK"}

policy: setup ## judge what `up` would make by the policies
	@./moorings policy $${STACK:+"$$STACK"}

down: setup ## delete what `up` has made
	@./moorings down $${STACK:+"$$STACK"}

pr: setup ## rehearse the branch (STACK=name, BASE=ref, FROM_STATE=file, OUTPUT=folder) with the policies mandatory
	@./moorings pr $${STACK:+"$$STACK"} $${BASE:+"--base=$$BASE"} $${FROM_STATE:+"--from-state=$$FROM_STATE"} $${OUTPUT:+"--output=$$OUTPUT"}

foreign: setup ## run the programs of DIR on a local Azure that serves every type (CONFIG=file)
	@./moorings foreign "$${DIR:?name a folder of programs: make foreign DIR=...}" $${CONFIG:+"--config=$$CONFIG"}

test: setup ## run all tests, those on the real engine too
	@.venv/bin/python -m pytest -n 2

check: setup ## lint, format, types, and the walls between packages
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/basedpyright
	@.venv/bin/python -m pytest -q tests/architecture

bench: setup ## measure the toolkit against a flat program
	@./moorings bench

fuzz: setup ## kill parts of runs in the middle and tell whether the next run makes good
	@./moorings fuzz

clean: ## remove the local Azure with its state, and caches
	@"$${PYTHON:-python3}" tools/clean.py
