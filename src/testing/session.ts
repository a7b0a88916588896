import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ControlError } from '../client/control-error.ts'
import type { Connection, DomainAccess, DomainHandle, EndAnswer, RequestFilter } from '../index.ts'
import { variable } from '../client/environment.ts'
import { runIdOf } from './environment.ts'
import { createCckm, type Cckm, type Notes } from './handle.ts'
import { domainNameOf, randomSeedOf, type TestIdentity } from './naming.ts'
import { checkOptions, clockRequestOf, domainRequestOf, failuresOf, type CckmOptions } from './options.ts'
import { testServer } from './server.ts'

/** A running test and its handle. */
export interface Session {
  readonly cckm: Cckm
  /** Prints a report of a failed test; throws if a passed test has problems. Deletes the domain. */
  readonly end: (outcome: Outcome) => Promise<void>
}

interface Outcome {
  readonly hasFailed: boolean
  /** Skips all checks: the test was skipped while it ran, or is expected to fail. */
  readonly isExcused?: boolean
}

interface SessionOptions {
  readonly identity: TestIdentity
  /** The folder for the trace of a failed test. */
  readonly root: string
  readonly options: CckmOptions
}

const TOKEN_TTL = '12h'

/** Creates the domain of a test. */
export async function openSession({ identity, root, options }: SessionOptions): Promise<Session> {
  checkOptions(options)
  const server = await testServer()
  const domain = server.connection.domain(domainNameOf(runIdOf(), identity), { create: false })
  const access = await prepareDomain(domain, options, randomSeedOf(identity))
  const token = await domain.token({ ttl: TOKEN_TTL })
  const { cckm, notes, local } = createCckm({ server, domain, access, token })
  const context = { domain, notes, root, name: `${identity.file} > ${identity.name}` }
  return {
    cckm,
    end: async (outcome) => {
      try {
        if (outcome.isExcused !== true) await check(context, outcome, options)
      } finally {
        local.stop()
        if (!keepsDomains())
          for (const each of [domain, ...forksOf(server.connection, notes)]) await each.drop().catch(ignoreNotFound)
      }
    },
  }
}

/** Creates the domain, or applies the options to an existing one, which keeps its rules and faults. */
async function prepareDomain(domain: DomainHandle, options: CckmOptions, randomSeed: number): Promise<DomainAccess> {
  const access = await domain.access(domainRequestOf(options, randomSeed))
  if (access.created) return access
  await domain.clock.set(clockRequestOf(options))
  await domain.settings({ ...options.settings, randomSeed: options.randomSeed ?? randomSeed })
  if (options.scenario !== undefined) await domain.defaultScenario(options.scenario)
  if (options.seed !== undefined) await domain.seed(options.seed)
  return access
}

function forksOf(connection: Connection, { forks }: Notes): DomainHandle[] {
  return [...forks].map((name) => connection.domain(name, { create: false }))
}

interface SessionContext {
  readonly domain: DomainHandle
  readonly notes: Notes
  readonly root: string
  readonly name: string
}

/** Ends the domain. Throws if a passed test has problems, prints a report if it failed. */
async function check(context: SessionContext, { hasFailed }: Outcome, options: CckmOptions): Promise<void> {
  const { domain, name } = context
  // The fault of a sweep may take the place of one of the test.
  const isSwept = variable('sweep', process.env) === '1'
  const failOn = failuresOf(options).filter((kind) => kind !== 'unused' || !isSwept)
  const request = { hasFailed, failOn, title: name, keep: keepsDomains() }
  const answer = await domain
    .end({ ...request, ...notesOf(context.notes) }, { trace: 'problems' })
    .catch((error: unknown) => unreadable(error, context, hasFailed))
  if (answer === undefined || (answer.ok && !hasFailed)) return
  const file = answer.trace === undefined ? undefined : writeTrace(answer.trace, context)
  const text = `${answer.text}${file === undefined ? '' : `\ntrace: ${file}`}`
  if (!hasFailed) throw new Error(text)
  process.stderr.write(`\n${text}\n`)
}

/** What `end` takes of the calls that the test made. */
function notesOf({ rules, faults, allowed, lastQuery, timedOut }: Notes) {
  return {
    rules: [...rules],
    faults: [...faults],
    allow: allowed.map((each) => (typeof each === 'string' ? each : withoutLimit(each))),
    ...(lastQuery !== undefined &&
      Object.keys(lastQuery).length > 0 && { asked: withoutLimit(lastQuery), askedInVain: lastQuery === timedOut }),
  }
}

function withoutLimit({ limit: _limit, ...filter }: RequestFilter): Omit<RequestFilter, 'limit'> {
  return filter
}

/** The answer in the place of one that cannot be had. The test may have deleted its domain itself. */
function unreadable(error: unknown, { domain, name }: SessionContext, hasFailed: boolean): EndAnswer | undefined {
  if (!hasFailed) {
    ignoreNotFound(error)
    return undefined
  }
  const text = `cckm-emulator, domain ${domain.name} of ${name}\nthe domain cannot be read: ${String(error)}`
  return { ok: true, problems: [], text }
}

/** Writes the trace of the domain, and returns its path; undefined where the folder cannot be written. */
function writeTrace(trace: string, { root, name }: SessionContext): string | undefined {
  const folder = join(root, '.cckm-emulator')
  const file = join(folder, `${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(-120)}.html`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, trace)
    return file
  } catch {
    return undefined
  }
}

function keepsDomains(): boolean {
  return variable('keepDomains', process.env) === '1'
}

/** The test may have deleted its domain itself. */
function ignoreNotFound(error: unknown): [] {
  if (error instanceof ControlError && error.status === 404) return []
  throw error
}
