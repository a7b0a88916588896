import { describe, expect, it } from 'vitest'
import { AWS, AZURE, start, TOKENS } from '../support/world.ts'

describe('listMaximum', () => {
  it.each([
    ['', 0, 3],
    ['limit=2', 0, 2],
    ['limit=3', 0, 3],
    ['limit=4', 0, 3],
    ['limit=-1', 0, 3],
    ['limit=-1&skip=3', 3, 3],
    ['limit=0', 0, 0],
  ])('cuts the limit of every list to it, and says so: ?%s', async (query, skip, limit) => {
    const { admin, emulator } = await start({ settings: { listMaximum: 3 } })
    const domain = emulator.domain('root')
    for (const key of ['k1', 'k2', 'k3', 'k4']) {
      await domain.jobs.create({ family: 'aws.bulkjob', request: { keys: [key], operation: 'enablekey' } })
      await domain.resources.add({ kind: 'aws.key', record: { id: key } })
    }
    const total = 4
    for (const [path, count] of [
      [AWS, total],
      ['/cckm/aws/keys', total],
      [AZURE, 0],
      ['/cckm/azure/secrets', 0],
    ] as const) {
      const { page } = await admin.get(`${path}?${query}`)
      const shown = Math.min(limit, Math.max(0, count - skip))
      expect([path, page.skip, page.limit, page.total, page.resources.length]).toEqual([
        path,
        skip,
        limit,
        count,
        shown,
      ])
    }
    for (const path of [TOKENS, '/auth/self/domains'])
      expect((await admin.get(`${path}?${query}`)).page.limit).toBe(limit)
  })

  it('is a setting of each domain, none unless given', async () => {
    const { admin, emulator } = await start()
    const domain = emulator.domain('root')
    const limitOf = async () => (await admin.get(`${AWS}?limit=-1`)).page.limit
    expect([(await domain.settings()).listMaximum, await limitOf()]).toEqual(['none', -1])
    await domain.settings({ listMaximum: 100 })
    expect(await limitOf()).toBe(100)
    await domain.settings({ listMaximum: 'none' })
    expect(await limitOf()).toBe(-1)
    for (const wrong of [0, -1, 1.5, '5', null])
      await expect(domain.settings({ listMaximum: wrong as never })).rejects.toMatchObject({ status: 400 })
  })
})
