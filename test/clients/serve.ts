// An emulator on a real https port, and programs that are run against it.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { connect as connectTo, createEmulator, type Address, type EmulatorOptions } from '../../src/index.ts'

/** The estate that `cckm-emulator` starts with. */
export const ESTATE = fileURLToPath(new URL('../../fixtures/seeds/estate.json', import.meta.url))

/** Starts an emulator whose jobs take a moment, so that clients have to poll. */
export async function serve(options: EmulatorOptions = {}): Promise<Address & { httpsUrl: string }> {
  const scenarios = { brief: { after: '300ms' }, partial: { after: '1ms', items: [{ every: 2, status: 'Error: no' }] } }
  const emulator = await createEmulator({ seed: 'none', scenarios, scenario: 'brief', ...options })
  onTestFinished(() => emulator.close())
  const address = await emulator.listen()
  return { ...address, httpsUrl: address.httpsUrl! }
}

/** The same with the shipped estate; `keysById` has the state of each AWS key. */
export async function serveEstate() {
  const address = await serve({ seed: ESTATE, scenario: 'instant' })
  const { resources } = connectTo(address.url).domain('root')
  async function keysById(): Promise<Record<string, unknown>> {
    const keys = (await resources.list({ kind: 'aws.key' })).resources
    return Object.fromEntries(keys.map(({ id, record }) => [id, (record.aws_param as { KeyState: string }).KeyState]))
  }
  return { ...address, resources, keysById }
}

/** An emulator behind a server that answers the first polls itself: with 503 and Retry-After, then with 401. */
export async function serveBadMoments(): Promise<string> {
  const emulator = await createEmulator({ seed: 'none', scenario: 'instant' })
  const moments = [503, 401]
  const server = createServer((request, response) => {
    void (async () => {
      const { method = 'GET', url = '/', headers } = request
      const isPoll = method === 'GET' && /\/bulkjobs?\/[^/]+$/.test(url)
      const moment = isPoll ? moments.shift() : undefined
      if (moment !== undefined) return response.writeHead(moment, { 'Retry-After': '1' }).end('{"codeDesc":"NCERR"}')
      const payload = await text(request)
      const answer = await emulator.inject({
        method: method,
        url,
        headers,
        ...(payload !== '' && { payload }),
      })
      response.writeHead(answer.statusCode, answer.headers).end(answer.rawPayload)
    })()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(async () => {
    server.close().closeAllConnections()
    await emulator.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The CA of a server, from the chain that it sends, as a PEM file. */
export async function caFileOf(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const leaf: DetailedPeerCertificate = socket.getPeerCertificate(true)
  socket.destroy()
  const base64 = leaf.issuerCertificate.raw.toString('base64').replaceAll(/.{64}/g, '$&\n')
  const folder = mkdtempSync(join(tmpdir(), 'cckm-clients-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`)
  return file
}

/** Path of a file in examples/clients. */
export const example = (path: string) => fileURLToPath(new URL(`../../examples/clients/${path}`, import.meta.url))

/** The programs that this machine does not have. */
export const missing = (...programs: string[]) =>
  programs.filter((program) => spawnSync(program, ['--version']).error !== undefined)

export interface Ended {
  code: number | null
  output: string
}

/** Runs a program, as admin, until it exits. Asynchronous, since the emulator is in this process. */
export async function run([command, ...args]: string[], variables: Record<string, string>): Promise<Ended> {
  const { PATH = '', HOME = tmpdir() } = process.env
  const env = { PATH, HOME, CIPHERTRUST_USERNAME: 'admin', CIPHERTRUST_PASSWORD: 'admin', ...variables }
  const child = spawn(command!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** Ids that the examples use. */
export const ITEMS = [
  'f60070f8-5ef8-4685-9121-9ca732cffcbd',
  '0b6c5a9e-4f9a-4c57-9a67-2f8f6f0a1c11',
  '2387500d-bcac-4055-a48d-19592c3332ff',
  '2387500d-bcac-4055-a48d-19592c3332fe',
]
