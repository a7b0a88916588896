// An emulator on a data folder, with access to its tables while it runs.

import { readOptions } from '../../src/config/config.ts'
import { startEmulator, type Emulator } from '../../src/emulator.ts'
import type { EmulatorOptions } from '../../src/index.ts'
import { createDisk, type Disk } from './failing-database.ts'

export interface OnDisk extends AsyncDisposable {
  readonly emulator: Emulator
  readonly disk: Disk
}

export async function startOnDisk(options: EmulatorOptions & { readonly data: string }): Promise<OnDisk> {
  const reading = readOptions(options)
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join())
  const disk = createDisk()
  const emulator = await startEmulator(reading.config, { Database: disk.Database })
  return { emulator, disk, [Symbol.asyncDispose]: () => emulator.close() }
}

/** Rows of contents that no domain names, which are still to be deleted. */
export const unnamedRows = ({ read }: Disk): object[] =>
  read(`select 'content' as place, key from content where key not in (select content from domain)
    union select 'job', content from job where content not in (select content from domain)
    union select 'item', content from item where content not in (select content from domain)
    union select 'resource', content from resource where content not in (select content from domain)
    union select 'step', content from step where content not in (select content from domain)
    union select 'name', content from resource_name where content not in (select content from domain)
    union select 'facet', content from facet where content not in (select content from domain)
    union select 'effect', content from effect where content not in (select content from domain)`)

/** Domains with an incomplete seed. */
export const halfSeeded = ({ read }: Disk): object[] => read('select name from domain where visible_to is not null')
