// The tables of a Markdown file as data: a row maps column names to cells.

export interface Row {
  /** From 1, in the file. */
  line: number
  /** Without code marks; `\|` is read as a bar. */
  cells: Readonly<Record<string, string>>
}

export interface Table {
  columns: readonly string[]
  rows: Row[]
}

export function tablesOf(markdown: string): Table[] {
  const tables: Table[] = []
  let open: Table | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const cells = cellsOf(text)
    if (cells === undefined) open = undefined
    else if (open === undefined) tables.push((open = { columns: cells, rows: [] }))
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) open.rows.push(toRow(open.columns, cells, index + 1))
  }
  return tables
}

/** The rows of every table that has all of these columns. */
export function rowsWith(tables: readonly Table[], columns: readonly string[]): Row[] {
  return tables.filter((table) => columns.every((it) => table.columns.includes(it))).flatMap(({ rows }) => rows)
}

function cellsOf(text: string): string[] | undefined {
  const inside = /^\|(.*)\|\s*$/.exec(text)?.[1]
  return inside?.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function toRow(columns: readonly string[], cells: readonly string[], line: number): Row {
  const named = columns.map((column, index) => [column, (cells[index] ?? '').replaceAll('`', '')] as const)
  return { line, cells: Object.fromEntries(named) }
}
