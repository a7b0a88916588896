import { statSync, watch, type FSWatcher } from 'node:fs'
import { errorCode } from '../model/error-code.ts'
import { clearInterval, clearTimeout, setInterval, setTimeout } from '../timers.ts'

/** An editor saves in several steps, and a folder is copied file by file: a change counts once it has been quiet. */
const QUIET_MS = 100

/** How often the folder's own identity is read: no event says that a path leads to another folder, or to one again. */
const IDENTITY_MS = 1000

interface FolderWatch {
  readonly onChange: () => Promise<void>
  readonly onError: (error: Error) => void
}

/**
 * Calls `onChange`, one call at a time, after changes in the folder that a path leads to, also once that is another
 * folder: replaced, renamed over, behind a link that changed, or made again after it was gone. Keeps no process alive.
 *
 * @returns a function that ends the watch.
 */
export function watchFolder(folder: string, { onChange, onError }: FolderWatch): () => void {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let watched: Watched | undefined

  const settle = (): void => {
    // Before the folder is read: what changes from here on has an event of its own.
    attach()
    running = running.then(onChange).catch(onError)
  }
  const onEvent = (): void => {
    clearTimeout(timer)
    timer = setTimeout(settle, QUIET_MS)
    timer.unref()
  }
  /** After every change: the system watches a folder and not a path, and reuses a folder's number for a later one. */
  const attach = (): void => {
    const before = watched
    watched = { identity: identityOf(folder), watcher: openWatcher(folder, { onEvent, onError }) }
    before?.watcher?.close()
  }
  const compare = (): void => {
    if (identityOf(folder) !== watched?.identity) onEvent()
  }

  attach()
  // Not `watchFile`: it misses what changes before its first look.
  const comparing = setInterval(compare, IDENTITY_MS).unref()
  return () => {
    clearTimeout(timer)
    clearInterval(comparing)
    watched?.watcher?.close()
  }
}

interface Watched {
  /** Absent where there is nothing to watch for now. */
  readonly watcher: FSWatcher | undefined
  readonly identity: string
}

/** What reading the folder tells as well. */
const IS_GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM']

interface WatcherEvents {
  readonly onEvent: () => void
  readonly onError: (error: Error) => void
}

function openWatcher(folder: string, { onEvent, onError }: WatcherEvents): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', onEvent)
  } catch (error) {
    // Such as a limit of the system on watched folders: only replacements of the folder are then seen.
    if (!IS_GONE.includes(errorCode(error) ?? '')) onError(error as Error)
    return undefined
  }
}

/** Which folder a path leads to; empty where it leads nowhere. */
function identityOf(folder: string): string {
  try {
    const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true })
    return `${dev} ${ino} ${birthtimeNs}`
  } catch {
    return ''
  }
}
