// Which vitest project a test file belongs to. It follows from what the file imports, directly or through test support, so
// that no list has to be kept: `process` starts processes, `api` starts emulators in its own process, `unit` neither.

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const PROJECTS = ['unit', 'api', 'process'] as const

export type Project = (typeof PROJECTS)[number]

/** Test files of the run by default; the others have a vitest configuration of their own. */
const OTHERS = /^test\/(package|browser|hardening|\.docs|\.projects)\//

/** An import at the beginning of a line: those inside of a test's own strings are indented. */
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

/** What a file imports, files under `test/` followed. Type imports count: they are erased, but say what the file is about. */
function importsOf(root: string, file: string, found: Set<string>): Set<string> {
  for (const [, specifier = ''] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
    const path = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier
    if (found.has(path)) continue
    found.add(path)
    if (path.startsWith('test/') && path.endsWith('.ts')) importsOf(root, path, found)
  }
  return found
}
