import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const stub = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Runs the command on this Node, which calls itself another version. */
function runAs(version: string, ...args: string[]) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`
  return spawnSync(process.execPath, ['--import', preload, stub, ...args], { encoding: 'utf8' })
}

it.each(['12.22.12', '18.20.8', '20.20.2', '22.11.0'])('ends with one line on Node %s', (version) => {
  const { status, stdout, stderr } = runAs(version)
  expect(stderr).toBe(`cckm-emulator needs Node 22.12 or newer, and this is Node ${version}\n`)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})

it.each(['22.12.0', '24.0.0', '26.1.0'])('goes on to the command on Node %s', (version) => {
  const { status, stdout } = runAs(version, '--help')
  expect(stdout).toContain('cckm-emulator')
  expect(status).toBe(0)
})
