// Requests written byte by byte over TLS, for forms that HTTP libraries would normalize.

import { once } from 'node:events'
import { connect } from 'node:tls'

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
  /** Whether the server closed the connection. */
  isClosed: boolean
}

const wholeOf = (text: string): RawAnswer | undefined => {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = text.slice(end + 4)
  const status = Number(first.split(' ')[1])
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined
  return { status, headers, body, isClosed: false }
}

/** Sends the lines of a request and its body unchanged; returns the response. */
export async function exchange(port: number, head: string[], body = ''): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const closes = head.some((line) => /^connection: *close$/i.test(line))
  let text = ''
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      const answer = wholeOf(text)
      if (answer && !closes) resolve(answer)
    })
    socket.on('end', () => {
      const answer = wholeOf(text)
      if (answer) resolve({ ...answer, isClosed: true })
      else reject(new Error(`the connection ended after: ${text}`))
    })
    socket.on('error', reject)
  })
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  try {
    return await answered
  } finally {
    socket.destroy()
  }
}
