# Two commands do everything: `make demo` and `make test`. Each installs what is missing, says what it is doing, can be
# interrupted and repeated, and takes seconds the second time. Stamps in build/ are written last, so half a job is redone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The interpreter the virtual environment is made from; inside it nothing depends on it.
PYTHON ?= python3.11
JOBS ?= 2
PY := .venv/bin/python
STAMPS := build/stamps

# Stamps speak of a .venv; where it was removed or its interpreter is gone, they are forgotten.
ifneq ($(shell .venv/bin/python -c 'print(1)' 2>/dev/null),1)
$(shell rm -rf build/stamps)
endif

DEBIAN_BUILD := g++ cmake ninja-build python3-venv python3-dev libboost1.81-dev libssl-dev libsimdjson-dev
DEBIAN_TEST := libgtest-dev chromium binutils postgresql valgrind

say = @printf '\n== %s\n' '$(1)'

# Sources newer than a stamp rebuild what stands behind it.
CORE_SOURCES := $(shell find cpp -name '*.[ch]pp' -o -path './cpp/cmake/*' -o -name CMakeLists.txt 2>/dev/null)
PYTHON_SOURCES := $(shell find python -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: help setup build demo notebooks test native bench wheel lint types tidy format clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(STAMPS)/venv-test  ## install everything the tests need
build: $(STAMPS)/build  ## build cuadre into .venv

demo: $(STAMPS)/build  ## settle a made-up month and check the answer
	$(call say,Settling a month that was made up)
	@$(PY) -m cuadre.sandbox.demo

notebooks: $(STAMPS)/venv-notebook $(STAMPS)/build  ## run the guides into pages with their output
	$(call say,Notebooks)
	@$(PY) tests/notebook_pages.py

test: $(STAMPS)/venv-test $(STAMPS)/build native  ## run every test
	$(call say,Python tests)
	@$(PY) -m pytest -n $(JOBS) --dist loadfile

native: $(STAMPS)/apt-test
	$(call say,Native core: build and tests)
	@cmake -S cpp -B build/native -G Ninja -DCMAKE_CXX_COMPILER=$(CXX) >build/native-configure.log 2>&1 || { cat build/native-configure.log; exit 1; }
	@cmake --build build/native --parallel $(JOBS)
	@ctest --test-dir build/native --output-on-failure --parallel $(JOBS)

bench: $(STAMPS)/venv-test $(STAMPS)/build  ## compare with DuckDB, Polars, pandas, pyarrow, stripe-python and more
	@$(PY) tests/benchmarks/bench_reconcile.py
	@$(PY) tests/benchmarks/bench_money.py
	@$(PY) tests/benchmarks/bench_money_column.py
	@$(PY) tests/benchmarks/bench_signature.py
	@$(PY) tests/benchmarks/bench_voucher.py

wheel: $(STAMPS)/venv-test  ## sdist and repaired wheel in dist/
	$(call say,sdist and wheel)
	@rm -rf build/wheel && mkdir -p build/wheel dist
	@$(PY) -m build --outdir build/wheel .
	@PATH="$$PWD/.venv/bin:$$PATH" $(PY) -m auditwheel repair --wheel-dir dist build/wheel/*.whl
	@mv build/wheel/*.tar.gz dist/
	@ls -l dist

lint: $(STAMPS)/venv-test  ## formatters and ruff, changing nothing
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run -Werror
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: $(STAMPS)/venv-test  ## let the formatters change the files
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i
	@.venv/bin/ruff format .

types: $(STAMPS)/venv-test  ## mypy, strict
	@$(PY) -m mypy

tidy:  ## clang-tidy over the core's sources
	@cmake -S cpp -B build/tidy -G Ninja -DCUADRE_TESTS=OFF -DCUADRE_FUZZ=OFF -DCMAKE_CXX_COMPILER=clang++ >/dev/null
	@find cpp/src -name '*.cpp' | xargs -P $(JOBS) -n 1 clang-tidy --quiet -p build/tidy

clean:  ## remove what was built, not the virtual environment
	rm -rf build dist

# Debian packages: asked of dpkg first, so that nothing is fetched, and no root needed, where all are there.
define apt
	@mkdir -p $(STAMPS)
	@missing=""; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  printf '\n== Debian packages:%s\n' "$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then as=""; \
	  elif sudo -n true 2>/dev/null; then as="sudo"; \
	  else echo "Run this one line, then this command again:"; \
	    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$$missing"; exit 1; fi; \
	  $$as apt-get update -q && \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; fi
	@touch $@
endef

$(STAMPS)/apt-build: Makefile
	$(call apt,$(DEBIAN_BUILD))

$(STAMPS)/apt-test: $(STAMPS)/apt-build
	$(call apt,$(DEBIAN_TEST))

# A .venv whose pip does not answer was interrupted in the making, or its interpreter is gone: it is made anew.
$(STAMPS)/venv-build: $(STAMPS)/apt-build pyproject.toml
	$(call say,Virtual environment in .venv)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install -q --disable-pip-version-check 'scikit-build-core>=1.0' 'pybind11>=3.1'
	@touch $@

# What pyproject.toml names under these extras (none: under all of them).
define pip
	@$(PY) -c 'import sys, tomllib; e = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; \
	  print("\n".join(sorted({r for name in sys.argv[1:] or e for r in e[name] if not r.startswith("cuadre")})))' $(1) >build/requirements.txt
	@$(PY) -m pip install -q --disable-pip-version-check -r build/requirements.txt
	@touch $@
endef

$(STAMPS)/venv-test: $(STAMPS)/venv-build $(STAMPS)/apt-test
	$(call say,Python packages for the tests)
	$(call pip,)

$(STAMPS)/venv-notebook: $(STAMPS)/venv-build
	$(call say,Python packages for the notebooks)
	$(call pip,notebook)

# The build directory stays, so only what changed is compiled again.
$(STAMPS)/build: $(STAMPS)/venv-build $(CORE_SOURCES) $(PYTHON_SOURCES) CMakeLists.txt pyproject.toml
	$(call say,Building cuadre)
	@CMAKE_BUILD_PARALLEL_LEVEL=$(JOBS) $(PY) -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps \
	  --force-reinstall --config-settings=build-dir=build/python .
	@touch $@
