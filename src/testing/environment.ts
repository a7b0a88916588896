import { randomBytes } from 'node:crypto'

/** The variables that a run of tests shares; `exec`, a sweep and the global setup export them. */
export const VARIABLES = {
  url: 'CCKM_EMULATOR_URL',
  httpsUrl: 'CCKM_EMULATOR_HTTPS_URL',
  caFile: 'CCKM_EMULATOR_CA_FILE',
  domain: 'CCKM_EMULATOR_DOMAIN',
  username: 'CCKM_EMULATOR_USERNAME',
  password: 'CCKM_EMULATOR_PASSWORD',
  token: 'CCKM_EMULATOR_TOKEN',
  adminToken: 'CCKM_EMULATOR_ADMIN_TOKEN',
  runId: 'CCKM_EMULATOR_RUN_ID',
  keepDomains: 'CCKM_EMULATOR_KEEP_DOMAINS',
} as const

export type Environment = Readonly<Record<string, string | undefined>>

/** What clients need to know of a server and of a domain of it. */
interface Reach {
  readonly server: {
    readonly url: string
    readonly httpsUrl?: string | undefined
    readonly caFile?: string | undefined
  }
  readonly access: { readonly name: string; readonly username: string; readonly password: string }
  readonly token: string
}

/** The same as variables; undefined where there is no such thing. */
export function variablesOf({ server, access, token }: Reach): Environment {
  return {
    [VARIABLES.url]: server.url,
    [VARIABLES.httpsUrl]: server.httpsUrl,
    [VARIABLES.caFile]: server.caFile,
    [VARIABLES.domain]: access.name,
    [VARIABLES.username]: access.username,
    [VARIABLES.password]: access.password,
    [VARIABLES.token]: token,
  }
}

/** A variable, where empty counts as absent. */
export function variable(name: keyof typeof VARIABLES, env: Environment = process.env): string | undefined {
  const value = env[VARIABLES[name]]
  return value === '' ? undefined : value
}

/** Short enough that names of domains made from it stay below 64 characters. */
const RUN_ID = /^[a-z0-9]{1,40}$/

/** The run's id: that of the environment, or one made up for this process. */
export function runIdOf(env: Environment = process.env): string {
  const given = variable('runId', env)
  if (given === undefined) return shared('run', newRunId)
  if (!RUN_ID.test(given))
    throw new Error(`${VARIABLES.runId} is ${JSON.stringify(given)}: it takes 1 to 40 of a-z 0-9`)
  return given
}

export function newRunId(): string {
  return randomBytes(5).toString('hex')
}

const SHARED = Symbol.for('cckm-emulator.testing')

/**
 * Something that there is once in a process (or worker thread), however often this module is loaded into it: test
 * runners load modules anew for each file.
 */
export function shared<T>(key: string, make: () => T): T {
  const holder = process as unknown as { [SHARED]: Map<string, unknown> | undefined }
  const all = (holder[SHARED] ??= new Map<string, unknown>())
  if (!all.has(key)) all.set(key, make())
  return all.get(key) as T
}

export function forget(key: string): void {
  ;(process as unknown as { [SHARED]?: Map<string, unknown> })[SHARED]?.delete(key)
}
