import { requireSupportedNode } from '../supported-node.ts'
import { newRunId, variable, VARIABLES, variablesOf, type Environment } from './environment.ts'
import { startChild } from './child.ts'
import { serverAt, testServer, type TestServer } from './server.ts'

/**
 * One server for a whole run: name `cckm-emulator/vitest/global-setup` in `globalSetup` of vitest's configuration. Where
 * CCKM_EMULATOR_URL names one that runs already, that is used. Workers learn of it by their environment.
 */
export async function setup(): Promise<() => Promise<void>> {
  requireSupportedNode()
  const child = variable('url') === undefined ? await startChild() : undefined
  const server = child === undefined ? await testServer() : await serverAt(child)
  const changed = assign(await exportedOf(server))
  return async () => {
    for (const [name, value] of Object.entries(changed)) restore(name, value)
    await child?.stop()
  }
}

async function exportedOf(server: TestServer): Promise<Environment> {
  const root = server.connection.domain('root')
  const token = await root.token({ ttl: '12h' })
  const { user, ...rest } = await root.access()
  // Without a domain in it, as `exec` exports it: tests sign in to domains of their own as this user.
  const access = { ...rest, username: user }
  return { ...variablesOf({ server, access, token }), [VARIABLES.runId]: variable('runId') ?? newRunId() }
}

/** Sets variables, and gives what they were. */
function assign(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]))
  for (const [name, value] of Object.entries(values)) restore(name, value)
  return before
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = value
}
