import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { StartError } from '../../errors.ts'
import { errorCode } from '../../model/error-code.ts'
import type { BaselineEntry } from '../../sweep/report.ts'
import { SWEEP_VERDICTS } from '../../sweep/verdicts.ts'

const VERDICTS: readonly unknown[] = SWEEP_VERDICTS.filter((verdict) => verdict !== 'survived')

/** Reads the baseline. A missing file counts as empty if it is about to be written. */
export function readBaseline(path: string, { mayBeAbsent }: { readonly mayBeAbsent: boolean }): BaselineEntry[] {
  if (mayBeAbsent && !existsSync(path)) return []
  const list = readJson(path)
  if (!Array.isArray(list)) throw bad(path, 'is not a list of {"name","verdict"}')
  list.forEach((entry: unknown, index) => {
    const { name, verdict } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<BaselineEntry>
    if (typeof name !== 'string') throw bad(path, `/${index}/name is not the name of a case`)
    if (!VERDICTS.includes(verdict)) throw bad(path, `/${index}/verdict is none of ${VERDICTS.join(', ')}`)
  })
  return list as BaselineEntry[]
}

export function writeBaseline(path: string, entries: readonly BaselineEntry[]): void {
  writeReport(path, `${JSON.stringify(entries, undefined, 2)}\n`)
}

export function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw bad(path, `cannot be written (${errorCode(error) ?? String(error)})`)
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw bad(
      path,
      error instanceof SyntaxError
        ? `is not JSON: ${error.message}`
        : `cannot be read (${errorCode(error) ?? String(error)})`,
    )
  }
}

function bad(path: string, what: string): StartError {
  return new StartError([`${path} ${what}`], 2)
}
