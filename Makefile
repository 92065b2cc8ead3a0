# make run    the platform on this machine: five services, five demo offices, nothing but Python (PORT=8000)
# make test   every check there is, on real RabbitMQ, PostgreSQL + PostGIS, Elasticsearch and Chromium
#             (ARGS="tests/search -k phrase": only those tests, one after the other)
# make check  what needs no server: style, types, walls          make bench   figures beside their bare counterparts
# make lock   new locks after a change of dependencies (ARGS=--upgrade: the newest versions)
# make clean  stop the servers of `make test`, remove what was installed; the data of `make run` in var/ stays

# The first Python that is new enough; `make run PYTHON=/opt/python3.12/bin/python3` chooses another.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
  "$$one" -E -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)
OLD := import sys; sys.version_info >= (3, 11) or \
  sys.exit("Python 3.11 or newer is needed, $(PYTHON) is %d.%d" % sys.version_info[:2])
NONE := Python 3.11 or newer is needed: apt-get install python3 python3-venv, or name one with PYTHON=…
CHOSEN := $(filter-out file undefined,$(origin PYTHON))

PORT ?= 8000
ifneq ($(PORT),8000)
export LAMPPOST_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
endif

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q --durations=15
SERIAL := tests/faults tests/deploy

# Somebody else's Python and pip settings would change what is installed, or where; the mirror pip uses is theirs.
unexport PYTHONHOME PYTHONPATH PYTHONOPTIMIZE PYTHONUSERBASE PYTHONWARNINGS VIRTUAL_ENV
unexport PIP_NO_BINARY PIP_ONLY_BINARY PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET
export PIP_USER := 0
export PYTHONUTF8 := 1

# pip, npm and Chromium keep things in HOME; a service account's may not be there, or not be its own.
ifeq ($(shell test -w "$$HOME" || echo no),no)
export HOME := $(CURDIR)/.venv/home
endif

.PHONY: run test check install install-dev assets bench events lock clean
.NOTPARALLEL:

run: install
	@$(BIN)/python deploy/port.py $(PORT)
	@$(BIN)/lamppost demo load
	@$(BIN)/lamppost run --port $(PORT)

# $(call group,NAME,COMMAND): what follows belongs to NAME; when it fails, the last line says so.
group = @echo "— $(1)"; $(2) || { echo "make $@: $(1) failed" >&2; exit 1; }

test: check
	$(call group,the servers,$(BIN)/python deploy/dev/up)
ifdef ARGS
	$(call group,pytest,$(PYTEST) $(ARGS))
else
	$(call group,pytest,$(PYTEST) --numprocesses 2 --dist loadfile $(SERIAL:%=--ignore=%))
	$(call group,pytest of $(SERIAL),$(PYTEST) $(SERIAL))
endif

check: install-dev
	$(call group,ruff check,$(BIN)/ruff check .)
	$(call group,ruff format,$(BIN)/ruff format --check .)
	$(call group,mypy,$(BIN)/mypy)
	$(call group,lint-imports,$(BIN)/lint-imports)

bench: install-dev
	$(call group,the servers,$(BIN)/python deploy/dev/up)
	$(BIN)/python -m tests.bench $(ARGS)

install:
	@$(call installed,run)

install-dev:
	@$(call installed,dev)

installed = $(if $(PYTHON),,echo "$(NONE)" >&2; exit 1;) command -v "$(PYTHON)" >/dev/null || { echo "$(NONE)" >&2; exit 1; }; \
  "$(PYTHON)" -c '$(OLD)' && "$(PYTHON)" deploy/install.py $(1) $(if $(CHOSEN),--anew)

assets:
	@$(BIN)/python chassis/web/assets/build.py

events: install
	$(BIN)/lamppost events > EVENTS.md

# Hashes, and no address of any index: whoever installs uses their own mirror. dev comes first, the others agree with it.
lock: install
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --requirement deploy/locks/lock.txt
	$(COMPILE) --extra dev pyproject.toml --output-file deploy/locks/dev.txt
	$(COMPILE) --extra all pyproject.toml --constraint deploy/locks/dev.txt --output-file deploy/locks/run.txt
	$(COMPILE) --group lock --output-file deploy/locks/lock.txt
	$(COMPILE) --group node --output-file chassis/web/assets/node-requirements.txt

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
  --no-annotate $(ARGS)

clean:
	if [ -x $(BIN)/python ]; then $(BIN)/python deploy/dev/down; fi
	rm -rf .venv build lamppost.egg-info chassis/web/static/built chassis/web/assets/node_modules
