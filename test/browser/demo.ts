// A domain in which everything that the dashboard can show has happened, the same each time: fixed clock, fixed draws.

import type { Emulator } from '../../src/index.ts'

const BEGINNING = '2026-03-02T09:00:00Z'

/** Makes the domain `demo` in an emulator: jobs of both families at every stage, requests, a fault that has hit. */
export async function makeDemo(emulator: Emulator): Promise<void> {
  const world = emulator.domain('demo')
  const { jwt } = await world.access({ clock: { mode: 'frozen', now: BEGINNING } })
  const ask = async (method: 'GET' | 'POST', path: string, body?: object, scenario?: string): Promise<string> => {
    const headers = {
      authorization: `Bearer ${jwt}`,
      ...(scenario !== undefined && { 'x-emulator-scenario': scenario }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
    return (await emulator.inject({ method, url: `/api/v1/cckm${path}`, headers, ...payload })).body
  }
  const aws = async (operation: string, count: number, scenario: string): Promise<string> => {
    const keys = Array.from({ length: count }, (_each, index) => `key-${String(index + 1).padStart(2, '0')}`)
    const days = operation === 'schedulekeydeletion' ? { days: 7 } : {}
    return idOf(await ask('POST', '/aws/bulkjob', { keys, operation, ...days }, scenario))
  }
  const azure = async (count: number, scenario: string): Promise<string> => {
    const backups = Array.from({ length: count }, (_each, index) => `backup-${String(index + 1).padStart(2, '0')}`)
    return idOf(await ask('POST', '/azure/bulkjobs', { operation: 'delete-key-backups', backups }, scenario))
  }
  await azure(8, 'partial-failure')
  await world.clock.advance('40s')
  await aws('disablekey', 6, 'failure')
  await world.clock.advance('50s')
  const cancelled = await aws('schedulekeydeletion', 18, 'demo')
  await world.clock.advance('1m10s')
  await azure(5, 'default')
  await world.clock.advance('1m')
  await ask('POST', `/aws/bulkjob/${cancelled}/cancel`)
  await world.clock.advance('20s')
  await world.fault({ on: { operation: '*.get', every: 3 }, do: { respond: { status: 503, retryAfter: '2s' } } })
  const running = await azure(20, 'demo')
  await aws('enablekey', 4, 'manual')
  for (let poll = 0; poll < 8; poll += 1) {
    await world.clock.advance('20s')
    await ask('GET', `/azure/bulkjobs/${running}`)
  }
  await aws('enablekey', 12, 'slow')
  await world.clock.advance('1m45s')
  await aws('applypolicytemplate', 3, 'stuck')
  await world.clock.advance('25s')
}

function idOf(text: string): string {
  return (JSON.parse(text) as { id: string }).id
}
