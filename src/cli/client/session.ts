import { createConnection, type Transport } from '../../client/connection.ts'
import type { Connection, DomainHandle } from '../../client/handle.ts'
import { openTransport, type TransportAnswer } from '../../client/transport.ts'
import { notOurs, unreachable } from './refusals.ts'
import type { Target } from './target.ts'

/** An emulator and a domain of it, for as long as a command runs. */
export interface Session {
  readonly connection: Connection
  readonly domain: DomainHandle
  /** The last answer, to the byte. */
  readonly answer: () => string
  /** What the last answer advises to do, beside its body. */
  readonly hint: () => string | undefined
}

export function openSession({ url, domain, adminToken }: Target): Session {
  const send = openTransport({ url, adminToken })
  let last: TransportAnswer | undefined
  const transport: Transport = async (request) => {
    last = await send(request).catch((error: unknown) => {
      throw unreachable(error, url)
    })
    // Every answer of an emulator names its domain.
    if (last.headers['x-emulator-domain'] === undefined) throw notOurs(url, last)
    return last
  }
  const connection = createConnection(transport)
  return {
    connection,
    // A name with a slip in it is to be told, not to become a domain.
    domain: connection.domain(domain, { create: false }),
    answer: () => last?.text ?? '',
    hint: () => last?.headers['x-emulator-hint']?.toString(),
  }
}
