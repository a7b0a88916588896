import { createConnection, type Transport } from '../../client/connection.ts'
import type { Connection, DomainHandle } from '../../client/handle.ts'
import { openTransport, type TransportAnswer } from '../../client/transport.ts'
import { notOurs, unreachable } from './connection-errors.ts'
import type { Target } from './target.ts'

/** The connection of a command to an emulator and one of its domains. */
export interface Session {
  readonly connection: Connection
  readonly domain: DomainHandle
  /** The text of the last response. */
  readonly answer: () => string
  /** The header X-Emulator-Hint of the last response. */
  readonly hint: () => string | undefined
}

export function openSession({ url, domain, adminToken }: Target): Session {
  const send = openTransport({ url, adminToken })
  let last: TransportAnswer | undefined
  const transport: Transport = async (request) => {
    last = await send(request).catch((error: unknown) => {
      throw unreachable(error, url)
    })
    // Every response of an emulator has this header.
    if (last.headers['x-emulator-domain'] === undefined) throw notOurs(url, last)
    return last
  }
  const connection = createConnection(transport)
  return {
    connection,
    // A misspelled name must be an error, not a new domain.
    domain: connection.domain(domain, { create: false }),
    answer: () => last?.text ?? '',
    hint: () => last?.headers['x-emulator-hint']?.toString(),
  }
}
