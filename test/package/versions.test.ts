// The package with other versions of TypeScript and vitest: the oldest and the newest that it supports.

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { install, writeFiles } from './install.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cckm-versions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Of each major version in `peerDependencies`; of the oldest one its first release. */
const VITEST = ['3.0.0', '4', '5']

/** With the types of Node that each of them can read. */
const TYPESCRIPT = [
  { version: '5.0', lib: ['es2022'], typesOfNode: '20.8' },
  { version: 'latest', lib: ['es2024', 'esnext.disposable'], typesOfNode: '24' },
]

const inFolder = (...path: string[]) => join(folder, ...path)
const peers = (version: string) => inFolder(`vitest-${version}`)
const compiler = (version: string) => inFolder(`typescript-${version}`)

beforeAll(async () => {
  const tarball = inject('tarball')
  await Promise.all([
    ...VITEST.map((version) => install(peers(version), [tarball, `vitest@${version}`, '@types/node@24'])),
    ...TYPESCRIPT.map(({ version, typesOfNode }) =>
      install(compiler(version), [`typescript@${version}`, `@types/node@${typesOfNode}`]),
    ),
  ])
})

/** Runs a program of Node; its output, and `ok` or the exit code. */
async function run(cwd: string, ...args: string[]): Promise<{ output: string; code: number }> {
  const env = { ...process.env, NO_COLOR: '1' }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ output: stdout + stderr, code: error === null ? 0 : Number(error.code) }),
    )
  })
}

/** The errors of `tsc` in the consumer and in this package; other packages may have errors of their own. */
async function typeErrors(
  cwd: string,
  typescript: string,
  lib: readonly string[],
  files: Readonly<Record<string, string>>,
) {
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib, types: ['node'], preserveSymlinks: true },
    ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noEmit: true },
  }
  writeFiles(cwd, { ...files, 'tsconfig.json': JSON.stringify({ compilerOptions, files: Object.keys(files) }) })
  const { output, code } = await run(cwd, join(compiler(typescript), 'node_modules/typescript/bin/tsc'), '-p', '.')
  const errors = output.split('\n').filter((line) => /^\S.*error TS|^error/.test(line))
  expect(code === 0 || errors.length > 0, output).toBe(true)
  return errors.filter((line) => !/^node_modules\/(?!cckm-emulator\/)/.test(line))
}

/** What a user writes, in one file for each entry that needs no other package. */
const CONSUMERS = {
  'library.ts': `import { connect, createEmulator, defineScenario, type EmulatorOptions } from 'cckm-emulator'
    const scenario = defineScenario({ extends: 'default', after: '30s', items: [{ index: 0, at: '90%' }] })
    const options: EmulatorOptions = { clock: 'frozen@2026-01-01T00:00:00Z', data: process.env.DATA, scenarios: { scenario } }
    await using emulator = await createEmulator(options)
    const answer = await emulator.inject({ method: 'POST', url: '/x', payload: {} })
    export const status: number = answer.statusCode
    await emulator.domain('a').clock.advance('5s')
    await connect('http://127.0.0.1:7443').info()
    // @ts-expect-error -- no such mode
    await createEmulator({ clock: 'stp' })`,
  'testing.ts': `import { cckmTest, openCckm } from 'cckm-emulator/testing'
    cckmTest(async (cckm) => void (await cckm.token()))
    const { cckm, end } = await openCckm({ name: 'a' })
    export const url: string = cckm.url
    await end()`,
  'setup.ts': `export { setup } from 'cckm-emulator/vitest/global-setup'`,
}

/** `await using` came with TypeScript 5.2. */
const forVersion = (version: string, code: string) => (version === '5.0' ? code.replace('await using', 'const') : code)

describe.each(TYPESCRIPT)('TypeScript $version', ({ version, lib }) => {
  it('finds no error in the types, with no other package than @types/node', async () => {
    const consumer = inFolder(`consumer-${version}`)
    mkdirSync(join(consumer, 'node_modules/@types'), { recursive: true })
    // Without the dependencies of the package, which its types must not need.
    cpSync(join(peers('5'), 'node_modules/cckm-emulator'), join(consumer, 'node_modules/cckm-emulator'), {
      recursive: true,
    })
    for (const name of ['@types/node', 'undici-types'])
      symlinkSync(join(compiler(version), 'node_modules', name), join(consumer, 'node_modules', name))
    writeFiles(consumer, { 'package.json': '{"private":true,"type":"module"}' })
    const files = Object.entries(CONSUMERS).map(([name, code]) => [name, forVersion(version, code)] as const)
    expect(await typeErrors(consumer, version, lib, Object.fromEntries(files))).toEqual([])
  })
})

const TEST_FILE = `import { expect, test } from 'cckm-emulator/vitest'
  import { expect as vitestExpect } from 'vitest'
  test('cancels a stuck job', async ({ cckm }) => {
    await cckm.nextJob({ scenario: 'stuck' })
    const headers = { authorization: 'Bearer ' + (await cckm.token()) }
    const jobs = cckm.url + '/api/v1/cckm/aws/bulkjob'
    const body = JSON.stringify({ keys: ['k1'], operation: 'enablekey' })
    const { id } = await (await fetch(jobs, { method: 'POST', headers, body })).json() as { id: string }
    const job = await (await fetch(jobs + '/' + id + '/cancel', { method: 'POST', headers })).json()
    vitestExpect(job).toMatchObject({ overall_status: 'aborted' })
    await expect(cckm).toHavePolledPolitely()
    await vitestExpect(cckm).toHavePolledPolitely({ allow: ['flat-interval'] })
  })`

describe.each(VITEST)('vitest %s', (version) => {
  it('runs tests with the fixture and a server of the run', async () => {
    writeFiles(peers(version), {
      'cancels.test.ts': TEST_FILE,
      'vitest.config.js': `export default { test: { globalSetup: 'cckm-emulator/vitest/global-setup' } }`,
    })
    const { output, code } = await run(peers(version), 'node_modules/vitest/vitest.mjs', 'run')
    expect(code, output).toBe(0)
    expect(output).toMatch(/Tests +1 passed/)
  })

  it('has the types of the fixture and of its matcher', async () => {
    const files = { 'cancels.test.ts': TEST_FILE }
    expect(await typeErrors(peers(version), 'latest', ['es2024', 'esnext.disposable', 'dom'], files)).toEqual([])
  })
})

it('Testcontainers has the types of its entry', async () => {
  const consumer = inFolder('consumer-latest')
  symlinkSync(join(root, 'tools/node_modules/testcontainers'), join(consumer, 'node_modules/testcontainers'))
  const code = `import { CckmEmulatorContainer } from 'cckm-emulator/testcontainers'
    const started = await new CckmEmulatorContainer().withSeed({}).withStartupTimeout(1).start()
    export const port: number = started.getMappedPort(7443)
    export const now: string = (await started.domain('a').clock.read()).now`
  expect(
    await typeErrors(consumer, 'latest', ['es2024', 'esnext.disposable', 'dom'], { 'container.ts': code }),
  ).toEqual([])
})

it('supports the versions of peers that are tested here, and no others', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>
  }
  const majors = VITEST.map((version) => `^${version.split('.')[0]!}.0.0`)
  expect(peerDependencies.vitest).toBe(majors.join(' || '))
})
