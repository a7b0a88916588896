// Runs the Python examples of the documentation in pytest, with an emulator that `exec` starts. Without pytest it calls
// their tests one by one.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Block } from './markdown.ts'

/** The time limit of an example, long enough for a busy machine. */
export const MAX_MS = 180_000

const CALL_TESTS = `
import runpy, sys
tests = [test for name, test in runpy.run_path(sys.argv[1]).items() if name.startswith("test_")]
for test in tests: test()
sys.exit(0 if tests else "no tests")
`

const python = (...args: string[]): boolean => spawnSync('python3', args).status === 0

/** The blocks that fail, each with its output. */
export function runPython(root: string, blocks: readonly Block[]): { block: Block; problem: string }[] {
  if (blocks.length === 0) return []
  const hasPytest = python('-m', 'pytest', '--version')
  const runner = hasPytest
    ? ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'pytest_cckm_emulator']
    : ['-c', CALL_TESTS]
  // A fixture needs pytest.
  const runnable = hasPytest ? blocks : blocks.filter(({ code }) => !code.includes('(cckm)'))
  return runnable.flatMap((block) => {
    const folder = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
    const file = join(folder, 'test_example.py')
    writeFileSync(file, block.code)
    const command = [join(root, 'src/cli.ts'), 'exec', '--', 'python3', ...runner, file]
    const env = { ...process.env, PYTHONPATH: join(root, 'clients/python') }
    const run = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', timeout: MAX_MS, env })
    rmSync(folder, { recursive: true, force: true })
    const problem = `exit ${run.status ?? run.signal}\n${run.stdout}\n${run.stderr}`
    return run.status === 0 ? [] : [{ block, problem }]
  })
}
