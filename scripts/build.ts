// Makes dist/: the library as modules with their types (by tsc), and the command as a bundle (by esbuild).
// `node scripts/build.ts command` makes the command alone, which is all that the container image needs.
//
// The command is bundled because a test suite starts it often: one file loads in half the time of hundreds.

import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { bundleDashboard } from './bundle-dashboard.ts'
import { lazyPackages } from './lazy-packages.ts'
import { licensesOf } from './licenses.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

// Bundled CommonJS packages call require() for Node's own modules, and ESM has none.
const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

function buildLibrary(): void {
  // Not through npm or .bin: in a slim image the `node` there is missing.
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}

async function buildCommand(): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'dist',
    // Right in dist/, as deep as the sources that look for ../fixtures from where they stand.
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    // A crash prints the line where it happened; one of a megabyte helps nobody.
    lineLimit: 160,
    // Fastify names plugins, and logs name errors, after functions and classes.
    keepNames: true,
    legalComments: 'none',
    banner: { js: banner },
    external: ['better-sqlite3'],
    plugins: [lazyPackages],
    logLevel: 'warning',
    metafile: true,
  })
  const bundle = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'src/cli/main.ts')
  if (!bundle) throw new Error('esbuild made no bundle of src/cli/main.ts')
  await buildStub(`./${basename(bundle[0])}`)
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafile))
}

/** The stub stays out of the bundle: a Node that is too old for the rest has to understand it. */
async function buildStub(main: string): Promise<void> {
  const source = readFileSync(join(root, 'src/cli.ts'), 'utf8').replace('./cli/main.ts', main)
  const { code } = await transform(source, { loader: 'ts', target: 'node12.20', minifyWhitespace: true })
  if (!code.includes(main) || /^import\b/m.test(code)) throw new Error('src/cli.ts must import the bundle, and late')
  writeFileSync(join(dist, 'cli.js'), code)
  chmodSync(join(dist, 'cli.js'), 0o755)
}

/** The page /docs needs these two of Swagger UI, and no network: see src/http/routes/openapi.ts. */
function copyDocsUi(): void {
  const from = join(root, 'node_modules/@fastify/swagger-ui')
  mkdirSync(join(dist, 'docs-ui'))
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css'])
    copyFileSync(join(from, 'static', name), join(dist, 'docs-ui', name))
  const notice = 'Swagger UI, Copyright SmartBear Software Inc., Apache License 2.0, as @fastify/swagger-ui has it:\n\n'
  writeFileSync(join(dist, 'docs-ui/NOTICE.txt'), notice + readFileSync(join(from, 'LICENSE'), 'utf8'))
}

/** The page /__dashboard, with the notices of what is in its script. */
async function buildDashboard(): Promise<void> {
  const { files, metafile } = await bundleDashboard()
  mkdirSync(join(dist, 'dashboard'))
  for (const { name, content } of files) writeFileSync(join(dist, 'dashboard', name), content)
  writeFileSync(join(dist, 'dashboard/THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafile))
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
if (process.argv[2] !== 'command') buildLibrary()
await buildCommand()
copyDocsUi()
await buildDashboard()
