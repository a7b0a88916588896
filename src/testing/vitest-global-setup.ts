import { requireSupportedNode } from '../supported-node.ts'
import { newRunId, variable, VARIABLES, type Environment } from '../client/environment.ts'
import { accessVariables } from './environment.ts'
import { startChild } from './child.ts'
import { serverAt, testServer, type TestServer } from './server.ts'

/**
 * Starts one server for the whole run: add `cckm-emulator/vitest/global-setup` to `globalSetup` of vitest's configuration. If
 * CCKM_EMULATOR_URL is set, it uses that server instead. Workers read its address from their environment.
 */
export async function setup(): Promise<() => Promise<void>> {
  requireSupportedNode()
  const child = variable('url', process.env) === undefined ? await startChild() : undefined
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
  // The plain user name, as `exec` exports it: tests sign in to their own domains with it.
  const access = { ...rest, username: user }
  const runId = variable('runId', process.env) ?? newRunId()
  return { ...accessVariables({ server, access, token }), [VARIABLES.runId]: runId }
}

/** Sets variables, and returns their previous values. */
function assign(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]))
  for (const [name, value] of Object.entries(values)) restore(name, value)
  return before
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = value
}
