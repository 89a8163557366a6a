# `make build` makes the dataset in build/site; `make test` runs the tests, `make test-all` all of them. All set up what they need: in .venv, or in .venv-site where only the site is built.

PYTHON ?= python3
VENV := .venv
SITE_VENV := .venv-site
SSSOM_VENV := .venv-sssom
W3C_SUITES := build/w3c-suites
BIN := $(VENV)/bin
HEAVY := browser or server or spark or reference or slow or docs or wheel

.PHONY: build package starter test test-all lint setup lock audit commands mutation fuzz screenshots lighthouse bench clean

# With the set-up of those who test where it is there, else with a small one.
build: $(if $(wildcard $(VENV)/.done),$(VENV),$(SITE_VENV))/.done node_modules/.done
	$(dir $<)bin/balansekunst build

# Make the source distribution and the wheel in build/dist. They hold the scripts of the pages bundled, so that no one else needs Node.js.
package: setup
	$(BIN)/python -m build --no-isolation --outdir build/dist

# A zip for those who use no terminal: the wheel, and what they double-click to make a site of the workbooks beside it.
starter: package
	rm -rf build/dist/balansekunst-starter && mkdir build/dist/balansekunst-starter
	cp -p scripts/starter/*.* "$$(ls -t build/dist/balansekunst-*.whl | head -n 1)" build/dist/balansekunst-starter
	$(BIN)/python -c 'import shutil; shutil.make_archive("build/dist/balansekunst-starter", "zip", "build/dist", "balansekunst-starter")'

# The tests that need nothing but Python and Node.
test: setup lint
	npm test --silent
	$(BIN)/python -m pytest -m "not ($(HEAVY))"

# All tests: also those that drive browsers, servers and Spark, those that take long, those that compare with slow references, what the documents show, and the package installed.
test-all: test $(SSSOM_VENV)/.done $(W3C_SUITES)/.done
	$(BIN)/python -m pytest -m "$(HEAVY)"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run --silent lint
	npm run --silent check
	$(BIN)/python -m pytest -n0 -q tests/test_language.py

setup: $(VENV)/.done node_modules/.done

define CHECK_PYTHON
@command -v $(PYTHON) >/dev/null || { echo "Python mangler / is missing: sudo apt-get install python3 python3-venv" >&2; exit 2; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 eller nyere trengs / is needed. make build PYTHON=python3.12" >&2; exit 2; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "venv mangler / is missing: sudo apt-get install python3-venv" >&2; exit 2; }
endef

# For those who build and test.
$(VENV)/.done: requirements.lock pyproject.toml
	$(CHECK_PYTHON)
	@echo "Setter opp / Setting up $(VENV): 1.3 GB, noen minutter / some minutes"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# For those who only build the site: what it needs to run, and nothing to test with.
$(SITE_VENV)/.done: requirements-site.lock pyproject.toml
	$(CHECK_PYTHON)
	@echo "Setter opp / Setting up $(SITE_VENV): 370 MB, et minutt eller to / a minute or two"
	$(PYTHON) -m venv $(SITE_VENV)
	$(SITE_VENV)/bin/python -m pip install --quiet --require-hashes --requirement requirements-site.lock
	@printf '%s\n' '#!/bin/sh' 'PYTHONPATH="$(CURDIR)/scripts" exec "$(CURDIR)/$(SITE_VENV)/bin/python" -m balansekunst "$$@"' > $(SITE_VENV)/bin/balansekunst
	@chmod +x $(SITE_VENV)/bin/balansekunst
	@touch $@

# For the tests that let sssom-py judge the mapping tables.
$(SSSOM_VENV)/.done: requirements-sssom.lock
	$(CHECK_PYTHON)
	@echo "Setter opp / Setting up $(SSSOM_VENV): 300 MB, et minutt / a minute"
	$(PYTHON) -m venv $(SSSOM_VENV)
	$(SSSOM_VENV)/bin/python -m pip install --quiet --require-hashes --requirement requirements-sssom.lock
	@touch $@

# W3C's tests of SHACL and SPARQL, which two packages of the registries hold.
$(W3C_SUITES)/.done: tests/w3c.py | setup
	$(BIN)/python tests/w3c.py --fetch
	@touch $@

node_modules/.done: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Node.js mangler / is missing: sudo apt-get install nodejs npm" >&2; exit 2; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || { echo "Node.js 20 eller nyere trengs / is needed." >&2; exit 2; }
	npm ci --silent
	@touch $@

# Renew the pinned requirements. Needs `uv`.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements.lock
	uv pip compile pyproject.toml --extra parquet --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements-site.lock
	uv pip compile pyproject.toml --extra spark --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements-spark.lock
	uv pip compile --group sssom --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements-sssom.lock
	uv pip compile --group judges --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements-judges.lock

# Ask the registries what is known to be wrong with the pinned packages. Fails where one could not be looked up too. Needs `uv` and the net.
audit: node_modules/.done
	@unaudited=0; npm audit || unaudited=1; \
	for lock in requirements*.lock; do uvx pip-audit --strict --requirement $$lock --require-hashes --disable-pip || unaudited=1; done; \
	[ $$unaudited = 0 ] || { echo "En pakke har en kjent feil, eller databasen svarer ikke / A package has a known fault, or the database does not answer." >&2; exit 2; }

# Write docs/commands.md from what the command line parses.
commands: setup
	$(BIN)/python tests/command_reference.py > docs/commands.md.new
	mv docs/commands.md.new docs/commands.md

# Break the data in many ways, and write down which rule tells. Takes some ten minutes.
mutation: setup
	$(BIN)/python tests/mutation_table.py > docs/mutation.md.new
	mv docs/mutation.md.new docs/mutation.md

# Make up 20,000 spoilt texts, 8,800 workbooks, sheets and standards to export, and 160 folders, and see that each is read or told of.
# Takes some hours, most of them for the workbooks and folders: fewer with COUNT=400.
COUNT ?= 4000
fuzz: setup
	BALANSEKUNST_INPUTS=$(COUNT) $(BIN)/python -m pytest -o faulthandler_timeout=0 tests/test_exit_codes.py tests/test_spoilt.py -k spoilt

# Take the pictures of build/site that docs/screenshots holds. Needs Chromium.
screenshots: setup
	$(BIN)/python tests/screenshots.py

# Measure eight pages of build/site with Lighthouse. Needs Chromium and the net. Takes some five minutes.
lighthouse: setup
	PYTHONPATH=tests $(BIN)/python tests/lighthouse.py

# Measure builds, the endpoint and the pages, and write docs/benchmarks.md. Needs Chromium, Java 17 and Maven, and `oxigraph` to be compared with.
bench: build
	PYTHONPATH=tests $(BIN)/python -m benchmarks.report $(ROLES)

clean:
	rm -rf build $(VENV) $(SITE_VENV) $(SSSOM_VENV) node_modules
