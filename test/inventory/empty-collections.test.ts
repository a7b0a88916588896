// Lists of which nothing is emulated, and what comes next.

import { beforeAll, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/wire/operations.ts'
import { createEmulator, type Emulator } from '../../src/index.ts'

let emulator: Emulator
let authorization: string
beforeAll(async () => {
  emulator = await createEmulator({ seed: 'none' })
  authorization = `Bearer ${await emulator.token()}`
  return () => emulator.close()
})

const send = (method: 'GET' | 'POST', path: string) =>
  emulator.inject({ method, url: `/api/v1${path}`, headers: { authorization } })

const lists = OPERATIONS.filter(({ collection }) => collection === 'list').map(({ path }) => path)

it.each(lists)('%s is an empty page, whatever the query, with a slash before it or not', async (path) => {
  expect((await send('GET', path)).json()).toEqual({ skip: 0, limit: 10, total: 0, resources: [] })
  expect((await send('GET', `${path}/?skip=0&limit=-1&name=x&sort=-createdAt`)).json()).toEqual({
    ...{ skip: 0, limit: -1, total: 0, resources: [] },
  })
  expect((await send('GET', `${path}/of-nobody`)).statusCode).toBe(404)
})

it.each([
  ['POST', '/cckm/azure/secrets'],
  ['POST', '/cckm/google/keys'],
  ['POST', '/cckm/aws/keys/x/rotate'],
  ['POST', '/cckm/aws/keys/x/replicate-key'],
  ['POST', '/cckm/aws/keys/x/import-material'],
  ['POST', '/cckm/aws/keys/x/enable-rotation-job'],
  ['POST', '/cckm/aws/upload-key'],
  ['POST', '/cckm/aws/create-hyok-key'],
  ['POST', '/cckm/aws/get-iam-users'],
  ['POST', '/cckm/aws/get-log-groups'],
  ['GET', '/cckm/aws/keys/x/rotations'],
  ['GET', '/cckm/aws/key-templates'],
  ['POST', '/cckm/azure/upload-key'],
  ['POST', '/cckm/azure/keys/x/enable-rotation-job'],
  ['GET', '/cckm/azure/keys/x/download-public-key'],
] as const)('%s %s is 501: it comes next', async (method, path) => {
  expect((await send(method, path)).statusCode).toBe(501)
})
