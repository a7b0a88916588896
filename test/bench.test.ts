// test/package runs the bench itself; these tests cover the evaluation of its measurements.

import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { GOALS, type Goal } from '../bench/goals.ts'
import type { Section } from '../bench/section.ts'
import { SECTIONS } from '../bench/sections.ts'
import { generatorProblem, load } from '../bench/support/load.ts'
import { judge, withTable } from '../bench/support/report.ts'
import { interleave, median, medianRatio } from '../bench/support/statistics.ts'

const section: Section = { name: 'start', title: '', explanation: '', run: () => Promise.reject(new Error('not run')) }
const outcome = (measures: Record<string, number>) => [{ section, outcome: { columns: [], rows: [], measures } }]
const goal = (bound: Goal['bound'], more: Partial<Goal> = {}): Goal => ({
  ...{ what: 'a goal', section: 'start', measure: 'time', bound },
  ...more,
})

describe('goals of the bench', () => {
  it('name existing sections', () => {
    const names = SECTIONS.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(GOALS.map((it) => it.section)))
  })

  it('are met at their bound and missed past it', () => {
    const judged = judge([goal({ atMost: 2 }), goal({ atMost: 1.9 }), goal({ atLeast: 2 }), goal({ atLeast: 2.1 })], {
      sections: outcome({ time: 2 }),
      isFull: false,
    })
    expect(judged.map(({ isMet }) => isMet)).toEqual([true, false, true, false])
  })

  it('are skipped if their section, or the run with a million jobs, was skipped', () => {
    const goals = [goal({ atMost: 1 }, { section: 'other' }), goal({ atMost: 1 }, { isFull: true })]
    expect(judge(goals, { sections: outcome({}), isFull: false })).toEqual([])
  })

  it('fail for a measure that does not exist', () => {
    expect(() => judge([goal({ atMost: 1 })], { sections: outcome({ times: 1 }), isFull: false })).toThrow(
      'start has no measure named time',
    )
  })
})

describe('statistics of the bench', () => {
  it('calculate the ratio of each round before the median', () => {
    expect(median([3, 1, 2, 10])).toBe(2.5)
    expect(medianRatio([10, 200, 30], [10, 100, 10])).toBe(2)
  })

  it('take one sample of each contestant per round, in turn', async () => {
    const order: string[] = []
    const note = (name: string) => () => Promise.resolve(order.push(name))
    expect(await interleave(2, { a: note('a'), b: note('b') })).toEqual({ a: [1, 3], b: [2, 4] })
    expect(order).toEqual(['a', 'b', 'a', 'b'])
  })
})

describe('load of the bench', () => {
  it.skipIf(generatorProblem() !== undefined)('fails if a server answers nothing', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).resume())
    onTestFinished(() => void server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const requests = [{ method: 'GET', path: '/silence', headers: {} }] as const
    await expect(load({ url, requests, connections: 1, seconds: 1 })).rejects.toThrow(
      `${url}, GET /silence: nothing was answered within 1 s`,
    )
  })
})

describe('the generated page of the bench', () => {
  it('replaces the previous table and nothing else', () => {
    const begin = '<!-- the last table: written by npm run bench -- --write -->'
    const end = '<!-- end of the last table -->'
    const page = `before\n${begin}\nold\n${end}\nafter\n`
    expect(withTable(page, 'new')).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter\n`)
    expect(() => withTable('no marks', 'new')).toThrow('README.md has no place for the table')
  })
})
