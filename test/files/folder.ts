import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { StartError } from '../../src/errors.ts'

export type Files = Readonly<Record<string, string | Buffer>>

/** A temporary folder with these files, for one test. */
export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** The lines that stop a start, with names relative to the folder. */
export async function problemsOf(folder: string, work: () => unknown): Promise<readonly string[]> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    if (error.exitCode !== 2) throw new Error('exit code is not 2', { cause: error })
    return error.problems.map((line) => line.replaceAll(`${folder}/`, ''))
  }
  return []
}
