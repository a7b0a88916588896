// Requests byte by byte, for forms that no client library sends.

import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/index.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Opens a connection, plain or with TLS, that closes with the test. */
export function open({ host, port }: Address, scheme: 'http' | 'https' = 'http'): Socket {
  const socket = scheme === 'http' ? connect(port, host) : connectTls({ port, host, rejectUnauthorized: false })
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Sends these lines unchanged, and reads the response until the server closes the connection. */
export async function exchange(
  socket: Socket,
  lines: readonly string[],
  body: Uint8Array | string = '',
): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => {
    socket.once('end', resolve)
    socket.once('error', reject)
  })
  socket.write(
    Buffer.concat([Buffer.from(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`), Buffer.from(body)]),
  )
  await ended
  return parse(Buffer.concat(chunks).toString())
}

function parse(answer: string): RawAnswer {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [first = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), text: rest.join('\r\n\r\n') }
}
