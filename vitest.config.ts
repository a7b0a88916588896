import { configDefaults, defineConfig } from 'vitest/config'

// What is not covered in this process: the stub of the command runs in processes of its own, what touches the DOM in a
// browser (test/browser). What the page works out is plain functions beside it, and counts.
const elsewhere = [
  'src/cli.ts',
  'src/dashboard/api.ts',
  'src/dashboard/api-shapes.ts',
  'src/dashboard/{form,use-*,world}.ts',
]
const most = { lines: 95, statements: 95, functions: 95, branches: 90 }

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The package test packs, installs and starts the tarball: `npm run test:package`.
    // The browser tests need a browser: `npm run test:browser`.
    // The hardening tests kill, fill and flood processes for a minute or two: `npm run test:hardening`.
    exclude: [
      ...configDefaults.exclude,
      ...['test/package/**', 'test/browser/**', 'test/hardening/**', 'test/.docs/**', 'test/.projects/**'],
    ],
    // Bounds for what hangs, and no measures: tests that start processes take their time on a busy machine with few cores.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: elsewhere,
      reporter: ['text-summary', 'html', 'json-summary'],
      // Two disjoint sets, so that the simulator's full coverage does not lift the rest.
      thresholds: { 'src/simulator/**': { 100: true }, 'src/{*.ts,!(simulator)/**}': most },
    },
  },
})
