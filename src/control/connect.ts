import { createConnection, type Connection, type Transport } from './client.ts'

export { ControlError } from './client.ts'

export interface ConnectOptions {
  /** The admin token of an emulator that is locked; else CCKM_EMULATOR_ADMIN_TOKEN is for the caller to read. */
  readonly adminToken?: string | undefined
}

/**
 * Holds an emulator that runs elsewhere, by its http address. Nothing is sent before the first call.
 *
 * @example
 * ```ts
 * import { connect } from 'cckm-emulator'
 *
 * const world = connect('http://127.0.0.1:7443').domain('t-42')
 * await world.nextJob({ scenario: 'stuck' })
 * await world.clock.advance('11m')
 * ```
 */
export function connect(url: string, options: ConnectOptions = {}): Connection {
  return createConnection(fetchTransport(url, options))
}

/** How `connect` reaches an emulator. Gives the headers of answers too, for whoever wants to look at them. */
export function fetchTransport(
  url: string,
  { adminToken }: ConnectOptions = {},
): (request: Parameters<Transport>[0]) => Promise<{ status: number; text: string; headers: Headers }> {
  const headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  return async ({ method, path, body }) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(new URL(path, url), { method, headers, ...json })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
}
