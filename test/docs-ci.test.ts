// Checks the CI examples of docs/guides/ci.md: their commands run on the page, the emulator accepts their options, and their
// image has the current version.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../src/cli/program.ts'
import { readConfig, type Flags } from '../src/config/config.ts'
import { blocksOf } from './support/markdown.ts'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8')
const blocks = blocksOf('docs/guides/ci.md', read('docs/guides/ci.md'))
const [github, gitlab] = blocks.filter(({ language }) => language === 'yaml').map(({ code }) => parse(code) as unknown)

interface Service {
  image?: string
  name?: string
  env?: Record<string, string>
  command?: string[]
}

interface Job {
  steps?: { run?: string }[]
  script?: string[]
  services?: Record<string, Service> | Service[]
  env?: Record<string, string>
  variables?: Record<string, string>
}

const jobs = [
  ...Object.entries((github as { jobs: Record<string, Job> }).jobs).map(([name, job]) => ({
    name: `GitHub ${name}`,
    job,
  })),
  ...Object.entries(gitlab as Record<string, Job>).map(([name, job]) => ({ name: `GitLab ${name}`, job })),
]

/** Commands that the page runs, without the variables before them. */
const run = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.split('\n'))
  .map((line) => line.replace(/^\w+=\S+ /, ''))

async function startFlags(args: string[]): Promise<Flags> {
  const given: Flags[] = []
  const nothing = () => Promise.resolve()
  const start = (flags: Flags) => Promise.resolve(void given.push(flags))
  const program = createProgram({
    start,
    exec: nothing,
    sweep: nothing,
    healthcheck: nothing,
    validate: nothing,
    client: nothing,
  })
  await program.parseAsync(args, { from: 'user' })
  return given[0] ?? expect.fail('start was not called')
}

describe.each(jobs)('$name', ({ job }) => {
  const services = Object.values(job.services ?? {})
  const commands = [...(job.steps ?? []).flatMap(({ run: line }) => line ?? []), ...(job.script ?? [])]

  it('runs only commands that the page runs', () => {
    // Installing is not part of the example.
    const others = commands.filter((line) => line !== 'npm ci' && !run.includes(line))
    expect({ others, isEmpty: commands.length === 0 }).toEqual({ others: [], isEmpty: false })
  })

  it('has the address of the emulator from a variable or from exec', () => {
    const variables = { ...job.env, ...job.variables }
    expect('CCKM_EMULATOR_URL' in variables).toBe(services.length > 0)
    expect(commands.some((line) => line.includes('cckm-emulator exec '))).toBe(services.length === 0)
  })

  it('has options that the emulator accepts, and the image of this version', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    for (const { image, name = image, env = {}, command = [] } of services) {
      expect(name).toMatch(new RegExp(`/cckm-emulator:${version}$`))
      const reading = readConfig({ flags: await startFlags(command), env: { ...env, ...job.variables } })
      expect(reading).toMatchObject({ config: { scenario: 'slow', port: 7443 } })
    }
  })
})
