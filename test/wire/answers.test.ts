// Small parts of a response: a page, an error, the lines of a refusal, the response of a fault, header values.

import { describe, expect, it } from 'vitest'
import { ERRORS } from '../../src/errors.ts'
import { renderError } from '../../src/wire/error.ts'
import { renderFault } from '../../src/wire/fault.ts'
import { bearerOf, DOMAIN_HEADER, HINT_HEADER, JSON_TYPE, printable } from '../../src/wire/headers.ts'
import { renderPage } from '../../src/wire/page.ts'
import { issueMessage } from '../../src/wire/issues.ts'

it('writes a page around jobs that are already text', () => {
  const page = { skip: 1, limit: -1, total: 3 }
  expect(renderPage({ ...page, resources: ['{"id": "a"}', '{}'] })).toBe(
    '{"skip":1,"limit":-1,"total":3,"resources":[{"id": "a"},{}]}',
  )
  expect(renderPage({ ...page, resources: [] })).toBe('{"skip":1,"limit":-1,"total":3,"resources":[]}')
})

it('writes an error with its label, its message and the request id', () => {
  const kind = { status: 400, code: 15, codeDesc: 'NCERRBadRequest: Bad HTTP request' }
  expect(renderError({ kind, message: 'no "keys"' }, 'r-1')).toBe(
    '{"code":15,"codeDesc":"NCERRBadRequest: Bad HTTP request","message":"no \\"keys\\"","requestID":"r-1"}',
  )
})

it("writes one line per field, with the vendor's field names", () => {
  expect(
    issueMessage([
      { pointer: '', message: 'must be object' },
      { pointer: '/delete_key_backups_param/keys/0', message: 'must be string' },
      { pointer: '/a~1b~0c', message: 'is not a known field' },
    ]),
  ).toBe(
    'Validation errors:\nbody: must be object\ndelete_key_backups_param.keys.0: must be string\na/b~c: is not a known field',
  )
})

describe('the response of a fault', () => {
  const answerOf = (status: number, body?: unknown) => renderFault({ status, body }, 'r-1', Object.values(ERRORS))

  it.each([204, 205, 304])('sends no body for %i', (status) => {
    expect(answerOf(status, { a: 1 })).toEqual({ type: JSON_TYPE, text: undefined })
  })

  it.each([
    ['<html></html>', 'text/html; charset=utf-8'],
    [' \n<p>', 'text/html; charset=utf-8'],
    ['x < y', 'text/plain'],
    ['down for maintenance', 'text/plain'],
    ['', 'text/plain'],
  ])('sends %j unchanged as %s', (body, type) => {
    expect(answerOf(503, body)).toEqual({ type, text: body })
  })

  it.each([[{}], [{ code: 1 }], [[]], [null], [0], [false]])('sends %j as JSON', (body) => {
    expect(answerOf(503, body)).toEqual({ type: JSON_TYPE, text: JSON.stringify(body) })
  })

  it('sends an empty object without a body, if the status is not an error', () => {
    expect(answerOf(200)).toEqual({ type: JSON_TYPE, text: '{}' })
    expect(answerOf(399)).toEqual({ type: JSON_TYPE, text: '{}' })
  })

  it.each([
    [400, 15, 'NCERRBadRequest: Bad HTTP request'],
    [404, 16, 'NCERRResourceNotFound: Resource not found'],
    [500, 14, 'NCERRInternalServerError: unexpected error'],
    [503, 503, 'NCERRServiceUnavailable: Service unavailable'],
    [502, 502, 'NCERRHTTP502: HTTP status 502'],
  ])("sends CM's error for %i, or the status as its code", (status, code, codeDesc) => {
    const { type, text } = answerOf(status)
    expect(type).toBe(JSON_TYPE)
    expect(text).toBe(JSON.stringify({ code, codeDesc, message: 'a fault that was set on purpose', requestID: 'r-1' }))
  })
})

describe('header values', () => {
  it('reads a header by its name', () => {
    expect([DOMAIN_HEADER, HINT_HEADER]).toEqual(['x-emulator-domain', 'x-emulator-hint'])
    expect(JSON_TYPE).toBe('application/json; charset=utf-8')
  })

  it('keeps up to a thousand printable characters of any text', () => {
    expect(printable('a ~\t\u007f\u0000ü\r\nX-Evil: 1')).toBe('a ~??????X-Evil: 1')
    expect(printable('a'.repeat(2_000))).toBe('a'.repeat(1_000))
  })

  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER   a.b.c  ', 'a.b.c'],
    ['Bearer ', undefined],
    ['Bearer', undefined],
    ['Bearera.b.c', undefined],
    ['Bearer a b', undefined],
    ['Basic YWRtaW4=', undefined],
    ['not Bearer a.b.c', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads from %j the token %s', (header, token) => {
    expect(bearerOf(header)).toBe(token)
  })
})
