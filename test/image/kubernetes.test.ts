// Checks the manifest of docs/guides/team.md against the emulator, and the page's table of limits against an emulator with
// the manifest's arguments.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { startCli } from '../cli/run-cli.ts'
import { readBlocks } from '../support/markdown.ts'
import { exchange, open } from '../support/raw.ts'
import { rowsWith, tablesOf } from '../support/tables.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = 'docs/guides/team.md'

interface Probe {
  httpGet: { path: string; port: string }
}
interface Container {
  args: string[]
  env: { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[]
  ports: { name: string; containerPort: number }[]
  startupProbe: Probe
  readinessProbe: Probe
  livenessProbe: Probe
  volumeMounts: { name: string; mountPath: string }[]
  resources: { limits: Record<string, string> }
  securityContext: Record<string, unknown>
}
interface Deployment {
  spec: {
    replicas: number
    strategy: { type: string }
    selector: { matchLabels: Record<string, string> }
    template: {
      metadata: { labels: Record<string, string> }
      spec: Record<string, unknown> & { containers: [Container]; volumes: { name: string }[] }
    }
  }
}

const manifest = readBlocks(root, page).find(({ language }) => language === 'yaml')!.code
interface Kinds {
  Secret: { metadata: { name: string }; stringData: Record<string, string> }
  Deployment: Deployment
  Service: { spec: { selector: object; ports: { port: number; targetPort: string }[] } }
}

const objects = parseAllDocuments(manifest).map((document) => document.toJS() as { kind: string })
const find = <K extends keyof Kinds>(kind: K) => objects.find((it) => it.kind === kind) as unknown as Kinds[K]
const { spec } = find('Deployment')
const pod = spec.template.spec
const [container] = pod.containers
const secret = find('Secret')

it('is one emulator, never two, behind one service', () => {
  expect(objects.map(({ kind }) => kind)).toEqual(['Secret', 'PersistentVolumeClaim', 'Deployment', 'Service'])
  expect([spec.replicas, spec.strategy]).toEqual([1, { type: 'Recreate' }])
  expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels)
  const service = find('Service')
  expect(service.spec.selector).toEqual(spec.template.metadata.labels)
  const [port] = container.ports
  expect([service.spec.ports[0], port]).toMatchObject([{ targetPort: port!.name }, { containerPort: 7443 }])
})

it('is confined, limited, and takes no variables of other services', () => {
  expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false })
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
  expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
  expect(container.resources.limits).toHaveProperty('memory')
  expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp'])
  expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.volumes.map(({ name }) => name))
})

/** An emulator as the manifest starts it, and calls of it. */
async function startAsInTheManifest(...more: string[]) {
  const env = Object.fromEntries(
    container.env.map(({ name, valueFrom: { secretKeyRef: ref } }) => {
      expect(ref.name).toBe(secret.metadata.name)
      return [name, secret.stringData[ref.key]!]
    }),
  )
  const { ready } = await startCli(['--host', '0.0.0.0', ...container.args, ...more], env)
  const address = { url: ready.url, httpsUrl: undefined, host: '127.0.0.1', port: ready.port }
  const send = async (line: string, headers: string[] = [], body = '') => {
    const host = headers.some((it) => it.startsWith('Host:')) ? [] : [`Host: 127.0.0.1:${ready.port}`]
    const length = headers.some((it) => it.startsWith('Content-Length:')) ? [] : [`Content-Length: ${body.length}`]
    const answer = await exchange(open(address), [`${line} HTTP/1.1`, ...host, ...length, ...headers], body)
    return { ...answer, json: JSON.parse(answer.text) as Record<string, unknown> }
  }
  const signIn = (domain: string) =>
    send('POST /api/v1/auth/tokens', [], JSON.stringify({ username: 'ci', password: 'change-me-too', domain }))
  const bearer = (token: unknown) => `Authorization: Bearer ${String(token)}`
  return { send, signIn, bearer, admin: bearer(env.CCKM_EMULATOR_ADMIN_TOKEN) }
}

it('its probes ask for what there is', async () => {
  const { send } = await startAsInTheManifest()
  for (const { httpGet } of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
    expect(httpGet.port).toBe(container.ports[0]!.name)
    expect((await send(`GET ${httpGet.path}`, ['Host: 10.0.0.7:7443'])).status).toBe(200)
  }
})

it('its names of the service reach the control API', async () => {
  const { send, admin } = await startAsInTheManifest()
  const names = ['', '.tools', '.tools.svc', '.tools.svc.cluster.local'].map((end) => `cckm-emulator${end}`)
  for (const name of names)
    expect((await send('GET /__admin/info', [admin, `Host: ${name}:7443`])).status, name).toBe(200)
})

it('every limit of the page answers as the page says', async () => {
  const { send, signIn, bearer, admin } = await startAsInTheManifest()
  const first = (await signIn('ci-1')).json.jwt
  const own = bearer(first)
  const create = (body: string, headers: string[] = []) =>
    send('POST /api/v1/cckm/aws/bulkjob', [own, ...headers], body)
  const tooLong = (bytes: number) => `Content-Length: ${bytes + 1}`
  const keys = Array.from({ length: 101 }, (_, index) => `k${index}`)
  const MIB = 1024 * 1024

  const provoke: Record<string, () => Promise<{ status: number; json: Record<string, unknown> }>> = {
    'a sign-in to a domain that does not match': () => signIn('prod'),
    'the control API without its token': () => send('GET /__admin/info'),
    'another domain’s part of the control API, with a CM token': () => send('GET /__admin/domains/ci-2/clock', [own]),
    'the control API under an unknown host name': () => send('GET /__admin/info', [admin, 'Host: cm.example.com']),
    'a body over 1 MiB': () => create('', [tooLong(MIB)]),
    'a body over 64 MiB, control API': () => send('POST /__admin/seed', [admin, tooLong(64 * MIB)]),
    'a body nested more than 100 levels deep': () => create(`${'['.repeat(101)}${']'.repeat(101)}`),
    'headers or a path over 32 KiB': () => create('', [`X-Long: ${'a'.repeat(32 * 1024)}`]),
    'more than 100 keys in an AWS job': () => create(JSON.stringify({ operation: 'enablekey', keys })),
    'a token of a domain that was idle too long': async () => {
      const short = await startAsInTheManifest('--domain-ttl=1ms')
      const { jwt } = (await short.signIn('ci-1')).json
      // Idle domains are dropped when another is created.
      for (let number = 2; ; number += 1) {
        await short.signIn(`ci-${number}`)
        const answer = await short.send('GET /api/v1/cckm/aws/bulkjob', [short.bearer(jwt)])
        if (answer.status !== 200) return answer
      }
    },
    'one domain more': async () => {
      // Root and ci-1 are two of the 500.
      const made = Array.from({ length: 498 }, (_, index) => `ci-more-${index}`)
      for (const name of made) expect((await send(`PUT /__admin/domains/${name}`, [admin])).status).toBe(201)
      return signIn('ci-501')
    },
  }

  const rows = rowsWith(tablesOf(readFileSync(root + page, 'utf8')), ['Limit', 'Status', 'Message'])
  const nameOf = (limit = '') => limit.replaceAll("'", '’')
  expect(rows.map(({ cells }) => nameOf(cells.Limit)).sort()).toEqual(Object.keys(provoke).sort())
  for (const { cells } of rows) {
    const { status, json } = await provoke[nameOf(cells.Limit)]!()
    const { message } = (json.error ?? json) as { message: string }
    // The vendor's shape has the issues on lines of their own.
    expect([cells.Limit, String(status), message.split('\n').at(-1)]).toEqual([
      cells.Limit,
      cells.Status,
      cells.Message,
    ])
  }
})
