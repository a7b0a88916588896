import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EmulatorError } from '../errors.ts'
import { answerError, type Explain } from './error-answer.ts'
import { createHostGuard, createSiteGuard, type HostOptions } from './guard.ts'

/** A file of the page. All but `index.html` have a hash of their content in their name. */
export interface DashboardFile {
  readonly name: string
  readonly content: Uint8Array
}

interface DashboardOptions {
  readonly guard: HostOptions
  readonly explain: Explain
  /** Asked for when somebody first opens the page, not before. */
  readonly files: () => Promise<readonly DashboardFile[]>
}

const PATH = '/__dashboard'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Nothing from anywhere else, nothing inline, in nobody's frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** The page under `/__dashboard`. It holds no secret, so it is not locked: what it asks of the control API is. */
export function registerDashboard(app: FastifyInstance, { guard: options, explain, files }: DashboardOptions): void {
  const checkSite = createSiteGuard(options)
  const checkHost = createHostGuard(options, 'the dashboard')
  void app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, reply, next) => {
        reply.headers(HEADERS)
        if (isNavigation(request)) checkHost(request)
        else checkSite(request)
        next()
      })
      scope.setErrorHandler((error, request, reply) => {
        answerError(error, { request, reply, explain })
      })
      scope.get('/', async (request, reply) => sendFile(request, reply, await named(files, 'index.html')))
      scope.get('/:name', async (request, reply) =>
        sendFile(request, reply, await named(files, (request.params as { name: string }).name)),
      )
      done()
    },
    { prefix: PATH },
  )
}

/** With `--no-admin` there is no control API, so there is nothing that the page could show. */
export function refuseDashboard(app: FastifyInstance): void {
  app.get(PATH, (_request, reply) =>
    reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send('There is no dashboard: this emulator was started with --no-admin.\n'),
  )
}

/** Following a link from another site's page is no request of that page: what comes back is not shown to it. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

async function named(files: DashboardOptions['files'], name: string): Promise<DashboardFile> {
  const file = (await files()).find((each) => each.name === name)
  if (file === undefined) throw new EmulatorError('notFound', 'the dashboard has no such file')
  return file
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { name, content }: DashboardFile): FastifyReply {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  const cache = name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable'
  reply.header('etag', etag).header('cache-control', cache)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type(TYPES[extname(name)] ?? 'application/octet-stream').send(Buffer.from(content))
}
