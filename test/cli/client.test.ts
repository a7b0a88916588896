// The client commands, run in this process against a running emulator over a real socket, each in its own domain.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DomainHandle } from '../../src/client/handle.ts'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { callMain } from './call-main.ts'
import { runCli } from './run-cli.ts'

let emulator: Emulator
let url: string
let world: DomainHandle
let worlds = 0

beforeAll(async () => {
  emulator = await createEmulator({ clock: 'frozen@2026-01-01T00:00:00Z' })
  url = (await emulator.listen()).url
})
afterAll(() => emulator.close())
beforeEach(async () => {
  world = emulator.domain(`t-${++worlds}`)
  await world.access()
})

/** Runs a command, which must succeed, in the domain of the test; returns its output. */
async function run(...args: string[]): Promise<string> {
  const outcome = await callMain([...args, '--url', url, '--domain', world.name])
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  return outcome.stdout
}

async function newJob(scenario: string, keys = ['k1', 'k2']): Promise<string> {
  const { id } = await world.jobs.create({
    family: 'aws.bulkjob',
    request: { keys, operation: 'enablekey' },
    scenario,
  })
  return id
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown> & {
    iat: number
    exp: number
  }

describe('token', () => {
  it('prints only a token that is valid for twelve hours', async () => {
    const stdout = await run('token')
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const { iat, exp } = claimsOf(stdout)
    expect(exp - iat).toBe(12 * 3600)
    const answer = await fetch(`${url}/api/v1/cckm/aws/bulkjob`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-emulator-domain')).toBe(world.name)
  })

  it('issues a token with the user, lifetime and expiry that the flags ask for', async () => {
    await world.settings({ users: [{ name: 'ci', password: 'pw', groups: ['CCKM Users'] }] })
    const { preferred_username: name, iat, exp, cust } = claimsOf(await run('token', '--user', 'CI', '--ttl', '5m'))
    expect({ name, life: exp - iat, cust }).toMatchObject({ name: 'ci', life: 300, cust: { groups: ['CCKM Users'] } })
    expect(claimsOf(await run('token', '--expired')).exp).toBeLessThan(Date.now() / 1000)
  })
})

describe('token --domain', () => {
  const ask = (...args: string[]) => callMain(['token', '--url', url, ...args])

  it('creates an unknown domain for token --domain, like a sign-in', async () => {
    const outcome = await ask('--domain', 'new-one')
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const headers = { authorization: `Bearer ${outcome.stdout.trim()}` }
    const answer = await fetch(`${url}/api/v1/cckm/aws/bulkjob`, { headers })
    expect([answer.status, answer.headers.get('x-emulator-domain')]).toEqual([200, 'new-one'])
  })

  it('creates no domain that --domains does not allow', async () => {
    await using fixed = await createEmulator({ domains: 'ci-*' })
    const { url: address } = await fixed.listen()
    const askFixed = (domain: string) => callMain(['token', '--url', address, '--domain', domain])
    expect(await askFixed('ci-7')).toMatchObject({ code: 0 })
    const { code, stderr } = await askFixed('dev-7')
    expect([code, stderr]).toEqual([
      1,
      'cckm-emulator: there is no domain dev-7: this emulator creates none of that name, see --domains; there are root, ci-7\n',
    ])
  })

  it('creates no domain if the token is refused', async () => {
    for (const wrong of [
      ['--user', 'nobody'],
      ['--ttl', '5'],
    ])
      expect(await ask('--domain', 'never-made', ...wrong)).toMatchObject({ code: 2, stdout: '' })
    expect((await callMain(['jobs', 'ls', '--url', url, '--domain', 'never-made'])).stderr).toContain(
      'there is no domain',
    )
  })
})

it('refuses token --user for an unknown user with one line', async () => {
  const { code, stdout, stderr } = await callMain(['token', '--url', url, '--user', 'nobody'])
  expect([code, stdout, stderr]).toEqual([2, '', 'cckm-emulator: --user: "nobody" is not a user of the domain root\n'])
})

describe('jobs', () => {
  it('lists one line for each job', async () => {
    const slow = await newJob('slow')
    const manual = await newJob('manual', ['k3'])
    expect((await run('jobs', 'ls')).split('\n')).toEqual([
      expect.stringMatching(/^ID {36}FAMILY {7}OPERATION {2}STATUS {7}ITEMS {2}SCENARIO {2}NEXT TRANSITION$/),
      `${slow}  aws.bulkjob  enablekey  in_progress  2      slow      2026-01-01T00:05:00Z`,
      `${manual}  aws.bulkjob  enablekey  in_progress  1      manual    -`,
      '',
    ])
  })

  it('lists no number of items for a job whose document names none yet', async () => {
    await world.jobs.create({
      family: 'azure.bulkjobs',
      request: { operation: 'delete-key-backups' },
      scenario: 'manual',
    })
    expect(await run('jobs', 'ls')).toMatch(/ in_progress {2}- {6}manual /)
  })

  it('filters jobs by family, instant and page', async () => {
    const slow = await newJob('slow')
    await newJob('manual', ['k3'])
    expect(await run('jobs', 'ls', '--family', 'azure.bulkjobs')).toBe('no jobs\n')
    expect(await run('jobs', 'ls', '--at', '2026-01-01T00:05:00Z')).toContain(
      'in_progress  2      slow      2026-01-01T00:10:00Z',
    )
    const page = await run('jobs', 'ls', '--limit', '1')
    expect(page).toContain(slow)
    expect(page).toMatch(/\n\n1 of 2 jobs; show more with --skip 1\n$/)
    expect(await run('jobs', 'ls', '--limit', '1', '--skip', '1')).not.toContain('--skip')
    expect(await run('jobs', 'ls', '--skip', '2')).toBe('no more jobs: there are 2 in total\n')
  })

  it("shows a job's document, items and events", async () => {
    const id = await newJob('manual')
    expect(await run('jobs', 'get', id)).toMatch(/\nscenario +manual\n(.*\n)+\nitems\n {2}k1 {2}-\n {2}k2 {2}-\n$/)
    await world.jobs.signal(id, 'finish')
    const text = await run('jobs', 'get', id)
    expect(text).toMatch(/\noverall_status +completed\n/)
    expect(text).toContain('items\n  k1  Success\n  k2  Success\n')
    expect(text).toContain('events\n  2026-01-01T00:00:00Z  signal finish\n')
  })

  it('shows a job at another instant', async () => {
    const id = await newJob('slow')
    expect(await run('jobs', 'get', id, '--at', '2026-01-01T00:10:00Z')).toMatch(/\noverall_status +completed\n/)
  })

  it('completes a job that waits for the signal', async () => {
    const id = await newJob('manual')
    expect(await run('jobs', 'signal', id, 'fail')).toBe(`${id} is error\n`)
  })

  it('explains why a job is in its state', async () => {
    const id = await newJob('slow')
    const lines = (await run('jobs', 'explain', id)).split('\n')
    expect(lines[0]).toBe(`${id} is in_progress at 2026-01-01T00:00:00Z (clock frozen):`)
    expect(lines).toContain('  scenario slow, chosen by the call that created the job')
    expect(lines).toContain('  next transition at 2026-01-01T00:05:00Z')
  })
})

describe('clock', () => {
  const shown = (mode: string, now: string, rate = '1') =>
    `mode             ${mode}\nnow              ${now}\nrate             ${rate}\nnext transition  -\n`

  it('shows, freezes, runs and steps the clock', async () => {
    expect(await run('clock', 'show')).toBe(shown('frozen', '2026-01-01T00:00:00Z'))
    expect(await run('clock', 'step')).toBe(shown('step', '2026-01-01T00:00:00Z'))
    expect(await run('clock', 'freeze', '--now', '2030-01-01T00:00:00Z')).toBe(shown('frozen', '2030-01-01T00:00:00Z'))
    expect(await run('clock', 'run', '--rate', '0.5')).toMatch(/^mode +running\nnow +2030.*\nrate +0.5\n/)
    expect(await world.clock.read()).toMatchObject({ mode: 'running', rate: 0.5 })
    expect(await run('clock', 'freeze')).toMatch(/^mode +frozen\n/)
  })

  it('prints every transition of an advance', async () => {
    const id = await newJob('slow')
    expect(await run('clock', 'advance', '6m')).toBe(
      [
        `AT                    JOB${' '.repeat(35)}ITEM  FROM  TO`,
        `2026-01-01T00:05:00Z  ${id}  k1    -     Success`,
        '',
        'the clock is at 2026-01-01T00:06:00Z: 1 transition',
        '',
      ].join('\n'),
    )
    expect(await run('clock', 'advance', '1s')).toBe('the clock is at 2026-01-01T00:06:01Z: nothing changed\n')
  })

  it('advances to an instant, to the next transition, or until a job has a status', async () => {
    const id = await newJob('slow')
    expect(await run('clock', 'advance', '--to', '2026-01-01T00:01:00Z')).toMatch(
      /^the clock is at 2026-01-01T00:01:00Z: /,
    )
    expect(await run('clock', 'advance', '--next')).toContain('the clock is at 2026-01-01T00:05:00Z: 1 transition\n')
    expect(await run('clock', 'advance', '--until-job', id, '--max', '1m')).toContain(
      'the clock is at 2026-01-01T00:06:00Z',
    )
    expect(await run('clock', 'advance', '--until-job', id, '--is', 'completed')).toMatch(/in_progress +completed\n/)
  })
})

describe('reset, snapshots and forks', () => {
  it('restores a domain by reset and by snapshot', async () => {
    const id = await newJob('slow')
    expect(await run('snapshot', 'ls')).toBe('no snapshots\n')
    expect(await run('snapshot', 'save', 'early')).toBe(`saved snapshot "early" of domain ${world.name}\n`)
    expect(await run('reset')).toBe(`reset domain ${world.name} to its initial state\n`)
    expect(await world.jobs.list()).toMatchObject({ total: 0 })
    expect(await run('snapshot', 'load', 'early')).toBe(`restored domain ${world.name} from snapshot "early"\n`)
    expect(await world.jobs.list()).toMatchObject({ total: 1, jobs: [{ id }] })
    expect(await run('snapshot', 'ls')).toBe('early\n')
    expect(await run('snapshot', 'rm', 'early')).toBe(`deleted snapshot "early" of domain ${world.name}\n`)
    expect(await world.snapshots.list()).toEqual([])
  })

  it('forks a domain with its jobs', async () => {
    const id = await newJob('slow')
    expect(await run('snapshot', 'fork', `${world.name}-b`)).toBe(
      `copied domain ${world.name} to domain ${world.name}-b\n`,
    )
    expect(await emulator.domain(`${world.name}-b`).jobs.list()).toMatchObject({ jobs: [{ id }] })
  })
})

describe('--json', () => {
  it.each([
    ['jobs ls', '/jobs'],
    ['clock show', '/clock'],
    ['snapshot ls', '/snapshots'],
  ])('prints the response of %s byte for byte with --json', async (command, path) => {
    // A number of this body has more digits than JavaScript can represent.
    const job = { id: 'a', createdAt: '2026-01-01T00:00:00Z', overall_status: 'completed', operation: 'enablekey' }
    const body = `{"family":"aws.bulkjob","job":${JSON.stringify(job).replace('}', ',"size":12345678901234567890}')}}`
    await fetch(`${url}/__admin/domains/${world.name}/jobs`, { method: 'POST', body })
    const answer = await (await fetch(`${url}/__admin/domains/${world.name}${path}`)).text()
    expect(await run(...command.split(' '), '--json')).toBe(`${answer}\n`)
  })

  it('prints nothing with --json for an empty response', async () => {
    await world.snapshots.save('a')
    expect(await run('snapshot', 'rm', 'a', '--json')).toBe('')
  })

  it('prints the token as JSON with its name', async () => {
    expect(JSON.parse(await run('token', '--json'))).toEqual({ jwt: expect.any(String) as string })
  })
})

it('reads the address from the environment, and prefers flags', async () => {
  const { port } = new URL(url)
  const env = { CCKM_EMULATOR_PORT: port, CCKM_EMULATOR_HOST: '0.0.0.0', CCKM_EMULATOR_DOMAIN: world.name }
  await world.clock.freeze('2031-01-01T00:00:00Z')
  expect((await callMain(['clock', 'show'], env)).stdout).toContain('2031')
  expect((await callMain(['clock', 'show', '--domain', 'root'], env)).stdout).toContain('2026')
  const other = { ...env, CCKM_EMULATOR_URL: 'http://127.0.0.1:9' }
  expect((await callMain(['clock', 'show'], other)).stderr).toContain('no emulator answers at http://127.0.0.1:9')
  expect((await callMain(['clock', 'show', '--port', port], other)).stdout).toContain('2031')
})

it('loads no server code in a client command', async () => {
  const hook = `import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    process.on('exit', () => process.stderr.write(JSON.stringify(loaded)))`
  const preload = `--import=data:text/javascript,${encodeURIComponent(hook)}`
  const { code, stdout, stderr } = await runCli(['jobs', 'ls', '--url', url], { NODE_OPTIONS: preload })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'no jobs\n' })
  const loaded = JSON.parse(stderr) as string[]
  expect(loaded.filter((each) => each.includes('src/cli/client/'))).not.toEqual([])
  expect(
    loaded.filter((each) => /fastify|pino|sqlite|\/yaml\/|src\/(emulator|validate|http|domain)\b/.test(each)),
  ).toEqual([])
})
