import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 1
const TIMEOUT_MS = 600_000

/** Asks until the first 200 comes, with as little as can be between two attempts. Gives how long that took, in ms. */
export async function untilAnswered(port: number, request: string, since = performance.now()): Promise<number> {
  while (performance.now() - since < TIMEOUT_MS) {
    if (await answers(port, request)) return performance.now() - since
    await sleep(EVERY_MS)
  }
  throw new Error(`no 200 from port ${port} within ${TIMEOUT_MS / 1000} s`)
}

/** By hand: an HTTP client of Node's would cost more than the servers that are waited for. */
function answers(port: number, request: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isGood: boolean): void => {
      socket.destroy()
      resolve(isGood)
    }
    socket.once('connect', () => socket.write(request))
    socket.once('data', (bytes) => {
      end(/^HTTP\/1\.1 20[0-9] /.test(bytes.toString('latin1')))
    })
    socket.once('error', () => {
      end(false)
    })
  })
}
