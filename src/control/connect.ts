import { createConnection, type Connection } from './client.ts'

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
export function connect(url: string, { adminToken }: ConnectOptions = {}): Connection {
  const headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  return createConnection(async ({ method, path, body }) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(new URL(path, url), { method, headers, ...json })
    return { status: answer.status, text: await answer.text() }
  })
}
