// fidelity.json and the code agree in both directions, and generated pages are up to date. The last part changes
// entries and expects the check to find each change.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyServerOptions, RouteOptions } from 'fastify'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Compile } from 'typebox/compile'
import { countedReadme, fidelityPage } from '../scripts/write-fidelity.ts'
import { FLAG_OPTIONS } from '../src/config/config.ts'
import { ERRORS } from '../src/errors.ts'
import { createEmulator, type Emulator } from '../src/index.ts'
import { DEFAULT_SETTINGS, SettingsSchema } from '../src/model/settings.ts'
import { LEDGER, LedgerEntrySchema, type LedgerEntry } from '../src/openapi/ledger.ts'
import { ledgerSections } from '../src/openapi/ledger-page.ts'
import { SOURCES } from '../src/openapi/sources.ts'
import { OPERATIONS } from '../src/wire/operations.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')

// Sees every route that any part of the emulator registers.
const registered = vi.hoisted(() => [] as RouteOptions[])
vi.mock('fastify', async (importOriginal) => {
  const original = await importOriginal<typeof import('fastify')>()
  const listening = (options: FastifyServerOptions) => {
    const app = original.default(options)
    app.addHook('onRoute', (route) => void registered.push(route))
    return app
  }
  return { ...original, default: Object.assign(listening, original.default) }
})

/** Names in the code that need an entry in the ledger. */
interface Facts {
  readonly operations: readonly string[]
  readonly errors: readonly string[]
  readonly switches: readonly string[]
}

const validEntry = Compile(LedgerEntrySchema)

/** Every difference between the ledger and the code. */
function problemsOf(ledger: readonly LedgerEntry[], facts: Facts): string[] {
  const named = (key: 'operation' | 'error' | 'switch') => new Set(ledger.flatMap((entry) => entry[key] ?? []))
  const sources = new Set(ledger.flatMap(({ source }) => source))
  const flags = FLAG_OPTIONS.flatMap(({ flag }) => (flag === undefined ? [] : [flag.replace(/ .*/, '')]))
  return [
    ...ledger.flatMap(entryProblems),
    ...repeated(ledger.map(({ id }) => id)).map((id) => `two entries: ${id}`),
    ...repeated(ledger.flatMap(({ error }) => error ?? [])).map((error) => `two entries: ${error}`),
    ...differences('operation', named('operation'), new Set(facts.operations)),
    ...differences('error', named('error'), new Set(facts.errors)),
    ...differences(
      'switch',
      new Set([...named('switch')].filter((name) => !flags.includes(name))),
      new Set(facts.switches),
    ),
    ...differences('source', sources, new Set(Object.keys(SOURCES))),
  ]
}

function entryProblems(entry: LedgerEntry): string[] {
  const { id, area, source, certainty, test, cmVersion } = entry
  return [
    ...validEntry.Errors(entry).map(({ instancePath, message }) => `${id}: ${instancePath} ${message}`),
    ...(existsSync(root + test) ? [] : [`${id}: no such test: ${test}`]),
    ...(source.includes('own') && certainty !== 'assumed' ? [`${id}: ${certainty} without a source`] : []),
    ...((certainty === 'measured') === (cmVersion !== undefined) ? [] : [`${id}: measured on which CM?`]),
    ...((area === 'operations') === (entry.operation !== undefined) ? [] : [`${id}: which operation?`]),
    ...((area === 'errors') === (entry.error !== undefined) ? [] : [`${id}: which error?`]),
  ]
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index)
}

function differences(what: string, ledger: ReadonlySet<string>, code: ReadonlySet<string>): string[] {
  return [
    ...[...ledger].filter((name) => !code.has(name)).map((name) => `only in the ledger: ${what} ${name}`),
    ...[...code].filter((name) => !ledger.has(name)).map((name) => `not in the ledger: ${what} ${name}`),
  ]
}

const methodsOf = ({ method }: RouteOptions): string[] => [method].flat()
const operationOf = ({ config }: RouteOptions): string | undefined => config?.operation
/** The control API, the pages and the OpenAPI document, which are not part of the API of the vendor. */
const isOurs = ({ url }: RouteOptions): boolean =>
  url === '/' || /^\/(__admin|__dashboard|docs|openapi\.json)(\/|$)/.test(url)
/** The path below the prefix: every path of the vendor exists under both. */
const pathOf = (url: string): string => url.replace(/^(\/api)?\/v1(?=\/)/, '')

/** `GET /cckm/azure/bulkjobs azure.bulkjobs.list` for each route of the vendor. */
function routedOperations(): Set<string> {
  const lines = registered
    .filter((route) => operationOf(route) !== undefined && !isOurs(route))
    .flatMap((route) => methodsOf(route).map((method) => `${method} ${pathOf(route.url)} ${operationOf(route)}`))
  return new Set(lines.filter((line) => !line.startsWith('HEAD ')))
}

function factsOf(): Facts {
  return {
    operations: registered.filter((route) => !isOurs(route)).flatMap((route) => operationOf(route) ?? []),
    errors: Object.keys(ERRORS),
    switches: Object.keys(SettingsSchema.properties),
  }
}

/** The cells of a section of the page, without code marks. */
function rowsOf(title: string, ...columns: string[]): string[] {
  const section = ledgerSections(ERRORS).find((each) => each.title === title)!
  const at = columns.map((column) => section.columns.indexOf(column))
  return section.rows.map((row) => at.map((index) => row[index]!.replaceAll('`', '')).join(' '))
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
  return () => emulator.close()
})

describe('the ledger', () => {
  it('agrees with the code in both directions', () => {
    expect(problemsOf(LEDGER, factsOf())).toEqual([])
  })

  it('uses the HTTP status as code for errors whose number is unknown', () => {
    const unknown = Object.values(ERRORS).filter(({ status, code }) => (code as number) === status)
    expect(unknown.every(({ code }) => code >= 400)).toBe(true)
  })

  it('has a default for every switch', () => {
    expect(Object.keys(DEFAULT_SETTINGS).sort()).toEqual(Object.keys(SettingsSchema.properties).sort())
  })
})

describe('the generated page of the ledger', () => {
  it('matches the output of scripts/write-fidelity.ts', () => {
    expect(read('docs/reference/fidelity.md')).toBe(fidelityPage())
  })

  it('has its counts in README.md, as scripts/write-fidelity.ts writes them', () => {
    expect(read('README.md')).toBe(countedReadme(read('README.md')))
    for (const { certainty } of LEDGER)
      expect(read('README.md')).toMatch(new RegExp(`^\\| \`${certainty}\` \\| \\d`, 'm'))
  })

  it('lists every route once', () => {
    const rows = rowsOf('Operations', 'Method', 'Path', 'Operation')
    expect(rows.sort()).toEqual([...routedOperations()].sort())
  })

  it("lists every header of the emulator's own", () => {
    const sources = globSync('src/**/*.ts', { cwd: root }).map(read)
    const headers = sources.flatMap((text) => text.match(/(?<=')x-emulator-[a-z-]+(?=')/g) ?? [])
    const rows = rowsOf("The emulator's own headers", 'Header').map((name) => name.toLowerCase())
    expect(rows.sort()).toEqual([...new Set(headers)].sort())
  })

  it('is served as HTML without a token', async () => {
    const { statusCode, headers, body } = await emulator.inject('/docs/fidelity')
    expect({ statusCode, type: headers['content-type'] }).toEqual({ statusCode: 200, type: 'text/html; charset=utf-8' })
    expect(body).not.toMatch(/<script|src=|https?:/)
    for (const { id } of LEDGER) expect(body).toContain(`<td><code>${id}</code></td>`)
  })
})

describe("the routes of the vendor's API", () => {
  it('are the same under both prefixes, and appear in the journal under the requested path', async () => {
    await using own = await createEmulator()
    const asked = registered
      .filter(({ url }) => url.startsWith('/api/v1/'))
      .flatMap((route) => methodsOf(route).map((method) => ({ method: method as 'GET', route })))
    expect(asked.length).toBeGreaterThan(20)
    // The journal of a domain keeps 1,000 requests.
    for (const prefix of ['/api/v1', '/v1']) {
      const expected: object[] = []
      await own.domain('root').reset()
      for (const { method, route } of asked) {
        const url = prefix + route.url.slice('/api/v1'.length)
        await own.inject({ method, url })
        expected.push({ method, path: url, operation: operationOf(route) })
      }
      const entries = await own.domain('root').requests()
      expect(entries.map(({ method, path, operation }) => ({ method, path, operation }))).toEqual(expected)
    }
  })

  it('have one operation each', () => {
    expect(registered.filter((route) => operationOf(route) === undefined && !isOurs(route))).toEqual([])
  })

  it('refuse every other method and list the allowed ones', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'OPTIONS']
    // Of a collection that is always empty only the reads are emulated.
    const incomplete = new Set(OPERATIONS.flatMap(({ name, collection }) => (collection === undefined ? [] : name)))
    // `sap/keys/:id` takes the GETs of `sap/keys/jobs`.
    const collections = registered
      .filter((route) => incomplete.has(operationOf(route) ?? ''))
      .map((route) => ({
        form: new RegExp(`^${route.url.replace(/^\/api/, '').replaceAll(/:\w+/g, '[^/]+')}$`),
        methods: methodsOf(route),
      }))
    const named = Map.groupBy(
      registered.filter((route) => !isOurs(route) && !incomplete.has(operationOf(route) ?? '')),
      ({ url }) => url,
    )
    const urls = [...named].flatMap(([url, routes]) =>
      [url, url.replace(/^\/api/, '')].map((it) => [it, routes] as const),
    )
    for (const [url, routes] of urls) {
      const taken = routes.flatMap(methodsOf)
      const hidden = collections
        .filter(({ form }) => form.test(url.replace(/^\/api/, '')))
        .flatMap((each) => each.methods)
      for (const method of methods.filter((it) => !taken.includes(it) && !hidden.includes(it))) {
        const answer = await emulator.inject({ method: method, url: url.replaceAll(/:\w+/g, 'x') })
        expect(`${method} ${url}: ${answer.statusCode}`).toBe(`${method} ${url}: ${method === 'OPTIONS' ? 204 : 405}`)
        expect(String(answer.headers.allow).split(', ').sort()).toEqual([...new Set([...taken, 'OPTIONS'])].sort())
      }
    }
    expect(urls.length).toBeGreaterThan(30)
  })
})

describe('the check of the ledger', () => {
  const entry = (id: string) => LEDGER.find((each) => each.id === id)!
  const without = (id: string) => LEDGER.filter((each) => each.id !== id)
  const changed = (id: string, change: object) => LEDGER.map((each) => (each.id === id ? { ...each, ...change } : each))

  it.each<[string, readonly LedgerEntry[]]>([
    ['an operation without an entry', without('system.info')],
    ['an error without an entry', without('error.conflict')],
    ['a switch that no entry names', without('job.undone-text')],
    ['a source that no entry cites', without('token.es256')],
    ['an entry that occurs twice', [...LEDGER, entry('job.cloud')]],
    ['an unknown operation', changed('system.info', { operation: 'system.information' })],
    ['an unknown error', changed('error.conflict', { error: 'conflicts' })],
    ['an unknown switch', changed('job.cloud', { switch: 'looseFields' })],
    ['an unknown source', changed('job.cloud', { source: ['hearsay'] })],
    ['an unknown certainty', changed('job.cloud', { certainty: 'certain' })],
    ['a certainty without a source', changed('job.details-grow', { certainty: 'documented' })],
    ['a measurement without a version', changed('job.cloud', { certainty: 'measured' })],
    ['a test that does not exist', changed('job.cloud', { test: 'test/api/clouds.test.ts' })],
    ['a file that is not a test', changed('job.cloud', { test: 'package.json' })],
    ['an unknown field', changed('job.cloud', { sources: [] })],
    ['an id with a capital letter', changed('job.cloud', { id: 'job.Cloud' })],
  ])('finds %s', (_name, ledger) => {
    expect(problemsOf(ledger, factsOf())).not.toEqual([])
  })
})
