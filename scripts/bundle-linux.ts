// Makes cckm-emulator-VERSION-linux-ARCH.tar.gz, a download that needs no Node: what the npm package holds, the one native
// module, and the Node that the repository pins. Build first, or call it by its script:
//
//   npm run bundle:linux [-- arm64]
//
// The same sources and the same Node give the same bytes. It needs GNU tar, npm, and npm's registry or cache.

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  cpSync,
  createWriteStream,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'

const ARCHITECTURES = ['x64', 'arm64'] as const
type Architecture = (typeof ARCHITECTURES)[number]

const root = fileURLToPath(new URL('..', import.meta.url))

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { version: string }).version

/** Copies files to the same place below another folder. */
function copyFiles(from: string, to: string, files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    cpSync(join(from, file), join(to, file))
  }
}

function npm(...args: string[]): string {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The files of the npm package, as it was built. */
function packagedFiles(): readonly string[] {
  const [{ files } = { files: [] }] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts')) as {
    files: { path: string }[]
  }[]
  const paths = files.map(({ path }) => path)
  if (!paths.includes('dist/cli.js')) throw new Error('there is no dist/cli.js: run npm run build first')
  return paths
}

/** What better-sqlite3 loads at run time on this architecture. */
function nativeFiles(folder: string, architecture: Architecture): readonly string[] {
  // Beside these, lib/ has an entry for each platform.
  const code = globSync(['lib/{binding,database,index,sqlite-error,util}.js', 'lib/methods/*.js'], { cwd: folder })
  return ['package.json', ...code, `prebuilds/linux-${architecture}.node`]
}

/** Unpacks Node's binary and licence from its npm package, whose content npm has verified. */
function unpackNode(architecture: Architecture, to: string): void {
  const name = `node-linux-${architecture}@${versionOf('node_modules/node')}`
  const folder = mkdtempSync(join(tmpdir(), 'cckm-node-'))
  try {
    const [packed] = JSON.parse(npm('pack', name, '--json', '--prefer-offline', '--pack-destination', folder)) as {
      filename: string
    }[]
    const members = ['package/bin/node', 'package/LICENSE']
    execFileSync('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder, ...members])
    cpSync(join(folder, 'package/bin/node'), join(to, 'lib/node'))
    cpSync(join(folder, 'package/LICENSE'), join(to, 'licenses/node.txt'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function fill(to: string, architecture: Architecture): void {
  const [own, native] = [join(to, 'lib/cckm-emulator'), join(root, 'node_modules/better-sqlite3')]
  copyFiles(root, own, packagedFiles())
  copyFiles(native, join(own, 'node_modules/better-sqlite3'), nativeFiles(native, architecture))
  unpackNode(architecture, to)
  mkdirSync(join(to, 'bin'))
  cpSync(join(root, 'scripts/bundle-launcher.sh'), join(to, 'bin/cckm-emulator'))
  cpSync(join(root, 'LICENSE'), join(to, 'licenses/cckm-emulator.txt'))
  cpSync(join(native, 'LICENSE'), join(to, 'licenses/better-sqlite3.txt'))
  cpSync(join(own, 'dist/THIRD-PARTY-LICENSES.txt'), join(to, 'licenses/third-party.txt'))
  cpSync(join(own, 'CHANGELOG.md'), join(to, 'CHANGELOG.md'))
  execFileSync('chmod', ['0755', join(to, 'bin/cckm-emulator'), join(to, 'lib/node')])
}

/** With sorted names, one instant (that of npm's own tarballs) and no owner: equal content gives equal bytes. */
async function archive(parent: string, name: string, file: string): Promise<void> {
  const same = ['--sort=name', '--mtime=1985-10-26T08:15:00Z', '--owner=0', '--group=0', '--numeric-owner']
  const tar = spawn('tar', [...same, '--mode=u=rwX,go=rX', '--format=ustar', '-cf', '-', '-C', parent, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(tar, 'close')
  await pipeline(tar.stdout, createGzip(), createWriteStream(file))
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`tar ended with ${code}`)
}

const [given = 'x64'] = process.argv.slice(2)
const architecture = ARCHITECTURES.find((each) => each === given)
if (architecture === undefined) throw new Error(`${given} is not ${ARCHITECTURES.join(' or ')}`)
const name = `cckm-emulator-${versionOf('.')}-linux-${architecture}`
const parent = mkdtempSync(join(tmpdir(), 'cckm-bundle-'))
try {
  mkdirSync(join(parent, name, 'licenses'), { recursive: true })
  fill(join(parent, name), architecture)
  const file = join(root, `${name}.tar.gz`)
  await archive(parent, name, file)
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  // As sha256sum --check reads it.
  writeFileSync(`${file}.sha256`, `${digest}  ${name}.tar.gz\n`)
  console.log(`${name}.tar.gz ${digest}`)
} finally {
  rmSync(parent, { recursive: true })
}
