// The health check of the image, run against emulators as the image would start them.

import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startCli, temporaryFolder } from '../cli/run-cli.ts'
import { run } from '../clients/serve.ts'
import { serverThat } from '../support/stub-server.ts'

const script = fileURLToPath(new URL('../../scripts/image-healthcheck.sh', import.meta.url))

const check = (readyFile: string, env: Record<string, string> = {}) =>
  run(['bash', script], { CCKM_EMULATOR_READY_FILE: readyFile, ...env })

function readyFileOf(port: string): string {
  const file = join(temporaryFolder(), 'ready.json')
  writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1:${port}` }))
  return file
}

describe.skipIf(process.platform === 'win32')('The health check of the image', () => {
  it.each([
    ['every address', ['--host', '0.0.0.0']],
    ['every IPv6 address', ['--host', '::']],
    ['http alone', ['--tls', 'off', '--host', 'localhost']],
    ['a locked control API', ['--admin-token', 'x"url":"http://x:1']],
  ])('finds the port that a flag named, with %s', async (_what, args) => {
    const { readyFile, child, ended } = await startCli(['--seed', 'none', ...args])
    expect(await check(readyFile, { CCKM_EMULATOR_PORT: '1' })).toEqual({ code: 0, output: '' })
    child.kill()
    await ended
    expect((await check(readyFile, { CCKM_EMULATOR_PORT: '1' })).code).toBe(1)
  })

  it('asks the port of the variable where a flag moved the ready file', async () => {
    const port = await serverThat((_request, response) => response.end())
    expect((await check('/nowhere/ready.json', { CCKM_EMULATOR_PORT: port })).code).toBe(0)
  })

  it.each<[string, RequestListener, RegExp]>([
    ['another status', (_request, response) => response.writeHead(503).end(), / 503 /],
    ['no answer within two seconds', () => undefined, /nothing within 2 s/],
  ])('fails on %s', async (_what, answer, line) => {
    const { code, output } = await check(readyFileOf(await serverThat(answer)))
    expect([code, output]).toEqual([1, expect.stringMatching(line)])
  })
})
