# The environment of the shell examples of one page; see run-docs-shell.ts. The examples run unchanged, on a free port
# instead of 7443. A command that starts the emulator starts it in the background. In the place `source`, commands that
# install, pack or build do nothing, and the emulator runs from source; in `package` they run, and it is the installed one;
# in `container`, `docker` is podman (docker.ts).
set -euo pipefail

EMULATOR=("$NODE" "$REPO/src/cli.ts")
if [ "$PLACE" = package ]; then
  EMULATOR=(cckm-emulator)
  # `npm install --global` installs for this page alone, with the machine's settings.
  npm_config_globalconfig=$(npm config get globalconfig)
  export npm_config_globalconfig npm_config_prefix=$HOME/npm PATH=$HOME/npm/bin:$PATH
fi

stop_emulator() {
  [ -s "$READY" ] || return 0
  # By its ready file: npx does not pass signals on.
  local pid
  pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$READY")
  kill "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm -f "$READY"
}
finish() {
  stop_emulator
  if [ "$PLACE" = container ]; then docker clean-up; fi
}
trap finish EXIT

# start_emulator ARGS... -- starts the emulator instead of the running one, and signs in.
start_emulator() { start_command "${EMULATOR[@]}" "$@"; }

start_command() {
  stop_emulator
  command "$@" --ready-file "$READY" </dev/null >"$LOG" 2>&1 &
  local server=$!
  until [ -s "$READY" ]; do
    if ! kill -0 "$server" 2>/dev/null; then cat "$LOG" >&2; return 1; fi
    sleep 0.05
  done
  # Empty if the example has users of its own.
  TOKEN=$(command curl -sk "http://127.0.0.1:$CCKM_EMULATOR_PORT/api/v1/auth/tokens" \
    --json '{"username":"admin","password":"admin"}' | sed -n 's/.*"jwt":"\([^"]*\)".*/\1/p')
  export TOKEN
}

# Whether these arguments of cckm-emulator start a server that runs until it is stopped.
is_start() {
  case "${1:-}" in
    '' | start | -*) case " $* " in *' --help '* | *' --version '*) return 1 ;; *) return 0 ;; esac ;;
  esac
  return 1
}

cckm-emulator() { if is_start "$@"; then start_emulator "$@"; else command "${EMULATOR[@]}" "$@"; fi; }

# run_script NAME -- a script of package.json. Only the download is made, unless an earlier step of CI has left it.
run_script() {
  "$NODE" -p "require('$REPO/package.json').scripts['$1'] ?? process.exit(1)" >/dev/null \
    || { echo "package.json has no script $1" >&2; return 1; }
  if [ "$PLACE/$1" = package/bundle:linux ]; then
    compgen -G "$REPO/cckm-emulator-*-linux-x64.tar.gz" >/dev/null || (cd "$REPO" && "$NODE" scripts/bundle-linux.ts)
    cp "$REPO"/cckm-emulator-*-linux-x64.tar.gz .
  fi
}

npm() {
  case "$1" in
    ci | pack | test) ;;
    i | install | init) if [ "$PLACE" = package ]; then command npm --no-audit --no-fund --prefer-offline "$@"; fi ;;
    start) shift; if [ "${1:-}" = -- ]; then shift; fi; start_command "$NODE" "$REPO/src/cli.ts" "$@" ;;
    run) run_script "$2" ;;
    *) echo "npm $1: not supported by test/support/run-docs.sh" >&2; return 1 ;;
  esac
}

npx() {
  local words=()
  while [ "${1#-}" != "$1" ]; do
    words+=("$1")
    if [ "$1" = --package ]; then words+=("$2"); shift; fi
    shift
  done
  if [ "$1" != cckm-emulator ]; then
    if [ "$PLACE" = package ]; then command npx "${words[@]}" "$@"; return; fi
    [ -e "$REPO/node_modules/.bin/$1" ] || { echo "npx $1: no such command" >&2; return 1; }
  elif [ "$PLACE" != package ]; then shift; cckm-emulator "$@"
  elif is_start "${@:2}"; then start_command npx "${words[@]}" "$@"
  else command npx "${words[@]}" "$@"; fi
}

docker() { "$NODE" "$REPO/test/support/docker.ts" "$@"; }

# An error status fails the example, unless its fence has any-status.
curl() { command curl --silent --show-error ${ANY_STATUS:---fail-with-body} "$@"; }
