import { describe, expect, it } from 'vitest'
import { atOnce } from '../../src/domain/slices.ts'
import { readSeedDocument } from '../../src/files/seeds.ts'

const job = {
  id: 'a',
  uri: 'kylo:kylo:cckm:bulkjob:a',
  createdAt: '2023-02-10T08:19:48.558869Z',
  overall_status: 'completed',
  operation: 'enablekey',
}

const read = (document: unknown) => atOnce(readSeedDocument(document))

describe('a seed document as an object', () => {
  it('reads it and serializes the text of each job', () => {
    expect(read({ domain: 'ci-*', jobs: [{ job }] })).toMatchObject({
      seed: { domain: 'ci-*', jobs: [{ kind: 'captured', id: 'a', text: JSON.stringify(job) }] },
    })
    expect(read({ jobs: [] })).toEqual({ seed: { domain: 'root', resources: [], jobs: [] } })
  })

  it('refuses it with a pointer to each problem', () => {
    const element = { job: { ...job, operation: 5 }, scenaro: 'slow' }
    expect(read({ jobs: [{ job }, element, { job }] })).toEqual({
      issues: [
        { pointer: '/jobs/1/scenaro', message: 'is not a known field (did you mean scenario?)' },
        { pointer: '/jobs/2/job/id', message: 'repeats the id of /jobs/0: a' },
      ],
    })
    expect(read(5)).toMatchObject({ issues: [{ pointer: '' }] })
  })

  it('refuses it if it is nested too deeply to serialize', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep]
    expect(read({ jobs: [{ job: { ...job, deep } }] })).toEqual({
      issues: [{ pointer: '/jobs/0', message: 'is nested too deeply to be a job' }],
    })
  })
})
