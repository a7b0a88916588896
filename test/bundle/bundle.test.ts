// The download as a user gets it: unpacked into a folder that nobody can write to, run with no variables and an empty PATH.
// As root also as another user, in a network namespace that has a loopback and nothing else.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const name = `cckm-emulator-${version}-linux-x64`
const tarball = join(root, `${name}.tar.gz`)
const NOBODY = 65_534

let parent: string
let folder: string
const at = (...path: string[]): string => join(folder, ...path)

beforeAll(() => {
  if (!existsSync(tarball)) throw new Error(`there is no ${tarball}: run npm run bundle:linux`)
  parent = mkdtempSync(join(tmpdir(), 'cckm bundle '))
  folder = join(parent, name)
  execFileSync('tar', ['-xzf', tarball, '-C', parent])
  mkdirSync(join(parent, 'work'))
  chmodSync(parent, 0o755)
  chmodSync(join(parent, 'work'), 0o777)
  execFileSync('chmod', ['-R', 'a-w', folder])
})
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', folder])
  rmSync(parent, { recursive: true })
})

/** The words before a command that take away the network and the rights of root. */
const isolation = findIsolation()

function findIsolation(): readonly string[] {
  const alone = `ip link set lo up && exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$@"`
  const words = ['unshare', '--net', 'sh', '-c', alone, 'sh']
  const works = process.getuid?.() === 0 && spawnSync(words[0]!, [...words.slice(1), 'true']).status === 0
  if (!works) console.log('the bundle is tested as this user and with a network: the rest needs root, unshare and ip')
  return works ? words : []
}

interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

function run(words: readonly string[], cwd = '/'): Outcome {
  const [command = '', ...args] = [...isolation, 'env', '-i', 'PATH=', ...words]
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 50_000 })
  return { code: status, stdout, stderr }
}

const versionLine: Outcome = { code: 0, stdout: `${version}\n`, stderr: '' }

describe('The launcher', () => {
  it('works by absolute and relative path, and as an argument of a shell', () => {
    expect(run([at('bin/cckm-emulator'), '--version'])).toEqual(versionLine)
    expect(run(['bin/cckm-emulator', '--version'], folder)).toEqual(versionLine)
    expect(run(['./cckm-emulator', '--version'], at('bin'))).toEqual(versionLine)
    expect(run(['../bin/cckm-emulator', '--version'], at('lib'))).toEqual(versionLine)
    expect(run(['/bin/sh', 'cckm-emulator', '--version'], at('bin'))).toEqual(versionLine)
  })

  const shells = ['/bin/dash', '/bin/bash', '/bin/busybox', '/bin/ksh', '/bin/zsh'].filter((path) => existsSync(path))

  it.each(shells)('works with %s', (shell) => {
    const words = shell.endsWith('busybox') ? [shell, 'sh'] : [shell]
    expect(run([...words, at('bin/cckm-emulator'), '--version'])).toEqual(versionLine)
  })

  it('works through links to it, to links and to its folders', () => {
    const link = (target: string, path: string): string => {
      symlinkSync(target, join(parent, path))
      return join(parent, path)
    }
    const links = [
      link(at('bin/cckm-emulator'), 'absolute'),
      link(`${name}/bin/cckm-emulator`, 'relative'),
      link('relative', 'of a link'),
      join(link(name, 'current'), 'bin/cckm-emulator'),
      join(link(at('bin'), 'bin'), 'cckm-emulator'),
    ]
    for (const path of links) expect(run([path, '--version']), path).toEqual(versionLine)
    expect(run(['./of a link', '--version'], parent)).toEqual(versionLine)
  })

  it('passes arguments, exit codes and errors on', () => {
    const command = at('bin/cckm-emulator')
    expect(run([command, 'exec', '--seed', 'none', '--', '/bin/true'])).toMatchObject({ code: 0, stderr: '' })
    expect(run([command, 'exec', '--seed', 'none', '--', '/bin/sh', '-c', 'exit 7'])).toMatchObject({ code: 7 })
    expect(run([command, 'strat', 'a b'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('start') as string,
    })
  })
})

it('serves its own seeds, pages and data elsewhere, offline, from a folder that it cannot write to', () => {
  const work = mkdtempSync(join(parent, 'work/'))
  chmodSync(work, 0o777)
  // A copy, since another user may not read the repository.
  const probe = join(work, 'probe.mjs')
  copyFileSync(new URL('probe.mjs', import.meta.url), probe)
  const { code, stdout, stderr } = run([at('lib/node'), probe, at('bin/cckm-emulator'), work])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const seen = JSON.parse(stdout) as Record<string, unknown>
  expect(seen).toMatchObject({ pages: [200, 200, 200, 200], seeded: 200, kept: 200, exitCode: 0 })
  if (isolation.length > 0) expect(seen).toMatchObject({ uid: NOBODY, outside: 'ENETUNREACH' })
})

it('has the pinned Node, one native module and every licence, and no other platform', () => {
  const { version: pinned } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8')) as {
    version: string
  }
  expect(run([at('lib/node'), '--version']).stdout).toBe(`v${pinned}\n`)
  const native = globSync('**/*.node', { cwd: folder })
  expect(native).toEqual(['lib/cckm-emulator/node_modules/better-sqlite3/prebuilds/linux-x64.node'])
  const licences = {
    'cckm-emulator': 'Apache',
    node: 'Node.js is licensed',
    'better-sqlite3': 'MIT',
    'third-party': 'fastify',
  }
  for (const [file, words] of Object.entries(licences))
    expect(readFileSync(at(`licenses/${file}.txt`), 'utf8')).toContain(words)
})

it('has sorted names, one instant, no owner and the digest beside it', () => {
  const lines = execFileSync(
    'tar',
    ['--list', '--verbose', '--utc', '--full-time', '--numeric-owner', '-zf', tarball],
    {
      encoding: 'utf8',
    },
  )
    .trim()
    .split('\n')
  const entries = lines.map((line) => /^(\S+) +(\S+) +\d+ (\S+ \S+) (.*)$/.exec(line)!.slice(1))
  expect(new Set(entries.map(([mode]) => mode))).toEqual(new Set(['drwxr-xr-x', '-rw-r--r--', '-rwxr-xr-x']))
  expect(new Set(entries.map(([, owner, instant]) => `${owner} ${instant}`))).toEqual(
    new Set(['0/0 1985-10-26 08:15:00']),
  )
  const names = entries.map(([, , , path = '']) => path.replace(/\/$/, ''))
  expect(names.every((path) => path === name || path.startsWith(`${name}/`))).toBe(true)
  const digest = createHash('sha256').update(readFileSync(tarball)).digest('hex')
  expect(readFileSync(`${tarball}.sha256`, 'utf8')).toBe(`${digest}  ${name}.tar.gz\n`)
})
