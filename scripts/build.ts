// Makes dist/: the command and the entries of the library as bundles that share what they have in common (by esbuild), and
// types (by tsc). `node scripts/build.ts command` makes the command alone, which is all that the container image needs.
//
// Bundles, because a test suite starts an emulator often: a few files load in half the time of hundreds.

import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { bundleDashboard } from './bundle-dashboard.ts'
import { lazyPackages } from './lazy-packages.ts'
import { leftOutPackages } from './left-out-packages.ts'
import { bundledPackages, licensesOf } from './licenses.ts'
import { sbomOf } from './sbom.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

// Bundled CommonJS packages call require() for Node's own modules, and ESM has none.
const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

function buildTypes(): void {
  // Not through npm or .bin: in a slim image the `node` there is missing.
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  const reached = reachedTypes(Object.keys(libraryEntries()))
  for (const file of globSync('**/*.d.ts', { cwd: dist })) if (!reached.has(file)) rmSync(join(dist, file))
}

/** The packages that a user of these declarations has installed; no other declaration imports a package. */
const PEERS: Readonly<Record<string, string>> = {
  'testing/vitest.d.ts': 'vitest',
  'testing/testcontainers.d.ts': 'testcontainers',
}

/** The declarations that the entries reach. Throws if one of them imports a package that its user may not have. */
function reachedTypes(entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set(entries.map((entry) => `${entry}.d.ts`))
  for (const file of reached) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(dist, file), 'utf8'))
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) reached.add(join(dirname(file), fileName.replace(/\.[jt]s$/, '.d.ts')))
      else if (!fileName.startsWith('node:') && fileName !== PEERS[file])
        throw new Error(`${file} imports the types of ${fileName}`)
    }
  }
  return reached
}

/** The doors of package.json: `./dist/testing/vitest.js` there is made of `src/testing/vitest.ts`. */
function libraryEntries(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  const doors = Object.values(exports).flatMap((it) => (typeof it === 'string' ? [] : [it.default]))
  return Object.fromEntries(
    doors.map((file) => /^\.\/dist\/(.*)\.js$/.exec(file)![1]!).map((it) => [it, `src/${it}.ts`]),
  )
}

/** Makes the bundles; the folders of the packages in them. */
async function buildBundles(entries: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: 'dist',
    // Right in dist/, as deep as the sources that look for ../fixtures from where they stand.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Names stay: Fastify names plugins, logs name errors and stacks name functions after them. To shorten them and keep
    // them all the same (`keepNames`) costs a call for each function at the start.
    minifySyntax: true,
    minifyWhitespace: true,
    // A crash prints the line where it happened; one of a megabyte helps nobody.
    lineLimit: 160,
    legalComments: 'none',
    banner: { js: banner },
    external: ['better-sqlite3', 'vitest', 'testcontainers'],
    plugins: [leftOutPackages, lazyPackages],
    logLevel: 'warning',
    metafile: true,
  })
  // Only right in dist/ do paths from where a module stands stay true.
  const misplaced = globSync('*/**/*.js', { cwd: dist }).find((file) =>
    /(?<!createRequire\()import\.meta\.url/.test(readFileSync(join(dist, file), 'utf8')),
  )
  if (misplaced !== undefined)
    throw new Error(`${misplaced} looks for files from where it stands, and is not where its source was`)
  await buildStub('./main.js')
  const packages = bundledPackages(metafile)
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, packages))
  return packages
}

/** The stub is a bundle of its own: a Node that is too old for the rest has to understand it. */
async function buildStub(main: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node12.20',
    minifyWhitespace: true,
    plugins: [
      {
        name: 'main',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\.\/cli\/main\.ts$/ }, () => ({ path: main, external: true }))
        },
      },
    ],
  })
  const code = outputFiles[0]!.text
  if (!code.includes(main) || /^import\b/m.test(code)) throw new Error('src/cli.ts must import the bundle, and late')
  writeFileSync(join(dist, 'cli.js'), code)
  chmodSync(join(dist, 'cli.js'), 0o755)
}

const SWAGGER_UI = 'node_modules/@fastify/swagger-ui'

/** The page /docs needs these two of Swagger UI, and no network: see src/http/routes/openapi.ts. */
function copyDocsUi(): void {
  const from = join(root, SWAGGER_UI)
  mkdirSync(join(dist, 'docs-ui'))
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css'])
    copyFileSync(join(from, 'static', name), join(dist, 'docs-ui', name))
  const notice = 'Swagger UI, Copyright SmartBear Software Inc., Apache License 2.0, as @fastify/swagger-ui has it:\n\n'
  writeFileSync(join(dist, 'docs-ui/NOTICE.txt'), notice + readFileSync(join(from, 'LICENSE'), 'utf8'))
}

/** The page /__dashboard, with the notices of what is in its script. */
async function buildDashboard(): Promise<readonly string[]> {
  const { files, metafile } = await bundleDashboard()
  mkdirSync(join(dist, 'dashboard'))
  for (const { name, content } of files) writeFileSync(join(dist, 'dashboard', name), content)
  const packages = bundledPackages(metafile)
  writeFileSync(join(dist, 'dashboard/THIRD-PARTY-LICENSES.txt'), licensesOf(root, packages))
  return packages
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
const command = { main: 'src/cli/main.ts' }
const isCommandAlone = process.argv[2] === 'command'
const entries = isCommandAlone
  ? command
  : { ...command, ...libraryEntries(), 'transport-worker': 'src/transport-worker.ts' }
if (!isCommandAlone) buildTypes()
const bundled = await buildBundles(entries)
copyDocsUi()
const inDashboard = await buildDashboard()
writeFileSync(join(dist, 'sbom.cdx.json'), sbomOf(root, [...new Set([...bundled, ...inDashboard, SWAGGER_UI])]))
