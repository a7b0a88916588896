import { readdirSync, readFileSync } from 'node:fs'
import type { InjectOptions } from 'fastify'
import { expect, it } from 'vitest'
import { DOCUMENTED_SEED, SHIPPED_SEEDS, start } from '../support/world.ts'

// fixtures/wire has every exchange that the vendor documents or a client's source shows, with its source. Each is
// replayed against an emulator that has the documented jobs and the shipped estate. Parts that differ between servers are placeholders in
// angle brackets: <uuid>, <time>, <jwt>, ...

interface Exchange {
  readonly source: string
  readonly certainty: string
  readonly note?: string
  readonly request: {
    readonly method: NonNullable<InjectOptions['method']>
    readonly path: string
    /** Absent: admin's token. */
    readonly authorization?: string
    readonly body?: object
  }
  readonly response: { readonly status: number; readonly body?: unknown }
}

const ESTATE = `${SHIPPED_SEEDS}/estate.json`
const SYNCHRONIZATION = `${SHIPPED_SEEDS}/synchronization.json`
const FOLDER = new URL('../../fixtures/wire/', import.meta.url)

const exchanges = readdirSync(FOLDER).map((name): [string, Exchange] => [
  name.replace('.json', ''),
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Exchange,
])

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<uuid>': '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  '<time>': String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z`,
  '<jwt>': String.raw`[\w-]+\.[\w-]+\.[\w-]+`,
  '<refresh token>': '[A-Za-z0-9]{64}',
  '"<seconds>"': String.raw`\d+`,
  '<text>': String.raw`([^"\\]|\\.)+`,
}

/** A pattern that matches this minified JSON exactly and in order, except for the placeholders. */
function patternOf(body: unknown): RegExp {
  const literal = JSON.stringify(body).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const pattern = Object.entries(PLACEHOLDERS).reduce(
    (text, [name, expected]) => text.replaceAll(name, expected),
    literal,
  )
  return new RegExp(`^${pattern}$`)
}

it.each(exchanges)('replays %s', async (_name, { request, response }) => {
  const { admin, anyone, as } = await start({ seed: [DOCUMENTED_SEED, ESTATE, SYNCHRONIZATION] })
  const { method, path, authorization, body } = request
  const client = authorization === undefined ? admin : clientOf(authorization)
  const answer = await client.send(method, path, body === undefined ? {} : { body: body })
  expect(answer.status).toBe(response.status)
  if (response.body === undefined) expect(answer.text).toBe('')
  else expect(answer.text).toMatch(patternOf(response.body))

  function clientOf(header: string) {
    return header === 'none' ? anyone : as(header.replace('Bearer ', ''))
  }
})

it.each(exchanges)('states source and certainty of %s', (_name, { source, certainty }) => {
  expect(source).not.toBe('')
  expect(['documented', 'seen in a client', 'assumed']).toContain(certainty)
})
