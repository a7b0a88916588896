import { requireSupportedNode } from '../supported-node.ts'
import { createConnection } from './connection.ts'
import type { Connection } from './handle.ts'
import { openTransport } from './transport.ts'

export { ControlError } from './control-error.ts'

export interface ConnectOptions {
  /** The admin token of a locked emulator. CCKM_EMULATOR_ADMIN_TOKEN is not read here, but by the caller. */
  readonly adminToken?: string | undefined
}

/**
 * Connects to a running emulator by its http address, which may have a path. Sends nothing before the first call.
 *
 * @throws TypeError when `url` is not such an address.
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
  requireSupportedNode()
  return createConnection(openTransport({ ...options, url }))
}
