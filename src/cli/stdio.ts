/** Keeps the process going where stdout or stderr cannot be written: a reader such as head may leave, a disk fill up. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
}

/** Prints what a command was asked for. It has failed where that cannot be written, but for a reader that has enough. */
export function print(text: string): void {
  // A text may be written in parts, and each of them fail: that is said once.
  const { stdout } = process
  if (!stdout.listeners('error').includes(failOnError)) stdout.once('error', failOnError)
  if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Writes one line about what went wrong to stderr. */
export function complain(line: string): void {
  process.stderr.write(`cckm-emulator: ${line}\n`)
}

function failOnError(error: Error & { code?: string }): void {
  if (error.code === 'EPIPE') return
  process.exitCode = 1
  complain(`cannot write to stdout: ${error.message}`)
}

function ignore(): void {
  // There is nothing to write to.
}
