// docs/reference/fidelity.md and the code say the same, in both directions. The last part takes lines out of the ledger, and
// changes them, to see that each turns the check red.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyServerOptions, RouteOptions } from 'fastify'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { SETTINGS } from '../src/config/config.ts'
import { ERRORS } from '../src/errors.ts'
import { createEmulator, type Emulator } from '../src/index.ts'
import { DEFAULT_SETTINGS, SettingsSchema } from '../src/model/settings.ts'
import { rowsWith, tablesOf, type Row } from './support/tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const markdown = readFileSync(`${root}docs/reference/fidelity.md`, 'utf8')

// Whatever any part of the emulator registers is seen here, whichever way it does so.
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

const CERTAINTIES = ['documented', 'seen in a client', 'assumed']

/** What the ledger must agree with. */
interface Facts {
  /** `GET /cckm/azure/bulkjobs azure.bulkjobs.list` */
  operations: string[]
  /** `createStatus 201` */
  settings: string[]
  /** `notFound 404 16 NCERRResourceNotFound: Resource not found` */
  errors: string[]
  headers: string[]
}

const textOf = ({ cells }: Row, columns: string[]): string => columns.map((column) => cells[column]).join(' ')

/** Everything in which the ledger and the code differ, or the ledger is not whole. */
function problemsOf(ledger: string, facts: Facts): string[] {
  const tables = tablesOf(ledger)
  const compare = (columns: string[], expected: string[]): string[] => {
    const written = rowsWith(tables, columns).map((row) => textOf(row, columns))
    return [
      ...expected.filter((it) => !written.includes(it)).map((it) => `not in the ledger: ${it}`),
      ...written.filter((it) => !expected.includes(it)).map((it) => `only in the ledger: ${it}`),
      ...written.filter((it, index) => written.indexOf(it) < index).map((it) => `twice in the ledger: ${it}`),
    ]
  }
  return [
    ...compare(['Method', 'Path', 'Operation'], facts.operations),
    ...compare(['Switch', 'Default'], facts.settings),
    ...compare(['Name', 'Status', 'code', 'codeDesc'], facts.errors),
    ...compare(['Header'], facts.headers),
    ...certaintyProblems(tables),
    ...behaviourProblems(tables),
  ]
}

function certaintyProblems(tables: ReturnType<typeof tablesOf>): string[] {
  const sources = new Set(rowsWith(tables, ['Source', 'What it is']).map(({ cells }) => cells.Source))
  const cited = rowsWith(tables, ['Certainty', 'Source'])
  const used = new Set(cited.flatMap(({ cells }) => cells.Source!.split(', ')))
  return [
    ...cited.flatMap(({ line, cells }) => [
      ...(CERTAINTIES.includes(cells.Certainty!) ? [] : [`line ${line}: no certainty: ${cells.Certainty}`]),
      ...cells.Source!.split(', ').flatMap((it) => (sources.has(it) ? [] : [`line ${line}: unknown source: ${it}`])),
      ...(cells.Source === 'own' && cells.Certainty !== 'assumed' ? [`line ${line}: known from nowhere`] : []),
    ]),
    ...[...sources].filter((it) => !used.has(it!)).map((it) => `a source that nothing names: ${it}`),
  ]
}

function missingTests(ledger: string): string[] {
  return rowsWith(tablesOf(ledger), ['Test'])
    .filter(({ cells }) => !/^test\/.+\.test\.ts$/.test(cells.Test!) || !existsSync(`${root}${cells.Test ?? ''}`))
    .map(({ line, cells }) => `line ${line}: no such test: ${cells.Test}`)
}

function behaviourProblems(tables: ReturnType<typeof tablesOf>): string[] {
  const behaviours = rowsWith(tables, ['Id', 'Switch'])
  const switches = Object.keys(SettingsSchema.properties)
  const flags = SETTINGS.flatMap(({ flag }) => (flag === undefined ? [] : [flag.replace(/ .*/, '')]))
  const ids = behaviours.map(({ cells }) => cells.Id)
  const used = behaviours.flatMap(({ cells }) => (cells.Switch === '' ? [] : [cells.Switch!]))
  return [
    ...ids.filter((it, index) => ids.indexOf(it) < index).map((it) => `twice in the ledger: ${it}`),
    ...used.filter((it) => ![...switches, ...flags].includes(it)).map((it) => `no such switch: ${it}`),
    ...switches.filter((it) => !used.includes(it)).map((it) => `a switch that no behaviour names: ${it}`),
  ]
}

const methodsOf = ({ method }: RouteOptions): string[] => [method].flat()
const operationOf = ({ config }: RouteOptions): string | undefined => config?.operation
/** The control API, the pages, the API's description: no part of the vendor's surface. */
const isOurs = ({ url }: RouteOptions): boolean =>
  url === '/' || /^\/(__admin|__dashboard|docs|openapi\.json)(\/|$)/.test(url)
/** Below the prefix: a path of the vendor's is there under both. */
const pathOf = (url: string): string => url.replace(/^(\/api)?\/v1(?=\/)/, '')

function factsOf(routes: RouteOptions[]): Facts {
  const operations = routes
    .filter((route) => operationOf(route) !== undefined && !isOurs(route))
    .flatMap((route) => methodsOf(route).map((method) => `${method} ${pathOf(route.url)} ${operationOf(route)}`))
    .filter((it) => !it.startsWith('HEAD '))
  const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => readFileSync(root + path, 'utf8'))
  const headers = sources.flatMap((text) => text.match(/(?<=')x-emulator-[a-z-]+(?=')/g) ?? [])
  return {
    operations: [...new Set(operations)],
    settings: Object.entries(DEFAULT_SETTINGS).map(([name, value]) => `${name} ${value}`),
    errors: Object.entries(ERRORS).map(([name, it]) => `${name} ${it.status} ${it.code} ${it.codeDesc}`),
    headers: [...new Set(headers)].map((it) => it.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase())),
  }
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
  return () => emulator.close()
})

describe('the ledger', () => {
  it('agrees with the code in both directions', () => {
    expect(problemsOf(markdown, factsOf(registered))).toEqual([])
  })

  // Written beside the ledger: this counts from when the first of them is there.
  it.skipIf(!existsSync(`${root}test/api`))('names tests that are there', () => {
    expect(missingTests(markdown)).toEqual([])
  })

  it('gives an unknown number of an error as its status', () => {
    const unknown = Object.values(ERRORS).filter(({ status, code }) => (code as number) === status)
    expect(unknown.every(({ code }) => code >= 400)).toBe(true)
  })

  it('leaves out no switch of the schema', () => {
    expect(Object.keys(DEFAULT_SETTINGS).sort()).toEqual(Object.keys(SettingsSchema.properties).sort())
  })
})

describe('the routes', () => {
  it('are the same under both prefixes, and journalled as they were asked for', async () => {
    await using own = await createEmulator()
    const asked = registered
      .filter(({ url }) => url.startsWith('/api/v1/'))
      .flatMap((route) => methodsOf(route).map((method) => ({ method: method as 'GET', route })))
    expect(asked.length).toBeGreaterThan(20)
    for (const { method, route } of asked)
      for (const url of [route.url, route.url.slice('/api'.length)]) {
        await own.inject({ method, url })
        const [entry] = (await own.domain('root').requests()).slice(-1)
        expect(entry).toMatchObject({ method, path: url, operation: operationOf(route) })
      }
  })

  it('name an operation each', () => {
    expect(registered.filter((route) => operationOf(route) === undefined && !isOurs(route))).toEqual([])
  })

  it('refuse every other method, and say which there are', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'OPTIONS']
    const named = Map.groupBy(
      registered.filter((route) => !isOurs(route)),
      ({ url }) => url,
    )
    const urls = [...named].flatMap(([url, routes]) =>
      [url, url.replace(/^\/api/, '')].map((it) => [it, routes] as const),
    )
    for (const [url, routes] of urls) {
      const taken = routes.flatMap(methodsOf)
      for (const method of methods.filter((it) => !taken.includes(it))) {
        const answer = await emulator.inject({ method: method as 'GET', url: url.replace(':id', 'x') })
        expect(`${method} ${url}: ${answer.statusCode}`).toBe(`${method} ${url}: ${method === 'OPTIONS' ? 204 : 405}`)
        expect(String(answer.headers.allow).split(', ').sort()).toEqual([...new Set([...taken, 'OPTIONS'])].sort())
      }
    }
    expect(urls.length).toBeGreaterThan(30)
  })
})

describe('the check itself', () => {
  /** The problems that a change adds; what is wrong anyway is told above. */
  const added = (ledger: string, facts = factsOf(registered)) => {
    const before = [...problemsOf(markdown, factsOf(registered)), ...missingTests(markdown)]
    return [...problemsOf(ledger, facts), ...missingTests(ledger)].filter((it) => !before.includes(it))
  }
  const withoutLine = (start: string) => {
    const lines = markdown.split('\n')
    const at = lines.findIndex((line) => line.startsWith(start))
    expect(at).toBeGreaterThan(0)
    return lines.toSpliced(at, 1).join('\n')
  }
  const changed = (from: string, to: string) => {
    expect(markdown).toContain(from)
    return markdown.replace(from, to)
  }

  it.each([
    ['a route', '| POST | `/cckm/azure/bulkjobs/:id/cancel`'],
    ['a switch', '| `deleteRunning`'],
    ['an error', '| `conflict`'],
    ['a header', '| `X-Emulator-Hint`'],
    ['a source', '| sync |'],
    ['the only behaviour of a switch', '| `job.undone-text`'],
  ])('turns red when %s is missing', (_name, start) => {
    expect(added(withoutLine(start))).not.toEqual([])
  })

  it.each([
    ['a route that is not there', '| GET | `/system/info` |', '| PUT | `/system/info` |'],
    ['another operation', '`azure.bulkjobs.list`', '`azure.bulkjobs.lists`'],
    ['another default', '| `createStatus` | `201`', '| `createStatus` | `200`'],
    ['another number of an error', '| `notFound` | 404 | 16', '| `notFound` | 404 | 12'],
    ['another label of an error', '`NCERRConflict: Conflict`', '`NCERRConflict`'],
    ['a certainty of its own', '`documented` | azure-view', '`certain` | azure-view'],
    ['a certainty without a source', '`assumed` | own', '`documented` | own'],
    ['an unknown source', '| aws-list |', '| hearsay |'],
    ['a test that is not there', 'test/http/listener.test.ts', 'test/http/listeners.test.ts'],
    ['a file that is no test', 'test/http/listener.test.ts', 'package.json'],
    ['an unknown switch', '| `strictFields` |\n', '| `looseFields` |\n'],
    ['a behaviour that stands twice', '`job.cloud`', '`job.completed`'],
    ['a route that stands twice', '| GET | `/healthz`', '| GET | `/healthz` | `health.alive` |\n| GET | `/healthz`'],
  ])('turns red at %s', (_name, from, to) => {
    expect(added(changed(from, to))).not.toEqual([])
  })

  it('turns red at a route, a switch, an error and a header that the code has and the ledger has not', () => {
    const { operations, settings, errors, headers } = factsOf(registered)
    const more = {
      operations: [...operations, 'GET /cckm/new new.get'],
      settings: [...settings, 'newSwitch true'],
      errors: [...errors, 'gone 410 410 NCERRGone: Gone'],
      headers: [...headers, 'X-Emulator-New'],
    }
    expect(added(markdown, more)).toHaveLength(4)
  })
})
