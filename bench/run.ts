// `npm run bench`: see README.md.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { GOALS } from './goals.ts'
import type { Section } from './section.ts'
import { SECTIONS } from './sections.ts'
import { busyness, commit, machine } from './support/machine.ts'
import { generatorProblem } from './support/load.ts'
import { judge, toMarkdown, withTable, type Report } from './support/report.ts'
import type { Tools } from './support/tools.ts'

const README = new URL('README.md', import.meta.url)

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const problem = generatorProblem()
if (problem !== undefined) {
  process.stderr.write(`${problem}, or install wrk\n`)
  process.exit(1)
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`)
const usual = values.quick ? { rounds: 1, seconds: 1, jobs: 2000 } : { rounds: 7, seconds: 1, jobs: 100_000 }
const tools: Tools = {
  ...usual,
  isFull: values.full,
  tell,
  ...(values.rounds !== undefined && { rounds: Number(values.rounds) }),
}

const report = await measure(chosen(values.only))
process.stdout.write(`${toMarkdown(report)}\n`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`)
if (values.write) writeFileSync(README, withTable(readFileSync(README, 'utf8'), toMarkdown(report)))

function chosen(names: readonly string[]): readonly Section[] {
  const unknown = names.find((name) => !SECTIONS.some((section) => section.name === name))
  if (unknown !== undefined)
    throw new Error(`there is no section ${unknown}: there are ${SECTIONS.map(({ name }) => name).join(', ')}`)
  return SECTIONS.filter(({ name }) => names.length === 0 || names.includes(name))
}

async function measure(sections: readonly Section[]): Promise<Report> {
  const { rounds, seconds } = tools
  const begun = {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    machine: machine(),
    busyness: busyness(),
  }
  const measured = []
  for (const section of sections) {
    const since = performance.now()
    measured.push({ section, outcome: await section.run(tools) })
    tell(`${section.name}: ${((performance.now() - since) / 1000).toFixed(0)} s`)
  }
  return {
    ...begun,
    rounds,
    seconds,
    jobs: tools.jobs,
    sections: measured,
    goals: judge(GOALS, { sections: measured, isFull: tools.isFull }),
  }
}
