import axios from 'axios'
import { expect, it } from 'vitest'
import { openCckm } from '../src/testing/cckm-test.ts'

it('axios signs in at the handle of a test, and lists jobs', async () => {
  const { cckm, end } = await openCckm({ name: 'axios', file: import.meta.filename })
  const credentials = { grant_type: 'password', ...cckm.credentials }
  const { data } = await axios.post<{ jwt: string }>(`${cckm.url}/api/v1/auth/tokens`, credentials)
  const headers = { authorization: `Bearer ${data.jwt}` }
  const { status } = await axios.get(`${cckm.url}/api/v1/cckm/azure/bulkjobs`, { headers })
  expect(status).toBe(200)
  await end()
})
