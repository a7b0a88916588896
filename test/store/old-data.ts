import { join } from 'node:path'
import Database from 'better-sqlite3'
import { MIGRATIONS } from '../../src/store/schema.ts'

type Row = Readonly<Record<string, string | number | null>>

/** Writes a data folder of an earlier format: its tables, with these rows. */
export function writeOldData(folder: string, format: number, tables: Readonly<Record<string, readonly Row[]>>): void {
  const database = new Database(join(folder, 'emulator.db'))
  database.pragma('journal_mode = wal')
  for (const step of MIGRATIONS.slice(0, format)) database.exec(step)
  database.pragma(`user_version = ${format}`)
  for (const [table, rows] of Object.entries(tables))
    for (const row of rows) {
      const names = Object.keys(row)
      database
        .prepare(`insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`)
        .run(Object.values(row))
    }
  database.close()
}
