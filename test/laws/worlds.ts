import { fc } from '../support/fast-check.ts'
import type { Emulator } from '../../src/emulator.ts'
import type { ScenarioSource } from '../../src/model/scenario.ts'
import { direct, type DirectCall, type Estate } from './estates.ts'
import { scenarioSource } from './scenarios.ts'

/** Named scenarios for the emulators of the laws: the same in each, so that a failing case can be repeated. */
export const SCENARIOS: Readonly<Record<string, ScenarioSource>> = Object.fromEntries(
  fc.sample(scenarioSource, { numRuns: 100, seed: 2024 }).map((source, index) => [`s${index}`, source]),
)

export const OPTIONS = { clock: 'step@2024-02-06T09:22:54.5Z', scenarios: SCENARIOS } as const

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One domain, as its API client sees it. */
export interface World {
  readonly token: string
  /** Paths are below `/api/v1/cckm/`, with a slash before them below `/api/v1`. */
  readonly call: (
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    options?: CallOptions,
  ) => Promise<Answer>
  /** A call of the control API, below the domain. */
  readonly control: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>
}

export interface CallOptions {
  readonly scenario?: string | undefined
  readonly body?: object
}

/** Enters a new domain, which begins with the estate. */
export async function enter(emulator: Emulator, domain: string, estate: Estate = []): Promise<World> {
  if (estate.length > 0) {
    const payload = { seed: { resources: estate, jobs: [] } }
    const answer = await emulator.inject({ method: 'PUT', url: `/__admin/domains/${domain}`, payload })
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  return enterWith(emulator, domain, await emulator.token({ domain, ttl: '1h' }))
}

/** The world of a token, which may come from another emulator with the same data. */
export function enterWith(emulator: Emulator, domain: string, token: string): World {
  return {
    token,
    control: async (method, path, body) => {
      const url = `/__admin/domains/${domain}/${path}`
      const answer = await emulator.inject({ method, url, ...(body !== undefined && { payload: body }) })
      return { status: answer.statusCode, body: answer.body }
    },
    call: async (method, path, { scenario, body } = {}) => {
      const answer = await emulator.inject({
        method,
        url: `/api/v1${path.startsWith('/') ? '' : '/cckm/'}${path}`,
        headers: {
          authorization: `Bearer ${token}`,
          ...(scenario !== undefined && { 'x-emulator-scenario': scenario }),
        },
        ...(body !== undefined && { payload: body }),
      })
      return { status: answer.statusCode, body: answer.body }
    },
  }
}

export const FAMILY_PATHS = ['azure/bulkjobs', 'aws/bulkjob'] as const

/** The lists of both families and all resources, byte for byte. */
export async function lists({ call, control }: World): Promise<string[]> {
  const answers = await Promise.all([
    ...FAMILY_PATHS.map((path) => call('GET', `${path}?limit=-1`)),
    control('GET', 'resources?limit=-1&hidden=true'),
  ])
  return answers.map(({ body }) => body)
}

export interface Creation {
  readonly path: (typeof FAMILY_PATHS)[number]
  readonly body: object
  /** undefined: the default scenario. */
  readonly scenario: string | undefined
}

const keys = fc.uniqueArray(fc.constantFrom('k1', 'k2', 'a2', '10', '9'), { minLength: 1, maxLength: 4 })

export const creation: fc.Arbitrary<Creation> = fc
  .record({
    request: fc.oneof(
      fc.record({
        path: fc.constant('aws/bulkjob' as const),
        body: fc.record({
          keys,
          operation: fc.constantFrom('enablekey', 'disablekey', 'schedulekeydeletion', 'cancelkeydeletion'),
        }),
      }),
      fc.record({
        path: fc.constant('azure/bulkjobs' as const),
        body: fc
          .oneof(
            keys.map((backups) => ({ backups })),
            fc.constantFrom({ key_id: 'k1' }, { key_id: 'z1' }, { vault_id: 'v1' }),
          )
          .map((selectors) => ({
            operation: 'delete-key-backups',
            ...selectors,
          })),
      }),
    ),
    scenario: fc.nat({ max: 99 }).map((index) => `s${index}`),
  })
  .map(({ request, scenario }) => ({ ...request, scenario }))

/** A call of a client; `of` selects one of the jobs created so far, if there are any. */
export type Call =
  | { readonly kind: 'create'; readonly creation: Creation }
  | { readonly kind: 'get' | 'cancel' | 'delete' | 'peek'; readonly of: number }
  | { readonly kind: 'list' }
  | { readonly kind: 'direct'; readonly direct: DirectCall }
  | { readonly kind: 'advance'; readonly by: string }

const onJob = (kind: 'get' | 'cancel' | 'delete' | 'peek') => fc.nat({ max: 7 }).map((of) => ({ kind, of }))

/** Calls that only read. */
export const look: fc.Arbitrary<Call> = fc.oneof(onJob('peek'), fc.constant({ kind: 'list' } as const))

export const change: fc.Arbitrary<Call> = fc.oneof(
  { weight: 3, arbitrary: creation.map((made) => ({ kind: 'create', creation: made }) as const) },
  { weight: 4, arbitrary: onJob('get') },
  { weight: 2, arbitrary: onJob('cancel') },
  { weight: 1, arbitrary: onJob('delete') },
)

/** The same on a domain with an estate. */
export const changeOfEstate: fc.Arbitrary<Call> = fc.oneof(
  { weight: 3, arbitrary: change },
  { weight: 2, arbitrary: direct.map((each) => ({ kind: 'direct', direct: each }) as const) },
  { weight: 1, arbitrary: fc.constantFrom('1s', '5s', '8d').map((by) => ({ kind: 'advance', by }) as const) },
)
