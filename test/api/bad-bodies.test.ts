import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AWS, AZURE, refusal, start, TOKENS } from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ENABLE = { operation: 'enablekey', keys: ['k'] }
const MIB = 1024 * 1024

describe('a body that is not JSON', () => {
  it.each([
    '{',
    '{"operation":',
    "{'operation':'enablekey'}",
    'operation=enablekey',
    '\u0000',
    '{"a":1}}',
    'NaN',
    '<x/>',
  ])('refuses a body that is not JSON with 400: %j', async (payload) => {
    const { admin, anyone } = await start()
    for (const answer of [
      await admin.post(AWS, payload, JSON_TYPE),
      await admin.post(AZURE, payload, JSON_TYPE),
      await anyone.post(TOKENS, payload, JSON_TYPE),
      await anyone.post('/auth/revoke', payload, JSON_TYPE),
    ]) {
      expect(refusal(answer, 400)).toMatch(/^Validation errors:\nbody: is not valid JSON/)
      expect(answer.text).not.toContain('enablekey')
    }
  })

  it('ignores a byte order mark at the beginning of a body', async () => {
    const { admin } = await start()
    expect((await admin.post(AWS, `\uFEFF${JSON.stringify(ENABLE)}`, JSON_TYPE)).status).toBe(201)
  })
})

describe('a body that is not UTF-8', () => {
  const body = (...key: number[]): Buffer =>
    Buffer.concat([Buffer.from('{"operation":"enablekey","keys":["'), Buffer.from(key), Buffer.from('"]}')])
  const utf16 = Buffer.from(JSON.stringify(ENABLE), 'utf16le')

  it.each([
    ['a Latin-1 character', body(0xf6)],
    ['a truncated sequence', body(0xe2, 0x82)],
    ['an overlong slash', body(0xc0, 0xaf)],
    ['half of a surrogate pair', body(0xed, 0xa0, 0x80)],
    ['a code point past the last one', body(0xf4, 0x90, 0x80, 0x80)],
    ['a UTF-16 byte order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16, little-endian', utf16],
    ['UTF-16, big-endian', Buffer.from(utf16).swap16()],
    ['an end in the middle of a character', Buffer.from([0x22, 0xc3])],
  ])('refuses a body that is not UTF-8 with 400 and says so: %s', async (_what, bytes) => {
    const { emulator, admin, anyone } = await start()
    for (const answer of [
      await admin.post(AWS, bytes),
      await admin.post(AZURE, bytes),
      await anyone.post(TOKENS, bytes),
    ])
      expect(refusal(answer, 400)).toBe('Validation errors:\nbody: is not UTF-8 text')
    const control = await emulator.inject({ method: 'POST', url: '/__admin/faults', payload: bytes })
    expect([control.statusCode, control.json()]).toEqual([
      400,
      { error: { code: 'bad-request', message: 'the body is not UTF-8 text', pointer: '' } },
    ])
    expect((await admin.get(AWS)).page.total).toBe(0)
  })

  it.each([
    ['application/json; charset=iso-8859-1', 'kö🔑'],
    ['application/json; charset=utf-16', 'k'],
    ['text/plain; charset=nonsense', 'k\u0000'],
  ])('decodes a body as UTF-8 even if its charset is that of %s', async (type, key) => {
    const { admin } = await start()
    const answer = await admin.post(AWS, JSON.stringify({ ...ENABLE, keys: [key] }), { 'content-type': type })
    expect([answer.status, answer.job.keys]).toEqual([201, [key]])
    refusal(await admin.post(AWS, body(0xf6), { 'content-type': type }), 400)
  })
})

describe('a body with a Content-Encoding', () => {
  it.each([
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['br', 'br'],
    ['identity, GZIP', 'gzip'],
    ['nonsense', 'nonsense'],
  ])('refuses the Content-Encoding %s with 415 and says what to do', async (coding, named) => {
    const { emulator, admin, anyone } = await start()
    const headers = { 'content-encoding': coding }
    for (const answer of [
      await admin.post(AWS, gzipSync(JSON.stringify(ENABLE)), headers),
      await admin.post(AZURE, JSON.stringify(ENABLE), headers),
      await anyone.post(TOKENS, 'x', headers),
    ]) {
      expect(refusal(answer, 415)).toBe(`Content-Encoding: ${named} is not supported`)
      expect(answer.hint).toBe('send the body as it is, without Content-Encoding')
    }
    const control = await emulator.inject({ method: 'POST', url: '/__admin/faults', payload: 'x', headers })
    expect([control.statusCode, control.json()]).toMatchObject([415, { error: { code: 'unsupported-media-type' } }])
  })

  it('accepts the Content-Encoding identity, and any other one without a body', async () => {
    const { admin } = await start()
    expect((await admin.post(AWS, ENABLE, { 'content-encoding': 'identity' })).status).toBe(201)
    expect((await admin.get(AWS, { 'content-encoding': 'gzip' })).status).toBe(200)
  })
})

describe('a body with __proto__ or constructor', () => {
  it.each([
    '{"__proto__":{"operation":"enablekey","keys":["k"]}}',
    '{"operation":"enablekey","keys":["k"],"__proto__":{"isAdmin":true}}',
    '{"operation":"enablekey","keys":["k"],"constructor":{"prototype":{"isAdmin":true}}}',
    String.raw`{"operation":"enablekey","keys":["k"],"\u005f_proto__":{"isAdmin":true}}`,
  ])('refuses a body that names prototypes and changes no object: %s', async (payload) => {
    const { admin } = await start()
    refusal(await admin.post(AWS, payload, JSON_TYPE), 400)
    expect({}).not.toHaveProperty('isAdmin')
  })
})

describe('a large body', () => {
  it('accepts a body of one MiB and refuses a larger one with 413', async () => {
    const { admin } = await start()
    const padded = (bytes: number): string => `${JSON.stringify(ENABLE)}${' '.repeat(bytes)}`
    expect((await admin.post(AWS, padded(MIB - 100), JSON_TYPE)).status).toBe(201)
    refusal(await admin.post(AWS, padded(MIB), JSON_TYPE), 413)
  })

  it.each([
    ['states its length in a header', [`Content-Length: ${2 * MIB}`], ''],
    ['comes in chunks', ['Transfer-Encoding: chunked'], `200000\r\n${'x'.repeat(2 * MIB)}\r\n0\r\n\r\n`],
  ])('refuses a body of two MiB that %s', async (_what, lines, body) => {
    const { emulator } = await start()
    const headers = ['Host: x', `Authorization: Bearer ${await emulator.token()}`, 'Content-Type: application/json']
    const request = [`POST /api/v1${AWS} HTTP/1.1`, ...headers, ...lines]
    const answer = await exchange(open(await emulator.listen()), request, body)
    expect([answer.status, (JSON.parse(answer.text) as { code: number }).code]).toEqual([413, 413])
  })

  it('accepts a deeply nested body up to a limit', async () => {
    const { admin } = await start()
    const nested = (levels: number, [open, close]: readonly [string, string]): string =>
      `{"operation":"enablekey","keys":["k"],"x":${open.repeat(levels)}1${close.repeat(levels)}}`
    for (const brackets of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      expect((await admin.post(AWS, nested(90, brackets), JSON_TYPE)).status).toBe(201)
      for (const levels of [200, 100_000])
        expect(refusal(await admin.post(AWS, nested(levels, brackets), JSON_TYPE), 400)).toContain('levels')
    }
  })
})

describe('Content-Type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.api+json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'nonsense',
    '',
    ';',
    'application/json, application/json',
    'a/b/c',
    '*/*',
  ])('reads JSON of any Content-Type: %j', async (type) => {
    const { admin } = await start()
    const answer = await admin.post(AWS, JSON.stringify(ENABLE), { 'content-type': type })
    expect(answer.status).toBe(201)
  })

  it('reads JSON without a Content-Type', async () => {
    const { emulator } = await start()
    const body = JSON.stringify(ENABLE)
    const lines = [`Authorization: Bearer ${await emulator.token()}`, `Content-Length: ${body.length}`, 'Host: x']
    const answer = await exchange(open(await emulator.listen()), [`POST /api/v1${AWS} HTTP/1.1`, ...lines], body)
    expect(answer.status).toBe(201)
  })
})

describe('the header X-Emulator-Scenario', () => {
  it.each([
    ['nope', ''],
    ['__proto__', ''],
    ['constructor', ''],
    ['../default', ' (did you mean default?)'],
    ['', ''],
  ])('refuses an unknown scenario name with a suggestion: %j', async (name, suggestion) => {
    const { admin } = await start()
    const answer = await admin.post(AWS, ENABLE, { 'x-emulator-scenario': name })
    expect(refusal(answer, 400)).toBe(`there is no scenario named ${JSON.stringify(name)}${suggestion}`)
    expect((await admin.get(AWS)).page.total).toBe(0)
  })

  it('ignores X-Emulator-Scenario without the control API', async () => {
    const { admin } = await start({ admin: false })
    expect((await admin.post(AWS, ENABLE, { 'x-emulator-scenario': 'nope' })).status).toBe(201)
  })
})
