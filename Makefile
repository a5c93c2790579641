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

# The module of build directory (1) and the Python files, as a package in folder (2).
define lay
	@mkdir -p $(2) && rm -rf $(2)/cuadre && cp -rp python/cuadre $(2)/
	@cmake --install $(1) --component python --prefix $(2) >/dev/null
endef
WITH_PYTHON = -DCUADRE_PYTHON=ON -DPython_EXECUTABLE=$(CURDIR)/$(PY) -Dpybind11_DIR="$$($(CURDIR)/$(PY) -m pybind11 --cmakedir)"

.PHONY: help setup build demo notebooks test native quick bench wheel lint types tidy sanitize format clean

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

native: $(STAMPS)/tree  ## build and run the native tests and the fuzz targets' corpora
	$(call say,Native core: build and tests)
	@cmake --build build/tree --parallel $(JOBS)
	@ctest --test-dir build/tree/cpp --output-on-failure --parallel $(JOBS)

# T names a room (money: its native tests and its Python tests) or one file (tests/money/test_fee.py, cpp/tests/money/fee_test.cpp).
quick: $(STAMPS)/tree  ## one room, or one file, after a change: make quick T=money
	@T='$(T)'; T=$${T%/}; native=; python=; \
	case "$$T" in \
	  cpp/tests/*.cpp) name=$${T#cpp/tests/}; name=$${name%.cpp}; room=$${name%%/*}; name=$${name#$$room/}; \
	    if [ "$$name" != "$${room}_test" ]; then name="$${room}_$${name//\//_}"; fi; native=$$name; ask="-R ^$$name\$$" ;; \
	  tests/*) python=$$T ;; \
	  ?*) if [ -d cpp/tests/$$T ]; then native=room_$$T; ask="-L ^$$T\$$"; fi; if [ -d tests/$$T ]; then python=tests/$$T; fi ;; \
	esac; \
	if [ -z "$$native$$python" ]; then echo "Which room or file? make quick T=money, T=tests/money/test_fee.py"; exit 2; fi; \
	if [ -n "$$native" ]; then cmake --build build/tree --parallel $(JOBS) --target $$native; \
	  ctest --test-dir build/tree/cpp --output-on-failure --parallel $(JOBS) --no-tests=error $$ask; fi; \
	if [ -n "$$python" ]; then $(MAKE) build; $(PY) -m pytest -q -m "not slow" $$python; fi

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

tidy: $(STAMPS)/venv-build  ## clang-tidy over the core and the bindings
	@cmake -S cpp -B build/tidy -G Ninja -DCUADRE_TESTS=OFF -DCUADRE_FUZZ=OFF -DCMAKE_CXX_COMPILER=clang++ -DCUADRE_UNITY=OFF \
	  $(WITH_PYTHON) >/dev/null
	@find cpp/src cpp/bindings -name '*.cpp' | xargs -P $(JOBS) -n 1 clang-tidy --quiet -p build/tidy

# The runtime and libstdc++ come first in the process, as Python was built without either. Leaks are not looked for: an
# interpreter that ends keeps its types. PYTHONMALLOC shows the sanitizer each object instead of Python's arenas.
sanitize: $(STAMPS)/venv-test  ## the tests of the border, on a module built with address and undefined-behaviour sanitizers
	$(call say,Border tests under sanitizers)
	@cd cpp && cmake --preset asan $(WITH_PYTHON) >/dev/null
	@cmake --build build/asan --parallel $(JOBS) --target _core
	$(call lay,build/asan,build/asan/site)
	@env PYTHONPATH=build/asan/site PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1 \
	  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
	  LD_PRELOAD="$$(clang++ -print-file-name=libclang_rt.asan-$$(uname -m).so) $$(clang++ -print-file-name=libstdc++.so.6)" \
	  $(PY) -m pytest -n $(JOBS) --dist loadfile -q -m border

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

# pip installs once: the metadata, the command, and the module it compiled in build/tree. Python's own tests and the native
# ones then stand in that same tree, so the core is compiled once.
$(STAMPS)/installed: $(STAMPS)/venv-build pyproject.toml
	$(call say,Building cuadre)
	@CMAKE_BUILD_PARALLEL_LEVEL=$(JOBS) $(PY) -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps \
	  --force-reinstall --config-settings=build-dir=build/tree .
	@touch $@

# What changed since is compiled and laid over it: a second where pip takes ten.
$(STAMPS)/build: $(STAMPS)/installed $(CORE_SOURCES) $(PYTHON_SOURCES) CMakeLists.txt
	@cmake --build build/tree --parallel $(JOBS) --target _core
	$(call lay,build/tree,$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("platlib"))'))
	@touch $@

$(STAMPS)/tree: $(STAMPS)/installed $(STAMPS)/venv-test
	@cmake build/tree -DCUADRE_TESTS=ON -DCUADRE_FUZZ=ON >build/tree-configure.log 2>&1 || { cat build/tree-configure.log; exit 1; }
	@touch $@
