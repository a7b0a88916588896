import { watch } from 'node:fs'
import { clearTimeout, setTimeout } from '../timers.ts'

/** An editor saves in several steps, and a folder is copied file by file: one change is told once it has been quiet. */
const QUIET_MS = 100

export interface FolderWatch {
  readonly onChange: () => Promise<void>
  readonly onError: (error: Error) => void
}

/** Tells of changes in a folder, one at a time. Keeps no process alive. Gives a function that ends the watch. */
export function watchFolder(folder: string, { onChange, onError }: FolderWatch): () => void {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const tell = (): void => {
    running = running.then(onChange).catch(onError)
  }
  const watcher = watch(folder, { persistent: false }, () => {
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET_MS)
    timer.unref()
  })
  watcher.on('error', onError)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
