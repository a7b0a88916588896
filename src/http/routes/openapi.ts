import { createReadStream } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS } from '../../errors.ts'
import type { Settings } from '../../model/settings.ts'
import { JSON_TYPE } from '../../wire/headers.ts'
import { compressed } from '../compression.ts'

interface OpenapiRoutes {
  /** The document describes the settings of the root domain. */
  readonly domains: { readonly root: () => { readonly settings: Settings } }
  /** The folder with the files of Swagger UI. */
  readonly docsUi: URL
  /** Throws unless the request came under a known host name. */
  readonly checkHost: (request: FastifyRequest) => void
}

/**
 * The OpenAPI document of the vendor's API and a page that shows it. They are the emulator's own: outside of `/api`,
 * without a token, and not in the ledger. Their code is loaded at the first request.
 */
export function openapiRoutes(app: FastifyInstance, { domains, docsUi, checkHost }: OpenapiRoutes): void {
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, next: () => void): void => {
    checkHost(request)
    next()
  }
  app.get('/openapi.json', { onRequest }, async (request, reply) => {
    const text = await renderDocument(domains.root().settings)
    return reply.type(JSON_TYPE).send(compressed(text, request, reply))
  })
  app.get('/docs', { onRequest }, (_request, reply) => sendOwn(reply, 'text/html', PAGE))
  app.get('/docs/fidelity', { onRequest }, async (request, reply) =>
    sendOwn(reply, 'text/html', compressed(await renderLedger(), request, reply)),
  )
  app.get('/docs/start.js', { onRequest }, (_request, reply) => sendOwn(reply, 'text/javascript', START))
  app.get('/docs/page.css', { onRequest }, (_request, reply) => sendOwn(reply, 'text/css', STYLE))
  for (const [name, type] of FILES)
    app.get(`/docs/${name}`, { onRequest }, (_request: FastifyRequest, reply: FastifyReply) =>
      reply
        .type(type)
        .header('cache-control', 'max-age=3600')
        .send(createReadStream(new URL(name, docsUi))),
    )
}

async function renderDocument(settings: Settings): Promise<string> {
  const { openapiDocument } = await import('../../openapi/document.ts')
  return JSON.stringify(openapiDocument({ settings, errors: ERRORS }))
}

async function renderLedger(): Promise<string> {
  const [{ ledgerSections }, { ledgerHtml }] = await Promise.all([
    import('../../openapi/ledger-page.ts'),
    import('../../openapi/ledger-html.ts'),
  ])
  return ledgerHtml(ledgerSections(ERRORS))
}

/** Files of Swagger UI: a bundle that works offline, and its style sheet. scripts/build.ts copies the same ones. */
const FILES = [
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['swagger-ui.css', 'text/css; charset=utf-8'],
] as const

/** Allows no external resources; Swagger UI has its icons in data URLs and sets styles of elements. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

function sendOwn(reply: FastifyReply, type: string, text: string | Buffer): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).header('content-security-policy', POLICY).send(text)
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>cckm-emulator: the emulated API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <p role="note"><strong>This is an emulator.</strong> It is not a CipherTrust Manager, not made by Thales, and no real
      key depends on it. <code>x-fidelity</code> says how certain each part is; <a href="/docs/fidelity">the ledger</a>
      explains it.</p>
    <div id="ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

const STYLE = `body { margin: 0 }
[role=note] { margin: 0; padding: .8em 1.5em; background: #fff3cd; color: #3d2f00; font: 16px/1.4 system-ui, sans-serif }
`

const START = `window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#ui',
  deepLinking: true,
  showExtensions: true,
  persistAuthorization: false,
  validatorUrl: null,
  tryItOutEnabled: true,
  docExpansion: 'list',
})
`
