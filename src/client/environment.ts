import { randomBytes } from 'node:crypto'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment variables that tell a client or a run of tests about an emulator: `exec`, `sweep` and the fixture export them. */
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
  sweep: 'CCKM_EMULATOR_SWEEP',
  sleepUrl: 'CCKM_EMULATOR_SLEEP_URL',
} as const

type VariableValues = { readonly [Name in keyof typeof VARIABLES]?: string | undefined }

/** Values under the names of their variables. A value that is undefined stays: it removes an inherited variable. */
export function variablesOf(values: VariableValues): Environment {
  const names: Readonly<Record<string, string>> = VARIABLES
  return Object.fromEntries(
    Object.entries<string | undefined>(values).map(([key, value]) => [names[key] ?? key, value] as const),
  )
}

/** The value of a variable; empty counts as absent. */
export function variable(key: keyof typeof VARIABLES, env: Environment): string | undefined {
  const value = env[VARIABLES[key]]
  return value === '' ? undefined : value
}

/** A random id that names the domains of one run of tests. */
export function newRunId(): string {
  return randomBytes(5).toString('hex')
}
