// Seeds of domains that a sign-in creates: the start reports their problems, before any sign-in.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateFiles } from '../../src/files/validate.ts'
import { createEmulator, StartError } from '../../src/index.ts'
import { folderOf, type Files } from '../files/folder.ts'
import { openWorld, TOKENS } from '../support/world.ts'

const job = JSON.stringify({
  id: 'a1',
  uri: 'kylo:kylo:cckm:bulkjob:a1',
  createdAt: '2025-03-18T14:02:11Z',
  overall_status: 'completed',
  operation: 'enablekey',
})
const lines = (domain: string, ...jobs: string[]): string => [JSON.stringify({ domain }), ...jobs, ''].join('\n')
const document = (domain: string): string => `{"domain":"${domain}","jobs":[${job}]}`
const signIn = (domain: string) => ({ grant_type: 'password', username: 'admin', password: 'admin', domain })

describe('duplicate ids, at the start and in validate', () => {
  it.each<[string, Files, string]>([
    ['twice in a file', { 'a.ndjson': lines('ci-*', job, job) }, 'a.ndjson:3'],
    ['in two files of lines', { 'a.ndjson': lines('ci-*', job), 'b.ndjson': lines('CI-*', job) }, 'b.ndjson:2'],
    [
      'in a file of lines and a document',
      { 'a.ndjson': lines('ci-*', job), 'b.json': document('ci-1') },
      'b.json:1: /jobs/0/id',
    ],
    [
      'by two globs that share a name',
      { 'a.json': document('ci-*'), 'b.json': document('*-1') },
      'b.json:1: /jobs/0/id',
    ],
    ['by a glob that root has too', { 'a.json': document('*'), 'b.json': document('ci-1') }, 'b.json:1: /jobs/0/id'],
  ])('reports an id that two jobs of one domain share: %s', async (_name, files, place) => {
    const folder = folderOf(files)
    const problem = expect.stringContaining(`${folder}/${place}: the id a1 is taken by an earlier job of `) as string
    const started: unknown = await createEmulator({ seed: folder }).catch((error: unknown) => error)
    expect(started).toBeInstanceOf(StartError)
    expect(started).toMatchObject({ exitCode: 2, problems: [problem] })
    expect((await validateFiles([folder])).problems).toEqual([problem])
  })

  it('accepts an id that two domains share', async () => {
    const { anyone } = await openWorld({
      seed: folderOf({ 'a.ndjson': lines('ci-*', job), 'b.json': document('dev-*') }),
    })
    for (const domain of ['ci-1', 'dev-1']) expect((await anyone.post(TOKENS, signIn(domain))).status).toBe(200)
  })
})

it('answers with an error that names a seed file deleted after the start', async () => {
  const folder = folderOf({ 'a.ndjson': lines('ci-*', job) })
  const { anyone } = await openWorld({ seed: folder })
  rmSync(join(folder, 'a.ndjson'))
  const answer = await anyone.post(TOKENS, signIn('ci-1'))
  expect(answer.status).toBe(503)
  expect(answer.text).toContain('a seed is no longer valid')
  expect(answer.text).toContain('a.ndjson: there is no such file or folder')
})
