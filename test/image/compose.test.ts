// compose.yaml, held to what there is: its flags start an emulator, its client lives beside it, and nothing but this
// machine reaches it. No engine runs it here.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { startCli } from '../cli/run-cli.ts'
import { run } from '../clients/serve.ts'
import { freePort } from '../support/free-port.ts'

interface Service {
  image: string
  build?: string
  pull_policy?: string
  command?: string[]
  entrypoint?: string[]
  ports?: string[]
  volumes?: string[]
  restart?: string
  tmpfs?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  read_only: boolean
  cap_drop: string[]
  healthcheck: { test?: string[]; disable?: boolean }
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (file: string) => readFileSync(root + file, 'utf8')
const { services, volumes } = parse(text('compose.yaml'), { merge: true }) as {
  services: { emulator: Service; client: Service }
  volumes?: Record<string, unknown>
}
const { emulator, client } = services
const dockerfile = text('Dockerfile')

/** A word of the file as compose reads it where no variable is set. */
const byDefault = (word: string) => word.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
const command = emulator.command!.map(byDefault)

it('publishes on this machine alone, on a port that a variable chooses, and writes to memory only', () => {
  expect(Object.keys(services)).toEqual(['emulator', 'client'])
  expect(emulator.ports).toEqual(['127.0.0.1:${CCKM_PORT:-7443}:7443'])
  expect(client.ports).toBeUndefined()
  for (const service of [emulator, client]) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  const inMemory = [emulator, client].map(({ tmpfs }) => tmpfs!.map((mount) => mount.split(':')[0]))
  expect(inMemory).toEqual([['/tmp', '/data'], ['/data']])
})

it('is new after each start, and does not come back by itself', () => {
  expect([volumes, emulator.volumes]).toEqual([undefined, undefined])
  expect([emulator.restart, client.restart]).toEqual([undefined, undefined])
})

it('runs what the image has: its own health check, its fixtures, its Node', () => {
  expect(emulator.healthcheck.test).toEqual(['CMD', 'bash', '/app/healthcheck.sh'])
  expect(dockerfile).toContain('CMD ["bash", "/app/healthcheck.sh"]')
  expect([emulator.build, existsSync(`${root}Dockerfile`)]).toEqual(['.', true])
  expect(client).toMatchObject({ image: emulator.image, pull_policy: 'never', healthcheck: { disable: true } })
  expect(client.depends_on).toEqual({ emulator: { condition: 'service_healthy' } })
  const [source = '', target = '', mode] = client.volumes![0]!.split(':')
  expect([existsSync(root + source), mode]).toEqual([true, 'ro'])
  expect(client.entrypoint).toEqual(['node', target])
  // As a module of the image's own package, so that Node reads it as one.
  expect([target.startsWith('/app/'), dockerfile.includes('COPY package.json')]).toEqual([true, true])
  for (const folder of command.filter((word) => word.startsWith('fixtures/')))
    expect(text('.dockerignore').split('\n')).not.toContain(folder)
})

it('its flags start an emulator that has the demo’s jobs, and its client works there and outlives a restart', async () => {
  const { CIPHERTRUST_ADDRESS: address, ...variables } = client.environment!
  expect(address).toBe('http://emulator:7443')
  const start = [...command, '--port', String(await freePort())]
  const first = await startCli(start)
  const live = async ({ url }: { url: string }) => {
    const env = { ...variables, CIPHERTRUST_ADDRESS: url, CIPHERTRUST_INTERVAL: '0.01', CIPHERTRUST_JOBS: '7' }
    return run([process.execPath, '--no-warnings', `${root}examples/compose/client.ts`], env)
  }
  const { code, output } = await live(first.ready)
  expect({ code, output }).toMatchObject({ code: 0 })
  for (const line of [
    /^created \/cckm\/aws\/bulkjob\//m,
    /^created \/cckm\/azure\/bulkjobs\//m,
    /^cancelled .*: 200$/m,
  ])
    expect(output).toMatch(line)
  const { total } = (await (await fetch(`${first.ready.url}/__admin/jobs?limit=1`)).json()) as { total: number }
  expect(total).toBeGreaterThanOrEqual(207)
  const { clock } = (await (await fetch(`${first.ready.url}/__admin/domains/root`)).json()) as {
    clock: { rate: number }
  }
  expect(clock.rate).toBe(10)

  // The server goes away, and another one comes on the same port: the client is told to do one job, and waits for it.
  first.child.kill('SIGTERM')
  await first.ended
  const patient = live({ url: first.ready.url })
  await startCli(start)
  expect(await patient).toMatchObject({ code: 0, output: expect.stringContaining('signed in as admin') as string })
})

it('the client ends with the reason where asking again would not help', async () => {
  const { ready } = await startCli(['--seed', 'none', '--user', 'someone:else'])
  const { code, output } = await run([process.execPath, `${root}examples/compose/client.ts`], {
    CIPHERTRUST_ADDRESS: ready.url,
  })
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^FAILED: sign-in as admin: /m) as string })
})
