import { statSync, watch, type FSWatcher } from 'node:fs'
import { errorCode } from '../model/error-code.ts'
import { clearInterval, clearTimeout, setInterval, setTimeout } from '../timers.ts'

/** Debounce: an editor saves in several steps, and a folder is copied file by file. */
const QUIET_MS = 100

/** How often the identity of the folder is checked: no event reports that the path now leads to another folder. */
const IDENTITY_MS = 1000

interface FolderWatch {
  readonly onChange: () => Promise<void>
  readonly onError: (error: Error) => void
}

/**
 * Calls `onChange`, one call at a time, after changes in the folder at a path, also if that becomes another folder
 * (replaced, renamed, behind a changed link, or created again). Does not keep the process alive.
 *
 * @returns a function that ends the watch.
 */
export function watchFolder(folder: string, { onChange, onError }: FolderWatch): () => void {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let watched: WatchedFolder | undefined

  const reload = (): void => {
    // Before the folder is read, so that later changes cause an event.
    attach()
    running = running.then(onChange).catch(onError)
  }
  const onEvent = (): void => {
    clearTimeout(timer)
    timer = setTimeout(reload, QUIET_MS)
    timer.unref()
  }
  /** Repeated after every change: the system watches an inode, not a path, and reuses inode numbers. */
  const attach = (): void => {
    const before = watched
    watched = { identity: identityOf(folder), watcher: openWatcher(folder, { onEvent, onError }) }
    before?.watcher?.close()
  }
  const compare = (): void => {
    if (identityOf(folder) !== watched?.identity) onEvent()
  }

  attach()
  // Not `watchFile`: it misses changes before its first poll.
  const comparing = setInterval(compare, IDENTITY_MS).unref()
  return () => {
    clearTimeout(timer)
    clearInterval(comparing)
    watched?.watcher?.close()
  }
}

interface WatchedFolder {
  /** undefined while there is no folder to watch. */
  readonly watcher: FSWatcher | undefined
  readonly identity: string
}

/** Errors that reading the folder reports too. */
const IS_GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM']

interface WatcherEvents {
  readonly onEvent: () => void
  readonly onError: (error: Error) => void
}

function openWatcher(folder: string, { onEvent, onError }: WatcherEvents): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', onEvent)
  } catch (error) {
    // For instance the system's limit on watched folders; only a replaced folder is then noticed.
    if (!IS_GONE.includes(errorCode(error) ?? '')) onError(error as Error)
    return undefined
  }
}

/** The identity of the folder at a path; empty if there is none. */
function identityOf(folder: string): string {
  try {
    const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true })
    return `${dev} ${ino} ${birthtimeNs}`
  } catch {
    return ''
  }
}
