// The container module: its calls of an engine and, if one is available, a running container. CCKM_EMULATOR_TEST_IMAGE
// names the image; without it, or without an engine, that part is skipped with a message.

import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { StartedTestContainer, StartupCheckStrategy } from 'testcontainers'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Connection, DomainHandle } from '../src/index.ts'
import { CckmEmulatorContainer, StartedCckmEmulatorContainer } from '../src/testing/testcontainers.ts'
import { createEmulator } from '../src/index.ts'

const hasEngine = spawnSync('docker', ['info'], { timeout: 10_000 }).status === 0
const image = process.env.CCKM_EMULATOR_TEST_IMAGE
if (!hasEngine || image === undefined)
  console.log(
    `no container is started: ${hasEngine ? 'CCKM_EMULATOR_TEST_IMAGE names none' : 'no Docker engine answers'}`,
  )

describe('the container module', () => {
  it('matches the types of the library and of Testcontainers', () => {
    expectTypeOf<StartedCckmEmulatorContainer>().toExtend<Connection>()
    expectTypeOf<StartedCckmEmulatorContainer>().toExtend<StartedTestContainer>()
    expectTypeOf<StartedCckmEmulatorContainer['domain']>().returns.toEqualTypeOf<DomainHandle>()
    expectTypeOf<CckmEmulatorContainer['withSeed']>().parameter(0).toEqualTypeOf<string | object>()
    expectTypeOf<ReturnType<CckmEmulatorContainer['start']>>().resolves.toEqualTypeOf<StartedCckmEmulatorContainer>()
    expectTypeOf(new CckmEmulatorContainer().withSeed({}).withStartupTimeout(1)).toEqualTypeOf<CckmEmulatorContainer>()
    expectTypeOf<StartupCheckStrategy>().not.toBeAny()
  })

  it('returns the handle of a domain at the port and host that the engine names', async () => {
    await using emulator = await createEmulator({ port: 0, seed: 'none', adminToken: 'secret' })
    const { port } = await emulator.listen()
    // An engine's description of a running container: here the emulator of this process takes its place.
    const engine = { getHost: () => '127.0.0.1', getMappedPort: () => port } as unknown as StartedTestContainer
    const started = new StartedCckmEmulatorContainer(engine, 'secret')
    expect(started.url).toBe(`http://127.0.0.1:${port}`)
    expect(started.httpsUrl).toBe(`https://127.0.0.1:${port}`)
    expect(await started.ca()).toMatch(/^-----BEGIN CERTIFICATE-----/)
    const { jwt } = await started.domain('t-1').access()
    const headers = { authorization: `Bearer ${jwt}` }
    expect((await fetch(`${started.url}/api/v1/cckm/azure/bulkjobs`, { headers })).status).toBe(200)
    expect(await started.domain('t-1').countRequests()).toEqual({ count: 1 })
    expect((await started.domains()).map(({ name }) => name)).toEqual(['root', 't-1'])
    expect(await started.info()).toMatchObject({ name: 'cckm-emulator' })
  })
})

describe.skipIf(!hasEngine || image === undefined)('a container', () => {
  it('starts with its seeds, clock and lock, and is ready', { timeout: 300_000 }, async () => {
    const documented = fileURLToPath(new URL('../fixtures/seeds/documented.json', import.meta.url))
    const job = { family: 'aws.bulkjob', request: { keys: ['k1'], operation: 'enablekey' }, scenario: 'stuck' }
    const container = new CckmEmulatorContainer(image)
      .withSeed(documented)
      .withSeed({ jobs: [job] })
      .withClock('frozen@2026-01-01T00:00:00Z')
      .withAdminToken('secret')
    await using started = await container.start()
    const world = started.domain('root')
    expect((await world.clock.read()).now).toBe('2026-01-01T00:00:00Z')
    const { jobs } = await world.jobs.list()
    expect(jobs.filter(({ scenario }) => scenario === 'stuck')).toHaveLength(1)
    expect(jobs.length).toBeGreaterThan(1)
    expect((await started.cckm('clock', 'show')).exitCode).toBe(0)
    expect(execFileSync('docker', ['ps', '--quiet'], { encoding: 'utf8' })).not.toBe('')
  })
})
