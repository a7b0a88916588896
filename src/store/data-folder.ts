import { accessSync, constants, mkdirSync, statSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode } from '../model/error-code.ts'

/**
 * Creates a folder and its missing parents, one at a time: Node's recursive `mkdirSync` never returns below a folder such as
 * /proc, in which nothing can be created. Throws an error whose message says what prevents it.
 */
export function makeFolder(path: string): void {
  const folder = resolve(path)
  const found = statOf(folder)
  if (found?.isDirectory() === true) {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return
  }
  if (found !== undefined) throw new Error(`${folder} is a file, not a folder`)
  const parent = dirname(folder)
  if (parent === folder) throw new Error(`there is no ${folder}`)
  if (statOf(parent)?.isDirectory() !== true) makeFolder(parent)
  createOne(folder, parent)
}

/** undefined if the path does not exist, which includes a path below a file and a dangling link. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
    throw explain(error, path)
  }
}

function createOne(folder: string, parent: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new Error(`no folder can be created in ${parent}`)
    if (errorCode(error) !== 'EEXIST') throw explain(error, folder)
    // Another process may have created it in the meantime.
    if (statOf(folder)?.isDirectory() !== true) throw new Error(`${folder} is a link that leads nowhere`)
  }
}

function explain(error: unknown, path: string): unknown {
  if (errorCode(error) === 'ENAMETOOLONG') return new Error('a name in it is too long for the file system')
  return errorCode(error) === 'ELOOP' ? new Error(`${path} is a link to itself`) : error
}
