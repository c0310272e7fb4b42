# make run   installs what is missing and starts the web assistant on this machine
# make test  installs the development tools too and runs every check

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
SYNC := $(BIN)/uv sync --locked --compile-bytecode --python $(BIN)/python

# uv works on this folder's environment, whatever the caller's shell has set.
unexport VIRTUAL_ENV
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never

.PHONY: run test clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(BIN)/zhiwen serve

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zhiwen check
	$(BIN)/pytest --numprocesses auto --dist loadfile

# Made again only when the files on the right change. Inexact, so that a run after a test keeps the
# development tools.
$(VENV)/.installed: pyproject.toml uv.lock | $(BIN)/uv
	$(SYNC) --no-dev --inexact
	$(BIN)/python -m compileall -q bot knowledge rules zhiwen
	touch $@

$(VENV)/.installed-dev: pyproject.toml uv.lock | $(BIN)/uv
	$(SYNC) --group dev
	$(BIN)/python -m compileall -q bot knowledge rules zhiwen
	touch $@ $(VENV)/.installed

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Zhiwen needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
