// Runs inside the isolation of bundle.test.ts, on the bundle's own Node: starts the command, uses it, and prints what it saw.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const [command, folder] = process.argv.slice(2)
const readyFile = join(folder, 'ready.json')
const job = '/api/v1/cckm/azure/bulkjobs/ee4482eb-0b97-4702-8ef6-7e86df66eaa5'

/** Starts the command, passes its address on, and ends it. */
async function whileRunning(use) {
  const args = ['start', '--port', '0', '--data', join(folder, 'data'), '--ready-file', readyFile]
  const child = spawn(command, args, { env: { PATH: '' }, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  while (!existsSync(readyFile) && child.exitCode === null) await setTimeout(20)
  const seen = await use(JSON.parse(readFileSync(readyFile, 'utf8')).url)
  child.kill()
  return { ...seen, exitCode: await ended }
}

async function signIn(url) {
  const response = await fetch(`${url}/api/v1/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'admin' }),
  })
  return { Authorization: `Bearer ${(await response.json()).jwt}` }
}

const statusOf = async (url, headers = {}) => (await fetch(url, { headers })).status

const first = await whileRunning(async (url) => {
  const headers = await signIn(url)
  const created = await fetch(`${url}/api/v1/cckm/azure/bulkjobs`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ operation: 'delete-key-backups' }),
  })
  const pages = await Promise.all(['/healthz', '/readyz', '/docs', '/__dashboard'].map((path) => statusOf(url + path)))
  return { uid: process.getuid(), pages, seeded: await statusOf(url + job, headers), id: (await created.json()).id }
})
const second = await whileRunning(async (url) => ({
  kept: await statusOf(`${url}/api/v1/cckm/azure/bulkjobs/${first.id}`, await signIn(url)),
}))
const outside = await fetch('http://192.0.2.1', { signal: AbortSignal.timeout(500) }).catch(
  (error) => error.cause?.code,
)
console.log(JSON.stringify({ ...first, ...second, outside }))
