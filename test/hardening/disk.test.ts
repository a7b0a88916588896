import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli, startCli, temporaryFolder, type Running } from '../cli/run-cli.ts'
import { AZURE, callerOf, CREATE, startOn, stop, tokenOf, type Caller } from './support.ts'

// Filling a file system requires root to mount one. A limit on the size of files makes the same writes fail, with EFBIG
// instead of ENOSPC; any user may set it and lift it while the process runs.
const KIB = 1024
const isRoot = process.getuid?.() === 0
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0
const canMount = isRoot && mayMount()
const LIMIT_KIB = 512
const OVER = { createdAt: '2025-01-01T00:00:00Z', overall_status: 'completed', operation: 'delete-key-backups' }
const STILL = '2026-01-01T00:00:00Z'

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0
  if (isMounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true })
  return isMounted
}

interface SmallDisk {
  readonly data: string
  readonly command: readonly [string, ...string[]]
  readonly makeRoom: (running: Running) => void
}

function limited(kib: number): SmallDisk {
  return {
    data: join(temporaryFolder(), 'data'),
    // `ulimit -f` counts blocks of 512 bytes in some shells and of 1,024 in others.
    command: ['prlimit', `--fsize=${kib * KIB}:unlimited`, process.execPath],
    makeRoom: ({ child }) => void spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']),
  }
}

function mounted(kib: number): SmallDisk {
  const data = temporaryFolder()
  const mount = (options: string): void => void spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', data])
  mount(`size=${kib}k`)
  onTestFinished(() => void spawnSync('umount', ['-l', data]))
  return { data, command: [process.execPath], makeRoom: () => mount('remount,size=64m') }
}

const DISKS = [
  { name: 'a limit on the size of files', make: limited, canBe: hasPrlimit },
  { name: 'a small file system', make: mounted, canBe: canMount },
]

describe.each(DISKS)('a full disk ($name)', ({ make, canBe }) => {
  it.skipIf(!canBe)('exits with 1 and one line at the start', async () => {
    const { data, command } = make(8)
    const { code, stderr } = await runCli(['--port', '0', '--data', data, '--log-level', 'silent'], {}, command)
    expect(stderr).toBe(
      `cckm-emulator: cannot use the data in ${data}: nothing more can be written there: the disk is full, or a limit is reached\n`,
    )
    expect(code).toBe(1)
  })

  it.skipIf(!canBe)('exits with 1 and one line during seeding, without a partial seed', async () => {
    const { data, command } = make(240)
    const seed = join(temporaryFolder(), 'seed.ndjson')
    const jobs = Array.from({ length: 500 }, (_, n) => ({ id: `job-${n}`, cloud: 'AzureCloud', ...OVER }))
    writeFileSync(seed, jobs.map((job) => JSON.stringify(job)).join('\n'))
    const args = ['--port', '0', '--data', data, '--seed', seed, '--log-level', 'silent']
    const { code, stderr } = await runCli(args, {}, command)
    expect(stderr).toBe(`cckm-emulator: the emulator's disk is full: --data ${data} is unchanged\n`)
    expect(code).toBe(1)
  })

  it.skipIf(!canBe)(
    'answers 507 under load, keeps all confirmed writes, and works again when there is room',
    async () => {
      const { data, command, makeRoom } = make(LIMIT_KIB)
      const args = [
        '--data',
        data,
        '--seed',
        'none',
        '--scenario',
        'stuck',
        '--log-level',
        'info',
        '--log-format',
        'json',
      ]
      // The log is not a file here, so the limit does not apply to it.
      const running = await startCli(args, {}, command)
      const admin = callerOf(running.ready.url, await tokenOf(running))
      await admin.ask('PUT', '/__admin/domains/still', { clock: { mode: 'frozen', now: STILL } }, 201)
      const kept = await createUntilFull(admin)
      expect(kept.length).toBeGreaterThan(3)
      await expectRefusals(admin)
      expect(await idsOf(admin)).toEqual(kept)
      makeRoom(running)
      const { id } = await admin.ask<{ id: string }>('POST', AZURE, CREATE, 201)
      await admin.ask('PUT', '/__admin/domains/late', {}, 201)
      expect(await stop(running)).toEqual({ code: 0, complaints: [] })
      const complaints = running.output.stdout.split('\n').filter((line) => line.includes('"level":"error"'))
      expect(complaints.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
        expect.stringMatching(/^the emulator's disk is full: writes are refused with 507/),
      ])
      const again = await startOn(data, '--seed', 'none')
      expect(await idsOf(callerOf(again.ready.url, await tokenOf(again)))).toEqual([...kept, id])
      await stop(again)
    },
  )
})

async function createUntilFull(admin: Caller): Promise<string[]> {
  const kept: string[] = []
  for (;;) {
    const answer = (await admin.call('POST', AZURE, CREATE))!
    if (answer.status === 507) return kept
    expect(answer.status, answer.text).toBe(201)
    kept.push((JSON.parse(answer.text) as { id: string }).id)
  }
}

/** In the shape of either API; and no refused write remains in memory. */
async function expectRefusals(admin: Caller): Promise<void> {
  const vendors = JSON.parse((await admin.call('POST', AZURE, CREATE))!.text) as object
  expect(vendors).toMatchObject({ code: 507, codeDesc: 'NCERRInsufficientStorage: Insufficient storage' })
  // A small write may still fit where a large one did not.
  const { made, refusal } = await makeDomainsUntilFull(admin)
  expect(refusal).toMatchObject({ error: { code: 'out-of-room' } })
  let seconds = 0
  const advance = () => admin.call('POST', '/__admin/domains/still/clock/advance', { by: '1s' })
  for (let answer = (await advance())!; answer.status !== 507; answer = (await advance())!) {
    expect(answer.status, answer.text).toBe(200)
    seconds += 1
  }
  const { now } = await admin.ask<{ now: string }>('GET', '/__admin/domains/still/clock')
  expect(Date.parse(now) - Date.parse(STILL)).toBe(seconds * 1000)
  expect(await admin.ask<{ domains: object[] }>('GET', '/__admin/domains')).toMatchObject({
    domains: ['root', 'still', ...made].map((name) => ({ name })),
  })
  expect((await admin.call('GET', '/healthz'))?.status).toBe(200)
}

async function makeDomainsUntilFull(admin: Caller): Promise<{ made: string[]; refusal: unknown }> {
  const made: string[] = []
  for (;;) {
    const name = `filling-${made.length}`
    const answer = (await admin.call('PUT', `/__admin/domains/${name}`, {}))!
    if (answer.status === 507) return { made, refusal: JSON.parse(answer.text) }
    expect(answer.status, answer.text).toBe(201)
    made.push(name)
  }
}

async function idsOf({ ask }: Caller): Promise<string[]> {
  const { resources } = await ask<{ resources: { id: string }[] }>('GET', `${AZURE}?limit=-1`)
  return resources.map(({ id }) => id)
}

/** Root can write to a read-only folder, so another user has to try. */
const NOBODY = 65_534
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', process.execPath] as const
const canBeNobody = isRoot && spawnSync(asNobody[0], [...asNobody.slice(1), '--version']).status === 0

it.skipIf(isRoot && !canBeNobody)(
  'exits with 1 and one line for a read-only folder, and changes nothing in it',
  async () => {
    const data = temporaryFolder()
    await stop(await startOn(data))
    const file = join(data, 'emulator.db')
    const before = readFileSync(file)
    if (isRoot) for (const path of [data, file]) chownSync(path, NOBODY, NOBODY)
    chmodSync(data, 0o500)
    onTestFinished(() => chmodSync(data, 0o700))
    const args = ['--port', '0', '--data', data, '--log-level', 'silent']
    const { code, stderr } = await runCli(args, {}, isRoot ? asNobody : undefined)
    expect(stderr).toBe(`cckm-emulator: cannot use the data in ${data}: no permission to write to it\n`)
    expect(code).toBe(1)
    expect([readdirSync(data), readFileSync(file), statSync(file).mode & 0o777]).toEqual([
      ['emulator.db'],
      before,
      0o600,
    ])
  },
)

it('exits with 1 and one line if another process uses the folder, which continues', async () => {
  const data = temporaryFolder()
  const running = await startOn(data, '--seed', 'none')
  const admin = callerOf(running.ready.url, await tokenOf(running))
  await admin.ask('POST', AZURE, CREATE, 201)
  const { code, stderr } = await runCli(['--port', '0', '--data', data, '--log-level', 'silent'])
  expect(stderr).toBe(`cckm-emulator: cannot use the data in ${data}: another cckm-emulator is using it\n`)
  expect(code).toBe(1)
  await admin.ask('POST', AZURE, CREATE, 201)
  expect(await idsOf(admin)).toHaveLength(2)
  expect(await stop(running)).toEqual({ code: 0, complaints: [] })
})
