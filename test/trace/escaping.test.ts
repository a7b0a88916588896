// Nothing that clients, seeds or tests write can become markup of a trace.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { toInstant, toMicros } from '../../src/model/time.ts'
import { html, pretty } from '../../src/trace/html.ts'
import { tracePage } from '../../src/trace/page.ts'
import type { Trace } from '../../src/trace/trace.ts'

/** A trace in which every text of others is this one. */
function traceWith(text: string): Trace {
  const at = toInstant(1_767_225_600_000_000)
  const fault = { id: text, seen: 1, hits: 1, on: { path: `/${text}` }, do: { respond: { status: 503, body: text } } }
  const shown = {
    at: text,
    id: text,
    realAt: text,
    operation: text,
    method: text,
    path: text,
    status: 200,
    durationMs: 1,
    query: { [text]: text },
    headers: { [text]: text },
    body: text,
    job: text,
  }
  const explanation = {
    job: text,
    status: text,
    isFinal: false,
    isDeleted: false,
    scenario: text,
    chosenBy: undefined,
    now: at,
    clock: text,
    waitsFor: [],
    nextTransitionAt: undefined,
    effects: [],
    text: `so it is: ${text}`,
  }
  const job = {
    id: text,
    family: text,
    operation: text,
    text,
    status: text,
    isFinal: false,
    isDeleted: true,
    existsFrom: at,
    events: [{ kind: 'signal' as const, name: text, at }],
    transitions: [{ job: text, item: text, from: undefined, to: text, at }],
    explanation,
  }
  const request = { shown, at, elapsedAt: toMicros(at), answer: text, fault }
  return {
    domain: text,
    title: text,
    version: text,
    clock: { mode: 'frozen', now: text, rate: 1, nextTransitionAt: text },
    now: at,
    jobs: [job],
    jobsLeftOut: 1,
    requests: [request, { ...request, shown: { ...shown, bodyOmitted: text, status: null, durationMs: null } }],
    faults: [fault],
    findings: [{ rule: text, level: 'hint', message: text, requests: [] }],
  }
}

/** Tags and names of attributes, without texts and values. */
const markupOf = (page: string): string[] => page.replace(/"[^"]*"/g, '""').match(/<[^>]*>/g) ?? []

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', '=', '`', ' ', 'x', '\u0000', '\u2028', '\u202e'),
    minLength: 1,
  }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</style><script>',
    '-->',
    ']]>',
    '</title>',
    '&lt;',
  ),
)

describe('a page', () => {
  it('has the same markup whatever it shows', () => {
    const expected = markupOf(tracePage(traceWith('x')))
    fc.assert(
      fc.property(hostile, (text) => {
        expect(markupOf(tracePage(traceWith(text)))).toEqual(expected)
      }),
    )
  })

  it('holds a text that reads as it was, where a document may hold it', () => {
    const decode = (markup: string): string =>
      markup
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
    const printable = fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ';', 'a', 'ß', '😀', '\n') })
    fc.assert(fc.property(printable, (text) => decode(html`${text}`.markup) === text))
    expect(html`${'a\u0000b\u202ec\ud800'}`.markup).toBe('a\\u{0}b\\u{202e}c\ufffd')
  })

  it('takes tokens out of any text, as the last resort', () => {
    expect(html`<p title="${'eyJhbGciOiJ9.eyJzdWIi.c2ln'}">${['a', undefined, 1.23456]}</p>`.markup).toBe(
      '<p title="[redacted]">a1.23</p>',
    )
    expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}')
  })

  it('turns red where a text is let through', () => {
    const careless = (text: string): string => `<p>${text}</p>`
    expect(markupOf(careless('<script>'))).not.toEqual(markupOf(careless('x')))
  })
})
