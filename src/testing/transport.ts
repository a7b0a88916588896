import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

export interface TransportOptions {
  readonly url: string
  readonly adminToken?: string | undefined
  /** PEM of the CA, for an address that begins with https. */
  readonly ca?: string | undefined
}

export interface TransportRequest {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export type TestTransport = (request: TransportRequest) => Promise<{ readonly status: number; readonly text: string }>

/**
 * Calls the control API over Node's own client. Not with fetch: a test may have replaced that, and the timers that it
 * keeps for its connections would be counted among the test's fake ones.
 */
export function openTransport({ url, adminToken, ca }: TransportOptions): TestTransport {
  const { protocol, hostname, port } = new URL(url)
  const isHttps = protocol === 'https:'
  const agent = isHttps ? new HttpsAgent({ keepAlive: true, ca }) : new HttpAgent({ keepAlive: true })
  const authorization = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  const send = isHttps ? httpsRequest : httpRequest

  async function once({ method, path, body }: TransportRequest) {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }
    const host = hostname.replace(/^\[|\]$/g, '')
    const sent = send({ agent, host, port, method, path, headers: { ...authorization, ...length } })
    sent.end(payload)
    const answer = await answerTo(sent)
    return { status: answer.statusCode ?? 0, text: await text(answer) }
  }

  return async (request) => {
    try {
      return await once(request).catch((error: unknown) => {
        if (!(error instanceof StaleSocket)) throw error
        return once(request)
      })
    } catch (error) {
      throw new Error(`no emulator answers at ${url} (${codeOf(error)})`, { cause: error })
    }
  }
}

/** A kept connection that the server closed just then: the call was never read, so it is made again. */
class StaleSocket extends Error {}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', (error) => {
      reject(sent.reusedSocket && codeOf(error) === 'ECONNRESET' ? new StaleSocket() : error)
    })
  })
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
