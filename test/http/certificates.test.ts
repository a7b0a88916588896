import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import 'reflect-metadata' // before @peculiar/x509
import * as peculiar from '@peculiar/x509'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isCertificateName, loadOrCreateCertificates } from '../../src/http/certificates.ts'
import type { Certificates } from '../../src/http/certificates.ts'
import type { Secrets } from '../../src/model/secrets.ts'

const DAY_MS = 86_400_000
const run = promisify(execFile)
const has = (command: string): Promise<boolean> =>
  run(command, ['--version']).then(
    () => true,
    () => false,
  )
const hasPython = await has('python3')
const hasCurl = await has('curl')

const STRICT_PYTHON = `
import ssl, sys, urllib.request
context = ssl.create_default_context()
context.load_verify_locations(sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
for url in sys.argv[2:]:
    print(urllib.request.urlopen(url, context=context).read().decode(), end='')
`

describe('certificates', () => {
  test.each(['localhost', '127.0.0.1'])('are trusted by node for https://%s with the CA', async (host) => {
    const certificates = await loadOrCreateCertificates({ secrets: inMemory(), names: [] })
    const port = await serve(certificates)
    expect(await read({ host, port, ca: certificates.ca })).toBe('ok')
  })

  test('are not trusted by a client without the CA', async () => {
    const port = await serve(await loadOrCreateCertificates({ secrets: inMemory(), names: [] }))
    await expect(read({ host: '127.0.0.1', port })).rejects.toThrow(/unable to verify|self-signed/)
  })

  test.skipIf(!hasPython)('are trusted by python with its strict flags (skipped without python3)', async () => {
    const certificates = await loadOrCreateCertificates({ secrets: inMemory(), names: [] })
    const urls = urlsOf(await serve(certificates))
    const { stdout } = await run('python3', ['-c', STRICT_PYTHON, await caFile(certificates), ...urls])
    expect(stdout).toBe('okok')
  })

  test.skipIf(!hasCurl)('are trusted by curl with --cacert (skipped without curl)', async () => {
    const certificates = await loadOrCreateCertificates({ secrets: inMemory(), names: [] })
    const urls = urlsOf(await serve(certificates))
    const { stdout } = await run('curl', ['-sS', '--noproxy', '*', '--cacert', await caFile(certificates), ...urls])
    expect(stdout).toBe('okok')
  })

  test('cover every given name, host names and addresses alike', async () => {
    const names = [
      'My-Host',
      'build.example.test',
      '*.dev.test',
      '10.1.2.3',
      '2001:db8::7',
      '::ffff:10.9.8.7',
      'bücher.test',
    ]
    const leaf = new X509Certificate((await loadOrCreateCertificates({ secrets: inMemory(), names })).cert)
    for (const host of ['localhost', 'my-host', 'build.example.test', 'a.dev.test', 'xn--bcher-kva.test']) {
      expect(leaf.checkHost(host), host).toBeDefined()
    }
    for (const address of ['127.0.0.1', '::1', '10.1.2.3', '2001:db8::7', '::ffff:10.9.8.7']) {
      expect(leaf.checkIP(address), address).toBeDefined()
    }
    expect(leaf.checkHost('elsewhere.test')).toBeUndefined()
  })

  test('allow only the CA to sign certificates', async () => {
    const certificates = await loadOrCreateCertificates({ secrets: inMemory(), names: [] })
    const [ca, leaf] = [new X509Certificate(certificates.ca), new X509Certificate(certificates.cert)]
    expect([ca.ca, leaf.ca]).toEqual([true, false])
    expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey) && ca.verify(ca.publicKey)).toBe(true)
    expect(leaf.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
  })

  test('state their key identifier, and the leaf that of the CA', async () => {
    const { ca, cert } = await loadOrCreateCertificates({ secrets: inMemory(), names: [] })
    const idOf = (pem: string) => new peculiar.X509Certificate(pem).getExtension(peculiar.SubjectKeyIdentifierExtension)
    const issuerOf = (pem: string) =>
      new peculiar.X509Certificate(pem).getExtension(peculiar.AuthorityKeyIdentifierExtension)
    expect(idOf(ca)?.keyId).toMatch(/^[0-9a-f]{40}$/)
    expect(idOf(cert)?.keyId).not.toBe(idOf(ca)?.keyId)
    expect([issuerOf(ca)?.keyId, issuerOf(cert)?.keyId]).toEqual([idOf(ca)?.keyId, idOf(ca)?.keyId])
  })

  test('load no code that creates certificates while the stored ones are valid', async () => {
    const secrets = inMemory()
    const made = await loadOrCreateCertificates({ secrets, names: [] })
    vi.resetModules()
    const load = vi.fn(() => ({}))
    vi.doMock('../../src/http/certificate-maker.ts', load)
    onTestFinished(() => {
      vi.doUnmock('../../src/http/certificate-maker.ts')
    })
    const fresh = await import('../../src/http/certificates.ts')
    expect(await fresh.loadOrCreateCertificates({ secrets, names: [] })).toEqual(made)
    expect(load).not.toHaveBeenCalled()
    await expect(fresh.loadOrCreateCertificates({ secrets, names: ['a.test'] })).rejects.toThrow()
    expect(load).toHaveBeenCalled()
  })

  test('treat all spellings of an IPv6 address as one name', async () => {
    const secrets = inMemory()
    const first = await loadOrCreateCertificates({ secrets, names: ['2001:DB8:0::7', 'fe80::1%eth0'] })
    expect(await loadOrCreateCertificates({ secrets, names: ['2001:db8::7', 'fe80::1'] })).toEqual(first)
  })

  test('are reused regardless of the order of names', async () => {
    const secrets = inMemory()
    const first = await loadOrCreateCertificates({ secrets, names: ['a.test', 'b.test'] })
    expect(await loadOrCreateCertificates({ secrets, names: ['B.test', 'a.test', 'localhost'] })).toEqual(first)
  })

  test('get a new leaf under the same CA for another name', async () => {
    const secrets = inMemory()
    const first = await loadOrCreateCertificates({ secrets, names: ['a.test'] })
    const second = await loadOrCreateCertificates({ secrets, names: ['b.test'] })
    expect(second.ca).toBe(first.ca)
    expect(new X509Certificate(second.cert).checkHost('b.test')).toBe('b.test')
    expect(new X509Certificate(second.cert).checkHost('a.test')).toBeUndefined()
  })

  test('have a leaf that is valid for at most 398 days and renewed in its last month under the same CA', async () => {
    const secrets = inMemory()
    const now = Date.now()
    const first = await loadOrCreateCertificates({ secrets, names: [], now })
    const leaf = new X509Certificate(first.cert)
    expect(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)).toBeLessThanOrEqual(398 * DAY_MS)
    expect(await loadOrCreateCertificates({ secrets, names: [], now: now + 360 * DAY_MS })).toEqual(first)
    const later = await loadOrCreateCertificates({ secrets, names: [], now: now + 380 * DAY_MS })
    expect(later.ca).toBe(first.ca)
    expect(later.cert).not.toBe(first.cert)
  })

  test('have a CA that is valid for ten years, and get a new leaf with a new CA', async () => {
    const secrets = inMemory()
    const now = Date.now()
    const first = await loadOrCreateCertificates({ secrets, names: [], now })
    expect((await loadOrCreateCertificates({ secrets, names: [], now: now + 3600 * DAY_MS })).ca).toBe(first.ca)
    const later = await loadOrCreateCertificates({ secrets, names: [], now: now + 3700 * DAY_MS })
    expect(later.ca).not.toBe(first.ca)
    expect(new X509Certificate(later.cert).verify(new X509Certificate(later.ca).publicKey)).toBe(true)
  })

  test('encode dates past 2049 readably', async () => {
    const now = Date.UTC(2049, 11, 1)
    const { cert } = await loadOrCreateCertificates({ secrets: inMemory(), names: [], now })
    expect(new X509Certificate(cert).validTo).toMatch(/2051|2050/)
  })

  test.each(['nonsense', '{}', '{"cert":"x","key":"y","names":[]}'])(
    'are replaced if the stored text is like %s',
    async (text) => {
      const secrets = inMemory()
      secrets.set('tls-ca', text)
      secrets.set('tls-leaf', text)
      const { ca, cert } = await loadOrCreateCertificates({ secrets, names: [] })
      expect(new X509Certificate(cert).checkIssued(new X509Certificate(ca))).toBe(true)
    },
  )

  test.each(['no spaces', '', '[::1]', 'host:443', '999.1.1.1'])('are refused for the name "%s"', async (name) => {
    expect(isCertificateName(name)).toBe(false)
    await expect(loadOrCreateCertificates({ secrets: inMemory(), names: [name] })).rejects.toThrow(TypeError)
  })
})

function inMemory(): Secrets {
  const values = new Map<string, string>()
  return { get: (name) => values.get(name), set: (name, value) => void values.set(name, value) }
}

async function serve({ cert, key }: Certificates): Promise<number> {
  const server = createServer({ cert, key }, (_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  onTestFinished(() => server.close().closeAllConnections())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function urlsOf(port: number): string[] {
  return [`https://127.0.0.1:${port}/`, `https://localhost:${port}/`]
}

async function caFile({ ca }: Certificates): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'ca.pem'), ca)
  return join(folder, 'ca.pem')
}

function read(options: { host: string; port: number; ca?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ ...options, agent: false, family: 4 }, (response) => {
      response.setEncoding('utf8').once('data', resolve)
    }).on('error', reject)
  })
}
