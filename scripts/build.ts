// Makes dist/: the library as modules with their types (by tsc), and the command as a bundle (by esbuild).
// `node scripts/build.ts command` makes the command alone, which is all that the container image needs.
//
// The command is bundled because a test suite starts it often: one file loads in half the time of hundreds.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { licensesOf } from './licenses.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

// Bundled CommonJS packages call require() for Node's own modules, and ESM has none.
const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);\n"

function buildLibrary(): void {
  // Not through npm or .bin: in a slim image the `node` there is missing.
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}

async function buildCommand(): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    outdir: 'dist',
    // Right in dist/, as deep as the sources that look for ../fixtures from where they stand.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    // Fastify names plugins, and logs name errors, after functions and classes.
    keepNames: true,
    legalComments: 'none',
    external: ['better-sqlite3'],
    logLevel: 'warning',
    metafile: true,
    write: false,
  })
  for (const { path, text } of outputFiles) {
    writeFileSync(path, basename(path) === 'cli.js' ? await toOldSyntax(text) : banner + text)
  }
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafile))
  chmodSync(join(dist, 'cli.js'), 0o755)
}

/** The stub has to be understood by a Node that is too old for the rest. */
async function toOldSyntax(stub: string): Promise<string> {
  const { code } = await transform(stub, { target: 'node12.20', format: 'esm', minifyWhitespace: true })
  if (/^\s*import[\s{"'*]/m.test(code)) throw new Error('dist/cli.js must not have static imports')
  return code
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
if (process.argv[2] !== 'command') buildLibrary()
await buildCommand()
