# The verbs of this house. Each does its own set-up.
.PHONY: page help run test check bench call format lock docs test-voice image-check deploy-check

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

run: ## start the hotline with embedded defaults, place one demonstration call, keep serving
	@scripts/run

test: ## format, lint, types, contracts, and every test
	@scripts/test

page: ## build the browser demo, which the hotline serves at /demo/
	@scripts/page

check: ## verify the configuration without a call
	@scripts/hotline check

call: ## telephone a running hotline: make call SAY="where is my booking"
	@scripts/hotline call $(if $(SAY),--say "$(SAY)",)

bench: ## measure what the README and docs/performance.md claim
	@scripts/bench

format: ## put every file into the house's format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: ## write the lock files anew from requirements/*.in
	@scripts/lock

docs: ## write docs\/configuration.md and docs\/demo-bookings.md from the program
	@scripts\/docs

test-voice: ## each tool in a spoken call, all at once (about three minutes)
	@scripts/test-voice

image-check: ## build the image from stand-in bases, look at it, run it as a cluster would
	@scripts/image-check

deploy-check: ## what deploy/, cloudbuild.yaml and the runbooks must be (part of make test)
	@scripts/deploy-check
