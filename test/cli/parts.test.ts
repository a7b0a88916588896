// Unit tests for parts of the command that a separate process would show only from the outside.

import { CommanderError } from 'commander'
import { describe, expect, it, vi } from 'vitest'
import { linesOf, toListenError } from '../../src/cli/failures.ts'
import { greeting } from '../../src/cli/greeting.ts'
import { reachable } from '../../src/cli/address.ts'
import { createProgram } from '../../src/cli/program.ts'
import { seedProgress } from '../../src/cli/progress.ts'
import type { Flags } from '../../src/config/config.ts'
import { StartError } from '../../src/errors.ts'

/** The flags that each command receives. */
async function flagsFor(...args: string[]): Promise<{ start?: Flags; healthcheck?: Flags }> {
  const called: { start?: Flags; healthcheck?: Flags } = {}
  const program = createProgram({
    start: async (flags) => void (called.start = flags),
    exec: async () => undefined,
    sweep: async () => undefined,
    healthcheck: async (flags) => void (called.healthcheck = flags),
    validate: async () => undefined,
    client: async () => undefined,
  })
  await program.parseAsync(args, { from: 'user' })
  return called
}

describe('the command line', () => {
  it('runs start when no command is given', async () => {
    expect(await flagsFor()).toEqual({ start: {} })
    expect(await flagsFor('--port', '1')).toEqual({ start: { port: '1' } })
    expect(await flagsFor('start', '--port=1', '--port', '2')).toEqual({ start: { port: '2' } })
  })

  it('passes each flag as a string under its camel-case name', async () => {
    const args = ['--random-seed', '42', '--watch', '--no-admin', '--seed', 'a', '--seed', 'b', '--clock', 'step']
    const expected = { randomSeed: '42', watch: 'true', noAdmin: 'true', seed: ['a', 'b'], clock: 'step' }
    expect(await flagsFor(...args)).toEqual({ start: expected })
  })

  it('passes the flags of start to healthcheck', async () => {
    expect(await flagsFor('healthcheck', '--host', '::', '--watch')).toEqual({
      healthcheck: { host: '::', watch: 'true' },
    })
  })

  it('refuses an unknown command', async () => {
    await expect(flagsFor('halthcheck')).rejects.toThrow("unknown command 'halthcheck' (did you mean healthcheck?)")
  })
})

describe('lines and exit code of an error', () => {
  const systemError = (code: string) => Object.assign(new Error(`${code}: no`), { code, syscall: 'open' })

  it.each<[string, unknown, unknown]>([
    ['problems', new StartError(['a', 'b'], 2), { lines: ['a', 'b'], exitCode: 2 }],
    [
      'a slip',
      new CommanderError(1, 'x', 'error: no\n(Did you mean yes?)'),
      { lines: ['no (did you mean yes?)'], exitCode: 2 },
    ],
    ['the system', systemError('EIO'), { lines: ['EIO: no'], exitCode: 1 }],
    ['anything thrown', 'text', { lines: ['unexpected error, please report it: text'], exitCode: 1 }],
  ])('explains %s in lines with an exit code', (_name, error, expected) => {
    expect(linesOf(error)).toEqual(expected)
  })

  it('shows the stack trace of a bug in the emulator', () => {
    expect(linesOf(new TypeError('oops')).lines.join()).toMatch(
      /^unexpected error, please report it: TypeError: oops\n +at /,
    )
  })

  it.each([
    ['EADDRINUSE', /^port 80 on cm is in use: /],
    ['EACCES', /^no permission to listen on port 80 of cm: /],
    ['EADDRNOTAVAIL', /^cm is not an address of this machine: /],
    ['ENOTFOUND', /^the host name cm cannot be resolved: /],
    ['EAI_AGAIN', /^the host name cm cannot be resolved at the moment: /],
  ])('says what to do after %s', (code, line) => {
    const error = toListenError(systemError(code), { host: 'cm', port: 80 })
    expect(linesOf(error)).toMatchObject({ lines: [expect.stringMatching(line)], exitCode: 1 })
  })

  it('passes on any other socket error unchanged', () => {
    const error = systemError('EIO')
    expect(toListenError(error, { host: 'cm', port: 80 })).toBe(error)
  })
})

describe('the text after a start', () => {
  const url = 'http://127.0.0.1:7443'

  const bare = { url, httpsUrl: undefined, token: undefined, hasDashboard: false, hasDocumentedJob: true }

  it('prints only the addresses with --print-token=false', () => {
    expect(greeting({ ...bare, hasTokenHint: false })).toEqual([expect.stringMatching(/ listens on$/), `  ${url}`])
  })

  it.each([
    [true, `Token: cckm-emulator token --url ${url} (or start with --print-token)`],
    [false, 'Token: start with --print-token, or sign in with POST /api/v1/auth/tokens'],
  ])('says in the last line how to get a token if it prints none (control API: %s)', (hasDashboard, line) => {
    expect(greeting({ ...bare, hasTokenHint: true, hasDashboard }).at(-1)).toBe(line)
  })

  it('prefers https in the curl line', () => {
    const lines = greeting({
      url,
      httpsUrl: 'https://127.0.0.1:7443',
      token: 'eyJ',
      hasTokenHint: true,
      hasDashboard: true,
      hasDocumentedJob: false,
    })
    expect(lines).toContain('Dashboard: http://127.0.0.1:7443/__dashboard')
    expect(lines).toContain('export TOKEN=eyJ')
    expect(lines).toContain(
      'curl -k https://127.0.0.1:7443/api/v1/cckm/azure/bulkjobs -H "Authorization: Bearer $TOKEN" --compressed',
    )
  })
})

it.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['cm.test', 'cm.test'],
])('prints the address for a server that listens on %s as %s', (host, expected) => {
  expect(reachable(host)).toBe(expected)
})

describe('the progress of a large seed', () => {
  const streamThat = (isTTY: boolean) => ({ isTTY, write: vi.fn<(text: string) => boolean>() })

  it('overwrites one line on a terminal and deletes it at the end', () => {
    const stream = streamThat(true)
    const { onSeedProgress, end } = seedProgress(stream)
    onSeedProgress?.(1000)
    onSeedProgress?.(12_000)
    end()
    end()
    const written = stream.write.mock.calls.map(([text]) => text)
    expect(written).toEqual(['\r\u001B[Kseeding: 1,000 jobs', '\r\u001B[Kseeding: 12,000 jobs', '\r\u001B[K'])
  })

  it('prints no progress without a terminal', () => {
    const stream = streamThat(false)
    const { onSeedProgress, end } = seedProgress(stream)
    end()
    expect({ onSeedProgress, written: stream.write.mock.calls }).toEqual({ onSeedProgress: undefined, written: [] })
  })
})
