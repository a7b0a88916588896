import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { filesByProject, projectOf } from './support/projects.ts'

const root = new URL('..', import.meta.url).pathname

/** Files with tests that may take longer than their project's limit. Each names `PATIENTLY` or its own timeout. */
const MAX_PATIENT_FILES = 26

it.each([
  ['unit', { 'a.test.ts': `import { jobAt } from '../src/simulator/job-at.ts'` }],
  ['api', { 'a.test.ts': `import { createEmulator } from '../src/index.ts'` }],
  [
    'api',
    { 'a.test.ts': `import {\n  openWorld,\n} from './world.ts'`, 'world.ts': `import x from '../src/index.ts'` },
  ],
  [
    'process',
    { 'a.test.ts': `import { run } from './run.ts'`, 'run.ts': `import { spawn } from 'node:child_process'` },
  ],
  ['process', { 'a.test.ts': `import { test } from '../src/testing/vitest.ts'` }],
] as const)('assigns a test file to %s by its imports', (project, files) => {
  const folder = mkdtempSync(join(tmpdir(), 'projects-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(join('test', name))), { recursive: true })
    writeFileSync(join(folder, 'test', name), text)
  }
  expect(projectOf(folder, 'test/a.test.ts')).toBe(project)
})

it('lists at most 26 files with tests that may take longer than their limit', () => {
  const patient = Object.values(filesByProject(root))
    .flat()
    .filter((file) => /PATIENTLY|timeout: [\d_]{5,}/.test(readFileSync(join(root, file), 'utf8')))
  expect(patient.length).toBeLessThanOrEqual(MAX_PATIENT_FILES)
})
