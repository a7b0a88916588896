// The load of bench/support/load.ts where there is no wrk, in a process of its own: `node autocannon.ts FILE`, JSON in, JSON out.

import autocannon from 'autocannon'
import { readFileSync } from 'node:fs'
import type { Load } from '../bench/support/load.ts'

const MICROSECONDS = 1000
const { url, requests, connections, seconds } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Load
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  sampleInt: 100,
  requests: requests.map((request) => ({ ...request })),
  tlsOptions: { rejectUnauthorized: false },
})
process.stdout.write(
  `${JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    p50: result.latency.p50 * MICROSECONDS,
    p99: result.latency.p99 * MICROSECONDS,
    refused: result.non2xx,
    broken: result.errors + result.timeouts,
  })}\n`,
)
