import { describe, expect, it } from 'vitest'
import { AWS, AZURE, refusal, SHIPPED_SEEDS, start, type Caller } from '../support/world.ts'

/** A client of an emulator with this many AWS jobs, created one after another; and their ids. */
async function withJobs(count: number, scenario = 'stuck'): Promise<{ admin: Caller; made: string[] }> {
  const { admin } = await start({ scenario })
  const made: string[] = []
  for (let index = 0; index < count; index += 1)
    made.push((await admin.post(AWS, { operation: 'enablekey', keys: [`key-${index}`] })).job.id)
  return { admin, made }
}

describe('a list', () => {
  it('returns skip, limit, total and resources in this order, also for an empty list', async () => {
    const { admin } = await start()
    for (const path of [AZURE, AWS, `${AZURE}/`, `${AZURE}/?skip=0`])
      expect((await admin.get(path)).text).toBe('{"skip":0,"limit":10,"total":0,"resources":[]}')
  })

  it('returns the ten oldest jobs by default, oldest first', async () => {
    const { admin, made } = await withJobs(12)
    const { page, ids } = await admin.get(AWS)
    expect([page.skip, page.limit, page.total]).toEqual([0, 10, 12])
    expect(ids).toEqual(made.slice(0, 10))
  })

  it('returns pages without gaps or overlaps', async () => {
    const { admin, made } = await withJobs(7)
    const pages = []
    for (const skip of [0, 3, 6]) pages.push(...(await admin.get(`${AWS}?skip=${skip}&limit=3`)).ids)
    expect(pages).toEqual(made)
  })

  it.each([
    ['limit=-1', 0, -1, 12],
    ['limit=-1&skip=5', 5, -1, 7],
    ['limit=0', 0, 0, 0],
    ['limit=5', 0, 5, 5],
    ['skip=11', 11, 10, 1],
    ['skip=12', 12, 10, 0],
    ['skip=999999999999999', 999_999_999_999_999, 10, 0],
    ['limit=999999999999999', 0, 999_999_999_999_999, 12],
    ['skip=&limit=', 0, 10, 10],
  ])('returns the page for %s', async (query, skip, limit, shown) => {
    const { admin } = await withJobs(12)
    const { page } = await admin.get(`${AWS}?${query}`)
    expect([page.skip, page.limit, page.total, page.resources.length]).toEqual([skip, limit, 12, shown])
  })

  it.each([
    ['skip=-1', 'skip'],
    ['skip=x', 'skip'],
    ['skip=1.5', 'skip'],
    ['skip=1e3', 'skip'],
    ['skip=9999999999999999', 'skip'],
    ['skip=1&skip=2', 'skip'],
    ['limit=-2', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=%00', 'limit'],
    ['sort=name', 'sort'],
    ['sort=createdAt,-nothing', 'sort'],
    ['sort=--id', 'sort'],
    ['sort=__proto__', 'sort'],
    ['sort=id;drop table job', 'sort'],
  ])('refuses %s with 400 and names the field', async (query, field) => {
    const { admin } = await start()
    expect(refusal(await admin.get(`${AWS}?${query}`), 400)).toMatch(
      new RegExp(String.raw`^Validation errors:\n${field}: `),
    )
  })

  it('names the ignored query fields', async () => {
    const { admin } = await start()
    const answer = await admin.get(`${AWS}?status=error&limit=1&page=2`)
    expect(answer.status).toBe(200)
    expect(answer.hint).toBe('ignored, since the vendor does not document it: status, page')
    expect((await admin.get(`${AWS}?limit=1`)).hint).toBe('')
  })

  it('answers any query string without a server error', async () => {
    const { admin } = await start()
    for (const query of [
      '%',
      '%zz',
      '=&=&',
      '__proto__=1',
      'constructor=1',
      'id[]=1',
      '?',
      'id=%F0%9F',
      '&'.repeat(999),
    ])
      expect((await admin.get(`${AWS}?${query}`)).status, query).toBe(200)
  })
})

describe('a filter', () => {
  const ids = async (admin: Caller, query: string): Promise<string[]> => {
    const { page, ids: found } = await admin.get(`${AZURE}?${query}`)
    expect(page.total).toBe(found.length)
    return found
  }
  const COMPLETED = 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'
  const FAILED = 'ec66a787-95e7-41d1-b731-af10506bf2ef'
  const ABORTED = '830e07bc-1e39-4f10-92bd-4acefaecbd38'

  it.each([
    ['overall_status=error', [FAILED]],
    ['overall_status=error&overall_status=aborted', [FAILED, ABORTED]],
    ['overall_status=in_progress', []],
    ['overall_status=Error', []],
    [`id=${COMPLETED}`, [COMPLETED]],
    [`id=${COMPLETED}&id=${ABORTED}&id=nobody`, [COMPLETED, ABORTED]],
    [`id=${COMPLETED}&overall_status=error`, []],
    ['cloud=AzureCloud', [COMPLETED, FAILED, ABORTED]],
    ['cloud=aws', []],
    ['cloud_name=AzureCloud&overall_status=completed', [COMPLETED]],
    ['operation=delete-key-backups', [COMPLETED, FAILED, ABORTED]],
    ['operation=enablekey', []],
    ['operation=enablekey&operation=delete-key-backups', [COMPLETED, FAILED, ABORTED]],
    ['id=&overall_status=', [COMPLETED, FAILED, ABORTED]],
    ["id=' or 1=1 --", []],
    ['id=*', []],
    ['id=%00', []],
  ])('finds only matching jobs for %s', async (query, found) => {
    const { admin } = await start({ seed: SHIPPED_SEEDS })
    expect((await ids(admin, query)).sort()).toEqual([...found].sort())
  })

  it('filters by the current status', async () => {
    const { admin, made } = await withJobs(1, 'instant')
    expect((await admin.get(`${AWS}?overall_status=in_progress`)).ids).toEqual(made)
    await admin.get(`${AWS}/${made[0]!}`)
    expect((await admin.get(`${AWS}?overall_status=in_progress`)).ids).toEqual([])
    expect((await admin.get(`${AWS}?overall_status=completed`)).ids).toEqual(made)
  })

  it('counts all matching jobs, not only those of the page', async () => {
    const { admin } = await withJobs(5)
    const { page } = await admin.get(`${AWS}?operation=enablekey&limit=2&skip=4`)
    expect([page.total, page.resources.length]).toEqual([5, 1])
  })
})
