// The sources of a test's emulator, and its end.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/index.ts'
import { testServer } from '../../src/testing/server.ts'
import { GLOBAL_SETUP, projectFolder, runVitest } from './run-vitest.ts'

const TEST = `
import { expect, test } from 'cckm-emulator/vitest'
test('tells where', async ({ cckm }) => {
  console.log('SEEN ' + JSON.stringify([cckm.url, cckm.name, process.env.CCKM_EMULATOR_URL ?? null]))
  const { CCKM_EMULATOR_TOKEN: token } = cckm.env
  const { status } = await fetch(cckm.url + '/api/v1/cckm/azure/bulkjobs', { headers: { authorization: 'Bearer ' + token } })
  expect(status).toBe(200)
})
`

type Seen = [url: string, domain: string, fromEnvironment: string | null]

function seenIn(output: string): Seen[] {
  return [...output.matchAll(/SEEN (.*)/g)].map(([, json]) => JSON.parse(json!) as Seen)
}

/** Resolves once nothing listens there. */
async function gone(url: string): Promise<void> {
  for (;;) {
    const answers = await fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    )
    if (!answers) return
    await new Promise(setImmediate)
  }
}

async function listening(options: EmulatorOptions = {}): Promise<string> {
  const emulator = await createEmulator({ seed: 'none', ...options })
  onTestFinished(() => emulator.close())
  return (await emulator.listen()).url
}

describe('the emulator of a run', () => {
  it('is started once by the global setup, and stops with the run', async () => {
    const config = `globalSetup: [${GLOBAL_SETUP}]`
    const { tests, output } = await runVitest({ files: { 'a.test.ts': TEST, 'b.test.ts': TEST }, config })
    expect(
      Object.values(tests).map(({ status }) => status),
      output,
    ).toEqual(['passed'])
    const seen = seenIn(output)
    const [url] = new Set(seen.map(([own]) => own))
    expect(seen.map(([own, , shared]) => [own, shared])).toEqual([
      [url, url],
      [url, url],
    ])
    expect(new Set(seen.map(([, domain]) => domain.split('-')[0])).size).toBe(1)
    await gone(url!)
  })

  it('belongs to the worker without the global setup, and stops with it', async () => {
    const { tests, output } = await runVitest({ files: { 'a.test.ts': TEST } })
    expect(tests['tells where']?.status, output).toBe('passed')
    const [[url, , shared]] = seenIn(output) as [Seen]
    expect(shared).toBeNull()
    await gone(url)
  })

  it('stops when its process is killed', async () => {
    const file = join(projectFolder(), 'killed.ts')
    const entry = fileURLToPath(new URL('../../src/testing/cckm-test.ts', import.meta.url))
    writeFileSync(
      file,
      `import { openCckm } from ${JSON.stringify(entry)}
const { cckm } = await openCckm({ name: 'killed' })
console.log(cckm.url)
setInterval(() => {}, 1000)`,
    )
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(CCKM_EMULATOR_|VITEST|NODE_OPTIONS$)/.test(name),
    )
    const child = spawn(process.execPath, [file], {
      env: Object.fromEntries(inherited),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    child.kill('SIGKILL')
    await gone(said.toString().trim())
  })
})

describe('a running emulator', () => {
  it('is used by its address, and provides its CA', async () => {
    const url = await listening()
    const server = await testServer({ CCKM_EMULATOR_URL: `${url}/` })
    expect(server).toMatchObject({ url, httpsUrl: url.replace('http:', 'https:') })
    expect(server.ca).toContain('BEGIN CERTIFICATE')
    expect(await testServer({ CCKM_EMULATOR_URL: `${url}/` })).toBe(server)
  })

  it('is used over https with its CA', async () => {
    const url = await listening()
    const { caFile } = await testServer({ CCKM_EMULATOR_URL: url })
    const secure = url.replace('http:', 'https:')
    const server = await testServer({ CCKM_EMULATOR_URL: secure, CCKM_EMULATOR_CA_FILE: caFile })
    expect(await server.connection.info()).toMatchObject({ name: 'cckm-emulator' })
  })

  it('has no https address without TLS', async () => {
    const url = await listening({ tls: 'off' })
    expect(await testServer({ CCKM_EMULATOR_URL: url })).toMatchObject({ httpsUrl: undefined, caFile: undefined })
  })

  it('is used with its admin token, and is refused without it', async () => {
    const url = await listening({ adminToken: 'secret' })
    await expect(testServer({ CCKM_EMULATOR_URL: url })).rejects.toThrow(
      `the emulator at ${url} is locked: give its admin token in CCKM_EMULATOR_ADMIN_TOKEN`,
    )
    const server = await testServer({ CCKM_EMULATOR_URL: url, CCKM_EMULATOR_ADMIN_TOKEN: 'secret' })
    expect(server.adminToken).toBe('secret')
  })

  it('is refused if another server answers', async () => {
    const other = createServer((_request, response) => response.writeHead(404).end('nothing'))
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    await expect(testServer({ CCKM_EMULATOR_URL: url })).rejects.toThrow(
      `the server at ${url} is not an emulator with a control API (status 404`,
    )
    other.close()
    other.closeAllConnections()
    await once(other, 'close')
    await expect(testServer({ CCKM_EMULATOR_URL: url })).rejects.toThrow(`no emulator answers at ${url} (ECONNREFUSED)`)
    await expect(testServer({ CCKM_EMULATOR_URL: 'nowhere' })).rejects.toThrow(
      'CCKM_EMULATOR_URL: "nowhere" is not an address such as http://127.0.0.1:7443 (did you mean http://nowhere?)',
    )
  })
})
