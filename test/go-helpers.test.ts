// The Go file of examples/testing/go, in a module of its own. Skipped where there is no Go.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const hasGo = spawnSync('go', ['version']).status === 0

const TESTS = `package cckmtest

import (
	"net/http"
	"strings"
	"testing"
)

func create(t *testing.T, cckm *Cckm) {
	body := strings.NewReader(\`{"keys":["k1"],"operation":"enablekey"}\`)
	request, _ := http.NewRequest("POST", cckm.URL+"/api/v1/cckm/aws/bulkjob", body)
	request.Header.Set("Authorization", "Bearer "+cckm.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 201 {
		t.Fatal(response, err)
	}
	response.Body.Close()
}

func TestGood(t *testing.T) {
	cckm := New(t)
	cckm.NextJob("failure")
	create(t, cckm)
	cckm.Advance("5s")
	if n := cckm.Requests("aws.*"); n != 1 {
		t.Error(n)
	}
}

func TestUnusedFault(t *testing.T) {
	New(t).Fault(Object{"operation": "azure.*"}, Object{"lose": true})
}

func TestAllowed(t *testing.T) {
	cckm := New(t)
	cckm.NextJob("stuck")
	cckm.Allow("unused")
}

func TestRed(t *testing.T) {
	create(t, New(t, Options{"scenario": "stuck", "settings": map[string]any{"failureWord": "failed"}}))
	t.Error("red")
}

func TestLeftOpen(t *testing.T) {
	create(t, New(t, Options{"scenario": "stuck", "failOn": []string{"open-jobs"}}))
}
`

/** Of another package, which `go test` runs at the same time. */
const OTHER_TESTS = `package other

import (
	"cckmtest"
	"testing"
)

func TestRed(t *testing.T) {
	cckmtest.New(t)
	t.Error("red")
}
`

it.skipIf(!hasGo)('gives each Go test a domain, and fails it for what its assertions do not see', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-go-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, 'examples/testing/go/cckmtest.go'), join(folder, 'cckmtest.go'))
  writeFileSync(join(folder, 'cckmtest_test.go'), TESTS)
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'other/other_test.go'), OTHER_TESTS)
  writeFileSync(join(folder, 'go.mod'), 'module cckmtest\n\ngo 1.18\n')
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: join(folder, 'cache'), HOME: folder }
  const command = [join(root, 'src/cli.ts'), 'exec', '--', 'go', 'test', '-v', './...']
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', env })
  const outcomes = [...stdout.matchAll(/^--- (PASS|FAIL): (\w+)/gm)].map(([, how, name]) => `${how} ${name}`)
  expect(outcomes, stdout + stderr).toEqual([
    'PASS TestGood',
    'FAIL TestUnusedFault',
    'PASS TestAllowed',
    'FAIL TestRed',
    'FAIL TestLeftOpen',
    'FAIL TestRed',
  ])
  const domains = [...stdout.matchAll(/domain ([\w-]+) of TestRed/g)].map(([, domain]) => domain)
  expect(new Set(domains).size).toBe(2)
  expect(stdout).toContain('never hit: 0 calls matched it')
  expect(stdout).toMatch(/cckm-emulator, domain [\w-]+ of TestRed\n +running jobs:/)
  expect(stdout).toMatch(/A job of the client has not ended[^]*trace: .cckm-emulator\/TestLeftOpen.html/)
})
