import Database from 'better-sqlite3'

/** A row cannot be read: it is not what a store of this version writes. The message names it, in one line. */
export class DamagedRowError extends Error {}

/** Whether something kept cannot be read any more: a row, or a page of the file. */
export function isDamage(error: unknown): error is Error {
  if (error instanceof DamagedRowError) return true
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Reads columns of a row that hold JSON. `place` names the row. */
export function readRow<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it holds text that is not JSON' : (error as Error).message
    throw new DamagedRowError(`${place} cannot be read: ${reason}`)
  }
}

/** Within `readRow`: refuses what a column holds. */
export function expectColumn(isRight: boolean, column: string, expected: string): void {
  if (!isRight) throw new TypeError(`its ${column} is not ${expected}`)
}
