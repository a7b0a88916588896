import { VERSION } from '../version.ts'

interface GreetingFacts {
  readonly url: string | undefined
  readonly httpsUrl: string | undefined
  /** Undefined: none is to be shown. */
  readonly token: string | undefined
  /** Whether to say how to get a token where none is shown. */
  readonly hasTokenHint: boolean
  /** Whether there is a dashboard: not so with --no-admin. */
  readonly hasDashboard: boolean
  /** Whether the vendor's documented job is there to be asked for. */
  readonly hasDocumentedJob: boolean
}

const JOBS = '/api/v1/cckm/azure/bulkjobs'
const DOCUMENTED_JOB = 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'

/** What is printed once the emulator listens: its addresses, and with a token two lines that can be pasted as they are. */
export function greeting(facts: GreetingFacts): readonly string[] {
  const { url, httpsUrl, token, hasTokenHint, hasDashboard, hasDocumentedJob } = facts
  const addresses = [url, httpsUrl].filter((each) => each !== undefined)
  const lines = [`cckm-emulator ${VERSION} listens on`, ...addresses.map((each) => `  ${each}`)]
  // By http, so that no browser warns of a certificate.
  const address = url ?? httpsUrl
  if (hasDashboard && address !== undefined) lines.push('', `Dashboard: ${address}/__dashboard`)
  if (token === undefined) return hasTokenHint ? [...lines, tokenHint(hasDashboard ? address : undefined)] : lines
  const path = hasDocumentedJob ? `${JOBS}/${DOCUMENTED_JOB}` : JOBS
  return [...lines, '', 'Try it (the token lives 12 hours):', `export TOKEN=${token}`, curl(httpsUrl, url, path), '']
}

/** Without the control API there is no command that gets one. */
const tokenHint = (address: string | undefined): string =>
  address === undefined
    ? 'Token: start with --print-token, or sign in with POST /api/v1/auth/tokens'
    : `Token: cckm-emulator token --url ${address} (or start with --print-token)`

function curl(httpsUrl: string | undefined, url: string | undefined, path: string): string {
  const address = httpsUrl === undefined ? `${url ?? ''}${path}` : `-k ${httpsUrl}${path}`
  return `curl ${address} -H "Authorization: Bearer $TOKEN" --compressed`
}
