import { newRunId, variable, VARIABLES, variablesOf, type Environment } from '../client/environment.ts'

/** A server and a domain of it. */
interface ServerAccess {
  readonly server: {
    readonly url: string
    readonly httpsUrl?: string | undefined
    readonly caFile?: string | undefined
  }
  readonly access: { readonly name: string; readonly username: string; readonly password: string }
  readonly token: string
}

/** The variables that tell a client about them. */
export function accessVariables({ server, access, token }: ServerAccess): Environment {
  const { url, httpsUrl, caFile } = server
  const { name: domain, username, password } = access
  return variablesOf({ url, httpsUrl, caFile, domain, username, password, token })
}

/** Short enough for names of domains with it as prefix, which have at most 64 characters. */
const RUN_ID = /^[a-z0-9]{1,40}$/

/** The id of this run of tests: that of the environment, or a random one for this process. */
export function runIdOf(env: Environment = process.env): string {
  const id = variable('runId', env)
  if (id === undefined) return shared('run', newRunId)
  if (!RUN_ID.test(id)) throw new Error(`${VARIABLES.runId} is ${JSON.stringify(id)}: it takes 1 to 40 of a-z 0-9`)
  return id
}

const SHARED = Symbol.for('cckm-emulator.testing')

/** Returns one value for each key and process (or worker thread): test runners load this module again for each file. */
export function shared<T>(key: string, make: () => T): T {
  const holder = process as unknown as { [SHARED]: Map<string, unknown> | undefined }
  const all = (holder[SHARED] ??= new Map<string, unknown>())
  if (!all.has(key)) all.set(key, make())
  return all.get(key) as T
}

export function forget(key: string): void {
  ;(process as unknown as { [SHARED]?: Map<string, unknown> })[SHARED]?.delete(key)
}
