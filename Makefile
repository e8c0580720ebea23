# Everything that people do here. Each target sets itself up: a .venv in this folder, nothing global.
PYTHON ?= python3
PORT ?= 7878
# A folder with the source texts; without one the recorded facts are used.
SOURCES =
# Where `make dump` puts the dumps.
OUT = build/graph
# The server that make bench-questions asks; make run starts one there.
URL = http://127.0.0.1:$(PORT)/
# More arguments for pytest, such as ARGS="-k chart", or for the benchmark of the endpoint.
ARGS =
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test soak lint format docs dump bench bench-endpoint bench-questions clean
.DEFAULT_GOAL := help

help:
	@echo "make run [PORT=7878] [SOURCES=folder]   serve the graph at http://127.0.0.1:PORT/"
	@echo "make test [SOURCES=folder]              run the tests; with the texts, those that need them too"
	@echo "make soak                               read 2,000 made-up editions in each layout, play 10,000 made-up clients"
	@echo "make lint                               ruff and mypy"
	@echo "make format                             let ruff set the layout"
	@echo "make docs                               write the generated parts of README.md and docs/ again"
	@echo "make dump [OUT=build/graph]             build the graph and its dumps into a folder"
	@echo "make bench                              measure time and memory against the limits"
	@echo "make bench-endpoint                     measure the endpoint beside its peers (long; ARGS=--quick)"
	@echo "make bench-questions URL=address        measure the questions and the search of a running server"
	@echo "make clean                              remove .venv and everything built here"

run: $(VENV)/installed
	@$(if $(SOURCES),$(BIN)/tipkg build --sources "$(SOURCES)")
	@$(BIN)/tipkg serve --port $(PORT)

test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest $(if $(SOURCES),--sources="$(SOURCES)") $(ARGS)

# More made-up editions than the tests read: each is read to the last cell, or refused with its line. And more made-up
# clients of the server (ARGS="--fuzz-seed 2" for others): each gets its own answers, the server is as it was before.
soak: $(VENV)/installed-dev
	@$(BIN)/python -m pytest tests/editions tests/gateway/test_fuzz.py --editions 2000 --fuzz 10000 $(ARGS)

# mypy does not know setuptools' package-dir: it is shown the packages as the wheel lays them out.
lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@rm -rf build/typed && mkdir -p build/typed/kg
	@ln -s "$(CURDIR)"/kg/* "$(CURDIR)"/mappings "$(CURDIR)"/ontology "$(CURDIR)"/queries build/typed/kg/
	cd build/typed && ../../$(BIN)/mypy --config-file ../../pyproject.toml -p kg
	cd build/typed && ../../$(BIN)/mypy --config-file ../../pyproject.toml ../../benchmarks/run.py ../../benchmarks/endpoint.py ../../docs/generate.py

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/installed
	$(BIN)/python docs/generate.py

dump: $(VENV)/installed
	@$(BIN)/tipkg build --out "$(OUT)" $(if $(SOURCES),--sources "$(SOURCES)")
	@ls -1 "$(OUT)"

bench: $(VENV)/installed
	@$(BIN)/python benchmarks/run.py $(if $(SOURCES),--sources "$(SOURCES)")

bench-endpoint: $(VENV)/installed-bench
	@$(BIN)/python benchmarks/endpoint.py $(ARGS)

bench-questions: $(VENV)/installed
	@$(BIN)/python benchmarks/questions.py "$(URL)"

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed again only when pyproject.toml has changed: the installation is editable, so this checkout is what runs.
$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo "installing tipkg and the libraries it needs into $(VENV) (once; about half a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "installing tipkg, the libraries it needs and the tools for its tests into $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $(VENV)/installed $@

$(VENV)/installed-bench: pyproject.toml | $(VENV)/bin/python
	@echo "installing tipkg and the servers that it is measured beside into $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@touch $(VENV)/installed $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "tipkg needs Python 3.11 or newer and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)"; \
	  echo "name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { \
	  echo "'$(PYTHON)' cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
