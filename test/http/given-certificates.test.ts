// The user's certificate and key are checked when the emulator starts, not by its first client.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { get } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { makeCa, makeLeaf } from '../../src/http/certificate-maker.ts'
import { createEmulator, StartError } from '../../src/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { folderOf, type Files } from '../files/folder.ts'
import { listeningLog } from '../support/log.ts'

const DAY_MS = 86_400_000
const names = ['localhost', '127.0.0.1']
const ca = await makeCa(Date.now())
const leaf = await makeLeaf(ca, { names, now: Date.now() })
const other = await makeLeaf(ca, { names, now: Date.now() })
const key = createPrivateKey(leaf.key)
const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hush' })

const lines = (...texts: string[]): string => texts.map((text) => `${text.trim()}\n`).join('')

/** The problems of a start with these files, `cert.pem` and `key.pem` in a folder, which is left out. */
async function problemsWith(files: Files, tls = 'cert.pem,key.pem'): Promise<readonly string[]> {
  const folder = folderOf(files)
  const [certFile = '', keyFile = ''] = tls.split(',').map((name) => join(folder, name))
  const started: unknown = await createEmulator({ tls: { certFile, keyFile } }).catch((error: unknown) => error)
  if (!(started instanceof StartError)) throw new Error('it started')
  expect(started.exitCode).toBe(2)
  return started.problems.map((line) => line.replaceAll(`${folder}/`, ''))
}

describe('an invalid certificate', () => {
  const good = { 'cert.pem': leaf.cert, 'key.pem': leaf.key }
  const swapped = 'are the two swapped? The certificate comes first'
  it.each<[string, Files, string]>([
    [
      'a key of another certificate',
      { ...good, 'key.pem': other.key },
      'key.pem is not the key of the certificate in cert.pem',
    ],
    [
      'a certificate in DER',
      { ...good, 'cert.pem': new X509Certificate(leaf.cert).raw },
      'cert.pem is DER, not PEM: convert it, as with openssl x509 -inform DER',
    ],
    [
      'a key in DER',
      { ...good, 'key.pem': key.export({ type: 'pkcs8', format: 'der' }) },
      'key.pem is DER, not PEM: convert it, as with openssl pkey -inform DER',
    ],
    [
      'key and certificate swapped',
      { 'cert.pem': leaf.key, 'key.pem': leaf.cert },
      `cert.pem has no certificate in PEM: ${swapped}`,
    ],
    ['two certificates', { ...good, 'key.pem': leaf.cert }, `key.pem has no private key in PEM: ${swapped}`],
    [
      'a key with a password',
      { ...good, 'key.pem': encrypted },
      'key.pem is encrypted: remove its password, as with openssl pkey -in key.pem -out key.pem',
    ],
    ['an empty certificate', { ...good, 'cert.pem': '' }, 'cert.pem is empty'],
    ['an empty key', { ...good, 'key.pem': '\n' }, 'key.pem is empty'],
    ['text that is not PEM', { ...good, 'cert.pem': 'hello' }, 'cert.pem has no certificate in PEM'],
    [
      'a truncated certificate',
      { ...good, 'cert.pem': cutOff(leaf.cert) },
      'cert.pem has a certificate that cannot be read: it is damaged, or cut off',
    ],
    [
      'a truncated key',
      { ...good, 'key.pem': cutOff(leaf.key) },
      'key.pem has a private key that cannot be read: it is damaged, or cut off',
    ],
    [
      'an issuer before the certificate',
      { ...good, 'cert.pem': lines(ca.cert, leaf.cert) },
      "cert.pem has its certificates in the wrong order: the server's own comes first, then each one's issuer",
    ],
    [
      'something else before the issuer',
      { ...good, 'cert.pem': lines(leaf.cert, other.cert, ca.cert) },
      'cert.pem has its certificates in the wrong order',
    ],
    ['a missing certificate', { 'key.pem': leaf.key }, 'cert.pem does not exist: --tls CERT,KEY names two PEM files'],
    ['a missing key', { 'cert.pem': leaf.cert }, 'key.pem does not exist: --tls CERT,KEY names two PEM files'],
    ['a folder', { 'cert.pem/a': '', 'key.pem': leaf.key }, 'cert.pem is a folder: --tls CERT,KEY names two PEM files'],
  ])('refuses to start with %s, in a line that names the file', async (_name, files, line) => {
    expect(await problemsWith(files)).toEqual([expect.stringContaining(`--tls: ${line}`)])
  })

  it('refuses to start with a host name that is invalid in a certificate', async () => {
    await expect(createEmulator({ tlsName: '999.1.1.1' })).rejects.toThrow(
      '--tls-name: "999.1.1.1" is neither a host name nor an IP address',
    )
  })

  it('refuses to start from the command line with exit code 2 and no stack trace', async () => {
    const folder = folderOf({ 'cert.pem': leaf.cert, 'key.pem': other.key })
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const { code, stderr } = await runCli(['--port', '0', '--tls', `${certFile},${keyFile}`])
    const line = `cckm-emulator: --tls: ${keyFile} is not the key of the certificate in ${certFile}\n`
    expect({ code, stderr }).toEqual({ code: 2, stderr: line })
  })
})

function cutOff(pem: string): string {
  const lines = pem.trim().split('\n')
  return [...lines.slice(0, 3), lines.at(-1)].join('\n')
}

describe('a valid certificate', () => {
  it.each<[string, string, string]>([
    ['a single certificate', leaf.cert, leaf.key],
    ['a certificate and its issuer', lines(leaf.cert, ca.cert), leaf.key],
    ['both in each file', lines(leaf.cert, leaf.key), lines(leaf.key, leaf.cert)],
    ['text around them, and Windows line ends', `mine\r\n${leaf.cert.replaceAll('\n', '\r\n')}`, leaf.key],
  ])('starts with %s and serves it', async (_name, cert, keyText) => {
    const folder = folderOf({ 'cert.pem': cert, 'key.pem': keyText })
    const emulator = await createEmulator({ tls: `${join(folder, 'cert.pem')},${join(folder, 'key.pem')}` })
    onTestFinished(() => emulator.close())
    const { httpsUrl } = await emulator.listen()
    const [response] = (await once(get(`${httpsUrl}/healthz`, { ca: ca.cert }), 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(200)
  })

  it('starts with an expired certificate and logs a warning', async () => {
    const old = await makeLeaf(ca, { names, now: Date.now() - 500 * DAY_MS })
    const folder = folderOf({ 'cert.pem': old.cert, 'key.pem': old.key })
    const tls = `${join(folder, 'cert.pem')},${join(folder, 'key.pem')}` as const
    const reading = readOptions({ tls })
    if ('problems' in reading) throw new Error('the options are wrong')
    const { log, line } = listeningLog()
    const emulator = await startEmulator(reading.config, { log })
    onTestFinished(() => emulator.close())
    await line('expired at')
  })
})
