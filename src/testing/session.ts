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

/** A test with its handle, from its beginning to its end. */
export interface Session {
  readonly cckm: Cckm
  /** Tells what there is to tell of a test that failed, and throws what fails one that had not. Drops the domain. */
  readonly end: (outcome: Outcome) => Promise<void>
}

interface Outcome {
  readonly hasFailed: boolean
  /** Nothing is looked at where a test was skipped in its middle, or is to fail. */
  readonly isExcused?: boolean
}

interface SessionOptions {
  readonly identity: TestIdentity
  /** Where the trace of a red test goes. */
  readonly root: string
  readonly options: CckmOptions
}

const LONG_LIFE = '12h'

/** Makes the domain of a test. */
export async function openSession({ identity, root, options }: SessionOptions): Promise<Session> {
  checkOptions(options)
  const server = await testServer()
  const domain = server.connection.domain(domainNameOf(runIdOf(), identity), { create: false })
  const access = await enter(domain, options, randomSeedOf(identity))
  const token = await domain.token({ ttl: LONG_LIFE })
  const { cckm, notes, local } = createCckm({ server, domain, access, token })
  const place = { server, domain, notes, root, name: `${identity.file} > ${identity.name}` }
  return {
    cckm,
    end: async (outcome) => {
      try {
        if (outcome.isExcused !== true) await judge(place, outcome, options)
      } finally {
        local.stop()
        await leave(place)
      }
    },
  }
}

/** One that is there keeps the rules and faults that were set up in it; all else is put as the options say. */
async function enter(domain: DomainHandle, options: CckmOptions, randomSeed: number): Promise<DomainAccess> {
  const access = await domain.access(domainRequestOf(options, randomSeed))
  if (access.created) return access
  await domain.clock.set(clockRequestOf(options))
  await domain.settings({ ...options.settings, randomSeed: options.randomSeed ?? randomSeed })
  if (options.scenario !== undefined) await domain.defaultScenario(options.scenario)
  if (options.seed !== undefined) await domain.seed(options.seed)
  return access
}

interface Place {
  readonly server: TestServer
  readonly domain: DomainHandle
  readonly notes: Notes
  readonly root: string
  readonly name: string
}

async function judge(place: Place, { hasFailed }: Outcome, options: CckmOptions): Promise<void> {
  const problems = hasFailed ? [] : await verdictOf({ ...place, failOn: failuresOf(options) }).catch(unlessGone)
  if (!hasFailed && problems.length === 0) return
  const report = await describe(place, hasFailed)
  if (hasFailed) process.stderr.write(`\n${report}\n`)
  else throw new Error(`${problems.join('\n')}\n${report}`)
}

async function describe(place: Place, withIdle: boolean): Promise<string> {
  const { domain, notes, name } = place
  const said = await reportOf(domain, notes, { withIdle }).catch(
    (error: unknown) => `nothing can be told of it: ${String(error)}`,
  )
  const file = await writeTrace(place).catch(() => undefined)
  return `cckm-emulator, domain ${domain.name} of ${name}\n${said}${file === undefined ? '' : `\ntrace: ${file}`}`
}

/** The domain's story as a page, where the emulator can tell it. */
async function writeTrace({ server, domain, root, name }: Place): Promise<string | undefined> {
  const path = `/__admin/domains/${encodeURIComponent(domain.name)}/trace?title=${encodeURIComponent(name)}`
  const { status, text } = await server.transport({ method: 'GET', path })
  if (status !== 200) return undefined
  const folder = join(root, '.cckm-emulator')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(-120)}.html`)
  writeFileSync(file, text)
  return file
}

async function leave({ server, domain, notes }: Place): Promise<void> {
  if (variable('keepDomains', process.env) === '1') return
  const forks = [...notes.forks].map((name) => server.connection.domain(name, { create: false }))
  for (const each of [domain, ...forks]) await each.drop().catch(unlessGone)
}

/** The test may have dropped its domain itself. */
function unlessGone(error: unknown): [] {
  if (error instanceof ControlError && error.status === 404) return []
  throw error
}
