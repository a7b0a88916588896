import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Common options for tests with mutants: the tests start no process and share no state. */
export function mutationTests(tests: { readonly include: string[]; readonly exclude?: string[] }): ViteUserConfig {
  return defineConfig({
    test: {
      ...tests,
      setupFiles: ['test/mutation/same-cases.ts'],
      // One worker shares modules between all files.
      isolate: false,
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  })
}
