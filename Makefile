# What can be done here. Every target does its own set-up: git, make and Python 3.11 are enough.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint tools venv

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "make %-8s %s\n", $$1, $$2}'

demo: venv ## Generate a repository from defaults into build/demo and check it
	@rm -rf build/demo && mkdir -p build
	@eval "$$($(RUN) -m tests.toolbox --environment)" \
		&& richtfest new --defaults build/demo && richtfest check build/demo
	@echo
	@echo "The repository is in build/demo: read its README.md first."
	@echo "Was a tool missing above? 'make tools' installs them all, then 'make demo' checks everything."

test: venv ## Run all suites that this machine can run; SUITE=name: one of them
	@$(RUN) -m tests $(SUITE)

bench: venv ## Run all benchmarks, each beside a named peer; NAME=name: one of them
	@eval "$$($(RUN) -m tests.toolbox --environment)"; set -e; \
		for file in $(if $(NAME),benchmarks/$(NAME).py,$(sort $(wildcard benchmarks/*.py))); do \
			echo "== $$file"; PYTHONPATH="$(CURDIR)" $(RUN) "$$file"; done

lint: venv ## Check our own Python and shell
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@git ls-files -z -- '.ci/run' '*.sh' | xargs -0 $(VENV)/bin/shellcheck --source-path='templates/#{ ci_github }#'

tools: venv ## Install every tool of the suites into a cache outside the checkout
	@$(RUN) -m tests.toolbox

venv: $(VENV)/ready

$(VENV)/ready: pyproject.toml tests/requirements.txt tests/venv.sh
	@bash tests/venv.sh "$(PYTHON)" "$(VENV)"
