// The Ansible example that tests a playbook: its exit code, what it prints, and the trace of a failed test.

import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../cli/run-cli.ts'
import { example, missing } from './serve.ts'

/** Extra variables of the runs, which share an emulator and run in parallel. */
const RUNS = {
  passed: {},
  failed: { scenario: { extends: 'failure', after: '0s' } },
  // Of a playbook without tasks, which is the fastest.
  unused: { playbook: '../../empty.yml', expected: {}, faults: [{ on: { operation: 'azure.*' }, do: { lose: true } }] },
}

const SCRIPT = `
run() { ansible-playbook testing/ansible/test.yml -e @"$1.json" >"$1" 2>&1; echo "exit code $?" >>"$1"; }
for name; do run "$name" & done
wait`

it('is the test that the guide shows', () => {
  const guide = readFileSync(new URL('../../docs/guides/ansible.md', import.meta.url), 'utf8')
  expect(guide).toContain(`\`\`\`yaml\n${readFileSync(example('../testing/ansible/test.yml'), 'utf8')}\`\`\``)
})

it.skipIf(missing('ansible-playbook').length > 0)(
  'passes a playbook that polls to the end, and fails one that fails or leaves a fault unused',
  async () => {
    const folder = temporaryFolder()
    const path = (name: string) => join(folder, name)
    cpSync(example('..'), folder, { recursive: true })
    writeFileSync(path('empty.yml'), '- hosts: localhost\n  gather_facts: false\n')
    for (const [test, variables] of Object.entries(RUNS))
      writeFileSync(path(`${test}.json`), JSON.stringify({ test, ...variables }))
    const command = ['sh', '-c', `cd '${folder}'${SCRIPT}`, 'sh', ...Object.keys(RUNS)]
    const env = { ANSIBLE_NOCOLOR: '1', ANSIBLE_PIPELINING: '1' }
    const { code, stderr } = await runCli(['exec', '--seed', 'none', '--sleep', 'virtual', '--', ...command], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })

    const output = (name: keyof typeof RUNS) => readFileSync(path(name), 'utf8')
    const trace = (name: keyof typeof RUNS) => path(`testing/ansible/.cckm-emulator/${name}.html`)
    expect(output('passed')).toMatch(/failed=0 [^]*exit code 0\n$/)
    expect(existsSync(trace('passed'))).toBe(false)

    // 2 is Ansible's exit code for a failed host.
    expect(output('failed')).toMatch(/error: .*k1[^]*domain failed[^]*-> 200 error[^]*failed=1 [^]*exit code 2\n$/)
    expect(readFileSync(trace('failed'), 'utf8')).toContain('Trace of domain <code>failed</code>')

    expect(output('unused')).toMatch(/Find no problems\][^]*never hit: 0 calls matched it[^]*exit code 2\n$/)
    expect(output('unused')).toContain(`trace: ${trace('unused')}`)
    expect(existsSync(trace('unused'))).toBe(true)
  },
)
