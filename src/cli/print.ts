/** What a command was asked for, on stdout. */
export function print(text: string): void {
  // Whoever read along, such as head, may have left.
  if (!process.stdout.listeners('error').includes(ignore)) process.stdout.on('error', ignore)
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

function ignore(): void {
  // There is nobody to tell.
}
