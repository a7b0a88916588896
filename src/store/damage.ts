import Database from 'better-sqlite3'

/** A row cannot be read, because no store of this version writes such a row. The message names the row, in one line. */
export class DamagedRowError extends Error {}

/** Whether an error means that stored data is damaged: a row, or a page of the file. */
export function isDamage(error: unknown): error is Error {
  if (error instanceof DamagedRowError) return true
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Reads JSON columns of a row. `place` names the row in the error. @throws DamagedRowError */
export function readRow<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it holds text that is not JSON' : (error as Error).message
    throw new DamagedRowError(`${place} cannot be read: ${reason}`)
  }
}

/** Within `readRow`: throws if the value of a column is not valid. */
export function expectColumn(isValid: boolean, column: string, expected: string): void {
  if (!isValid) throw new TypeError(`its ${column} is not ${expected}`)
}
