// Starts and stops the command in this process, so that coverage includes the code that spawned commands run.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openOutput } from '../../src/cli/output.ts'
import { start } from '../../src/cli/start.ts'
import { readConfig, type Config, type Flags } from '../../src/config/config.ts'
import { StartError } from '../../src/errors.ts'
import { temporaryFolder } from './run-cli.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]))

afterEach(() => {
  vi.restoreAllMocks()
  // After a stop, a further signal would end this process.
  for (const signal of SIGNALS) {
    process.removeAllListeners(signal)
    before.get(signal)?.forEach((listener) => process.on(signal, listener))
  }
})

function configOf(flags: Flags): Config {
  const reading = readConfig({ flags })
  if ('problems' in reading) throw new Error(JSON.stringify(reading.problems))
  return reading.config
}

/** A stop function that returns its exit code instead of ending this process. */
function exitCode(): Promise<unknown> {
  return new Promise((resolve) => {
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      resolve(code)
      return undefined as never
    })
  })
}

describe('The command', () => {
  it('starts, prints its address and stops at a signal', async () => {
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const readyFile = join(temporaryFolder(), 'ready.json')
    await start({ port: '0', seed: ['none'], tls: 'off', logLevel: 'silent', printToken: 'true', readyFile })
    const { url } = JSON.parse(readFileSync(readyFile, 'utf8')) as { url: string }
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(print.mock.calls.join('')).toContain(`  ${url}\n`)
    expect(print.mock.calls.join('')).toMatch(/^export TOKEN=ey/m)

    const code = exitCode()
    process.emit('SIGTERM')
    expect(await code).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it('frees its port and files if the start fails', async () => {
    const folder = temporaryFolder()
    const seed = join(folder, 'seed.json')
    writeFileSync(seed, '[')
    const readyFile = join(folder, 'ready.json')
    const failure = start({ port: '0', seed: [seed], logLevel: 'silent', readyFile })
    await expect(failure).rejects.toThrow(StartError)
    expect(existsSync(readyFile)).toBe(false)
    expect(SIGNALS.map((signal) => process.listeners(signal))).toEqual(SIGNALS.map((signal) => before.get(signal)))
  })
})

describe('The output', () => {
  it.each<[Flags, { isSplit: boolean; level: string | undefined }]>([
    [{ logFormat: 'json' }, { isSplit: true, level: 'info' }],
    [
      { logFormat: 'json', logLevel: 'debug' },
      { isSplit: true, level: 'debug' },
    ],
    [
      { logFormat: 'pretty', logLevel: 'warn' },
      { isSplit: false, level: 'warn' },
    ],
    [
      { logFormat: 'json', logLevel: 'silent' },
      { isSplit: false, level: undefined },
    ],
  ])('prints messages for people outside of a JSON log: %j', async (flags, { isSplit, level }) => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const output = await openOutput(configOf(flags))
    output.print('hello')
    expect({ isSplit: output.isSplit, level: output.log?.level }).toEqual({ isSplit, level })
    expect((isSplit ? error : out).mock.calls).toEqual([['hello\n']])
    expect((isSplit ? out : error).mock.calls).toEqual([])
  })
})
