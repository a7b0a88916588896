import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unreadable } from './documents.ts'
import { describeProblem, fileError } from './problems.ts'

/** Selects files of a folder. */
interface FileKind {
  readonly endings: readonly string[]
  /** Names the kind in errors, as in "is not a seed". */
  readonly noun: string
}

/** The file at a path, or the files in the folder at that path, sorted by name. */
export async function filesAt(path: string, { endings, noun }: FileKind): Promise<string[]> {
  if (await isFolder(path)) return filesIn(path, endings)
  if (hasEnding(path, endings)) return [path]
  throw fileError([
    describeProblem({ file: path, message: `is not a ${noun}: its name does not end in one of ${endings.join(', ')}` }),
  ])
}

/** Files of a folder, without subfolders and hidden files (Kubernetes adds such to a mounted config map). */
export async function filesIn(folder: string, endings: readonly string[]): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw fileError([unreadable(folder, error)])
  })
  const named = names.filter((name) => !name.startsWith('.') && hasEnding(name, endings)).sort()
  const files: string[] = []
  for (const name of named) if (!(await isFolder(join(folder, name)))) files.push(join(folder, name))
  return files
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError([unreadable(path, error)])
  })
  return found.isDirectory()
}

function hasEnding(name: string, endings: readonly string[]): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending))
}
