// `sleep` of a shell, by the clock of an emulator's domain: `sleep.mjs PARENT_PID SHIM ARGS...`. The real `sleep` handles
// invalid arguments, sleeps under 0.2 s, and the rest of a sleep when no emulator answers.

import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { hostname } from 'node:os'
import { ask, read, SHORTEST_MS } from './ask.mjs'

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 }
const [, , parent, own, ...args] = process.argv

const parts = args.map((arg) => {
  const [, amount, unit = 's'] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(arg) ?? []
  return amount === undefined ? NaN : Number(amount) * 1000 * UNITS[unit || 's']
})
const ms = parts.length === 0 ? NaN : parts.reduce((sum, part) => sum + part, 0)

/** Runs the `sleep` that the shim hides. */
function sleepForReal(words) {
  const folder = realpathSync(dirname(own))
  const folders = (process.env.PATH ?? '').split(delimiter).filter((each) => each !== '' && existsSync(each))
  const real = folders.find((each) => realpathSync(each) !== folder && existsSync(join(each, 'sleep')))
  const { status, signal, error } = spawnSync(join(real ?? '/bin', 'sleep'), words, { stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  process.exitCode = error === undefined ? (status ?? 1) : 127
}

async function sleepByDomain() {
  // The sleeper is the parent, so that the next `sleep` of a loop is the same one. An early end may mean that a second `sleep` of
  // the parent (`sleep 5 & sleep 9`) has replaced this one, so the rest is slept under an own name.
  let name = `${hostname()}/${parent}/0`
  const end = (await read()).now + ms
  let left = ms
  while (left >= 1) {
    const { now, isEarly } = await ask(left, name)
    left = isEarly ? end - now : 0
    name = `${hostname()}/${process.pid}/0`
  }
}

if (Number.isNaN(ms) || ms < SHORTEST_MS || process.env.CCKM_EMULATOR_SLEEP_URL === undefined) sleepForReal(args)
else {
  const start = performance.now()
  await sleepByDomain().catch(() => sleepForReal([String(Math.max(0, ms - (performance.now() - start)) / 1000)]))
}
