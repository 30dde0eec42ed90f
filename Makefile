# The commands a person types. `make help` lists them; README.md explains them.

PYTHON ?= python3
PORT ?= 8000
SANDBOX_PORT ?= 8001
ARGS ?=
# Stripe's published shapes, if they lie beside the project: what is said to Stripe is checked.
export STRIPE_SHAPES ?= $(realpath ../shared/stripe)

BIN := .venv/bin
# Stamps carry the sum of the lock files: changed pins are installed, unchanged ones cost nothing.
RUNTIME := .venv/runtime-$(shell cat requirements.txt | cksum | cut -d' ' -f1)
DEV := .venv/dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)

PYTEST := $(BIN)/pytest -n 2 --durations 5
SERVICES := DATABASE_URL=postgres://postgres@127.0.0.1:5432/shop CACHE_URL=redis://127.0.0.1:6379/1
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links

# Where the shop and the sandbox of `make run` find each other.
run: export BASE_URL ?= http://127.0.0.1:$(PORT)
run: export STRIPE_API_BASE ?= http://127.0.0.1:$(SANDBOX_PORT)
run: export PATH := $(CURDIR)/$(BIN):$(PATH)
run: export SHOP_PORT := $(PORT)
run: export SANDBOX_PORT := $(SANDBOX_PORT)

# Django's checks with the settings of production and secrets that open nothing.
deploy-check: export DJANGO_SETTINGS_MODULE := storefront.settings.production
deploy-check: export SECRET_KEY := made-up-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ
deploy-check: export BASE_URL := https://shop.example
deploy-check: export DATABASE_URL := postgres://shop@127.0.0.1/shop
deploy-check: export CELERY_BROKER_URL := amqp://shop@127.0.0.1//
deploy-check: export CACHE_URL := redis://127.0.0.1/1
deploy-check: export EMAIL_URL := smtp://127.0.0.1:25
deploy-check: export DEFAULT_FROM_EMAIL := Shop <shop@shop.example>
deploy-check: export STRIPE_SECRET_KEY := sk_live_made_up
deploy-check: export STRIPE_WEBHOOK_SECRETS := whsec_made_up

.PHONY: help run test test-services faults bench audit check deploy-check lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | column -t -s'|'

run: $(RUNTIME) ## Start the demo shop: web, worker, beat and payment sandbox
	@$(BIN)/python -m storefront.machine pango port:$(PORT) port:$(SANDBOX_PORT)
	@echo "Preparing the database and the demo shop (the first time takes a moment)"
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo
	@exec $(BIN)/honcho start

test: $(DEV) ## Run the tests on SQLite; ARGS="checkout -k totals" picks some
	@$(BIN)/python -m storefront.machine pango chromium npm qpdf pdfinfo
	$(PYTEST) $(ARGS)

test-services: $(DEV) ## The same on PostgreSQL, Redis and RabbitMQ; then a sale with Redis as broker
	@$(BIN)/python -m storefront.machine pango chromium npm qpdf pdfinfo
	$(SERVICES) WHOLE_SHOP_BROKER_URL=amqp://guest:guest@127.0.0.1:5672// $(PYTEST) $(ARGS)
	$(SERVICES) WHOLE_SHOP_BROKER_URL=redis://127.0.0.1:6379/2 $(BIN)/pytest tests -m whole_shop

bench: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/shop
bench: export CELERY_BROKER_URL ?= redis://127.0.0.1:6379/3
bench: $(DEV) ## Measure the shop against bare Django on PostgreSQL and Redis, as ratios
	@$(BIN)/python -m storefront.machine pango
	$(BIN)/python -W ignore -m bench

# One fault after the other on a running shop, with RabbitMQ and then with Redis as its broker.
faults: $(DEV) ## Break the running shop in every way; ARGS="-k mail" or ARGS="--moments printing"
	@$(BIN)/python -m storefront.machine pango
	$(SERVICES) $(BIN)/pytest tests/faults -m row --verbose --tb=short --show-capture=no $(ARGS)

audit: $(DEV) ## Judge every page: Lighthouse, axe, the W3C's validator, weights
	@$(BIN)/python -m storefront.machine pango chromium npm java
	$(BIN)/pytest tests/audit -m "judge or not judge" $(ARGS)

check: $(DEV) deploy-check ## Lint, format, templates, types, arrows, migrations, production settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --quiet --lint templates home products cart checkout invoices mailing site sandbox
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python manage.py makemigrations --check --dry-run

deploy-check: $(RUNTIME)
	env -u STRIPE_API_BASE $(BIN)/python manage.py check --deploy --fail-level WARNING

lock: $(DEV) ## Compile the lock files from pyproject.toml; ARGS=--upgrade takes newer releases
	$(COMPILE) $(ARGS) pyproject.toml -o requirements.txt
	$(COMPILE) $(ARGS) --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Remove the environment and everything the shop has written
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=…")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(PYTHON) site/storefront/machine.py venv
	@$(PYTHON) -m venv .venv
	@# Our folders on the path, relative, so that the project may be moved.
	@printf '../../../..\n../../../../site\n' \
		> "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/shop.pth"
	@touch $@

$(RUNTIME): | .venv/ready
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@rm -f .venv/runtime-* && touch $@

$(DEV): | $(RUNTIME)
	$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/dev-* && touch $@
