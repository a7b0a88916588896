# What the examples share: a client of CipherTrust Manager with curl and jq, to be sourced.
#
# CIPHERTRUST_ADDRESS, CIPHERTRUST_USERNAME and CIPHERTRUST_PASSWORD are required. CIPHERTRUST_DOMAIN names a domain other
# than root. CIPHERTRUST_CA_FILE, or CIPHERTRUST_CA_CERT (Terraform's name), is the PEM file of the CA; without it the
# certificate is not checked. CIPHERTRUST_TIMEOUT is the time limit of a job in seconds (600).
set -euo pipefail

address=${CIPHERTRUST_ADDRESS:?is not set: the address of the server, such as https://127.0.0.1:7443}
: "${CIPHERTRUST_USERNAME:?is not set}" "${CIPHERTRUST_PASSWORD:?is not set}"
api=${address%/}/api/v1
timeout=${CIPHERTRUST_TIMEOUT:-600}
ca=${CIPHERTRUST_CA_FILE:-${CIPHERTRUST_CA_CERT:-}}
if [ -n "$ca" ]; then trust=(--cacert "$ca"); else trust=(--insecure); fi

# Every user of the machine can see the arguments of a process, so the token and the password are not among them.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

# request METHOD PATH [BODY] -- one request; sets $status, writes the response to $work/body and $work/head
request() {
  local options=(--silent --show-error --compressed --max-time 60 "${trust[@]}" --request "$1"
    --header @"$work/token" --header 'Content-Type: application/json')
  if [ $# -gt 2 ]; then printf '%s' "$3" >"$work/sent"; options+=(--data @"$work/sent"); fi
  status=$(curl "${options[@]}" --dump-header "$work/head" --output "$work/body" --write-out '%{http_code}' "$api$2") ||
    fail "$1 $2: no answer"
}

sign_in() {
  : >"$work/token"
  request POST /auth/tokens "$(jq -n 'env | {grant_type: "password", username: .CIPHERTRUST_USERNAME,
    password: .CIPHERTRUST_PASSWORD} + if (.CIPHERTRUST_DOMAIN // "") == "" then {} else {domain: .CIPHERTRUST_DOMAIN} end')"
  [ "$status" = 200 ] || fail "sign-in: $status $(explanation)"
  echo "Authorization: Bearer $(field .jwt)" >"$work/token"
}

field() { jq -er "$1" "$work/body"; }
explanation() { jq -r '"\(.codeDesc): \(.message)"' "$work/body" 2>/dev/null || cat "$work/body"; }

# The seconds to wait before a retry: those of Retry-After, or else $1.
pause() {
  local asked
  asked=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9][0-9]*\)[[:space:]]*$/\1/p' "$work/head")
  sleep "${asked:-$1}"
}

# call METHOD PATH EXPECTED [BODY] -- signs in again after a 401, and retries a GET after a temporary error
call() {
  local method=$1 path=$2 expected=$3 delay=1 renewed=''
  shift 3
  while true; do
    request "$method" "$path" "$@"
    if [[ $status =~ ^($expected)$ ]]; then return; fi
    case "$method $status $delay" in
      'GET 429 '[124] | 'GET 50'[234]' '[124]) pause "$delay"; delay=$((delay * 2)) ;;
      *' 401 '*) [ -z "$renewed" ] || break; renewed=yes; sign_in ;;
      *) break ;;
    esac
  done
  fail "$method $path: $status $(explanation)"
}

# wait_for PATH -- polls with back-off until the job has ended; its final state is in $work/body
wait_for() {
  local delay=1 deadline=$((SECONDS + timeout))
  while call GET "$1" 200 && [ "$(field .overall_status)" = in_progress ]; do
    [ $SECONDS -lt $deadline ] || fail "$1 was still in progress after $timeout s"
    pause "$delay"
    delay=$((delay < 10 ? delay * 2 : 10))
  done
}

# A completed job can have failed items, so each item is checked.
check_results() {
  field '.detailed_status // {} | to_entries[] | "  \(.key): \(.value)"' || fail "$1: no results"
  [ "$(field .overall_status)" = completed ] || fail "$1: ended as $(field .overall_status)"
  field '[.detailed_status[] == "Success"] | all' >/dev/null || fail "$1: not every item succeeded"
}

# create NAME PATH BODY -- sets $job to the path of the new job
create() {
  call POST "$2" '20[0-9]' "$3"
  job=$2/$(field .id)
  echo "$1: created ${job##*/}"
}
