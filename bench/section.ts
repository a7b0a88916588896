import type { Tools } from './support/tools.ts'

/** What a section found out: a table for people, and numbers by name for the goals. */
export interface Outcome {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Names are the section's own, such as `get.rate / fastify`; goals.ts refers to them. */
  readonly measures: Readonly<Record<string, number>>
}

/** One file of sections/: what is measured, and what a reader has to know to believe it. */
export interface Section {
  readonly name: string
  readonly title: string
  readonly explanation: string
  readonly run: (tools: Tools) => Promise<Outcome>
}
