import type { Socket } from 'node:net'

type Protocol = 'tls' | 'http' | 'http2'

/**
 * Calls back with the protocol of a client, once its first bytes show it; the bytes remain readable. A socket that ends
 * before that is closed.
 */
export function readProtocol(socket: Socket, onKnown: (protocol: Protocol) => void): void {
  let seen = Buffer.alloc(0)
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return
    seen = Buffer.concat([seen, chunk])
    const protocol = protocolOf(seen)
    if (protocol === undefined) return
    socket.off('readable', onReadable).off('end', onEnd)
    socket.unshift(seen)
    onKnown(protocol)
  }
  const onEnd = (): void => void socket.destroy()
  socket.on('readable', onReadable).on('end', onEnd)
}

/** The first byte of a TLS handshake. */
const HANDSHAKE = 0x16
const HTTP2_PREFACE = 'PRI * HTTP/2.0'

function protocolOf(bytes: Buffer): Protocol | undefined {
  if (bytes[0] === HANDSHAKE) return 'tls'
  const start = bytes.toString('latin1', 0, HTTP2_PREFACE.length)
  if (start === HTTP2_PREFACE) return 'http2'
  return HTTP2_PREFACE.startsWith(start) ? undefined : 'http'
}

/** Empty SETTINGS, then GOAWAY with HTTP_1_1_REQUIRED (RFC 9113, 6.5, 6.8 and 7). */
const GO_AWAY = Buffer.from('000000040000000000' + '000008070000000000' + '00000000' + '0000000d', 'hex')

export function refuseHttp2(socket: Socket): void {
  socket.resume().end(GO_AWAY)
}
