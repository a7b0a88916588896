// The vitest project of a test file. It depends on the file's imports, directly or through test support, so that there
// is no list to maintain: `process` starts processes, `api` starts emulators in its own process, `unit` neither.

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const PROJECTS = ['unit', 'api', 'process'] as const

export type Project = (typeof PROJECTS)[number]

/** Test files of the default run; the others have their own vitest configuration. */
const OTHERS = /^test\/(package|bundle|browser|hardening|container|\.docs|\.projects)\//

/** An import at the beginning of a line: those inside of strings are indented. */
const IMPORT = /^(?:import|export|\}).* from '([^']+)'/gm
const STARTS_PROCESSES =
  /^(?:node:child_process|src\/testing\/(?:child|server|session|vitest|vitest-global-setup|cckm-test)\.ts)$/
const STARTS_EMULATORS = /^src\/(?:index|emulator|cli\/\w+)\.ts$/

/** Test files by project, relative to the repository's root. */
export function filesByProject(root: string): Readonly<Record<Project, readonly string[]>> {
  const files: Record<Project, string[]> = { unit: [], api: [], process: [] }
  for (const file of globSync('test/**/*.test.ts', { cwd: root }).filter((path) => !OTHERS.test(path)))
    files[projectOf(root, file)].push(file)
  return files
}

/** The project of one test file. */
export function projectOf(root: string, file: string): Project {
  const imported = [...importsOf(root, file, new Set())]
  if (imported.some((path) => STARTS_PROCESSES.test(path))) return 'process'
  return imported.some((path) => STARTS_EMULATORS.test(path)) ? 'api' : 'unit'
}

/**
 * The imports of a file and of the files under `test/` that it imports. Type imports count too: they show what the file
 * tests.
 */
function importsOf(root: string, file: string, found: Set<string>): Set<string> {
  for (const [, specifier = ''] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
    const path = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier
    if (found.has(path)) continue
    found.add(path)
    if (path.startsWith('test/') && path.endsWith('.ts')) importsOf(root, path, found)
  }
  return found
}
