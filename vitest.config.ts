import { defineConfig } from 'vitest/config'
import { filesByProject, PROJECTS, type Project } from './test/support/projects.ts'

// What is not covered in this process: the stub of the command and the thread of the fixture's calls run elsewhere, the
// container module in tools/, and what touches the DOM in a browser (test/browser).
const elsewhere = [
  'src/cli.ts',
  'src/transport-worker.ts',
  'src/testing/testcontainers.ts',
  'src/dashboard/api.ts',
  'src/dashboard/{form,use-*,world}.ts',
]
const most = { lines: 95, statements: 95, functions: 95, branches: 90 }

/** Bounds for a test that hangs, not measures. What needs longer says so beside the test (`PATIENTLY`). */
const BOUNDS_MS: Readonly<Record<Project, number>> = { unit: 60_000, api: 60_000, process: 120_000 }

const root = import.meta.dirname
const files = filesByProject(root)

export default defineConfig({
  test: {
    // Vitest leaves one core free; half of the time of these tests is spent waiting for processes, so none has to be.
    maxWorkers: '100%',
    projects: PROJECTS.map((name) => ({
      test: {
        name,
        root,
        include: [...files[name]],
        testTimeout: BOUNDS_MS[name],
        hookTimeout: BOUNDS_MS[name],
        expect: { poll: { timeout: BOUNDS_MS[name] } },
      },
    })),
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: elsewhere,
      reporter: ['text-summary', 'html', 'json-summary'],
      reportOnFailure: true,
      // Two disjoint sets, so that the simulator's full coverage does not lift the rest.
      thresholds: { 'src/simulator/**': { 100: true }, 'src/{*.ts,!(simulator)/**}': most },
    },
  },
})
