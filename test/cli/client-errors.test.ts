// Errors of client commands: one line, no stack trace, and the exit code for scripts.

import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { freePort } from '../support/free-port.ts'
import { callMain } from './call-main.ts'
import { temporaryFolder } from './run-cli.ts'

let emulator: Emulator
let url: string

beforeAll(async () => {
  emulator = await createEmulator({ clock: 'frozen' })
  url = (await emulator.listen()).url
})
afterAll(() => emulator.close())

/** Runs a command that fails; returns its exit code and its one line. */
async function fail(args: string[], env: Record<string, string> = {}): Promise<{ code: number; line: string }> {
  const { code, stdout, stderr } = await callMain(args, env)
  expect(stdout).toBe('')
  const [, line = ''] = /^cckm-emulator: (.*)\n$/.exec(stderr) ?? []
  return { code, line }
}

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('no emulator at the address', () => {
  it('says how to start an emulator if none answers', async () => {
    const port = await freePort()
    const line = `no emulator answers at http://127.0.0.1:${port}: start one, or give another address with --url`
    expect(await fail(['token', '--port', String(port)])).toEqual({ code: 1, line })
  })

  it('gives the reason for a broken connection', async () => {
    const broken = await serverThat((request) => request.socket.destroy())
    const { code, line } = await fail(['reset', '--url', broken])
    expect(line).toMatch(
      /^no emulator answers at http.*: start one, or give another address with --url \(ECONNRESET: socket hang up\)$/,
    )
    expect(code).toBe(1)
  })

  it('says that another server answers at the address', async () => {
    const other = await serverThat((_request, response) => response.end('<html>'))
    const line = `there is no control API at ${other}: it was started with --no-admin, or is not a cckm-emulator (status 200)`
    expect(await fail(['clock', 'show', '--url', other])).toEqual({ code: 1, line })
  })

  it('says that the control API is turned off', async () => {
    await using closed = await createEmulator({ admin: false })
    const { url: address } = await closed.listen()
    const { code, line } = await fail(['clock', 'show', '--url', address])
    expect(line).toContain('it was started with --no-admin')
    expect(code).toBe(1)
  })

  it('suggests http if the certificate is not trusted', async () => {
    const https = url.replace('http:', 'https:')
    const line = `the certificate of ${https} is not trusted: use ${url}, which is the same port`
    expect(await fail(['clock', 'show', '--url', https])).toEqual({ code: 1, line })
  })
})

describe('an error of the control API', () => {
  it.each([
    [['jobs', 'get', 'nope'], 'there is no job nope in the domain root'],
    [['snapshot', 'load', 'nope'], 'there is no snapshot named nope'],
    [['snapshot', 'fork', 'root'], 'there is a domain named root already'],
  ])('prints the message of the API for %j', async (args, line) => {
    expect(await fail([...args, '--url', url])).toEqual({ code: 1, line })
  })

  it('prints the hint of an error', async () => {
    await emulator
      .domain('hinted')
      .jobs.create({ family: 'aws.bulkjob', request: { keys: ['k'], operation: 'enablekey' } })
    const args = ['clock', 'freeze', '--now', '2000-01-01T00:00:00Z', '--domain', 'hinted', '--url', url]
    const line = 'a clock cannot be set back under existing jobs (reset the domain first)'
    expect(await fail(args)).toEqual({ code: 1, line })
  })

  it("names the wrong argument in the command line's words", async () => {
    const expected = (name: string, text: string) => ({
      code: 2,
      line: expect.stringMatching(RegExp(`^${name}: "${text}" is n`)) as string,
    })
    expect(await fail(['clock', 'advance', '11', '--url', url])).toEqual(expected('DURATION', '11'))
    expect(await fail(['jobs', 'ls', '--at', 'noon', '--url', url])).toEqual(expected('--at', 'noon'))
    expect(await fail(['jobs', 'ls', '--family', 'aws', '--url', url])).toEqual(expected('--family', 'aws'))
    expect(await fail(['token', '--ttl', '12', '--url', url])).toEqual(expected('--ttl', '12'))
    expect(await fail(['clock', 'advance', '--until-job', 'x', '--max', '1', '--url', url])).toEqual(
      expected('--max', '1'),
    )
  })
})

describe('a domain that does not exist', () => {
  it('lists the existing domains for an unknown one, and creates none', async () => {
    await using small = await createEmulator()
    const { url: address } = await small.listen()
    await small.domain('t-42').access()
    const line = 'there is no domain t-43; there are root, t-42 (did you mean t-42?)'
    for (const command of ['jobs get x', 'reset', 'jobs ls', 'snapshot fork t-44'])
      expect(await fail([...command.split(' '), '--domain', 't-43', '--url', address])).toEqual({ code: 1, line })
  })

  it('says that a seed is waiting for the domain', async () => {
    const seed = join(temporaryFolder(), 'seed.json')
    writeFileSync(seed, '{"domain":"prod","jobs":[]}')
    await using seeded = await createEmulator({ seed })
    const { url: address } = await seeded.listen()
    const { line } = await fail(['jobs', 'ls', '--domain', 'prod', '--url', address])
    expect(line).toBe('there is no domain prod: it has a seed, and the first sign-in to it creates it; there are root')
    expect((await fail(['jobs', 'ls', '--domain', 'dev', '--url', address])).line).toBe(
      'there is no domain dev; there are root',
    )
    expect(await callMain(['token', '--domain', 'prod', '--url', address])).toMatchObject({ code: 0 })
    expect(await callMain(['jobs', 'ls', '--domain', 'prod', '--url', address])).toMatchObject({ stdout: 'no jobs\n' })
  })

  it('lists only some of many domains', async () => {
    await using crowded = await createEmulator()
    const { url: address } = await crowded.listen()
    for (let n = 0; n < 12; n += 1) await crowded.domain(`worker-${n}`).access()
    const { line } = await fail(['reset', '--domain', 'x', '--url', address])
    expect(line).toMatch(/^there is no domain x; there are root, worker-0, .* and 3 more$/)
  })
})

it('opens a locked emulator with its admin token', async () => {
  await using locked = await createEmulator({ adminToken: 's3cret' })
  const { url: address } = await locked.listen()
  const line = 'the control API is locked: give the admin token with --admin-token or CCKM_EMULATOR_ADMIN_TOKEN'
  expect(await fail(['reset', '--url', address])).toEqual({ code: 1, line })
  const wrong = 'the admin token is wrong: check --admin-token or CCKM_EMULATOR_ADMIN_TOKEN'
  expect(await fail(['reset', '--url', address, '--admin-token', 'other'])).toEqual({ code: 1, line: wrong })
  expect(await callMain(['reset', '--url', address, '--admin-token', 's3cret'])).toMatchObject({ code: 0 })
  expect(await callMain(['reset', '--url', address], { CCKM_EMULATOR_ADMIN_TOKEN: 's3cret' })).toMatchObject({
    code: 0,
  })
})

describe('wrong usage', () => {
  it.each([
    [['jobs'], 'jobs: which command? There are ls, get, signal, explain'],
    [['jobs', 'list'], `unknown command 'list' (did you mean ls?)`],
    [['clock', 'frobnicate'], `unknown command 'frobnicate' (see cckm-emulator clock --help)`],
    [['job', 'ls', '--url', 'x'], `unknown command 'job' (did you mean jobs?)`],
    [['jobs', 'get'], `missing required argument 'id'`],
    [['jobs', 'ls', '--limt', '1'], `unknown option '--limt' (did you mean --limit?)`],
    [['jobs', 'ls', '--limit', 'x'], '--limit: "x" is not a whole number'],
    [['token', '--expird'], `unknown option '--expird' (did you mean --expired?)`],
    [['clock', 'run', '--rate', '0'], '--rate: 0 is not a number above 0 and up to 1000000, such as 60'],
    [['clock', 'advance'], 'clock advance: by how much? Give one of DURATION, --to, --next or --until-job'],
    [
      ['clock', 'advance', '5s', '--next'],
      'clock advance: give one of DURATION, --to, --next or --until-job, not several',
    ],
    [['clock', 'advance', '5s', '--max', '1h'], '--max goes with --until-job'],
    [['clock', 'advance', '5s', '--is', 'error'], '--is goes with --until-job'],
    [
      ['reset', '--url', 'http://a', '--port', '1'],
      `option '--url <url>' cannot be used with option '--port <number>'`,
    ],
    [['reset', '--port', 'x'], '--port: "x" is not a port: a whole number up to 65535'],
    [['reset', '--port', '0'], 'port 0 is not the port of a running emulator: give its address with --url'],
    // In a path it would be the root domain, or the domain itself.
    [['reset', '--domain', '..'], '".." is not a valid name'],
    [['snapshot', 'rm', '..'], '".." is not a valid name'],
    [['jobs', 'get', ''], '"" is not a valid name'],
    [
      ['reset', '--url', 'localhost:7443'],
      '--url: "localhost:7443" is not an address such as http://127.0.0.1:7443 (did you mean http://localhost:7443?)',
    ],
    [['reset', '--url', 'ftp://a'], '--url: "ftp://a" is not an address such as http://127.0.0.1:7443'],
    [['reset', '--url', 'http://u:s3cret@a'], '--url: an address holds no user name and no password: write http://a'],
    [['reset', '--url', 'u:s3cret@a'], '--url: this is not an address such as http://127.0.0.1:7443'],
    [['reset', '--url', 'http://a/b?c=d'], '--url: an address holds no query and no fragment: write http://a/b'],
  ])('exits with 2 and one line for %j', async (args, line) => {
    expect(await fail(args)).toEqual({ code: 2, line })
  })
})
