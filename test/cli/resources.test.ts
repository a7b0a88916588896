// The commands for the inventory, run in this process against a running emulator over a real socket.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { callMain } from './call-main.ts'

let emulator: Emulator
let url: string

beforeAll(async () => {
  emulator = await createEmulator({ clock: 'frozen@2026-01-01T00:00:00Z', seed: 'none' })
  url = (await emulator.listen()).url
})
afterAll(() => emulator.close())

/** Runs `resources` in a domain of its own name. */
async function resources(domain: string, ...args: string[]) {
  await emulator.domain(domain).access()
  return callMain(['resources', ...args, '--url', url, '--domain', domain])
}

it('adds resources, lists them with their names and states, and removes them', async () => {
  const run = (...args: string[]) => resources('listed', ...args)
  const record = { id: 'k1', aws_param: { Alias: ['alias/demo'], KeyState: 'Disabled' } }
  expect(await run('ls')).toMatchObject({ code: 0, stdout: 'no resources\n' })
  expect(await run('add', 'aws.key', JSON.stringify(record))).toMatchObject({ stdout: 'aws.key k1 is there\n' })
  expect((await run('ls', '--kind', 'aws.key')).stdout.split('\n').map((line) => line.split(/\s+/))).toEqual([
    ['ID', 'KIND', 'NAME', 'STATE'],
    ['k1', 'aws.key', 'alias/demo', 'Disabled'],
    [''],
  ])
  await run('add', 'azure.key', '{"id":"a1"}')
  expect(await run('add', 'azure.key-backup', '{"id":"b1"}', '--of', 'a1')).toMatchObject({ code: 0 })
  expect((await run('ls', '--limit', '1')).stdout).toMatch(/1 of \d+ resources; the next with --skip 1\n$/)
  expect(JSON.parse((await run('ls', '--kind', 'azure.key-backup', '--json')).stdout)).toMatchObject({ total: 1 })
  expect(await run('rm', 'k1')).toMatchObject({ stdout: 'k1 is no longer there\n' })
  expect(await run('get', 'k1')).toMatchObject({ code: 1, stdout: '' })
})

it('shows a resource, and what changed it', async () => {
  const run = (...args: string[]) => resources('shown', ...args)
  await run('add', 'aws.key', '{"id":"k1"}')
  const { stdout } = await run('get', 'k1')
  expect(stdout).toMatch(/^kind +aws\.key\nid +k1\n/)
  expect(stdout).toMatch(/changes\n {2}2026-01-01T00:00:00Z +created +request \S+\n$/)
})

it.each([
  [['ls', '--kind', 'aws.keys'], 2, '--kind: "aws.keys" is none of'],
  [['get'], 2, "missing required argument 'id'"],
  [['get', 'nobody'], 1, 'there is no resource nobody in the domain refused'],
  [['rm', 'nobody'], 1, 'there is no resource nobody in the domain refused'],
  [['add', 'aws.key', 'k1'], 2, 'record: is no JSON object'],
  [['add', 'aws.keys'], 2, 'must be one of connection'],
])('refuses %j', async (args, code, message) => {
  const outcome = await resources('refused', ...args)
  expect(outcome).toMatchObject({ code, stdout: '' })
  expect(outcome.stderr).toContain(message)
})
