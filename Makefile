# `make help` lists what is here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
PORT ?= 8000
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command 'make lock'

.PHONY: help run setup test test-postgres search bench chaos screenshots lint format messages lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s%s\n", $$1, $$2}'

run: $(STAMP) ## the whole portal on 127.0.0.1:8000 (PORT=… changes it)
	@PORT=$(PORT) exec $(BIN)/python -m procurement.portal

setup: $(STAMP) ## only the environment, in .venv

$(STAMP): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

test: $(STAMP) ## all tests, in a real browser too
	@$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

test-postgres: $(STAMP) ## the same tests on PostgreSQL, without those of browsers and processes (ARGS=tests/… for some)
	@$(BIN)/python -m tests.postgres $(BIN)/pytest -n 2 --dist loadgroup \
	  $(or $(ARGS),--ignore tests/browser --ignore tests/processes)

search: $(STAMP) ## find one photo's offers: make search PHOTO=path [ARGS="--price-from 10"]
	@test -n "$(PHOTO)" || { echo 'Say which photo: make search PHOTO=path' >&2; exit 2; }
	@$(BIN)/python -m procurement.portal --prepare
	@$(BIN)/python manage.py imagesearch "$(PHOTO)" $(ARGS)

bench: $(STAMP) ## measure; one JSON line a figure (ONLY=name for one)
	@$(BIN)/python -m benchmarks $(ONLY)

chaos: $(STAMP) ## kill processes at random during a batch of 300 photos, then count (SECONDS=300, SEED=1)
	@$(BIN)/python -m benchmarks.chaos --seconds $(or $(SECONDS),300) --seed $(or $(SEED),1) $(ARGS)

screenshots: $(STAMP) ## pictures of every page in var/screenshots, the README's in docs/
	@$(BIN)/python -m tests.browser.chromium --install
	SCREENSHOTS=var/screenshots $(BIN)/pytest tests/browser/test_screenshots.py
	cp var/screenshots/comparison-1600-light.png docs/comparison.png
	cp var/screenshots/comparison-landed-1600-light.png docs/landed.png
	cp var/screenshots/side-by-side-1600-dark.png docs/side-by-side.png
	cp var/screenshots/list-board-1600-light.png docs/board.png
	cp var/screenshots/prices-and-places-1600-dark.png docs/prices-and-places.png

lint: $(STAMP) ## everything that is checked without running the product
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	@echo 'check --deploy, as production would start:'
	@VAR_DIR=/nonexistent ALLOWED_HOSTS=portal.example CREDENTIAL_KEYS=$$($(BIN)/python -m procurement.newkey) \
	  SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(STAMP) ## rewrite the code in the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(STAMP) ## collect the texts to translate, and compile the translations (needs gettext)
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap --add-location file \
	  --ignore .venv --ignore tests --ignore benchmarks --ignore var --settings tests.settings
	$(BIN)/python manage.py compilemessages --locale zh_Hans --ignore .venv --settings tests.settings

lock: $(STAMP) ## resolve the dependencies anew (ARGS=--upgrade for newer ones)
	$(COMPILE) $(ARGS) pyproject.toml -o requirements.txt
	$(COMPILE) $(ARGS) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove the environment and the caches; var/ (your data) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
