// Golden timelines of each shipped scenario, in fixtures/timelines. UPDATE_TIMELINES=1 computes the files again from
// `about`, `items` and `steps`, and creates a file for a scenario without one. Instants count from the creation.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import type { ScenarioSource } from '../../src/model/scenario.ts'
import { BEGINNING, unfold, type Timeline, type TimelineInput } from './timeline.ts'

const FIXTURES = new URL('../../fixtures/', import.meta.url)
const namesIn = (folder: string) =>
  readdirSync(new URL(folder, FIXTURES))
    .map((name) => basename(name, '.json'))
    .sort()
const scenarios = namesIn('scenarios/')

function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8'))
}

async function rewrite(name: string, source: ScenarioSource): Promise<void> {
  const file = new URL(`timelines/${name}.json`, FIXTURES)
  const inputs = existsSync(file) ? (readFixture(`timelines/${name}.json`) as TimelineInput[]) : BEGINNING
  const timelines = inputs.map((input) => unfold(source, input))
  writeFileSync(file, await format(JSON.stringify(timelines), { parser: 'json', printWidth: 120 }))
}

describe.each(scenarios)('the scenario %s', async (name) => {
  const source = readFixture(`scenarios/${name}.json`) as ScenarioSource
  if (process.env.UPDATE_TIMELINES !== undefined) await rewrite(name, source)
  const hasGolden = existsSync(new URL(`timelines/${name}.json`, FIXTURES))
  const golden = hasGolden ? (readFixture(`timelines/${name}.json`) as Timeline[]) : []

  it('has golden timelines', () => {
    expect(golden.map(({ about }) => about)).not.toEqual([])
  })

  it.each(golden)('matches its golden timeline: $about', (timeline) => {
    expect(unfold(source, timeline)).toEqual(timeline)
  })
})

it('has no golden timeline of a scenario that does not ship', () => {
  expect(namesIn('timelines/')).toEqual(scenarios)
})
