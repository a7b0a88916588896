import type { Transport } from './connection.ts'

interface InjectedCall {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload?: string
}

/** Calls the control API of an emulator in this process, without a socket. */
export function injectTransport(
  inject: (call: InjectedCall) => Promise<{ readonly statusCode: number; readonly body: string }>,
  adminToken: string | undefined,
): Transport {
  const headers: InjectedCall['headers'] = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  return async ({ method, path, body }) => {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
    const answer = await inject({ method, url: path, headers, ...payload })
    return { status: answer.statusCode, text: answer.body }
  }
}
