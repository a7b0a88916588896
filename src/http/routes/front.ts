import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EmulatorError } from '../../errors.ts'

interface FrontOptions {
  readonly hasDashboard: boolean
  /** Throws unless the request has a known host name. */
  readonly checkHost: (request: FastifyRequest) => void
}

/** Shows a page with links to a browser, and CM's 404 to an API client. */
export function frontRoute(app: FastifyInstance, { hasDashboard, checkHost }: FrontOptions): void {
  const page = pageOf(hasDashboard)
  app.get('/', (request, reply) => {
    if (!wantsHtml(request)) throw new EmulatorError('notFound', 'Resource not found')
    checkHost(request)
    return reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      .header('vary', 'accept')
      .send(page)
  })
}

function wantsHtml({ headers }: FastifyRequest): boolean {
  return /(^|,)\s*text\/html\b/.test(headers.accept ?? '')
}

function pageOf(hasDashboard: boolean): string {
  const links = [
    ...(hasDashboard ? ['<a href="/__dashboard">The dashboard</a>: jobs, clock, faults, requests'] : []),
    '<a href="/docs">The emulated API</a>, as <a href="/openapi.json">a document</a>',
    '<a href="/docs/fidelity">The fidelity ledger</a>: what is emulated, and how certain it is',
    ...(hasDashboard ? ['<a href="/__admin/openapi.json">The control API</a>'] : []),
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>cckm-emulator</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <h1>cckm-emulator</h1>
    <p><strong>This is an emulator.</strong> It is not a CipherTrust Manager, not made by Thales, and touches no real keys.</p>
    <ul>${links.map((link) => `\n      <li>${link}</li>`).join('')}
    </ul>
  </body>
</html>
`
}
