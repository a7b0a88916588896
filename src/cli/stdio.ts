/** Ignores errors of stdout and stderr: a closed pipe (`| head`) or a full disk must not end the process. */
export function ignoreStreamErrors(): void {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
}

/** Prints the result of a command. If it cannot be written, the exit code is 1, except for a closed pipe. */
export function print(text: string): void {
  // A text may be written in several parts that all fail: report that once.
  const { stdout } = process
  if (!stdout.listeners('error').includes(failOnError)) stdout.once('error', failOnError)
  if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Writes an error or a warning to stderr, as one line. */
export function complain(line: string): void {
  process.stderr.write(`cckm-emulator: ${line}\n`)
}

function failOnError(error: Error & { code?: string }): void {
  if (error.code === 'EPIPE') return
  process.exitCode = 1
  complain(`cannot write to stdout: ${error.message}`)
}

function ignore(): void {
  // The error could only be reported on the same streams.
}
