# Every command a person needs. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help demo test build proxy lint fmt test-host test-wasm test-pages test-e2e bench-embed bench-provision bench-sandbox bench-proxy crash-matrix setup setup-lint setup-test setup-bench screenshots sizes clean

export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export WASM_PACK_CACHE := $(CURDIR)/.tools/wasm-pack-cache
# Panics name source files: by their crate, not by where this machine keeps it.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS := --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src= --remap-path-prefix=$(CURDIR)=
# One browser for all wasm tests takes longer than the runner's 20 seconds on a busy machine.
export WASM_BINDGEN_TEST_TIMEOUT := 180

RUST := $(shell find src -name '*.rs') Cargo.toml Cargo.lock rust-toolchain.toml
PAGES := $(shell find www/sdk www/admin -type f -not -path '*/dist/*') tools/build/bundle.mjs package-lock.json
WASM_PACK := wasm-pack --quiet build --target web --profile wasm --mode no-install --no-opt --no-pack --no-gitignore --out-name glue

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

# Sandbox and proxy, the latter with the pages in it.
PROGRAMS := cargo build --quiet --locked -p opencx-sandbox -p opencx-partner-proxy --features opencx-partner-proxy/pages

demo: build ## Build, start sandbox, proxy and pages, and say where to click; Ctrl-C ends all
	@$(PROGRAMS)
	@exec node tools/dev/demo.mjs

test: setup-test lint test-host test-wasm test-pages test-e2e test-webkit ## Run everything: lint, host, wasm and end-to-end tests
	@echo "All tests passed."

build: setup pkg/dist/script.js ## Build the wasm files, the npm package and the admin page; print sizes

proxy: build ## Build the proxy as partners run it, with the admin page and the package's files in it
	@cargo build --release --quiet --locked -p opencx-partner-proxy --features pages
	@echo "target/release/opencx-partner-proxy"

# The wasm tests of the admin module.
OF_ADMIN := $(addprefix --test ,web_admin web_transport web_watch web_hostile web_broken)

lint: setup-lint pkg/dist/script.js ## Formatters and linters, Rust and TypeScript; licences and sources of what both are built from
	cargo fmt --all --check
	cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
	cargo clippy --quiet --locked --target wasm32-unknown-unknown --features admin,csv,embed --lib $(OF_ADMIN) --test web_csv --test web_embed -- -D warnings
	cargo deny --workspace --offline --locked check --hide-inclusion-graph licenses bans sources
	biome ci --colors=off --error-on-warnings
	tsc -p tsconfig.json
	tsc -p tests/tsconfig.json

fmt: setup ## Format everything
	cargo fmt --all
	biome check --write

test-host: setup ## Rules, proxy and sandbox, on this machine
	cargo test --quiet --locked --workspace

# Not `wasm-pack test`: it builds every test target first, and the host's tests do not build for the browser.
WASM_TEST := CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner cargo test --locked --target wasm32-unknown-unknown
IN_CHROMIUM := CHROMEDRIVER=$$(command -v chromedriver)
IN_WEBKIT := SAFARIDRIVER=$$(command -v WebKitWebDriver) xvfb-run -a

test-wasm: setup-test ## The wasm modules in Chromium and WebKitGTK
	$(IN_CHROMIUM) $(WASM_TEST) --features admin $(OF_ADMIN)
	$(IN_CHROMIUM) $(WASM_TEST) --features csv --test web_csv
	$(IN_CHROMIUM) $(WASM_TEST) --features embed --test web_embed
	$(IN_WEBKIT) env $(WASM_TEST) --features admin $(OF_ADMIN)
	$(IN_WEBKIT) env $(WASM_TEST) --features csv --test web_csv
	$(IN_WEBKIT) env $(WASM_TEST) --features embed --test web_embed

test-pages: build ## Demo servers, package and size budgets
	node --test tools/dev/ tests/package/

test-e2e: setup-test build ## The whole journey over real HTTP in Chromium, the embed in Firefox ESR too
	$(PROGRAMS)
	playwright test

test-webkit: setup-test build ## The embed in WebKitGTK
	$(PROGRAMS)
	xvfb-run -a node --test tests/webkit/

screenshots: setup-test build ## Take the pictures in docs/ anew
	@$(PROGRAMS)
	@node tools/dev/screenshots.mjs

bench-embed: setup-test build ## Compare our script tag with the vendor's snippet, side by side (a table, 8 minutes)
	@node tests/bench/embed/main.mjs

bench-provision: setup-test build ## Set customers up beside the guide's own way, and 500 within the platform's limit (a table, 5 minutes)
	@cargo build --release --quiet --locked -p opencx-sandbox -p opencx-partner-proxy
	@node tests/bench/provision/main.mjs

bench-sandbox: setup ## Measure the sandbox: its start, orgs created a second, crawls (1 minute once built)
	@cargo bench --quiet --locked -p opencx-sandbox --bench speed --bench crawl

bench-proxy: setup-bench ## Measure what the proxy adds to a call (1 minute once built); with SOAK_MINUTES=10 also memory and steps under faults
	@cargo build --quiet --locked --release -p opencx-sandbox
	@cargo bench --quiet --locked -p opencx-partner-proxy --bench latency --bench soak

crash-matrix: setup-test ## Kill the proxy at each call of a run, start it again, and say what came of it (two tables, 2 minutes)
	@echo "With SQLite:"
	@cargo test --quiet --locked -p opencx-partner-proxy --test crash_matrix -- --nocapture
	@echo "With PostgreSQL:"
	@CRASH_MATRIX=all cargo test --quiet --locked -p opencx-partner-proxy --test postgres matrix:: -- --nocapture

sizes: build ## Print what a visitor downloads
	@node -e 'import("./tools/build/sizes.mjs").then((sizes) => sizes.printSizes("pkg/dist"))'

clean: ## Remove everything built (tools and downloads stay)
	cargo clean --quiet
	rm -rf pkg/dist pkg/LICENSE-* www/admin/dist test-results .demo

setup:
	@tools/setup.sh build

setup-lint:
	@tools/setup.sh lint

setup-test:
	@tools/setup.sh test

setup-bench:
	@tools/setup.sh bench

# In the large file, functions with one caller stay by themselves: alike as they are, they compress to 2 kB less.
KEEP_APART_admin := --one-caller-inline-max-function-size 20

target/glue/%/glue.js: $(RUST)
	@echo "building $*.wasm ..."
	@$(WASM_PACK) --out-dir target/glue/$* . -- --locked --features $*
	@wasm-opt -Oz --converge $(KEEP_APART_$*) target/glue/$*/glue_bg.wasm --output target/glue/$*/glue_bg.wasm
	@node tools/build/short-names.mjs target/glue/$*
	@touch $@

pkg/dist/script.js: target/glue/embed/glue.js target/glue/admin/glue.js target/glue/csv/glue.js $(PAGES)
	@node tools/build/bundle.mjs
	@tsc -p tsconfig.types.json
