// CI has no Go, so this test reads the requests of the Go example from docs/guides/go.md and sends them.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { blocksOf } from './support/markdown.ts'

const file = fileURLToPath(new URL('../docs/guides/go.md', import.meta.url))
const example = blocksOf('go.md', readFileSync(file, 'utf8')).findLast(({ language }) => language === 'go')

/** `call(t, "PUT", domain, body, token)`: method, and the expressions of the others. */
const CALL = /\bcall\(t, "(\w+)", ([^,]+), (`[^`]*`|""), (\w+|"")\)/g

/** The value of an expression of literals and names, joined with +. */
function valueOf(expression: string, names: Record<string, string>): string {
  return expression
    .split('+')
    .map((part) => /^["`](.*)["`]$/.exec(part)?.[1] ?? names[part] ?? expect.fail(`${part} is unknown`))
    .join('')
}

it('sends the requests of docs/guides/go.md and gets the responses that it expects', async () => {
  await using emulator = await createEmulator()
  const [, domainPath = '', jobsPath = ''] = /domain, jobs := "([^"]+)", "([^"]+)"/.exec(example!.code) ?? []
  const names: Record<string, string> = { domain: domainPath, jobs: jobsPath, token: '', id: '' }
  const seen: Record<string, unknown>[] = []
  for (const [, method = '', path = '', body = '', token = ''] of example!.code.matchAll(CALL)) {
    // Like Go's client: no Content-Type, and no body instead of an empty one.
    const headers = { authorization: `Bearer ${valueOf(token, names)}` }
    const text = valueOf(body, names)
    const answer = await emulator.inject({
      method: method,
      url: valueOf(path, names),
      headers,
      ...(text !== '' && { payload: text }),
    })
    expect([path, answer.statusCode < 300]).toEqual([path, true])
    const json = answer.body === '' ? {} : answer.json<Record<string, string>>()
    seen.push({ path, ...json })
    Object.assign(names, 'jwt' in json && { token: json.jwt }, method === 'POST' && 'id' in json && { id: json.id })
  }
  expect(seen).toMatchObject([
    { path: 'domain', created: true },
    { path: 'jobs', overall_status: 'in_progress' },
    { path: 'domain+"/clock/advance"', total: 2 },
    { path: 'jobs+"/"+id', overall_status: 'completed' },
    { path: 'domain+"/requests/count?operation=aws.bulkjob.*"', count: 2 },
    { path: 'domain+"/end?trace=false"', ok: true },
  ])
  expect(example!.code).toContain('job["overall_status"] != "completed"')
  expect(example!.code).toContain('n["count"] != 2.0')
})
