import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port to name where 0 will not do. It is one of those that no system gives away by itself (Linux begins at 32768), so
 * nobody takes it by chance before it is used, as happens to a port that was let go.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 32_000), '127.0.0.1')
    const port = await once(server, 'listening').then(
      () => (server.address() as { port: number }).port,
      () => undefined,
    )
    if (port === undefined) continue
    await once(server.close(), 'close')
    return port
  }
}
