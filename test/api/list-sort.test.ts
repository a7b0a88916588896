import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AWS, AZURE, SHIPPED_SEEDS, TOKENS, refusal, start, type Caller, type WireJob } from '../support/world.ts'

/** The shipped AWS jobs, sorted. */
async function sorted(sort: string): Promise<readonly WireJob[]> {
  const { admin } = await start({ seed: SHIPPED_SEEDS })
  const { page } = await admin.get(`${AWS}?sort=${sort}`)
  expect(page.resources).toHaveLength(3)
  return page.resources
}

describe('sorting', () => {
  it.each(['id', 'createdAt', 'updatedAt', 'overall_status', 'cloud', 'operation'] as const)(
    'sorts by %s ascending, and descending with -',
    async (field) => {
      const up = (await sorted(field)).map((job) => job[field])
      expect(up).toEqual([...up].sort())
      const down = (await sorted(`-${field}`)).map((job) => job[field])
      expect(down).toEqual([...down].sort().reverse())
    },
  )

  it('sorts jobs without completed_at first ascending, last descending', async () => {
    const up = (await sorted('completed_at')).map((job) => job.completed_at)
    expect(up[0]).toBeUndefined()
    expect(up.slice(1)).toEqual(up.slice(1).sort())
    expect((await sorted('-completed_at')).map((job) => job.completed_at).reverse()).toEqual(up)
  })

  it('sorts by several properties in their order', async () => {
    const jobs = await sorted('overall_status,-createdAt')
    expect(jobs.map((job) => job.overall_status)).toEqual(['completed', 'completed', 'in_progress'])
    expect(jobs[0]!.createdAt > jobs[1]!.createdAt).toBe(true)
    const other = await sorted('overall_status&sort=createdAt')
    expect(other[0]!.createdAt < other[1]!.createdAt).toBe(true)
  })

  it('keeps the order of creation among equal jobs', async () => {
    const { admin } = await start()
    const made = []
    for (const key of ['c', 'a', 'b'])
      made.push((await admin.post(AWS, { operation: 'enablekey', keys: [key] })).job.id)
    for (const sort of ['createdAt', '-createdAt', '-cloud', 'operation,-overall_status'])
      expect((await admin.get(`${AWS}?sort=${sort}`)).ids).toEqual(made)
  })

  it('accepts the sort query that Ansible sends unescaped', async () => {
    const { admin } = await start({ seed: SHIPPED_SEEDS })
    const { status, page } = await admin.get(`${AZURE}?overall_status=completed&skip=0&limit=5&sort=-createdAt`)
    expect([status, page.total, page.limit]).toEqual([200, 1, 5])
  })
})

describe('compression', () => {
  const LONG = ['x'.repeat(300)]

  /** A list of more than 4 KiB. */
  async function longList(encoding: string): Promise<Awaited<ReturnType<Caller['get']>>> {
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
    ['gzip;q=0, *', 'br'],
    ['br;q=1, gzip;q=0.1', 'br'],
    ['br;q=0.5 , gzip ; q=0.501', 'gzip'],
    ['br;q=0.8, gzip;q=0.8', 'gzip'],
    ['*;q=0.5, gzip;q=0.2', 'br'],
    ['*;q=0, BR ;Q=0.001', 'br'],
    ['x-gzip', 'gzip'],
    ['gzip;q=nonsense, br;q=0.1', 'br'],
    ['gzip;level=9;q=0.4, br;q=0.3', 'gzip'],
    ['identity;q=0.5, gzip;q=1.000', 'gzip'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    [',, ,br,', 'br'],
  ])('compresses a long list for a client that accepts %s', async (accepted, encoding) => {
    const { headers, bytes } = await longList(accepted)
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding'])
    expect(headers['content-length']).toBe(String(bytes.length))
    const plain = encoding === 'gzip' ? gunzipSync(bytes) : brotliDecompressSync(bytes)
    expect(JSON.parse(plain.toString())).toMatchObject({ total: 9 })
    expect(bytes.length).toBeLessThan(plain.length / 2)
  })

  it.each([
    ...['', 'identity', 'gzip;q=0', 'deflate', 'zstd', 'gzip;q=0.000', '*;q=0', 'gzip;q=0, br;q=0, *', 'identity;q=0'],
    ...[
      'identity, gzip;q=0.9',
      'identity;q=0.5, *;q=0.1',
      'gzip;q=2',
      'gzip;q=-1',
      'gzip;q=',
      'gzip;q=0.1234',
      ';q=1',
      ',',
    ],
  ])('does not compress a list for %j', async (accepted) => {
    const { headers, page } = await longList(accepted)
    expect(headers).not.toHaveProperty('content-encoding')
    expect(page.total).toBe(9)
  })

  it('does not compress a short list', async () => {
    const { admin } = await start()
    const { headers, page } = await admin.get(AWS, { 'accept-encoding': 'gzip' })
    expect(headers).not.toHaveProperty('content-encoding')
    expect(page.total).toBe(0)
  })
})

describe('a query that repeats a value thousands of times', () => {
  const DOMAIN = '/__admin/domains/root'

  /** The query with this value repeated so many times, in one list and as so many keys. */
  const manyTimes = (key: string, value: string, times: number): string[] => [
    `${key}=${Array.from({ length: times }, () => value).join(',')}`,
    Array.from({ length: times }, () => `${key}=${value}`).join('&'),
  ]

  it.each([1999, 2000, 10_000])('sorts by the first occurrence of each property: %d', async (times) => {
    const { admin, emulator } = await start()
    for (const key of ['b', 'c', 'a']) await admin.post(AWS, { operation: 'enablekey', keys: [key] })
    const ids = (await admin.get(`${AWS}?sort=-id`)).ids
    for (const more of manyTimes('sort', 'updatedAt', times)) {
      expect((await admin.get(`${AWS}?sort=-id&sort=id&${more}`)).ids).toEqual(ids)
      const control = await emulator.inject(`${DOMAIN}/jobs?sort=-id,id&${more}`)
      expect(control.json<{ jobs: { id: string }[] }>().jobs.map(({ id }) => id)).toEqual(ids)
    }
  })

  it('names at most ten unknown properties, each shortened to one line', async () => {
    const { admin } = await start()
    const words = Array.from({ length: 2000 }, (_none, index) => `w${index}`).join(',')
    const message = refusal(await admin.get(`${AWS}?sort=${words},${'x'.repeat(9000)}`), 400)
    expect(message.split('\n')).toHaveLength(11)
    for (const key of ['limit', 'skip', 'sort']) {
      const long = refusal(await admin.get(`${AWS}?${key}=${'x'.repeat(9000)}`), 400)
      expect(long.length).toBeLessThan(400)
    }
  })

  it.each(['id', 'overall_status', 'cloud', 'cloud_name', 'operation', 'labels', 'user_id', 'nobody'])(
    'filters every list by any of %s',
    async (key) => {
      const { admin, emulator } = await start()
      for (const [path, query] of [AWS, AZURE, TOKENS, '/auth/self/domains'].flatMap((each) =>
        [...manyTimes(key, 'x', 2000), `${key}=${'x'.repeat(20_000)}`, `${key}=%ff&${key}=%00`].map(
          (one) => [each, one] as const,
        ),
      ))
        expect([path, (await admin.get(`${path}?${query}`)).status]).toEqual([path, 200])
      for (const query of manyTimes(key, 'x', 2000))
        expect((await emulator.inject(`${DOMAIN}/jobs?${query}`)).statusCode).toBeLessThan(500)
    },
  )

  it.each([
    '',
    '0',
    '-1',
    '-2',
    '1.5',
    '1e3',
    '0x1',
    ' 1',
    '+1',
    '999999999999999',
    '9'.repeat(30),
    'NaN',
    'Infinity',
    '１',
    '1&limit=2',
  ])('accepts or refuses the number %j in every list', async (number) => {
    const { admin, emulator } = await start()
    const value = number.includes('&') ? number : encodeURIComponent(number)
    for (const key of ['limit', 'skip'])
      for (const path of [AWS, AZURE, TOKENS, '/auth/self/domains'])
        expect([200, 400]).toContain((await admin.get(`${path}?${key}=${value}`)).status)
    for (const key of ['limit', 'skip'])
      for (const path of ['jobs', 'requests', 'transitions'])
        expect((await emulator.inject(`${DOMAIN}/${path}?${key}=${value}`)).statusCode).toBeLessThan(500)
  })
})
