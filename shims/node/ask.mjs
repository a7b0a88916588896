// Asks an emulator for the time of a domain, and sleeps by it. Uses a plain socket, because the shim patches nothing in that.

import { connect } from 'node:net'

/** Shorter sleeps stay real. */
export const SHORTEST_MS = 200

const { CCKM_EMULATOR_SLEEP_URL: sleepUrl, CCKM_EMULATOR_ADMIN_TOKEN: token } = process.env

const UNITS_MS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001 }

/** A duration as the emulator writes it, `1h0m0s`, in milliseconds. */
function durationMs(text) {
  const parts = [...text.matchAll(/([\d.]+)(µs|ms|[hms])/g)]
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS_MS[unit], 0)
}

/**
 * The domain's instant in milliseconds, whether the sleep ended early, and the lease of a clock that was read, which is 0
 * if the clock has none. Rejects if no emulator answers, or if the
 * socket is destroyed.
 */
function call(method, url, body, { onSocket = () => undefined } = {}) {
  const { hostname, port, pathname, host } = new URL(url)
  const lines = [`${method} ${pathname} HTTP/1.1`, `Host: ${host}`, 'Connection: close']
  if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`)
  if (token !== undefined) lines.push(`Authorization: Bearer ${token}`)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
    onSocket(socket)
    let answer = ''
    socket.setEncoding('utf8').write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    socket.on('data', (text) => (answer += text))
    socket.on('error', reject)
    socket.on('close', () => {
      const now = /"now":"([^"]*)"/.exec(answer)?.[1]
      if (!/^HTTP\/1\.1 200 /.test(answer) || now === undefined)
        reject(new Error(`the emulator answered ${answer.slice(0, 100)}`))
      else {
        const leaseMs = durationMs(/"lease":"([^"]*)"/.exec(answer)?.[1] ?? '')
        resolve({ now: Date.parse(now), isEarly: answer.includes('"early":true'), leaseMs })
      }
    })
  })
}

/** Reads the domain's clock. */
export const read = (options) => call('GET', sleepUrl.replace(/\/sleep$/, ''), '', options)

/** Sleeps by the domain's clock. */
export const ask = (ms, sleeper, options) =>
  call('POST', sleepUrl, JSON.stringify({ for: `${Math.round(ms * 1000)}us`, sleeper }), options)
