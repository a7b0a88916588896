import { NOT_YET, type Goal } from '../goals.ts'
import type { Outcome, Section } from '../section.ts'

/** One run of the bench, as it is printed, written as JSON and put into README.md. */
export interface Report {
  readonly date: string
  readonly commit: string
  readonly machine: string
  /** The load of the machine before the bench began. */
  readonly busyness: string
  readonly rounds: number
  readonly seconds: number
  /** In place of the 100,000 of the titles and goals. */
  readonly jobs: number
  readonly sections: readonly { readonly section: Section; readonly outcome: Outcome }[]
  readonly goals: readonly Judged[]
}

export interface Judged extends Goal {
  readonly value: number
  readonly isMet: boolean
}

/** The goals of the sections that ran, each with what was measured. Those at a million jobs are for a full run only. */
export function judge(
  goals: readonly Goal[],
  { sections, isFull }: { readonly sections: Report['sections']; readonly isFull: boolean },
): readonly Judged[] {
  return goals.flatMap((goal) => {
    const ran = sections.find(({ section }) => section.name === goal.section)
    if (ran === undefined || (goal.isFull === true && !isFull)) return []
    const value = ran.outcome.measures[goal.measure]
    if (value === undefined) throw new Error(`${goal.section} has no measure named ${goal.measure}`)
    const { bound } = goal
    return [{ ...goal, value, isMet: 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost }]
  })
}

const USUAL_JOBS = 100_000

export function toMarkdown({
  date,
  commit,
  machine,
  busyness,
  rounds,
  seconds,
  jobs,
  sections,
  goals,
}: Report): string {
  const small = jobs === USUAL_JOBS ? '' : ` **The quick form: ${jobs} jobs where it says 100,000.**`
  const head = `${date}, commit ${commit}. ${machine}. Load of the machine before: ${busyness}. Medians of ${rounds} rounds, ${seconds} s each.${small}`
  const tables = sections.map(
    ({ section: { title, explanation }, outcome: { columns, rows } }) =>
      `### ${title}

${explanation}

${table(columns, rows)}`,
  )
  return [head, '### Goals', goalTable(goals), ...tables].join('\n\n')
}

function goalTable(goals: readonly Judged[]): string {
  const rows = goals.map(({ what, bound, unit, value, isMet }) => {
    const suffix = unit === undefined ? '' : ` ${unit}`
    const asked = 'atLeast' in bound ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`
    return [what, asked + suffix, significant(value) + suffix, isMet ? 'yes' : '**no**']
  })
  const open = NOT_YET.map(({ what, asked, why }) => [what, asked, why, ''])
  return table(['goal', 'asked', 'measured', 'met'], [...rows, ...open])
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const BEGIN = '<!-- the last table: written by npm run bench -- --write -->'
const END = '<!-- end of the last table -->'

/** A page with the table between its marks replaced. */
export function withTable(page: string, markdown: string): string {
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (from < 0 || to < from) throw new Error('README.md has no place for the table')
  return `${page.slice(0, from + BEGIN.length)}\n\n${markdown}\n\n${page.slice(to)}`
}
