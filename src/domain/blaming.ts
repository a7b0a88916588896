import { EmulatorError } from '../errors.ts'

/** Says of what is wrong with something that was kept earlier what it is, since the request shows nothing of it. */
export function blaming<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error
    throw new EmulatorError('badRequest', `${what}: ${error.message.replaceAll('\n', ' ')}`, error.hint)
  }
}
