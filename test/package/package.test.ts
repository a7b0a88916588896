// The package as a user gets it: packed, installed in an empty folder without a lock file, started.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { type FoundNode, findNodes } from './nodes.ts'
import { install } from './install.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const nodes = findNodes()
const fit = nodes.filter(({ isTooOld }) => !isTooOld)
const tooOld = nodes.filter(({ isTooOld }) => isTooOld)

/** The vendor's documented answer, minified. */
const documentedJob =
  '{"id":"ee4482eb-0b97-4702-8ef6-7e86df66eaa5",' +
  '"uri":"kylo:kylo:cckm:azure-bulkjob:ee4482eb-0b97-4702-8ef6-7e86df66eaa5",' +
  '"account":"kylo:kylo:admin:accounts:kylo",' +
  '"createdAt":"2024-02-06T09:22:54.517569Z","updatedAt":"2024-02-06T09:22:54.549719Z",' +
  '"completed_at":"2024-02-06T09:22:54.54953Z","overall_status":"completed",' +
  '"detailed_status":{"f60070f8-5ef8-4685-9121-9ca732cffcbd":"Success"},' +
  '"abort":false,"cloud":"AzureCloud","operation":"delete-key-backups"}'

let folder: string
const installed = (...path: string[]) => join(folder, 'node_modules', ...path)

const isWindows = process.platform === 'win32'
/** What npm links to the command is a batch file on Windows. */
const command = () => (isWindows ? installed('cckm-emulator', 'dist', 'cli.js') : installed('.bin', 'cckm-emulator'))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cckm-package-'))
  await install(folder, [inject('tarball')])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Running {
  url: string
  stop(): Promise<number | null>
}

/** Starts the installed command on a free port and waits for its ready file. */
async function start(node: FoundNode): Promise<Running> {
  const ready = join(folder, `ready-${node.version}.json`)
  const args = [command(), '--port', '0', '--ready-file', ready]
  const watcher = watch(folder)
  const child = spawn(node.path, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const appeared = new Promise<void>((resolve) => watcher.on('change', () => existsSync(ready) && resolve()))
  const code = await Promise.race([appeared, exit])
  watcher.close()
  if (code !== undefined) throw new Error(`not ready, exit code ${code}`)
  const { url } = JSON.parse(readFileSync(ready, 'utf8')) as { url: string }
  return { url, stop: () => (child.kill('SIGTERM'), exit) }
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"username":"admin","password":"admin"}',
  })
  return ((await answer.json()) as { jwt: string }).jwt
}

describe('the tarball', () => {
  it('is small and holds what it needs, and nothing else', () => {
    expect(statSync(inject('tarball')).size).toBeLessThan(3 * 1024 * 1024)
    const names = readdirSync(installed('cckm-emulator')).filter((name) => name !== 'node_modules')
    const expected = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'clients',
      'dist',
      'docs',
      'fidelity.json',
      'fixtures',
      'package.json',
      'schemas',
      'shims',
    ]
    expect(names.sort()).toEqual(expected)
  })

  it('holds the files of contents.txt', async () => {
    // Built when it was packed; names of chunks have a digest. Other tests list the pages.
    const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' })
    const [{ files }] = JSON.parse(pack.stdout) as [{ files: { path: string }[] }]
    const paths = files.map(({ path }) =>
      path.replace(/-[A-Z0-9]{8}\.(js|css)$/, '-DIGEST.$1').replace(/^docs\/.*\.md$/, 'docs/**/*.md'),
    )
    await expect(`${[...new Set(paths)].sort().join('\n')}\n`).toMatchFileSnapshot('contents.txt')
  })

  it('lists in its SBOM what is bundled and what npm installs, with licences', () => {
    const text = readFileSync(installed('cckm-emulator', 'dist', 'sbom.cdx.json'), 'utf8')
    const { bomFormat, specVersion, components, dependencies } = JSON.parse(text) as {
      bomFormat: string
      specVersion: string
      components: { name: string; version: string; purl: string; 'bom-ref': string; licenses: object[] }[]
      dependencies: { dependsOn: string[] }[]
    }
    expect({ bomFormat, specVersion }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    const names = components.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'fastify', 'preact', '@fastify/swagger-ui']))
    expect(names).not.toContain('vitest')
    for (const { name, version, purl, licenses } of components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`)
      expect(licenses).toHaveLength(1)
    }
    const refs = components.map((component) => component['bom-ref'])
    expect(new Set(refs).size).toBe(refs.length)
    expect(dependencies[0]!.dependsOn).toEqual(refs)
    const notices = readFileSync(installed('cckm-emulator', 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    expect(notices).toContain('fastify ')
  })

  it('holds every page that a message names', () => {
    const bundles = readdirSync(installed('cckm-emulator', 'dist')).filter((name) => name.endsWith('.js'))
    const texts = bundles.map((name) => readFileSync(installed('cckm-emulator', 'dist', name), 'utf8'))
    const pages = new Set(texts.flatMap((text) => text.match(/\bdocs\/[\w/-]+\.md\b/g) ?? []))
    expect(pages.size).toBeGreaterThan(0)
    expect([...pages].filter((page) => !existsSync(installed('cckm-emulator', page)))).toEqual([])
  })

  it('is the whole library, with its types', () => {
    expect(existsSync(installed('cckm-emulator', 'dist', 'index.d.ts'))).toBe(true)
    const code = `import { createEmulator } from 'cckm-emulator'
      const emulator = await createEmulator()
      console.log(typeof emulator.inject)
      await emulator.close()`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' })
    expect(run).toMatchObject({ stdout: 'function\n', status: 0 })
  })
})

describe.each(fit)('the installed command on Node $version', (node) => {
  it('serves the documented job to the byte, and stops when told', async () => {
    const { url, stop } = await start(node)
    const authorization = `Bearer ${await signIn(url)}`
    const answer = await fetch(`${url}/api/v1/cckm/azure/bulkjobs/ee4482eb-0b97-4702-8ef6-7e86df66eaa5`, {
      headers: { authorization },
    })
    expect(await answer.text()).toBe(documentedJob)
    // Windows has no signals: the process ends at once, without an exit code.
    expect(await stop()).toBe(isWindows ? null : 0)
  })

  it('explains itself', () => {
    const { stdout, status } = spawnSync(node.path, [command(), '--help'], { encoding: 'utf8' })
    expect(stdout).toContain('cckm-emulator')
    expect(status).toBe(0)
  })
})

const CANCELS = `test('cancels a stuck job', BODY(async (CCKM) => {
  await cckm.nextJob({ scenario: 'stuck' })
  const headers = { authorization: 'Bearer ' + (await cckm.token()) }
  const jobs = cckm.url + '/api/v1/cckm/aws/bulkjob'
  const body = JSON.stringify({ keys: ['k1'], operation: 'enablekey' })
  const { id } = await (await fetch(jobs, { method: 'POST', headers, body })).json()
  const job = await (await fetch(jobs + '/' + id + '/cancel', { method: 'POST', headers })).json()
  if (job.overall_status !== 'aborted') throw new Error(JSON.stringify(job))
}))`

/** Makes an optional peer dependency resolve in the folder, as where a user has installed it. */
function linkPeer(name: 'vitest' | 'testcontainers'): void {
  const from = join(root, name === 'vitest' ? '' : 'tools', 'node_modules', name)
  if (!existsSync(installed(name))) symlinkSync(from, installed(name), 'junction')
}

describe('the tests of a user', () => {
  const write = (name: string, code: string) => writeFileSync(join(folder, name), code)

  it('have the fixture in vitest, with a server of the run', () => {
    linkPeer('vitest')
    write('vitest.config.js', `export default { test: { globalSetup: 'cckm-emulator/vitest/global-setup' } }`)
    const code = CANCELS.replace('BODY(', '').replace('CCKM', '{ cckm }').replace(/\)\)$/, ')')
    write('cancels.test.js', `import { test } from 'cckm-emulator/vitest'\n${code}`)
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
    const env = { ...process.env, NO_COLOR: '1' }
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/Tests +1 passed/)
  })

  it('have the handle in node:test', () => {
    const code = CANCELS.replace('BODY', 'cckmTest').replace('CCKM', 'cckm')
    write('cancels.mjs', `import { test } from 'node:test'\nimport { cckmTest } from 'cckm-emulator/testing'\n${code}`)
    const run = spawnSync(process.execPath, ['--test', 'cancels.mjs'], { cwd: folder, encoding: 'utf8' })
    expect(run.stdout).toContain('pass 1')
    expect(run.status).toBe(0)
  })
})

// Here since it needs what packing built. What it measures is not looked at: a busy machine is no failure.
describe('the bench', () => {
  it('measures, and judges what it measured', () => {
    const file = join(folder, 'bench.json')
    const args = ['bench/run.ts', '--quick', '--only', 'cold-start', '--json', file]
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('### Cold start')
    const { goals } = JSON.parse(readFileSync(file, 'utf8')) as { goals: { what: string; value: number }[] }
    expect(goals).toEqual([expect.objectContaining({ section: 'cold-start', value: expect.any(Number) as number })])
  })
})

describe.skipIf(tooOld.length === 0)('on a Node that is too old (skipped where the machine has none)', () => {
  it.each(tooOld)('ends with one line on Node $version', (node) => {
    const { status, stdout, stderr } = spawnSync(node.path, [command(), '--port', '0'], { encoding: 'utf8' })
    expect(stderr).toBe(`cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node ${node.version}\n`)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  })

  const calls = [
    ['', 'createEmulator()'],
    ['', "connect('http://127.0.0.1:7443').info()"],
    ['/testing', "openCckm({ name: 'a' })"],
    ['/testing', 'cckmTest(() => undefined).call({}, { name: "a" })'],
    ['/vitest/global-setup', 'setup()'],
    ['/vitest', ''],
    ['/testcontainers', ''],
  ] as const
  it.each(tooOld.flatMap((node) => calls.map(([entry, call]) => [node.version, entry, call, node] as const)))(
    'gets the same line from the library on Node %s: cckm-emulator%s, %s',
    (version, entry, call, node) => {
      linkPeer('vitest')
      linkPeer('testcontainers')
      const name = call.replace(/\(.*/, '')
      const code = `try {
          const { ${name} } = await import('cckm-emulator${entry}')
          await ${call === '' ? 'undefined' : call}
        } catch (error) { console.log(error.name + ': ' + error.message) }`
      const run = spawnSync(node.path, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' })
      expect({ status: run.status, stdout: run.stdout }).toEqual({
        status: 0,
        stdout: `StartError: cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node ${version}\n`,
      })
    },
  )
})
