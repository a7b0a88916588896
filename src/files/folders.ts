import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unreadable } from './documents.ts'
import { describeProblem, fileError } from './problems.ts'

/** What a folder is read for. */
interface FolderReading {
  readonly endings: readonly string[]
  /** What a file of such a name is, as in "is not a seed". */
  readonly noun: string
}

/** The file that a path names, or the files of the folder that it names, in the order of their names. */
export async function filesAt(path: string, { endings, noun }: FolderReading): Promise<string[]> {
  if (await isFolder(path)) return filesIn(path, endings)
  if (hasEnding(path, endings)) return [path]
  throw fileError([
    describeProblem({ file: path, message: `is not a ${noun}: its name ends in none of ${endings.join(', ')}` }),
  ])
}

/** Files right in a folder. Those below it, and hidden ones such as Kubernetes adds to a mounted map, are left alone. */
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
