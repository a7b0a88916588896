import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { NOW } from '../support/world.ts'
import { folderOf, problemsOf } from './folder.ts'

const key = (more: object) => JSON.stringify({ kind: 'aws.key', ...more })
const job = JSON.stringify({ family: 'aws.bulkjob', request: { keys: ['k1'], operation: 'disablekey' } })

async function startWith(...lines: string[]) {
  const folder = folderOf({ 'a.ndjson': `${lines.join('\n')}\n` })
  const start = () =>
    createEmulator({ clock: `frozen@${NOW}`, seed: join(folder, 'a.ndjson'), settings: { inventory: 'strict' } })
  return { folder, start }
}

it('reads resources and jobs of a file with one a line, in any order', async () => {
  const { start } = await startWith(
    '{"domain":"*"}',
    job,
    key({ record: { id: 'k1', kms: 'kms' } }),
    key({ count: 2, record: { kms: 'kms', aws_param: { Alias: ['many'] } } }),
    '{"kind":"aws.kms","record":{"name":"kms","regions":["eu-west-1"]}}',
  )
  await using emulator = await start()
  const { resources, clock } = emulator.domain('root')
  const { total, resources: all } = await resources.list({ kind: 'aws.key' })
  expect([total, all.map(({ record }) => record.region)]).toEqual([3, ['eu-west-1', 'eu-west-1', 'eu-west-1']])
  await clock.advance('1h')
  expect((await resources.get('k1')).record.aws_param).toMatchObject({ KeyState: 'Disabled' })
})

it.each([
  [[key({ record: { id: 'k1' } }), key({ record: { id: 'k1' } })], 'a.ndjson:2: there is a resource k1'],
  [['{"kind":"azure.key-backup","of":"nothing"}'], 'a.ndjson:1: /of: there is no azure.key nothing'],
  [['{"kind":"aws.key","of":"k"}'], 'a.ndjson:1: /of: a resource of the kind aws.key belongs to no other'],
  [['{"kind":"aws.key","record":{"region":1}}'], 'a.ndjson:1: /record/region: must be string'],
])('names the line of what is wrong with %j', async (lines, problem) => {
  const { folder, start } = await startWith(...lines)
  expect((await problemsOf(folder, start)).join()).toContain(problem)
})
