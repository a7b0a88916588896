import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ControlError } from '../client/control-error.ts'
import type { DomainAccess, DomainHandle } from '../index.ts'
import { variable } from '../client/environment.ts'
import { runIdOf } from './environment.ts'
import { createCckm, type Cckm, type Notes } from './handle.ts'
import { domainNameOf, randomSeedOf, type TestIdentity } from './naming.ts'
import { checkOptions, clockRequestOf, domainRequestOf, failuresOf, type CckmOptions } from './options.ts'
import { reportOf } from './report.ts'
import { testServer, type TestServer } from './server.ts'
import { verdictOf } from './verdict.ts'

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
  const context = { server, domain, notes, root, name: `${identity.file} > ${identity.name}` }
  return {
    cckm,
    end: async (outcome) => {
      try {
        if (outcome.isExcused !== true) await check(context, outcome, options)
      } finally {
        local.stop()
        await deleteDomains(context)
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

interface SessionContext {
  readonly server: TestServer
  readonly domain: DomainHandle
  readonly notes: Notes
  readonly root: string
  readonly name: string
}

async function check(context: SessionContext, { hasFailed }: Outcome, options: CckmOptions): Promise<void> {
  const failOn = new Set(failuresOf(options))
  // The fault of a sweep may take the place of one of the test.
  if (variable('sweep', process.env) === '1') failOn.delete('unused')
  const problems = hasFailed ? [] : await verdictOf({ ...context, failOn }).catch(ignoreNotFound)
  if (!hasFailed && problems.length === 0) return
  const report = await describe(context, hasFailed)
  if (hasFailed) process.stderr.write(`\n${report}\n`)
  else throw new Error(`${problems.join('\n')}\n${report}`)
}

async function describe(context: SessionContext, withIdle: boolean): Promise<string> {
  const { domain, notes, name } = context
  const report = await reportOf(domain, notes, { withIdle }).catch(
    (error: unknown) => `the domain cannot be read: ${String(error)}`,
  )
  const file = await writeTrace(context).catch(() => undefined)
  return `cckm-emulator, domain ${domain.name} of ${name}\n${report}${file === undefined ? '' : `\ntrace: ${file}`}`
}

/** Writes the trace of the domain, and returns its path; undefined if the emulator cannot render it. */
async function writeTrace({ server, domain, root, name }: SessionContext): Promise<string | undefined> {
  const path = `/__admin/domains/${encodeURIComponent(domain.name)}/trace?title=${encodeURIComponent(name)}`
  const { status, text } = await server.transport({ method: 'GET', path })
  if (status !== 200) return undefined
  const folder = join(root, '.cckm-emulator')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(-120)}.html`)
  writeFileSync(file, text)
  return file
}

async function deleteDomains({ server, domain, notes }: SessionContext): Promise<void> {
  if (variable('keepDomains', process.env) === '1') return
  const forks = [...notes.forks].map((name) => server.connection.domain(name, { create: false }))
  for (const each of [domain, ...forks]) await each.drop().catch(ignoreNotFound)
}

/** The test may have deleted its domain itself. */
function ignoreNotFound(error: unknown): [] {
  if (error instanceof ControlError && error.status === 404) return []
  throw error
}
