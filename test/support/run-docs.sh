# The environment of the shell examples of one page; see run-docs.ts. The examples run unchanged. Commands that install,
# pack or build an image do nothing; commands that start the emulator start it from source, on a free port instead of 7443.
set -euo pipefail

server=''
stop_emulator() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
  server=''
}
trap stop_emulator EXIT

# Starts the emulator with the arguments of the example instead of the running one, and signs in.
start_emulator() {
  stop_emulator
  rm -f "$READY"
  "$NODE" "$REPO/src/cli.ts" "$@" --ready-file "$READY" </dev/null >"$LOG" 2>&1 &
  server=$!
  until [ -s "$READY" ]; do
    if ! kill -0 "$server" 2>/dev/null; then server=''; cat "$LOG" >&2; return 1; fi
    sleep 0.05
  done
  TOKEN=$(command curl -sk "http://127.0.0.1:$CCKM_EMULATOR_PORT/api/v1/auth/tokens" \
    --json '{"username":"admin","password":"admin"}' | sed -n 's/.*"jwt":"\([^"]*\)".*/\1/p')
  export TOKEN
}

cckm-emulator() {
  case "${1:-}" in
    '' | start | -*) case " $* " in *' --help '* | *' --version '*) ;; *) start_emulator "$@"; return ;; esac ;;
  esac
  "$NODE" "$REPO/src/cli.ts" "$@"
}

npm() {
  case "$1" in
    ci | i | install | pack | test) ;;
    start) shift; if [ "${1:-}" = -- ]; then shift; fi; start_emulator "$@" ;;
    run) "$NODE" -p "require('$REPO/package.json').scripts['$2'] ?? process.exit(1)" >/dev/null \
      || { echo "package.json has no script $2" >&2; return 1; } ;;
    *) echo "npm $1: not supported by test/support/run-docs.sh" >&2; return 1 ;;
  esac
}

npx() {
  while [ "${1#-}" != "$1" ]; do shift; done
  case "$1" in
    cckm-emulator | *cckm-emulator*.tgz) shift; cckm-emulator "$@" ;;
    *) [ -e "$REPO/node_modules/.bin/$1" ] || { echo "npx $1: no such command" >&2; return 1; } ;;
  esac
}

# `docker run ... cckm-emulator[:tag] ARGS` runs the command with ARGS.
docker() {
  [ "$1" = run ] || return 0
  local image=0 i
  for ((i = 2; i <= $#; i++)); do [[ ${!i} =~ ^(.*/)?cckm-emulator(:[^/]*)?$ ]] && image=$i; done
  [ $image -gt 0 ] || { echo 'docker run: no image cckm-emulator' >&2; return 1; }
  cckm-emulator "${@:image + 1}"
}

# An error status fails the example, unless its fence has any-status.
curl() { command curl --silent --show-error ${ANY_STATUS:---fail-with-body} "$@"; }
