import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** What the tests that mutants are tried against have in common: they start no process, and share nothing that they change. */
export function mutationTests(tests: { readonly include: string[]; readonly exclude?: string[] }): ViteUserConfig {
  return defineConfig({
    test: {
      ...tests,
      setupFiles: ['test/mutation/same-cases.ts'],
      // One worker's modules for all files.
      isolate: false,
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  })
}
