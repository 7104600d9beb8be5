#!/usr/bin/env bash
# Brings what a machine needs and has not got: `tools/setup.sh build` for `make demo`, `tools/setup.sh lint` for `make lint`,
# `tools/setup.sh test` for `make test`, which needs browsers too, `tools/setup.sh bench` for `make bench-proxy`. Whatever cannot be brought is named in one line, with what to do.
set -u
cd "$(dirname "$0")/.."
# The one place these versions stand in.
WASM_PACK_VERSION=0.15.1
CARGO_DENY_VERSION=0.20.2
LOGS=.tools/log
mkdir -p "$LOGS" .tools/wasm-pack-cache

stop() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

# bring NAME WHAT-TO-DO COMMAND...: runs a command quietly; its output is kept for whoever needs it.
bring() {
  local name=$1 advice=$2
  shift 2
  printf 'setup: bringing %s ...\n' "$name"
  "$@" >"$LOGS/$name.log" 2>&1 || stop "could not bring $name. $advice The reason is at the end of $LOGS/$name.log"
}

has() { command -v "$1" >/dev/null 2>&1; }
newer() { [ ! -e "$2" ] || [ "$1" -nt "$2" ]; }

online='Is the network up?'

rust_tools() {
  has rustup && has cargo || stop 'Rust is missing. Install rustup from https://rustup.rs, then run make again.'
  local channel
  channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  if ! rustup run "$channel" rustc --version >/dev/null 2>&1; then
    bring rust "$online" rustup toolchain install "$channel" --profile minimal -c rustfmt -c clippy
  fi
  if ! rustup target list --installed --toolchain "$channel" | grep -qx wasm32-unknown-unknown; then
    bring wasm-target "$online" rustup target add wasm32-unknown-unknown --toolchain "$channel"
  fi
  local component
  for component in rustfmt clippy; do
    rustup component list --installed --toolchain "$channel" | grep -q "^$component" ||
      bring "$component" "$online" rustup component add "$component" --toolchain "$channel"
  done
  # wasm-pack asks for the metadata of all targets; without this it would want the network later.
  if newer Cargo.lock .tools/fetched; then
    bring crates "$online" cargo fetch --locked
    touch .tools/fetched
  fi
  # Opt-level 0: these tools build three times as fast and write the same bytes. Per command, never exported: it would
  # reach the product's own release build.
  if newer tools/wbg/Cargo.lock .tools/bin/wasm-bindgen; then
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 bring wasm-bindgen "$online" \
      cargo install --path tools/wbg --locked --root .tools --target-dir .tools/target --force
  fi
  if [ "$(.tools/bin/wasm-pack --version 2>/dev/null)" != "wasm-pack $WASM_PACK_VERSION" ]; then
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 bring wasm-pack "$online" \
      cargo install wasm-pack --version "$WASM_PACK_VERSION" --locked --root .tools --target-dir .tools/target
  fi
  rm -rf .tools/target
}

lint_tools() {
  [ "$(.tools/bin/cargo-deny --version 2>/dev/null)" = "cargo-deny $CARGO_DENY_VERSION" ] && return
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 bring cargo-deny "$online" \
    cargo install cargo-deny --version "$CARGO_DENY_VERSION" --no-default-features --locked --root .tools --target-dir .tools/target
  rm -rf .tools/target
}

node_tools() {
  has node && has npm || stop 'Node.js is missing. Install Node.js 20 or newer with npm, then run make again.'
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
    stop "Node.js $(node -v) is too old. Install Node.js 20 or newer, then run make again."
  if newer package-lock.json node_modules/.package-lock.json; then
    bring npm-packages "$online" npm ci --ignore-scripts
    touch node_modules/.package-lock.json
  fi
}

# Debian keeps them off PATH.
has_postgres() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

# apt NAME PACKAGES...: brings them from Debian's packages.
apt() {
  local name=$1 install="apt-get install -y --no-install-recommends ${*:2}"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    has sudo && sudo -n true 2>/dev/null || stop "Something is missing of $name. Run: sudo $install"
    root=(sudo -n)
  fi
  bring package-list "$online" "${root[@]}" apt-get update
  # shellcheck disable=SC2086 # words are wanted
  bring "$name" "$online" "${root[@]}" env DEBIAN_FRONTEND=noninteractive $install
}

browsers() {
  has chromium && has chromedriver && has firefox-esr && has WebKitWebDriver && has xvfb-run && has_postgres && return
  has apt-get ||
    stop 'A browser or PostgreSQL is missing. Install chromium, chromedriver, firefox-esr, WebKitWebDriver, xvfb-run and PostgreSQL, so that they are on PATH.'
  apt browsers chromium chromium-driver firefox-esr webkit2gtk-driver xvfb xauth postgresql
}

wrk() {
  has wrk && return
  has apt-get || stop 'wrk is missing. Install it, so that it is on PATH.'
  apt wrk wrk
}

case "${1:-}" in
  build) rust_tools && node_tools ;;
  lint) rust_tools && node_tools && lint_tools ;;
  test) rust_tools && node_tools && lint_tools && browsers ;;
  bench) rust_tools && wrk ;;
  *) stop 'say build, lint, test or bench' ;;
esac
