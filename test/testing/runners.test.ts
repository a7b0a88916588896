// cckmTest in other runners, each in a process of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { projectFolder } from './run-vitest.ts'

const CCKM_TEST = JSON.stringify(fileURLToPath(new URL('../../src/testing/cckm-test.ts', import.meta.url)))
const CLIENT = JSON.stringify(fileURLToPath(new URL('../../examples/testing/delete-backups.ts', import.meta.url)))

/** Runs a module, with the variables of no other runner. */
async function run(code: string) {
  const folder = projectFolder()
  const file = join(folder, 'test.mjs')
  writeFileSync(file, `import { cckmTest } from ${CCKM_TEST}\nimport { deleteBackups } from ${CLIENT}\n${code}`)
  const others = Object.entries(process.env).filter(([name]) => !/^(CCKM_|VITEST|NODE_)/.test(name))
  const child = spawn(process.execPath, [file], { cwd: folder, env: Object.fromEntries(others) })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { exitCode: child.exitCode, stdout, stderr }
}

/** Polls for ten minutes. */
const STUCK = `cckmTest(async (cckm) => {
  await cckm.nextJob({ scenario: 'stuck' })
  await deleteBackups({ baseUrl: cckm.url, ...cckm.credentials })
}, OPTIONS)`

describe('a test that exceeds its time', () => {
  it('prints the report and lets the process end in node:test', async () => {
    const { exitCode, stdout, stderr } = await run(`
      import { test } from 'node:test'
      await cckmTest(() => {}).call({ test: { title: 'starts the server' } })
      test('waits', { timeout: 4000 }, ${STUCK.replace('OPTIONS', '{}')})`)
    expect(stderr).toMatch(/cckm-emulator, domain \S+ of .* > waits\n[^]*in_progress/)
    expect(stdout).toContain('test timed out after 4000ms')
    expect(exitCode).toBe(1)
  })

  it('is known from mocha, and from the option', async () => {
    // What mocha does: its context is \`this\`, and it goes on when its time is up.
    const { stdout, stderr } = await run(`
      const contextOf = (title, timeout) => ({ test: { title, file: import.meta.filename }, timeout: () => timeout })
      const none = contextOf('has no time-out', 0)
      await ${STUCK.replace('OPTIONS', "{ timeout: '4s' }")}.call(none).catch((error) => console.log(error.message))
      const short = contextOf('has one', 4000)
      await ${STUCK.replace('OPTIONS', '{}')}.call(short).catch((error) => console.log(error.message))`)
    expect(stdout).toBe('the test did not end in time\nthe test did not end in time\n')
    expect(stderr.match(/cckm-emulator, domain /g)).toHaveLength(2)
  })

  it('does not affect one that ends before, and refuses what is no time', async () => {
    const { stdout, stderr } = await run(`
      const context = { test: { title: 'ends' }, timeout: () => 60_000 }
      await cckmTest(() => console.log('ran'), { timeout: 60_000 }).call(context)
      await cckmTest(() => console.log('ran'), { timeout: '30d' }).call({ test: context.test })
      for (const options of [{ timeout: '5' }, { failOn: '5xx' }])
        await cckmTest(() => {}, options).call(context).catch((error) => console.log(error.message))
      await cckmTest((cckm) => cckm.allow(null)).call(context).catch((error) => console.log(error.message))`)
    expect(stdout).toMatch(
      /^ran\nran\ntimeout: "5" is not a duration.*\nfailOn: "5xx" is not a list of kinds of failure, such as \['5xx'\]\nnull is not a kind of failure: .*filters/,
    )
    // The report of the test that failed.
    expect(stderr.match(/cckm-emulator, domain /g)).toHaveLength(1)
  })
})
