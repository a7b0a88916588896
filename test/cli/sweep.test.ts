// `sweep` starts commands; most tests run in this process, that of the interrupt in a separate one.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { VITEST, writeProject } from '../testing/run-vitest.ts'
import { callMain } from './call-main.ts'
import { launch, temporaryFolder } from './run-cli.ts'

const LIST = '"$CCKM_EMULATOR_URL/api/v1/cckm/azure/bulkjobs"'
const CURL = `curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $CCKM_EMULATOR_TOKEN"`
/** Lists the jobs, retries once after a 503, and succeeds at a 200. */
const CLIENT = `code=$(${CURL} ${LIST}); [ "$code" != 503 ] || code=$(${CURL} ${LIST}); echo "answered $code"; [ "$code" = 200 ]`

const sweepShell = (flags: string[], script: string) => callMain(['sweep', ...flags, '--', 'sh', '-c', script])
/** True unless the process has exited, or is a zombie. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z]/.test(stdout.trim())
}

/** The variables of the vitest that runs this file, which one in a sweep must not see. */
const stubOuterVitest = (): void => {
  const names = ['VITEST', 'VITEST_WORKER_ID', 'VITEST_POOL_ID', 'VITEST_MODE', 'NODE_OPTIONS']
  for (const name of names) vi.stubEnv(name, undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** The client of the examples, with a fetch that repeats all but a create whose outcome it cannot know. */
const RESILIENT = `
  export { deleteBackups } from ${JSON.stringify(fileURLToPath(new URL('../../examples/testing/delete-backups.ts', import.meta.url)))}
  const send = globalThis.fetch
  globalThis.fetch = async (url, options) => {
    const isCreate = options?.method === 'POST' && String(url).endsWith('/bulkjobs')
    for (let left = 3; ; left -= 1) {
      try {
        const answer = await send(url, options)
        const body = await answer.text()
        if (left === 0 || (answer.status !== 429 && answer.status < 500)) return new Response(body, answer)
        await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 0) * 1000))
      } catch (error) {
        if (isCreate || left === 0) throw error
      }
    }
  }`

describe('a sweep', () => {
  it('reports the faults that a command does not survive, with the rule and the command to repeat the case', async () => {
    const folder = temporaryFolder()
    const [json, junit] = [join(folder, 'report.json'), join(folder, 'report.xml')]
    const flags = [
      '--faults',
      '503,reset',
      '--retry-after',
      '10ms',
      '--parallel',
      '2',
      '--json',
      json,
      '--junit',
      junit,
    ]
    const { code, stdout, stderr } = await sweepShell(flags, CLIENT)
    expect(code).toBe(1)
    expect(stdout.replaceAll(/ +/g, ' ')).toContain('azure.bulkjobs.list#1 survived FAILED')
    expect(stdout).toContain(
      '  rule:   {"on":{"operation":"azure.bulkjobs.list","nth":1},"do":{"socket":"reset"}}\n' +
        "  repeat: cckm-emulator sweep --only 'azure.bulkjobs.list#1:reset' --faults 503,reset --retry-after 10ms -- sh -c 'code=$(curl",
    )
    expect(stdout).toContain('answered 000')
    expect(stdout).toContain('1 request, 2 cases: 1 survived, 1 failed')
    expect(stderr).toBe('cckm-emulator: azure.bulkjobs.list#1:reset: failed\n')
    const report = JSON.parse(readFileSync(json, 'utf8')) as { results: Record<string, unknown>[] }
    expect(report.results.map(({ name, verdict }) => `${String(name)} ${String(verdict)}`)).toEqual([
      'azure.bulkjobs.list#1:503 survived',
      'azure.bulkjobs.list#1:reset failed',
    ])
    expect(report.results[1]!.repeat).toContain('cckm-emulator sweep --only')
    expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0" errors="1"')
  })

  it('succeeds if the baseline lists every failure', async () => {
    const baseline = join(temporaryFolder(), 'baseline.json')
    const flags = ['--only', '*:reset', '--baseline', baseline, '--time-limit', '30d']
    expect(await sweepShell([...flags, '--update-baseline'], CLIENT)).toMatchObject({ code: 0 })
    const known = [{ name: 'azure.bulkjobs.list#1:reset', verdict: 'failed' }]
    expect(JSON.parse(readFileSync(baseline, 'utf8'))).toEqual(known)
    const { code, stdout } = await sweepShell(flags, CLIENT)
    expect(code).toBe(0)
    expect(stdout).toContain('failed (known)')
    writeFileSync(baseline, JSON.stringify([{ ...known[0], verdict: 'hung' }]))
    expect(await sweepShell(flags, CLIENT)).toMatchObject({ code: 1 })
  })

  it('kills a run and its child processes at the timeout', async () => {
    const pid = join(temporaryFolder(), 'pid')
    const script = `code=$(${CURL} ${LIST}); [ "$code" = 200 ] || { sleep 1000 & echo $! >${pid}; wait; }`
    const { code, stdout } = await sweepShell(['--faults', '500', '--time-limit', '8s'], script)
    expect(code).toBe(1)
    expect(stdout).toContain('1 hung')
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false), { timeout: 60_000 })
  })

  it('gives a client that signs in its own domain, with the same jobs in each run', async () => {
    const script = `
      token=$(curl -sS --json "{\\"username\\":\\"$CCKM_EMULATOR_USERNAME\\",\\"password\\":\\"$CCKM_EMULATOR_PASSWORD\\",\\"domain\\":\\"root\\"}" \\
        "$CCKM_EMULATOR_URL/api/v1/auth/tokens" | sed -n 's/.*"jwt":"\\([^"]*\\)".*/\\1/p')
      id=$(curl -sS -H "Authorization: Bearer $token" --json '{"operation":"delete-key-backups"}' ${LIST} | sed 's/^{"id":"\\([^"]*\\)".*/\\1/')
      until curl -sSf -H "Authorization: Bearer $token" ${LIST}/$id | grep completed; do [ -n "$id" ] || exit 1; done`
    const { code, stdout } = await sweepShell(['--faults', 'slow', '--slow', '10ms'], script)
    expect(stdout.replaceAll(/ +/g, ' ')).toMatch(
      /auth\.tokens\.create#1 survived.*\nazure\.bulkjobs\.create#1 survived.*\nazure\.bulkjobs\.get#1 survived/,
    )
    expect(code).toBe(0)
  })

  it.each([
    [
      'a run that is not repeatable',
      `${CURL} ${LIST}/$CCKM_EMULATOR_RUN_ID`,
      /not repeatable.* request 1 was .* in the second/,
    ],
    [
      'a run that fails without faults',
      'echo oh dear; exit 3',
      /without any fault, the run fails\n.*output:\n.*oh dear/,
    ],
    ['a run without requests', 'true', /the run made no request in its own domain of the emulator/],
  ])('fails with a reason for %s', async (_name, script, message) => {
    const { code, stdout, stderr } = await sweepShell([], script)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it.each([
    [['--faults', '404'], 'sh', '--faults: "404" is none of 500, 503'],
    [['--fail-on', 'x'], 'sh', '--fail-on: "x" is none of missed, hung'],
    [['--parallel', '0'], 'sh', '--parallel: "0" is not a number from 1'],
    [['--time-limit', '5'], 'sh', '--time-limit: "5" is not a duration'],
    [['--time-limit', '0s'], 'sh', '--time-limit: it must be longer than 0'],
    [['--slow', 'x'], 'sh', '--slow: "x" is not a duration'],
    [['--update-baseline'], 'sh', '--update-baseline goes with --baseline'],
    [['--baseline', '/nothing/here'], 'sh', '/nothing/here cannot be read (ENOENT)'],
    [[], 'no-such-command', 'the command "no-such-command" cannot be run (ENOENT)'],
    [[], '', 'sweep: which command?'],
  ])('refuses %j -- %s in one line', async (flags, command, message) => {
    const { code, stderr } = await callMain(['sweep', ...flags, '--', ...(command === '' ? [] : [command])])
    expect(code).toBe(2)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'is not a list'],
    ['[{}]', '/0/name is not the name of a case'],
    ['[{"name":"a","verdict":"survived"}]', '/0/verdict is none of missed, hung, deceived, doubled, gave-up, failed,'],
  ])('refuses the baseline %s', async (text, message) => {
    const file = join(temporaryFolder(), 'baseline.json')
    writeFileSync(file, text)
    expect(await sweepShell(['--baseline', file], 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as unknown,
    })
  })

  it('prints its results when it is interrupted, and leaves no process running', async () => {
    const folder = temporaryFolder()
    const pid = join(folder, 'pid')
    // The second case never ends.
    const script = `code=$(${CURL} ${LIST}); [ "$code" != 503 ] || { echo $$ >${pid}; exec sleep 1000; }; [ "$code" = 200 ]`
    const { child, ended } = launch(['sweep', '--faults', '500,503,429', '--', 'sh', '-c', script], {})
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(true), { timeout: 60_000 })
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(stdout).toContain('FAILED')
    expect(stdout).toContain('1 request, 3 cases: 1 failed; 2 not tried')
    expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false)
  })

  it("gives no false alarm about the README's own test, with a client that survives", async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, test = ''] = /```ts with:examples\/testing\/delete-backups\.ts\n([^]*?)```/.exec(readme) ?? []
    const folder = writeProject({
      files: { 'a.test.ts': `import { deleteBackups } from './client.ts'\n${test}`, 'client.ts': RESILIENT },
    })
    stubOuterVitest()
    const flags = ['--parallel', '3', '--faults', '401,500,lose', '--retry-after', '10ms']
    const only = ['*tokens.create#*:500', '*tokens.create#*:401', '*get#*:401', '*bulkjobs.create#1:lose'].flatMap(
      (glob) => ['--only', glob],
    )
    const command = [process.execPath, VITEST, 'run', '--root', folder]
    const { code, stdout } = await callMain(['sweep', ...flags, ...only, '--', ...command])
    expect(stdout).toMatch(/(\d+) cases: (\d+) survived, 1 gave-up$/m)
    // Not the poll that the test's own fault hits, nor the ones before and after it.
    expect(stdout).not.toMatch(/get#[123] /)
    expect(stdout).toMatch(/get#4 .*survived/)
    expect(code).toBe(0)
  })

  it('puts a fault into the domain of a test that uses the fixture', async () => {
    const test = `
      import { test, withCckm } from 'cckm-emulator/vitest'
      test.override({ cckmOptions: { scenario: 'stuck', clock: 'frozen@2020-01-01T00:00:00Z' } })
      test('asks', async ({ cckm }) => {
        const headers = { authorization: 'Bearer ' + (await cckm.token()) }
        const { status } = await fetch(cckm.url + '/api/v1/cckm/azure/bulkjobs', { headers })
        if (status !== 200) throw new Error('answered ' + status)
        if ((await cckm.clock.read()).now !== '2020-01-01T00:00:00Z') throw new Error('another clock')
      })`
    const folder = writeProject({ files: { 'a.test.ts': test } })
    const command = [process.execPath, VITEST, 'run', '--root', folder]
    stubOuterVitest()
    const { code, stdout, stderr } = await callMain([
      'sweep',
      '--faults',
      '500,slow',
      '--slow',
      '10ms',
      '--',
      ...command,
    ])
    expect(stderr).toMatch(/^cckm-emulator: [0-9a-f]{16}\/azure\.bulkjobs\.list#1:500: failed\n$/)
    expect(stdout).toMatch(/[0-9a-f]{16}\/azure\.bulkjobs\.list#1\s+FAILED\s+survived/)
    expect(stdout).toContain('answered 500')
    expect(code).toBe(1)
  })
})
