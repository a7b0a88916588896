// The pytest plugin of clients/python: installed by pip without a network, it starts the emulator and ends each test.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { MAX_MS } from './support/run-python.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const PLUGIN = join(root, 'clients/python')

const python = (args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) =>
  spawnSync('python3', args, { cwd, encoding: 'utf8', timeout: MAX_MS, env: { ...process.env, ...env } })

const hasTools = ['pytest', 'pip'].every((module) => python(['-m', module, '--version'], root).status === 0)

const TESTS = `
import json, urllib.request as web
import pytest

def create(cckm):
    headers = {"Authorization": f"Bearer {cckm.env['CCKM_EMULATOR_TOKEN']}", "Content-Type": "application/json"}
    data = json.dumps({"keys": ["k1"], "operation": "enablekey"}).encode()
    return json.load(web.urlopen(web.Request(f"{cckm.url}/api/v1/cckm/aws/bulkjob", data, headers)))

def test_good(cckm):
    cckm.next_job("failure", operation="enablekey")
    create(cckm)
    assert cckm.advance("5s")[-1]["to"] == "error"
    assert [each["status"] for each in cckm.requests(operation="aws.*")] == [201]
    assert cckm.jobs()[0]["job"]["overall_status"] == "error"

def test_unused_rule(cckm):
    cckm.next_job("stuck")

def test_allowed(cckm):
    cckm.next_job("stuck")
    cckm.allow("unused")

def test_red(cckm):
    create(cckm)
    assert "a" == "b"

@pytest.mark.cckm(fail_on=["open-jobs"], scenario="stuck", clock="frozen")
def test_left_open(cckm):
    create(cckm)

@pytest.mark.cckm("stuck")
def test_unnamed_option(cckm):
    pass

def test_refused(cckm):
    cckm.fault({"respond": {"status": 1}})

def test_ended_by_itself(cckm):
    cckm.call("DELETE", "")
`

it.skipIf(!hasTools)('gives each test a domain, and fails it for what its assertions do not see', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-pytest-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const site = join(folder, 'site')
  const install = python(['-m', 'pip', 'install', '--no-index', '--no-deps', '--target', site, PLUGIN], folder)
  expect(install.status, install.stderr).toBe(0)
  writeFileSync(join(folder, 'test_client.py'), TESTS)
  const pytest = (env: Readonly<Record<string, string>>) =>
    python(['-m', 'pytest', '-p', 'no:cacheprovider', '-rA', '--tb=short'], folder, { PYTHONPATH: site, ...env })
  const { stdout, stderr } = pytest({ CCKM_EMULATOR_BIN: `'${process.execPath}' '${join(root, 'src/cli.ts')}'` })
  const outcomes = [...stdout.matchAll(/^(PASSED|FAILED|ERROR) test_client.py::(\w+)/gm)].map(
    ([, how, name]) => `${how} ${name}`,
  )
  expect(outcomes.sort(), stdout + stderr).toEqual([
    'ERROR test_left_open',
    'ERROR test_unnamed_option',
    'ERROR test_unused_rule',
    'FAILED test_red',
    'FAILED test_refused',
    ...['allowed', 'ended_by_itself', 'good', 'left_open', 'unused_rule'].map((name) => `PASSED test_${name}`),
  ])
  expect(stdout).toContain('No job matched the rule "stuck": no job was created')
  expect(stdout).toMatch(/A job of the client has not ended.*\n  aws.bulkjob [\w-]+: in_progress/)
  expect(stdout).toMatch(/Captured cckm-emulator teardown[^]*running jobs:/)
  expect(stdout).toContain('@pytest.mark.cckm takes named options')
  expect(stdout).toMatch(/CckmError: 400: \/do\/respond\/status/)
  const [, trace = ''] = /trace: (.*test_red.html)/.exec(stdout) ?? []
  expect(readFileSync(trace, 'utf8')).toContain('test_client.py::test_red')
  expect(pytest({ CCKM_EMULATOR_BIN: 'no-such-command' }).stdout).toContain(
    'CCKM_EMULATOR_BIN: cannot start no-such-command',
  )
})

it('has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(readFileSync(join(PLUGIN, 'pyproject.toml'), 'utf8')).toContain(`\nversion = "${version}"\n`)
})
