/** What the YAML parser found, without the piece of the file that it quotes at the end: that may be a secret. */
export function yamlReason(message: string): string {
  return message.replace(/(?:: | \\)[^]*$/, '')
}
