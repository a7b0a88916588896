// The README's first test, from the sources.

import { beforeAll } from 'vitest'
import { deleteBackups } from '../../examples/testing/delete-backups.ts'
import { testServer } from '../../src/testing/server.ts'
import { expect, test } from '../../src/testing/vitest.ts'

// A start from the sources is slow, and should not count for the test.
beforeAll(async () => {
  await testServer()
}, 120_000)

test('renews its token in mid-poll and names the key that failed', async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'partial-failure' })
  await cckm.fault({ on: { operation: 'azure.bulkjobs.get', nth: 2 }, do: { token: 'expire' } })
  const result = await deleteBackups({ baseUrl: cckm.url, ...cckm.credentials })
  expect(result.failed).toHaveLength(1)
  expect((await cckm.requests({ operation: 'auth.tokens.create' })).length).toBeGreaterThan(1)
  await expect(cckm).toHavePolledPolitely()
})
