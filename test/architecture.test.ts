// Enforces the rules of docs/maintainers/architecture.md. The table is data that the checks below read; the last part
// violates each rule once and expects the check to fail.

import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Import, type Source, partOf, readSource, targetOf } from './support/architecture.ts'

interface Row {
  /** Parts (or single files) of src that may be imported. A part may always import itself. */
  from: string[]
  /** Parts of which only types may be imported, with `import type`. `*` is all of src. */
  types?: string[]
  /** Node modules and packages, as patterns; no restriction when absent. */
  packages?: RegExp[]
}

/** The parts that the composition root connects. */
const inside = [
  'model',
  'errors.ts',
  'simulator',
  'store',
  'wire',
  'openapi',
  'domain',
  'journal',
  'identity',
  'http',
  'control',
  'trace',
  'report',
  'client',
  'files',
  'config',
  'timers.ts',
  'locations.ts',
  'version.ts',
]

const table: Record<string, Row> = {
  model: { from: [], packages: [/^(typebox(\/|$)|uuid$)/] },
  'errors.ts': { from: ['model'] },
  simulator: { from: ['model'], packages: [] },
  store: { from: ['model', 'errors.ts'] },
  // Turns errors of the store and of seeds into those of the catalogue.
  'explain-errors.ts': { from: ['store', 'errors.ts', 'timers.ts'] },
  wire: { from: ['model'], types: ['errors.ts'] },
  openapi: { from: ['wire', 'model', '../fidelity.json'], types: ['errors.ts'] },
  journal: { from: ['model', 'simulator', 'errors.ts', 'timers.ts', 'wire/timestamps.ts'] },
  domain: {
    from: ['model', 'simulator', 'journal', 'errors.ts', 'timers.ts'],
    types: ['store/job-store.ts', 'store/resource-store.ts', 'store/store.ts'],
  },
  identity: { from: ['model', 'wire', 'errors.ts'], types: ['domain', 'store/store.ts'] },
  http: {
    from: ['wire', 'openapi', 'identity', 'errors.ts', 'model', 'timers.ts'],
    types: ['config', 'domain', 'journal'],
  },
  // Pure, and it runs in a browser too: which time is shown, and what stands where on it.
  axis: { from: ['model'], packages: [] },
  trace: { from: ['axis', 'wire', 'model', 'journal'], types: ['client/answers', 'domain'] },
  // Pure: what is wrong at the end of a test, and its report, from what the control API shows.
  report: { from: ['model', 'wire/timestamps.ts'], types: ['client/answers'] },
  control: {
    from: [
      'wire',
      'openapi',
      'trace',
      'report',
      'journal',
      'client/schemas.ts',
      'client/answers',
      'errors.ts',
      'model',
      'timers.ts',
    ],
    types: ['domain', 'identity'],
  },
  // It runs in a browser.
  dashboard: {
    from: ['axis'],
    types: ['client/answers', 'model'],
    packages: [/^(preact|eventsource-parser)(\/|$)/],
  },
  files: { from: ['config', 'model', 'wire', 'errors.ts', 'timers.ts', 'locations.ts'], types: ['domain'] },
  config: { from: ['model', 'wire', 'errors.ts'] },
  'emulator.ts': { from: [...inside, 'explain-errors.ts', 'supported-node.ts'] },
  // Real timers, even while a test has faked the global ones.
  'timers.ts': { from: [], packages: [/^node:(perf_hooks|timers)$/] },
  'version.ts': { from: ['../package.json'], packages: [] },
  'locations.ts': { from: [], packages: [/^node:url$/] },
  // Any Node since 12 can read it, since the stub contains it.
  'supported-node.ts': { from: ['errors.ts'], packages: [] },
  // The client of the control API, for the library, the command, the fixture and the sweep. It never loads the server.
  client: { from: ['model', 'errors.ts', 'supported-node.ts'] },
  // The thread for the fixture's calls; a separate file, since a worker starts from one.
  'transport-worker.ts': { from: ['client'] },
  'index.ts': {
    from: ['emulator.ts', 'config', 'client', 'sweep', 'errors.ts', 'model/define-scenario.ts'],
    types: ['*'],
  },
  'cli.ts': { from: ['cli', 'supported-node.ts'] },
  cli: {
    from: [
      'emulator.ts',
      'config',
      'files',
      'client',
      'sweep',
      'errors.ts',
      'version.ts',
      'locations.ts',
      'model',
      'wire/families/index.ts',
    ],
    types: ['*'],
  },
  // One engine for the library's call and for the command: it asks through the control API's client.
  sweep: { from: ['model', 'timers.ts'], types: ['client'] },
  // It never imports index.ts at run time: that would load the whole server into every test file.
  testing: {
    from: ['client', 'model', 'report/text.ts', 'timers.ts', 'locations.ts', 'supported-node.ts', 'wire/timestamps.ts'],
    types: ['index.ts', 'transport-worker.ts'],
  },
}

/** Single files that a part may not import although it may the rest. */
const exceptions = [{ part: 'simulator', file: 'model/identifiers.ts', why: 'makes random identifiers' }]

/** Packages that only some parts may know. */
const keptTo = [
  { package: /^better-sqlite3$/, parts: ['store'] },
  { package: /^(@?fastify|light-my-request$)/, parts: ['http', 'control', 'emulator.ts'] },
  { package: /^node:process$/, parts: ['cli.ts', 'cli'] },
  { package: /^commander$/, parts: ['cli', 'config'] },
]

/** Global names that only some parts, or all but some parts, may use. */
const globals = [
  // The fixture runs in the process of a test: its environment, exit code and output. timers.ts reads nextTick,
  // supported-node.ts the version.
  {
    names: ['process'],
    allowed: (part: string) => ['cli.ts', 'cli', 'testing', 'timers.ts', 'supported-node.ts'].includes(part),
  },
  {
    // The simulator is a function of its arguments: no clock, no randomness, no environment.
    names: ['Date', 'Math.random', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'globalThis'],
    allowed: (part: string) => part !== 'simulator',
  },
  {
    // Callers pass the instant; a date with arguments is calendar arithmetic.
    names: ['Date.now', 'new Date()', 'Date()', 'Date as a value', 'performance', 'Temporal', 'globalThis'],
    allowed: (part: string) => !['model', 'wire'].includes(part),
  },
]

/** The public door, and the lists of families and kinds, which are all that adding one of them changes. */
const INDEXES = ['index.ts', 'wire/families/index.ts', 'wire/resources/index.ts']

/** Every violation in a file, as text. */
function problemsOf(source: Source): string[] {
  const part = partOf(source.path)
  const row = table[part]
  if (!row) return [`${source.path}: ${part} is not in the table of test/architecture.test.ts`]
  return [
    ...source.imports.flatMap((it) => importProblems(source.path, row, it)),
    ...globals
      .filter((it) => !it.allowed(part))
      .flatMap((it) => it.names.filter((name) => source.names.has(name)))
      .map((name) => `may not use ${name}`),
    ...(source.hasDefaultExport ? ['has a default export'] : []),
    ...(source.isBarrel && source.path !== 'index.ts' ? ['only passes on what others export (a barrel)'] : []),
    ...(basename(source.path) === 'index.ts' && !INDEXES.includes(source.path)
      ? [`only ${INDEXES.join(', ')} may be an index`]
      : []),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.tsx?$/.test(basename(source.path)) ? [] : ['is not named in kebab-case']),
    // The bundle is flat in dist/: only there do paths from a file directly in src stay valid.
    ...(source.usesImportMeta && source.path.includes('/')
      ? ['uses import.meta, which only a file right in src may']
      : []),
  ].map((problem) => `${source.path}: ${problem}`)
}

function importProblems(path: string, row: Row, { specifier, typeOnly }: Import): string[] {
  const part = partOf(path)
  const target = targetOf(path, specifier)
  if (target === undefined) {
    const kept = keptTo.filter((it) => it.package.test(specifier) && !it.parts.includes(part))
    const known = row.packages === undefined || row.packages.some((it) => it.test(specifier))
    return kept.length === 0 && known ? [] : [`may not import ${specifier}`]
  }
  const has = (parts: string[]) => parts.some((it) => it === '*' || it === target || target.startsWith(`${it}/`))
  if (exceptions.some((it) => it.part === part && it.file === target)) return [`may not import ${target}`]
  if (partOf(target) === part || has(row.from)) return []
  if (!has(row.types ?? [])) return [`may not import ${target}`]
  return typeOnly ? [] : [`may import types of ${target} only, with "import type"`]
}

const src = fileURLToPath(new URL('../src/', import.meta.url))
const files = globSync('**/*.{ts,tsx}', { cwd: src }).map((path) => path.replaceAll('\\', '/'))
const read = (path: string) => readSource(path, readFileSync(src + path, 'utf8'))

describe('the sources', () => {
  it.each(files)('follow the import table: src/%s', (path) => {
    expect(problemsOf(read(path))).toEqual([])
  })

  it('have no circular imports between parts', () => {
    expect(circleIn(partImports)).toBeUndefined()
  })
})

/** The parts that each part imports, types included. */
const partImports = new Map<string, Set<string>>()
for (const path of files) {
  const targets = read(path).imports.flatMap(({ specifier }) => targetOf(path, specifier) ?? [])
  const parts = partImports.get(partOf(path)) ?? new Set()
  for (const part of targets.map(partOf)) if (part !== partOf(path)) parts.add(part)
  partImports.set(partOf(path), parts)
}

/** The parts of a circle in the order of their imports; undefined if there is none. */
function circleIn(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const finished = new Set<string>()
  const search = (part: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(part)) return [...path.slice(path.indexOf(part)), part]
    if (finished.has(part)) return undefined
    for (const next of imports.get(part) ?? []) {
      const circle = search(next, [...path, part])
      if (circle !== undefined) return circle
    }
    finished.add(part)
    return undefined
  }
  for (const part of imports.keys()) {
    const circle = search(part, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

describe('the check of the import table', () => {
  const check = (path: string, text: string) => problemsOf(readSource(path, text))
  const fileIn = (part: string) => (part.endsWith('.ts') ? part : `${part}/some-file.ts`)
  const parts = Object.keys(table)

  // Every cell of the table: each part imports a value, then a type, of each other part.
  it.each(parts)('applies the row of %s', (from) => {
    const { from: values, types = [] } = table[from]!
    for (const to of parts.filter((it) => it !== from)) {
      const specifier = fileIn(from).includes('/') ? `../${fileIn(to)}` : `./${fileIn(to)}`
      const mayValue = values.includes(to)
      const mayType = mayValue || types.includes(to) || types.includes('*')
      const value = check(fileIn(from), `import { a } from '${specifier}'\nexport const b = a`)
      const type = check(fileIn(from), `import type { A } from '${specifier}'\nexport type B = A`)
      expect({ to, value, type }).toEqual({
        to,
        value: mayValue ? [] : [expect.any(String)],
        type: mayType ? [] : [expect.any(String)],
      })
    }
  })

  it.each<[string, string, string]>([
    ['an unknown part', 'helpers/text.ts', 'export const a = 1'],
    ['a value where only types may pass', 'http/a.ts', `import { createDomain } from '../domain/domain.ts'`],
    ['a value import that only looks like a type', 'http/a.ts', `import { type Domain } from '../domain/domain.ts'`],
    ['the store behind its interface', 'domain/a.ts', `import type { Row } from '../store/rows.ts'`],
    ['a re-export', 'model/a.ts', `export { a } from '../wire/job.ts'\nexport const b = 1`],
    ['a dynamic import', 'http/a.ts', `export const a = () => import('../store/rows.ts')`],
    ['an import type in an expression', 'http/a.ts', `export type A = import('../store/rows.ts').Row`],
    ['an import for its effect', 'wire/a.ts', `import '../http/app.ts'`],
    ['a package in the model', 'model/a.ts', `import pino from 'pino'`],
    ['a source of randomness in the simulator', 'simulator/a.ts', `import { freshId } from '../model/identifiers.ts'`],
    ['another file of a part', 'index.ts', `import { parseDuration } from './model/duration.ts'`],
    ['the server in the page', 'dashboard/a.tsx', `import { parseInstant } from '../wire/timestamps.ts'`],
    ['Node in the page', 'dashboard/a.ts', `import { readFileSync } from 'node:fs'`],
    ['the page in the server', 'control/a.ts', `import { parsePlace } from '../dashboard/link.ts'`],
    ['a file outside src', 'http/a.ts', `import manifest from '../../package.json' with { type: 'json' }`],
    ['Node in the model', 'model/a.ts', `import { readFileSync } from 'node:fs'`],
    ['Node in the simulator', 'simulator/a.ts', `import { createHash } from 'node:crypto'`],
    ['a package in the simulator', 'simulator/a.ts', `import { Type } from 'typebox'`],
    ['the clock in the simulator', 'simulator/a.ts', 'export const a = () => Date.now()'],
    ['a new date in the simulator', 'simulator/a.ts', 'export const a = () => new Date()'],
    ['the clock in wire', 'wire/a.ts', 'export const a = (now = Date.now()) => now'],
    ['the clock in wire in another spelling', 'wire/a.ts', `export const a = () => Date['now']()`],
    ['the clock in wire as a new date', 'wire/a.ts', 'export const a = () => new Date()'],
    ['the clock in wire as a date without new', 'wire/a.ts', 'export const a = () => Date()'],
    ['the clock in wire by destructuring', 'wire/a.ts', 'export const { now } = Date'],
    ['the clock in the model', 'model/a.ts', 'export const a = Date.now()'],
    ['the other clock in the model', 'model/a.ts', 'export const a = performance.now()'],
    ['randomness in the simulator', 'simulator/a.ts', 'export const a = () => Math.random()'],
    ['randomness in another spelling', 'simulator/a.ts', `export const a = () => Math['random']()`],
    ['the process in the simulator', 'simulator/a.ts', 'export const a = () => process.pid'],
    ['a timer in the simulator', 'simulator/a.ts', 'setTimeout(() => {}, 1)'],
    ['the process outside the command', 'config/a.ts', 'export const a = process.env'],
    ['the process as an import', 'http/a.ts', `import { env } from 'node:process'`],
    ['a part of the process', 'domain/a.ts', 'export const { env } = process'],
    ['SQL outside the store', 'domain/a.ts', `import Database from 'better-sqlite3'`],
    ['Fastify outside the edges', 'domain/a.ts', `import type { FastifyInstance } from 'fastify'`],
    ['a plugin of Fastify outside the edges', 'wire/a.ts', `import jwt from '@fastify/jwt'`],
    ['the argument parser in the middle', 'files/a.ts', `import { Command } from 'commander'`],
    ['a default export', 'wire/a.ts', 'export default 1'],
    ['a default function', 'wire/a.ts', 'export default function a() {}'],
    ['a renamed default', 'wire/a.ts', 'const a = 1\nexport { a as default }'],
    ['a barrel', 'wire/all.ts', `export * from './job.ts'\nexport { a } from './page.ts'`],
    ['a second index', 'wire/index.ts', 'export const a = 1'],
    ['a name in camel case', 'wire/jobPage.ts', 'export const a = 1'],
    ['a name in Pascal case', 'wire/Page.ts', 'export const a = 1'],
    ['import.meta in a folder', 'files/a.ts', 'export const a = import.meta.url'],
  ])('reports %s', (_name, path, text) => {
    expect(check(path, text)).not.toEqual([])
  })

  it('finds a circle between parts', () => {
    const imports = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set<string>()],
      ['c', new Set(['d'])],
      ['d', new Set(['c'])],
    ])
    expect(circleIn(imports)).toEqual(['c', 'd', 'c'])
  })

  it('accepts valid imports', () => {
    const text = `import type { Job } from '../model/job.ts'
      import { plan } from './plan-job.ts'
      export interface Holder { process: string; Date: string }
      export const read = (job: Job, holder: Holder) => plan(job).process + holder.Date + Math.max(1, 2)
      export const made = { Date: 1, process: 2 }`
    expect(check('simulator/a.ts', text)).toEqual([])
    expect(check('wire/a.ts', 'export const a = (ms: number): Date => new Date(Date.UTC(ms, 1))')).toEqual([])
    expect(check('locations.ts', `export const fixtures = new URL('../fixtures/', import.meta.url)`)).toEqual([])
    expect(check('cli/main.ts', 'export const main = async () => process.exit(0)')).toEqual([])
  })
})
