/** What a command was asked for, on stdout. */
export function print(text: string): void {
  outliveReader(process.stdout)
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Whoever reads along, such as head, may leave, and a disk may fill up: that is no reason to end. */
export function outliveReader(stream: NodeJS.WriteStream): void {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
}

/** What went wrong, in a line on stderr. */
export function complain(line: string): void {
  process.stderr.write(`cckm-emulator: ${line}\n`)
}

function ignore(): void {
  // There is nobody to tell.
}
