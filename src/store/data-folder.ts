import { accessSync, constants, mkdirSync, statSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode } from '../model/error-code.ts'

/**
 * Makes a folder and those above it, one at a time: Node's recursive `mkdirSync` never ends below a folder such as /proc
 * that takes no entries. Throws an error whose message says what is in the way.
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
  makeOne(folder, parent)
}

/** undefined where nothing is: also below a file, and where a link leads nowhere. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
    throw explained(error, path)
  }
}

function makeOne(folder: string, parent: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new Error(`no folder can be made in ${parent}`)
    if (errorCode(error) !== 'EEXIST') throw explained(error, folder)
    // Another process may have made it meanwhile.
    if (statOf(folder)?.isDirectory() !== true) throw new Error(`${folder} is a link that leads nowhere`)
  }
}

function explained(error: unknown, path: string): unknown {
  if (errorCode(error) === 'ENAMETOOLONG') return new Error('a name in it is too long for the file system')
  return errorCode(error) === 'ELOOP' ? new Error(`${path} is a link to itself`) : error
}
