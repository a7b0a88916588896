// A client of one domain, in a thread of its own: asks for one job again and again, and notes how long each answer took, and
// how long the server's main thread ran meanwhile.

import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

export interface Probed {
  readonly url: string
  readonly token: string
  readonly pid: number
}

/** In milliseconds. */
export interface Answered {
  readonly wait: number
  readonly cpu: number
}

const PAUSE_MS = 2
const NANOSECONDS = 1e6

const { url, token, pid } = workerData as Probed
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let taken: Answered[] = []

parentPort!.on('message', () => {
  parentPort!.postMessage(taken)
  taken = []
})

for (;;) {
  const since = performance.now()
  const ran = ranFor()
  await answered()
  taken.push({ wait: performance.now() - since, cpu: ranFor() - ran })
  await sleep(PAUSE_MS)
}

/** How long the server's main thread has run so far. */
function ranFor(): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / NANOSECONDS
}

function answered(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url}: ${response.statusCode}`))
      })
    })
    request.once('error', reject)
  })
}
