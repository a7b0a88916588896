import {
  DomainAccessSchema,
  DomainAnswerSchema,
  DomainListAnswerSchema,
  OwnDomainAnswerSchema,
  SettingsAnswerSchema,
  TokenAnswerSchema,
} from '../../client/answers/domain-schemas.ts'
import Type from 'typebox'
import { EmulatorError } from '../../errors.ts'
import type { ClockState } from '../../model/domain.ts'
import type { Domain } from '../../domain/domain.ts'
import type { Domains } from '../../domain/registry.ts'
import { clockAnswer } from '../answers.ts'
import { domainRoute, NO_CONTENT, serverRoute, type ControlRoute } from '../route.ts'
import { clockChangeOf, readClockText } from '../clock-body.ts'
import { microsOf } from '../values.ts'
import type { Static } from 'typebox'
import type { ClockBody } from '../../client/schemas.ts'
import type { DomainAnswer } from '../../client/answers/domains.ts'
import { DomainBody, ForkBody, SettingsBody, TokenBody } from '../../client/schemas.ts'
import type { Settings } from '../../model/settings.ts'
import type { TokenRequest } from '../../model/token-request.ts'
import type { User } from '../../model/user.ts'

export interface DomainRoutes {
  readonly domains: Domains
  /** Makes the domain of that name if it is not there. */
  readonly issueToken: (domain: string, request: TokenRequest) => Promise<string>
  /** The users of the configuration. */
  readonly users: readonly User[]
  readonly startClock: () => ClockState
}

/** Making, forking, resetting and dropping worlds. */
export function domainRoutes({ domains, issueToken, users: configured, startClock }: DomainRoutes): ControlRoute[] {
  const summaryOf = ({ id, name, jobs, clock }: Domain): DomainAnswer => ({
    name,
    id,
    jobs: jobs.count(),
    clock: clockAnswer(clock.read()),
  })
  const tokenOf = (domain: Domain, username: string, groups: readonly string[]): Promise<string> =>
    issueToken(domain.name, { username, groups, kind: 'valid' })

  return [
    serverRoute('GET', '/domains', {
      summary: 'All domains',
      answers: { 200: DomainListAnswerSchema },
      handle: () => ({ json: { domains: domains.all().map(summaryOf) } }),
    }),
    domainRoute('GET', '', {
      summary: 'One domain',
      answers: { 200: DomainAnswerSchema },
      handle: ({ domain }) => ({ json: summaryOf(domain) }),
    }),
    serverRoute('PUT', '/domains/:domain', {
      summary: 'Makes a domain; one that is there stays as it is. Gives all that a client needs',
      body: DomainBody,
      isOpenToDomain: isEmpty,
      answers: { 200: Type.Union([DomainAccessSchema, OwnDomainAnswerSchema]), 201: DomainAccessSchema },
      handle: async ({ params, body, administrator }) => {
        // Its bearer is somebody already: no password of another user is for them to see.
        if (administrator !== undefined) {
          const { domain, userName, groups } = administrator
          return { json: { ...nameOf(domain), created: false, jwt: await tokenOf(domain, userName, groups) } }
        }
        const { users = [], randomSeed, ...settings } = body.settings ?? {}
        refuseDurations(settings, '/settings')
        const { seed, scenario } = body
        const clock = body.clock === undefined ? undefined : startingAs(startClock(), body.clock)
        const origin = { settings, users, randomSeed, seed, scenario, clock }
        const { domain, isNew } = await domains.open(params.domain, { origin })
        const { name: user, password, groups = [] } = administratorOf(domain, configured)
        const access = { username: `${user}@${domain.name}`, user, password, jwt: await tokenOf(domain, user, groups) }
        return { status: isNew ? 201 : 200, json: { ...nameOf(domain), created: isNew, ...access } }
      },
    }),
    serverRoute('DELETE', '/domains/:domain', {
      summary: 'Drops a domain with all in it; its tokens stay dead',
      answers: NO_CONTENT,
      handle: async ({ params }) => {
        await domains.remove(params.domain)
        return { status: 204 }
      },
    }),
    domainRoute('POST', '/fork', {
      summary: 'A second domain from the same instant',
      body: ForkBody,
      isOpenToDomain: () => false,
      answers: { 201: DomainAnswerSchema },
      handle: async ({ domain, body }) => ({
        status: 201,
        json: summaryOf(await domain.fork(body.to)),
      }),
    }),
    domainRoute('POST', '/reset', {
      summary: 'Back to how the domain was made',
      answers: { 200: DomainAnswerSchema },
      handle: async ({ domain }) => {
        await domain.reset()
        return { json: summaryOf(domain) }
      },
    }),
    domainRoute('GET', '/settings', {
      summary: 'The switches of the ledger, and the users of this domain alone',
      answers: { 200: SettingsAnswerSchema },
      handle: ({ domain }) => ({ json: settingsAnswer(domain) }),
    }),
    domainRoute('PUT', '/settings', {
      summary: 'Changes the switches that are named',
      body: SettingsBody,
      answers: { 200: SettingsAnswerSchema },
      handle: ({ domain, body: { users, randomSeed, ...settings } }) => {
        refuseDurations(settings, '')
        domain.configure({
          settings,
          ...(users !== undefined && { users }),
          ...(randomSeed !== undefined && { randomSeed }),
        })
        return { json: settingsAnswer(domain) }
      },
    }),
    domainRoute('POST', '/tokens', {
      summary: 'An API token, good or bad on purpose. Makes the domain if a sign-in may',
      body: TokenBody,
      makesDomain: true,
      answers: { 200: TokenAnswerSchema },
      handle: async ({ domainName, body }) => {
        refuseNewDomain(domains, domainName)
        return { json: { jwt: await issueToken(domainName, body) } }
      },
    }),
  ]
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)
}

function nameOf({ name, id }: Domain): { readonly name: string; readonly id: string; readonly domain: string } {
  return { name, id, domain: name }
}

/** Who signs in to a domain as its administrator: one of its own users before one of the configuration. */
function administratorOf({ name, users }: Domain, configured: readonly User[]): User {
  const all = [...users, ...configured].filter(({ domain }) => (domain ?? name).toLowerCase() === name.toLowerCase())
  return all.find(({ groups }) => groups?.includes('admin')) ?? all[0] ?? NOBODY
}

/** Nobody can sign in to the domain, so this fails as any other name would. With `--auth any` it works. */
const NOBODY: User = { name: 'admin', password: 'admin', groups: ['admin'] }

function refuseNewDomain(domains: Domains, name: string): void {
  if (domains.find(name) !== undefined || domains.isAllowed(name)) return
  throw new EmulatorError(
    'notFound',
    `there is no domain named ${name.slice(0, 100)}: this emulator creates none of that name, see --domains`,
    'a PUT creates none of that name either: start the emulator with another --domains',
  )
}

function refuseDurations({ tokenTtl, purgeDelay }: Partial<Settings>, pointer: string): void {
  if (tokenTtl !== undefined) microsOf(tokenTtl, `${pointer}/tokenTtl`)
  if (purgeDelay !== undefined) microsOf(purgeDelay, `${pointer}/purgeDelay`)
}

/** Passwords are for signing in, not for reading. */
function settingsAnswer({ settings, users, randomSeed }: Domain) {
  return { ...settings, randomSeed, users: users.map(({ password: _password, ...user }) => user) }
}

/** A clock as a body writes it: `step@2026-01-01T00:00:00Z`, or its parts. */
function startingAs(start: ClockState, written: Static<typeof ClockBody> | string): ClockState {
  const change =
    typeof written === 'string' ? readClockText(written, '/clock') : clockChangeOf(written, start.mode, '/clock')
  const { mode = start.mode, now = start.base, rate = start.rate, ...ofAuto } = change
  return { ...start, mode, rate, base: now, ...ofAuto }
}
