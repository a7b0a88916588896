import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { temporaryFolder } from './backends.ts'
import { writeOldData } from './old-data.ts'

/** A call with the response of version 0.1; without a body only the status is compared. */
interface Call {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Sent with a new token of this domain, or with a token of that version. */
  readonly domain?: string
  readonly jwt?: string
  readonly payload?: object
  readonly status: number
  readonly body?: unknown
}

/**
 * A data folder of format 3, with random seed 7: four domains, one of which counts in blocks, with captured, requested
 * and created jobs in every state, snapshots, a fork, settings, rules, faults, refresh tokens and revocations. The
 * calls first only read, then sign in, create, advance, load a snapshot and reset. Transitions of one instant are in
 * the order of their jobs, which version 0.1 did not store.
 */
const { calls, ...tables } = JSON.parse(
  readFileSync(new URL('fixtures/format-3.json', import.meta.url), 'utf8'),
) as Parameters<typeof writeOldData>[2] & { readonly calls: readonly Call[] }

it('answers with data of the third format as before', async () => {
  using folder = temporaryFolder()
  writeOldData(folder.path, 3, tables)
  const options = { data: folder.path, seed: 'none', randomSeed: 7, auth: { tokenTtl: '876000h' } } as const
  // Opened once already: a second start changes nothing.
  await (await createEmulator(options)).close()
  await using emulator = await createEmulator(options)
  for (const { method, url, domain, jwt, payload, ...answered } of calls) {
    const token = domain === undefined ? jwt : await emulator.token({ domain })
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await emulator.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    const got = { status: answer.statusCode, ...('body' in answered && { body: answer.json() }) }
    // Later versions add members, such as settings.
    expect(got, `${method} ${url}`).toMatchObject(answered)
  }
})
