import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port for where 0 is not possible. It is below the range from which systems assign ports (Linux starts at 32768), so
 * no other process gets it by chance, unlike a port that was just closed.
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
