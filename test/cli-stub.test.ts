import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const stub = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Runs the command on this Node, which reports another version and native interface. */
function runAs(node: string, napi: string, ...args: string[]) {
  const versions = JSON.stringify({ ...process.versions, node, napi })
  const preload = `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${encodeURIComponent(versions)} })`
  return spawnSync(process.execPath, ['--import', preload, stub, ...args], { encoding: 'utf8' })
}

it.each([
  ['12.22.12', '8'],
  ['20.20.2', '9'],
  ['22.13.1', '9'],
  ['23.5.0', '9'],
])('exits with one line on Node %s', (version, napi) => {
  const { status, stdout, stderr } = runAs(version, napi)
  expect(stderr).toBe(`cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node ${version}\n`)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})

it.each([
  ['22.14.0', '10'],
  ['40.0.0', '12'],
])('runs the command on Node %s', (version, napi) => {
  const { status, stdout } = runAs(version, napi, '--help')
  expect(stdout).toContain('cckm-emulator')
  expect(status).toBe(0)
})

it.each([
  ['index.ts', 'createEmulator()'],
  ['index.ts', "connect('http://127.0.0.1:7443').info()"],
  ['testing/cckm-test.ts', "openCckm({ name: 'a' })"],
  ['testing/vitest-global-setup.ts', 'setup()'],
  ['testing/vitest.ts', ''],
])('refuses an old Node in the library with the same line: %s, %s', (file, call) => {
  const name = call.replace(/\(.*/, '')
  const door = fileURLToPath(new URL(`../src/${file}`, import.meta.url))
  const versions = JSON.stringify({ ...process.versions, node: '20.20.2', napi: '9' })
  const code = `Object.defineProperty(process, 'versions', { value: ${versions} })
    try {
      const { ${name} } = await import(${JSON.stringify(door)})
      await ${call === '' ? 'undefined' : call}
    } catch (error) {
      console.log(error.name + ': ' + error.message)
    }`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(stdout, stderr).toBe(
    'StartError: cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node 20.20.2\n',
  )
})
