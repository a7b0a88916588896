import { createReadStream } from 'node:fs'
import { secretPathsOf, type Environment, type SecretText, type SecretTexts } from '../config/config.ts'
import { encodingError, unreadableReason } from './documents.ts'

/** In bytes. A larger file is not a secret. */
const MAX_SECRET = 64 * 1024

/**
 * Reads the files that variables such as `CCKM_EMULATOR_ADMIN_TOKEN_FILE` name. No error quotes a path, which may be
 * the secret itself.
 */
export async function readSecretFiles(env: Environment): Promise<SecretTexts> {
  const read = secretPathsOf(env).map(async ([variable, path]) => [variable, await readSecret(path)] as const)
  return Object.fromEntries(await Promise.all(read))
}

async function readSecret(path: string): Promise<SecretText> {
  const chunks: Buffer[] = []
  try {
    // `end` is inclusive. It also limits reading from an endless device.
    for await (const chunk of createReadStream(path, { end: MAX_SECRET })) chunks.push(chunk as Buffer)
  } catch (error) {
    return { reason: unreadableReason(error) }
  }
  return textOf(Buffer.concat(chunks))
}

function textOf(bytes: Buffer): SecretText {
  if (bytes.length > MAX_SECRET)
    return { reason: `is over ${MAX_SECRET / 1024} KiB: it takes a file with the secret alone` }
  const message = encodingError(bytes)
  if (message !== undefined) return { reason: message }
  // Editors and `echo` end a file with a newline.
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/[\r\n]+$/, '')
  return text.trim() === '' ? { reason: 'is empty' } : { text }
}
