import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AWS, AZURE, SHIPPED_SEEDS, start, type Client, type WireJob } from '../support/emulator.ts'

/** The shipped AWS jobs, sorted. */
async function sorted(sort: string): Promise<readonly WireJob[]> {
  const { admin } = await start({ seed: SHIPPED_SEEDS })
  const { page } = await admin.get(`${AWS}?sort=${sort}`)
  expect(page.resources).toHaveLength(3)
  return page.resources
}

describe('sorting', () => {
  it.each(['id', 'createdAt', 'updatedAt', 'overall_status', 'cloud', 'operation'] as const)(
    'by %s goes up, and with - down',
    async (field) => {
      const up = (await sorted(field)).map((job) => job[field])
      expect(up).toEqual([...up].sort())
      const down = (await sorted(`-${field}`)).map((job) => job[field])
      expect(down).toEqual([...down].sort().reverse())
    },
  )

  it('by completed_at has the jobs that are not completed first going up, last going down', async () => {
    const up = (await sorted('completed_at')).map((job) => job.completed_at)
    expect(up[0]).toBeUndefined()
    expect(up.slice(1)).toEqual(up.slice(1).sort())
    expect((await sorted('-completed_at')).map((job) => job.completed_at).reverse()).toEqual(up)
  })

  it('by several properties takes the first, and the next where that is equal', async () => {
    const jobs = await sorted('overall_status,-createdAt')
    expect(jobs.map((job) => job.overall_status)).toEqual(['completed', 'completed', 'in_progress'])
    expect(jobs[0]!.createdAt > jobs[1]!.createdAt).toBe(true)
    const other = await sorted('overall_status&sort=createdAt')
    expect(other[0]!.createdAt < other[1]!.createdAt).toBe(true)
  })

  it('has jobs that are equal in it in the order of their creation', async () => {
    const { admin } = await start()
    const made = []
    for (const key of ['c', 'a', 'b'])
      made.push((await admin.post(AWS, { operation: 'enablekey', keys: [key] })).job.id)
    for (const sort of ['createdAt', '-createdAt', '-cloud', 'operation,-overall_status'])
      expect((await admin.get(`${AWS}?sort=${sort}`)).ids).toEqual(made)
  })

  it('takes what Ansible sends, unescaped', async () => {
    const { admin } = await start({ seed: SHIPPED_SEEDS })
    const { status, page } = await admin.get(`${AZURE}?overall_status=completed&skip=0&limit=5&sort=-createdAt`)
    expect([status, page.total, page.limit]).toEqual([200, 1, 5])
  })
})

describe('compression', () => {
  const LONG = ['x'.repeat(300)]

  /** A list of more than 4 KiB. */
  async function longList(encoding: string): Promise<Awaited<ReturnType<Client['get']>>> {
    const { admin } = await start()
    for (let index = 0; index < 9; index += 1) await admin.post(AWS, { operation: 'enablekey', keys: LONG })
    return admin.get(AWS, encoding === '' ? {} : { 'accept-encoding': encoding })
  }

  it.each([
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['br', 'br'],
    ['gzip;q=0, br', 'br'],
  ])('of a long list happens when a client accepts %s', async (accepted, encoding) => {
    const { headers, bytes } = await longList(accepted)
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding'])
    expect(headers['content-length']).toBe(String(bytes.length))
    const plain = encoding === 'gzip' ? gunzipSync(bytes) : brotliDecompressSync(bytes)
    expect(JSON.parse(plain.toString())).toMatchObject({ total: 9 })
    expect(bytes.length).toBeLessThan(plain.length / 2)
  })

  it.each(['', 'identity', 'gzip;q=0', 'deflate', 'zstd'])('does not happen for %j', async (accepted) => {
    const { headers, page } = await longList(accepted)
    expect(headers).not.toHaveProperty('content-encoding')
    expect(page.total).toBe(9)
  })

  it('does not happen to a short list', async () => {
    const { admin } = await start()
    const { headers, page } = await admin.get(AWS, { 'accept-encoding': 'gzip' })
    expect(headers).not.toHaveProperty('content-encoding')
    expect(page.total).toBe(0)
  })
})
