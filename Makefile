# Two commands matter: `make run` and `make test`. Everything they install lives in .venv and web/node_modules.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamps
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# Hundreds of processes are started; none should compile again what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check unit journeys browser faults bench eval lock clean api-types new

run: $(STAMP)/product
	$(BIN)/yingke demo

test: $(STAMP)/dev
	$(MAKE) --no-print-directory check
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/pytest tests -q -n 2 --dist loadfile --ignore=tests/journeys --ignore=tests/browser
	$(BIN)/pytest tests/journeys/test_overload.py -q
	$(BIN)/pytest tests/journeys tests/browser -q -n 2 --dist loadfile --ignore=tests/journeys/test_overload.py

check: $(STAMP)/dev
	$(BIN)/ruff check src tests benchmarks evals tools
	$(BIN)/ruff format --check src tests benchmarks evals tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house.sizes
	cd web && npm run --silent check && npm run --silent test && npm run --silent budgets

unit: $(STAMP)/dev
	$(BIN)/pytest tests -q -n 2 --dist loadfile --ignore=tests/journeys --ignore=tests/browser

# What is measured by how much a machine can do at all has it to itself.
journeys: $(STAMP)/dev
	$(BIN)/pytest tests/journeys/test_overload.py -q
	$(BIN)/pytest tests/journeys -q -n 2 --dist loadfile --ignore=tests/journeys/test_overload.py

browser: $(STAMP)/dev
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/pytest tests/browser -q -n 2 --dist loadfile

# The faults of `make test`, ten rounds of them.
faults: $(STAMP)/dev
	for round in 1 2 3 4 5 6 7 8 9 10; do $(BIN)/pytest tests/journeys/test_kill.py tests/journeys/test_sockets.py -q || exit 1; done

bench: $(STAMP)/dev
	$(BIN)/python -m benchmarks

# Question sets of others are measured where they lie beside the repository; a chat endpoint where YINGKE_EVAL_CHAT_URL names one.
eval: $(STAMP)/dev
	$(BIN)/python evals/everything.py $(if $(wildcard ../shared/data),--data ../shared/data) --out benchmarks/results/eval.json

# Types of the web client, from the running code's own OpenAPI.
api-types: $(STAMP)/dev
	$(BIN)/python -m tests.house.api_types --write

# make new parser NAME: a plug-in and its test. The words behind "new" are no targets of their own.
.PHONY: run test check unit journeys browser faults bench eval lock clean api-types new
new:
	@$(PYTHON) tools/new.py $(wordlist 2,9,$(MAKECMDGOALS))
ifeq (new,$(firstword $(MAKECMDGOALS)))
$(eval $(wordlist 2,9,$(MAKECMDGOALS)):;@:)
endif

lock:
	$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements/base.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements/dev.lock

clean:
	rm -rf $(VENV) web/node_modules web/apps/*/dist src/yingke/static

$(STAMP)/uv: requirements/uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	mkdir -p $(STAMP) && touch $@

$(STAMP)/product: $(STAMP)/uv requirements/base.lock pyproject.toml $(shell git ls-files web 2>/dev/null | grep -v test)
	$(UV) --require-hashes -r requirements/base.lock
	$(UV) --no-deps --editable .
	touch $@

$(STAMP)/dev: $(STAMP)/product requirements/dev.lock
	$(UV) --require-hashes -r requirements/dev.lock
	touch $@
