# The health check of the image, without starting Node: asks the address in the ready file, which has the port that the
# emulator listens on, whatever named it. docs/decisions/image-healthcheck.md has the reasons.

host=127.0.0.1 port=${CCKM_EMULATOR_PORT:-7443}
if [[ -r $CCKM_EMULATOR_READY_FILE ]]; then ready=$(<"$CCKM_EMULATOR_READY_FILE"); fi
if [[ ${ready-} =~ \"url\":\"http://\[?([^\"/]*[^]\"/:])\]?:([0-9]+)\" ]]; then host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}; fi

exec 3<>"/dev/tcp/$host/$port" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 status <&3
[[ $status == 'HTTP/1.1 200 '* ]] && exit 0
echo "$host:$port answered: ${status:-nothing within 2 s}"
exit 1
