// `npm start`, as those call it who try the sources: it starts, it stops with npm, and it says what an old Node needs.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const launcher = fileURLToPath(new URL('../scripts/start.cjs', import.meta.url))

/**
 * Starts `npm start` and waits for the address that the emulator prints.
 * @param test its own context: these tests run at the same time, and the global hook may take another's end for this one's
 */
async function npmStart(test: TestContext) {
  const child = spawn('npm', ['start', '--', '--port', '0', '--seed', 'none'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  test.onTestFinished(() => void child.kill('SIGKILL'))
  // Every process that npm has started holds this pipe: it is closed when the last of them has ended.
  const allEnded = once(child.stdout, 'close')
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false }))
    if (/https?:\/\//.test(String(chunk))) break
  child.stdout.resume()
  return { npm: child.pid!, allEnded }
}

describe.concurrent('npm start', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'leaves no process behind when %s ends npm',
    async (signal, test) => {
      const { npm, allEnded } = await npmStart(test)
      process.kill(npm, signal)
      await allEnded
    },
  )

  it('says in one line what to do on a Node that cannot run the sources', () => {
    const { stderr, stdout, status } = spawnSync(process.execPath, ['--no-experimental-strip-types', launcher], {
      encoding: 'utf8',
    })
    expect(stderr).toBe(
      `npm start needs Node 22.18, 23.6, 24 or newer, and this is Node ${process.versions.node}: ` +
        '`npm ci` without --ignore-scripts installs Node 24 for it\n',
    )
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 })
  })
})

it.each([
  ['20.20.2', `Your Node 20.20.2 runs only npm; the npm scripts here run on Node ${process.versions.node}.`],
  ['22.14.0', ''],
  ['26.0.0', ''],
])('npm ci on Node %s prints %j', (version, line) => {
  // The manifest and its scripts, without packages to install.
  const folder = mkdtempSync(join(tmpdir(), 'npm-ci-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts }))
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({
      name: 'x',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'x', version: '1.0.0' } },
    }),
  )
  cpSync(join(root, 'scripts/after-install.cjs'), join(folder, 'scripts/after-install.cjs'))
  const agent = `npm/11.19.1 node/v${version} linux x64 workspaces/false`
  const { stderr, status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--offline', '--user-agent', agent], {
    cwd: folder,
    encoding: 'utf8',
  })
  const printed = stderr.split('\n').filter((it) => it.startsWith('Your Node'))
  expect({ printed, status }).toEqual({ printed: line === '' ? [] : [line], status: 0 })
})
