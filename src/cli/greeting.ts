import { VERSION } from '../version.ts'

interface GreetingOptions {
  readonly url: string | undefined
  readonly httpsUrl: string | undefined
  /** undefined: print no token. */
  readonly token: string | undefined
  /** Whether to print how to get a token if none is printed. */
  readonly hasTokenHint: boolean
  /** False with --no-admin. */
  readonly hasDashboard: boolean
  /** Whether the seeds include the vendor's documented job. */
  readonly hasDocumentedJob: boolean
}

const JOBS = '/api/v1/cckm/azure/bulkjobs'
const DOCUMENTED_JOB = 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'

/** The lines to print once the emulator listens: its addresses and, with a token, two lines to paste into a shell. */
export function greeting(options: GreetingOptions): readonly string[] {
  const { url, httpsUrl, token, hasTokenHint, hasDashboard, hasDocumentedJob } = options
  const addresses = [url, httpsUrl].filter((each) => each !== undefined)
  const lines = [`cckm-emulator ${VERSION} listens on`, ...addresses.map((each) => `  ${each}`)]
  // The http address, because browsers warn about the certificate of the other.
  const address = url ?? httpsUrl
  if (hasDashboard && address !== undefined) lines.push('', `Dashboard: ${address}/__dashboard`)
  if (token === undefined) return hasTokenHint ? [...lines, tokenHint(hasDashboard ? address : undefined)] : lines
  const path = hasDocumentedJob ? `${JOBS}/${DOCUMENTED_JOB}` : JOBS
  return [
    ...lines,
    '',
    'Try it (the token is valid for 12 hours):',
    `export TOKEN=${token}`,
    curl(httpsUrl, url, path),
    '',
  ]
}

/** Without the control API, no command can issue a token. */
const tokenHint = (address: string | undefined): string =>
  address === undefined
    ? 'Token: start with --print-token, or sign in with POST /api/v1/auth/tokens'
    : `Token: cckm-emulator token --url ${address} (or start with --print-token)`

function curl(httpsUrl: string | undefined, url: string | undefined, path: string): string {
  const address = httpsUrl === undefined ? `${url ?? ''}${path}` : `-k ${httpsUrl}${path}`
  return `curl ${address} -H "Authorization: Bearer $TOKEN" --compressed`
}
