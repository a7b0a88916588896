type Cells = readonly (string | number | null | undefined)[]

/** Shown for an empty cell. */
const EMPTY = '-'
const GAP = '  '

/** A table with aligned columns. */
export function columns(rows: readonly Cells[]): string {
  const texts = rows.map((row) => row.map(cellText))
  const widths = texts.reduce<number[]>(
    (max, row) => row.map((cell, index) => Math.max(cell.length, max[index] ?? 0)),
    [],
  )
  const line = (row: string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(GAP)
  return texts.map((row) => line(row).trimEnd()).join('\n')
}

function cellText(cell: Cells[number]): string {
  return cell === null || cell === undefined || cell === '' ? EMPTY : String(cell)
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Joins the paragraphs that are not empty. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** A titled table; empty without rows. */
export function section(title: string, rows: readonly string[][]): string {
  return rows.length === 0 ? '' : `${title}\n${columns(rows).replace(/^/gm, '  ')}`
}

/** A member of a document as one word. */
export function wordOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
