import { expect, it, vi } from 'vitest'
import { startCli, temporaryFolder, type Running } from '../cli/run-cli.ts'
import { AZURE, callerOf, CREATE, startOn, stop, tokenOf, type Caller } from './support.ts'

vi.setConfig({ testTimeout: 600_000 })

interface Memory {
  readonly heap: number
  readonly resident: number
}

/** Memory in bytes, from the process's metrics. */
async function memoryOf({ ready }: Running): Promise<Memory> {
  const text = await (await fetch(`${ready.url}/__admin/metrics`)).text()
  const value = (name: string): number => Number(new RegExp(`^cckm_emulator_${name} (\\S+)`, 'm').exec(text)![1])
  return { heap: value('nodejs_heap_size_used_bytes'), resident: value('process_resident_memory_bytes') }
}

const DOMAINS = 8
const CALLS_A_ROUND = 1000

/** The load of a test suite of some minutes: domains, jobs, tokens, faults, snapshots and all kinds of errors. */
async function round({ call, ask }: Caller, n: number): Promise<void> {
  const name = `round-${n}`
  const path = `/__admin/domains/${name}`
  const { jwt } = await ask<{ jwt: string }>('PUT', path, { clock: { mode: 'frozen' } }, 201)
  const bearer = { authorization: `Bearer ${jwt}` }
  for (let k = 0; k < CALLS_A_ROUND / DOMAINS / 6; k += 1) {
    const { id } = JSON.parse((await call('POST', AZURE, CREATE, bearer))!.text) as { id: string }
    await call('GET', `${AZURE}/${id}`, undefined, bearer)
    await call('GET', `${AZURE}/${'x'.repeat(k * 30)}`, undefined, bearer)
    await call('POST', `${AZURE}/${id}/cancel`, undefined, bearer)
    await call('POST', AZURE, { operation: 'x'.repeat(1000) }, bearer)
    await call('POST', '/api/v1/auth/tokens', { username: 'admin', password: 'wrong', domain: name })
  }
  await call('POST', `${path}/clock/advance`, { by: '1h' })
  await call('PUT', `${path}/snapshots/s`)
  await call('POST', `${path}/faults`, { on: { operation: 'azure.*' }, times: 1, do: { respond: { status: 503 } } })
  await call('GET', AZURE, undefined, bearer)
  await call('POST', `${path}/reset`)
  await call('DELETE', path)
}

it("uses no more memory after an hour's work in a minute", async () => {
  const flags = [process.execPath, '--expose-gc', '--max-semi-space-size=2'] as const
  const running = await startCli(['--seed', 'none', '--log-level', 'silent'], {}, [...flags, ...collecting()])
  const caller = callerOf(running.ready.url, await tokenOf(running))
  let rounds = 0
  const work = async (count: number): Promise<Memory> => {
    for (let n = 0; n < count; n += 1)
      await Promise.all(Array.from({ length: DOMAINS }, () => round(caller, (rounds += 1))))
    return collected(running)
  }
  // Reaches a steady state first: caches full, code compiled, the journal of root at its bound.
  await work(6)
  const before = await work(2)
  const after = await work(4)
  const told = ({ heap, resident }: Memory): string => [heap, resident].map((it) => (it / 1e6).toFixed(1)).join(' of ')
  console.info(`MB after ${rounds} domains: ${told(before)}, then ${told(after)}`)
  expect(after.heap).toBeLessThan(before.heap * 1.1)
  expect(after.resident).toBeLessThan(before.resident * 1.1)
  await stop(running)
})

/** Makes the process collect garbage on a signal that nothing else here handles. */
const collecting = (): string[] => {
  const hook = `process.on('SIGWINCH',()=>{globalThis.gc();globalThis.gc()})`
  return ['--import', `data:text/javascript,${encodeURIComponent(hook)}`]
}

async function collected(running: Running): Promise<Memory> {
  const looks: Memory[] = []
  // The signal is handled between two requests; the minimum of several readings is the memory in use.
  for (let n = 0; n < 5; n += 1) {
    running.child.kill('SIGWINCH')
    looks.push(await memoryOf(running))
  }
  return {
    heap: Math.min(...looks.map(({ heap }) => heap)),
    resident: Math.min(...looks.map(({ resident }) => resident)),
  }
}

const CLIENTS = 256

it(`answers ${CLIENTS} simultaneous clients and health checks, and loses no confirmed change`, async () => {
  const data = temporaryFolder()
  const running = await startOn(data, '--seed', 'none', '--scenario', 'stuck')
  const token = await tokenOf(running)
  const { call, ask } = callerOf(running.ready.url, token)
  const ids: string[] = []
  let isOver = false
  const clients = Array.from({ length: CLIENTS }, async () => {
    for (let n = 0; n < 10; n += 1) {
      const answer = (await call('POST', AZURE, CREATE))!
      expect(answer.status, answer.text).toBe(201)
      ids.push((JSON.parse(answer.text) as { id: string }).id)
    }
  })
  const health = async (): Promise<number> => {
    let answers = 0
    while (!isOver) {
      expect(await ask('GET', '/healthz')).toEqual({ status: 'ok' })
      answers += 1
    }
    return answers
  }
  const healthy = health()
  await Promise.all(clients)
  isOver = true
  expect(await healthy).toBeGreaterThan(0)
  running.child.kill('SIGKILL')
  await running.ended
  const again = await startOn(data, '--seed', 'none')
  const kept = await callerOf(again.ready.url, token).ask<{ total: number; resources: { id: string }[] }>(
    'GET',
    `${AZURE}?limit=-1`,
  )
  expect(kept.resources.map(({ id }) => id).sort()).toEqual(ids.sort())
  await stop(again)
})

const [NOISE, QUIET] = [64, 63]
const CALLS = 5000

it(`shares its time fairly between one busy domain and ${QUIET} quiet ones`, async () => {
  const running = await startCli(['--seed', 'none', '--scenario', 'stuck', '--log-level', 'silent'])
  const noisy = callerOf(running.ready.url, await tokenOf(running, 'noisy'))
  const quiet = await Promise.all(
    Array.from({ length: QUIET }, async (_, n) => callerOf(running.ready.url, await tokenOf(running, `quiet-${n}`))),
  )
  let answered = 0
  /** Calls one after the other until the total is reached; returns how many were its own. */
  const work = async ({ call }: Caller): Promise<number> => {
    let own = 0
    while (answered < CALLS) {
      expect((await call('POST', AZURE, CREATE))?.status).toBe(201)
      own += 1
      answered += 1
    }
    return own
  }
  // Each always has one call in flight, on its own connection.
  const [loud, ...others] = await Promise.all([
    Promise.all(Array.from({ length: NOISE }, () => work(noisy))),
    ...quiet.map(work),
  ])
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  const share = sum(others) / (sum(others) + sum(loud))
  const told = (counts: readonly number[]): string => `${Math.min(...counts)} to ${Math.max(...counts)}`
  console.info(`share of the quiet: ${share.toFixed(2)}; calls of each: ${told(others)}, of the noisy: ${told(loud)}`)
  // Connections are served in turn, so random variation takes at most half of a fair share.
  expect(share).toBeGreaterThan(QUIET / (QUIET + NOISE) / 2)
  expect(Math.min(...others)).toBeGreaterThan(0)
  await stop(running)
})
