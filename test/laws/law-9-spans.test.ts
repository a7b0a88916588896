// Rows of steps are an index: compared with what plans and events say, and made anew from them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { effectsOn, lifeWrite } from '../../src/domain/lives.ts'
import { createSightingReader, type InventoryState } from '../../src/domain/sightings.ts'
import { createEmulator } from '../../src/emulator.ts'
import { DAY, SECOND, toInstant, type Instant } from '../../src/model/time.ts'
import { itemTimes, jobTimes } from '../../src/simulator/job-times.ts'
import { inOrder, resourceAt } from '../../src/simulator/resource-at.ts'
import { openStore } from '../../src/store/sqlite-store.ts'
import { KINDS } from '../../src/wire/resources/index.ts'
import { parseInstant } from '../../src/wire/timestamps.ts'
import { createDisk, type Disk } from '../support/failing-database.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { estate } from './estates.ts'
import { play } from './playing.ts'
import { changeOfEstate, enter, OPTIONS } from './worlds.ts'

const BEGIN = parseInstant('2024-02-06T09:22:54.5Z') ?? 0
const instants = fc.array(
  fc
    .oneof(fc.integer({ min: 0, max: 60 * SECOND }), fc.integer({ min: 0, max: 40 * DAY }))
    .map((after) => toInstant(BEGIN + after)),
  { minLength: 5, maxLength: 5 },
)

/** Worlds that share each data folder, since a start takes longer than a world. */
const TOGETHER = 20

it(
  'keeps of each resource the steps that a fold of plans and events gives, and can make them anew',
  PATIENTLY,
  async () => {
    const life = fc.record({ resources: estate, calls: fc.array(changeOfEstate, { minLength: 3, maxLength: 10 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: TOGETHER, maxLength: TOGETHER }),
        instants,
        async (lives, moments) => {
          const folder = mkdtempSync(join(tmpdir(), 'cckm-law-9-'))
          try {
            {
              await using emulator = await createEmulator({ ...OPTIONS, data: folder })
              for (const [index, { resources, calls }] of lives.entries())
                await play(await enter(emulator, `w${index}`, resources), calls)
            }
            makeAnew(folder, moments)
          } finally {
            rmSync(folder, { recursive: true })
          }
        },
      ),
      // To shrink so many lives at once would take minutes.
      { numRuns: CASES / 200, endOnFailure: true },
    )
  },
)

function makeAnew(folder: string, moments: readonly Instant[]): void {
  const disk = createDisk()
  const derive: Parameters<typeof openStore>[0]['derive'] = (plan, events) => ({
    times: jobTimes(plan, events),
    items: itemTimes(plan, events),
  })
  const store = openStore({ folder, derive, Database: disk.Database })
  try {
    const rows = disk.read('select content, id from resource') as { content: number; id: string }[]
    const all = rows.map(({ content, id }) => {
      const scope = { content, visibleTo: Number.MAX_SAFE_INTEGER }
      const resource = store.resources.find(scope, id)!
      const { behaviour } = KINDS.find(({ name }) => name === resource.kind)!
      const kinds = KINDS.map((kind) => kind.behaviour)
      const state: InventoryState = { services: { store, kinds }, scope, now: () => toInstant(BEGIN) }
      return { scope, state, resource, behaviour, items: effectsOn(state, resource) }
    })
    for (const { state, resource, behaviour } of all) {
      const items = effectsOn(state, resource, { withSightings: true })
      for (const at of moments)
        expect(shownAt(state, resource.seq, at)).toEqual(
          resourceAt(resource, inOrder(resource.events, items), behaviour, at),
        )
    }
    const steps = stepsOf(disk)
    const names = namesOf(disk)
    for (const table of ['step', 'facet', 'resource_name']) disk.read(`delete from ${table} returning content`)
    for (const { scope, resource, behaviour, items } of all)
      store.resources.rewrite(scope.content, resource, {
        from: toInstant(Number.MIN_SAFE_INTEGER),
        ...lifeWrite(behaviour, resource, items),
      })
    expect(stepsOf(disk)).toEqual(steps)
    // Names of a future that a later call has changed are kept: they only choose what is looked at.
    expect(names).toEqual(expect.arrayContaining(namesOf(disk)))
  } finally {
    store.close()
  }
}

/** The state of a resource as its steps have it, with the synchronization that saw it last. */
function shownAt(state: InventoryState, seq: number, at: Instant): object | undefined {
  const [shown] = state.services.store.resources.entries(state.scope, [seq], at)
  if (shown === undefined) return undefined
  const { isHidden, isLost } = shown
  return { record: createSightingReader(state).record(shown, at), isHidden, isLost }
}

/** With the facets themselves in place of their keys, which depend on the order of writing. */
function stepsOf({ read }: Disk): object[] {
  return read(`select step.*, facet.members as facet from step left join facet
    on facet.content = step.content and facet.key = step.facet order by step.content, resource, n`)
}

function namesOf({ read }: Disk): object[] {
  return read('select content, name, resource from resource_name order by content, name, resource')
}
