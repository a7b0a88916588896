/**
 * What the runs of Stryker have in common (CONTRIBUTING.md, "Mutation tests").
 *
 * @param {'simulator' | 'wire'} part
 * @returns {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export function optionsFor(part) {
  const report = `reports/mutation/${part}`
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: `test/mutation/${part}.vitest.config.ts` },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Time limit of an endless mutant, which then requires a new worker.
    timeoutMS: 15_000,
    reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
    clearTextReporter: { logTests: false, reportTests: false, allowEmojis: false, allowColor: false },
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    incremental: true,
    incrementalFile: `${report}-incremental.json`,
    ignorePatterns: ['dist', 'coverage', 'reports', '.stryker-tmp'],
    tempDirName: `.stryker-tmp/${part}`,
  }
}
