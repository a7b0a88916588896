// The dashboard in a real browser, as somebody uses it who has never seen it before.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { makeDemo } from './demo.ts'
import { expectAccessible, picture, startEmulator, visit } from './support.ts'

const NOON = '2026-01-01T12:00:00Z'

const enable = (count: number) => ({
  family: 'aws.bulkjob' as const,
  request: { operation: 'enablekey', keys: Array.from({ length: count }, (_each, index) => `k${index}`) },
})

/** The row of a job in the table. */
const rowOf = (page: Page, id: string) => page.getByRole('row').filter({ hasText: id.slice(0, 8) })
const clockOf = (page: Page) => page.getByRole('region', { name: 'Clock' })
const said = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text).waitFor()
const switchOf = (page: Page, name: string, state: { checked?: boolean; disabled?: boolean } = {}) =>
  page.getByRole('switch', { name: new RegExp(`^${name}`), ...state })
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()

describe('A job', () => {
  it('is made from the form, watched to its end, and fills as it goes', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard`)
    await page.getByRole('button', { name: 'New job …' }).click()
    const dialog = page.getByRole('dialog', { name: 'New job' })
    await dialog.getByLabel('Operation').selectOption('disablekey')
    await dialog.getByLabel('Scenario').selectOption('demo')
    await dialog.getByLabel(/Items/).fill('a\nb\nc\nd')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await said(page, /Created the job/)
    const [job] = (await emulator.domain('root').jobs.list()).jobs
    expect(job).toMatchObject({ scenario: 'demo', family: 'aws.bulkjob', job: { operation: 'disablekey' } })
    const row = rowOf(page, job!.id)
    await row.getByRole('img', { name: /^0 of 4 items done/ }).waitFor()
    await clockOf(page).getByRole('button', { name: 'Next transition' }).click()
    await row.getByRole('img', { name: /^1 of 4 items done/ }).waitFor()
    await picture(page, 'a job under way')
    await page.getByRole('button', { name: 'Move the clock to its end' }).click()
    await row.getByText('completed').waitFor()
    await row.getByRole('img', { name: /4 of 4 items done, 100 %/ }).waitFor()
  })

  it('runs with the clock by itself, at any rate, until the clock is frozen', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const { id } = await world.jobs.create({ ...enable(5), scenario: 'slow' })
    const page = await visit(`${url}/__dashboard`)
    await clockOf(page).getByLabel('Rate').selectOption('3600')
    await rowOf(page, id).getByText('completed').waitFor()
    await clockOf(page).getByRole('button', { name: 'Freeze' }).click()
    await said(page, /The clock is frozen/)
    const { mode, now } = await world.clock.read()
    expect([mode, now > NOON]).toEqual(['frozen', true])
  })

  it('is cancelled from its row', async () => {
    const { url, emulator } = await startEmulator()
    const { id } = await emulator.domain('root').jobs.create({ ...enable(3), scenario: 'stuck' })
    const page = await visit(`${url}/__dashboard`)
    await page.getByRole('button', { name: `Cancel job ${id.slice(0, 8)}` }).click()
    await rowOf(page, id).getByText('aborted').waitFor()
    // Nothing of it is a request of a client.
    expect(await emulator.domain('root').requests()).toEqual([])
  })

  it('ends by a signal, and says before what it waits for', async () => {
    const { url, emulator } = await startEmulator()
    const { id } = await emulator.domain('root').jobs.create({ ...enable(2), scenario: 'manual' })
    const page = await visit(`${url}/__dashboard#domain=root&job=${id}`)
    const panel = page.getByRole('complementary', { name: `Job ${id}` })
    await panel.getByText('It becomes completed at the signal finish.').waitFor()
    await panel.getByRole('button', { name: 'Signal finish' }).click()
    await panel.getByText('✓ completed').waitFor()
    await panel.getByText('It stays completed.').waitFor()
  })
})

describe('The scrubber', () => {
  it('shows the world as it was and will be, and moves nothing', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const { id } = await world.jobs.create(enable(5))
    await world.clock.advance('1h')
    const page = await visit(`${url}/__dashboard`)
    const slider = page.getByRole('slider', { name: 'Look at an instant' })
    const row = rowOf(page, id)
    await row.getByText('completed').waitFor()
    await page.getByLabel('Instant', { exact: true }).fill('2026-01-01T12:00:02.5Z')
    await page.getByRole('button', { name: 'Go', exact: true }).click()
    await page.getByText(/Looking at 2026-01-01 12:00:02; the clock is at 2026-01-01 13:00:00/).waitFor()
    await row.getByRole('img', { name: /^2 of 5 items done/ }).waitFor()
    expect(await page.getByRole('button', { name: /Cancel job/ }).isDisabled()).toBe(true)
    expect(page.url()).toContain('at=2026-01-01T12:00:02.5Z')
    await picture(page, 'looking back')
    // Steps are relative to the window: a small one between two results.
    await slider.press('ArrowRight')
    await page.getByText('Looking at 2026-01-01 12:00:02').waitFor()
    await row.getByRole('img', { name: /^2 of 5 items done/ }).waitFor()
    for (const _each of [1, 2, 3]) await slider.press('PageUp')
    await row.getByText('completed').waitFor()
    await slider.press('Home')
    // Before its start there is no job.
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Back to now' }).click()
    await page.getByText('You see the present.').waitFor()
    expect((await world.clock.read()).now).toBe('2026-01-01T13:00:00Z')
  })

  it('is part of a link that others can open, and of the way back', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('t-1')
    const { id } = await world.jobs.create(enable(2))
    await world.clock.advance('1m')
    const page = await visit(`${url}/__dashboard#domain=t-1&at=2026-01-01T12:00:03Z&job=${id}`)
    const panel = page.getByRole('complementary', { name: `Job ${id}` })
    await panel.getByText('◔ in_progress').waitFor()
    await page.getByRole('button', { name: 'Close the job' }).click()
    await panel.waitFor({ state: 'detached' })
    await page.goBack()
    await panel.waitFor()
    expect(await page.getByLabel('Domain').inputValue()).toBe('t-1')
  })
})

/** The part of the axis that a bar takes, as somebody sees it. */
async function shareOf(page: Page, id: string): Promise<number> {
  const [bar, axis] = await Promise.all([
    page.locator(`[data-job="${id}"]`).boundingBox(),
    page.locator('svg.lanes').boundingBox(),
  ])
  return bar!.width / axis!.width
}

describe('A stuck client', () => {
  it('is seen beside its job: how it polls, who it is, and what it got', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const { id } = await world.jobs.create({ ...enable(2), scenario: 'slow' })
    const headers = { authorization: `Bearer ${await world.token()}`, 'user-agent': 'python-requests/2.31' }
    const poll = () => emulator.inject({ url: `/api/v1/cckm/aws/bulkjob/${id}`, headers })
    await poll()
    await poll()
    await emulator.inject({ url: '/api/v1/cckm/aws/bulkjob', headers })
    const page = await visit(`${url}/__dashboard#domain=root&job=${id}`)
    const panel = page.getByRole('complementary', { name: `Job ${id}` })
    await panel.getByText(/^Polled 2 times, last .* ago, about every .*, by python-requests\/2\.31$/).waitFor()
    await panel
      .getByText(/GET get → 200 in_progress/)
      .first()
      .waitFor()
    await panel.getByText(/It becomes completed 10m after its start, at 12:10:00 \(in 10m\)\./).waitFor()
    await page.getByText('The clock is frozen: nothing changes until you move it.').first().waitFor()
    await panel.getByRole('button', { name: 'Show all 2 under Requests' }).click()
    const rows = page.getByRole('region', { name: 'Requests' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(3)
    await page.getByRole('button', { name: `Job ${id.slice(0, 8)} ✕` }).click()
    await expect.poll(() => rows.count()).toBe(4)
    await rows
      .getByRole('link', { name: id.slice(0, 8) })
      .first()
      .click()
    await panel.waitFor()
  })
})

describe('An empty domain', () => {
  it('shows the commands that create a job, and starts a demo', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard`)
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
    expect(await page.locator('.empty pre').textContent()).toContain(`CM=${url}/api/v1`)
    await page.getByRole('button', { name: /^Start a demo/ }).click()
    await said(page, /Created 20 jobs/)
    expect((await emulator.domain('root').jobs.list()).total).toBe(20)
    expect(await emulator.domain('root').clock.read()).toMatchObject({ mode: 'running', rate: 60 })
    await expect.poll(() => page.title()).toMatch(/^\d+ running of 20 · root · cckm-emulator$/)
  })

  it('is deleted when that is confirmed', async () => {
    const { url, emulator } = await startEmulator()
    await emulator.domain('t-1').jobs.create(enable(1))
    const page = await visit(`${url}/__dashboard#domain=t-1&view=states`)
    await page.getByRole('button', { name: 'Delete the domain …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await said(page, 'The domain t-1 is deleted.')
    expect((await emulator.inject('/__admin/domains/t-1')).statusCode).toBe(404)
    expect(await page.getByLabel('Domain').inputValue()).toBe('root')
  })
})

describe('The time axis', () => {
  const five = { ...enable(3), scenario: 'default' }

  it.each([
    ['the seed that ships', 'fixtures/seeds', { width: 1280, height: 900 }],
    ['the demo', 'fixtures/demo', { width: 1280, height: 900 }],
    ['the demo, on a phone', 'fixtures/demo', { width: 390, height: 844 }],
  ])('shows a new job of five seconds wide enough, with %s', async (_name, seed, viewport) => {
    const { url, emulator } = await startEmulator({ seed, clock: 'running' })
    const { id } = await emulator.domain('root').jobs.create(five)
    const page = await visit(`${url}/__dashboard`, { viewport })
    await page.locator(`[data-job="${id}"]`).waitFor()
    expect(await shareOf(page, id)).toBeGreaterThanOrEqual(0.05)
    expect(await page.locator(`[data-job="${id}"]`).count()).toBe(1)
    await picture(page, `time axis ${_name}`)
  })

  it('gathers older jobs into a stub, whose click shows all, and zooms', async () => {
    const { url, emulator } = await startEmulator({ seed: 'fixtures/seeds', clock: 'running' })
    const { id } = await emulator.domain('root').jobs.create(five)
    const { total } = await emulator.domain('root').jobs.list()
    const page = await visit(`${url}/__dashboard`)
    const zooms = page.getByRole('group', { name: 'Time shown' })
    const chosen = (name: string) => zooms.getByRole('button', { name, pressed: true }).waitFor()
    await chosen('fit')
    // All but the new one and the two that the seed starts with the emulator.
    await page.getByRole('button', { name: `${total - 3} before` }).click()
    await chosen('all')
    expect(await page.locator('[data-job]').count()).toBe(total)
    expect(await page.getByRole('button', { name: /before/ }).count()).toBe(0)
    const shares: number[] = []
    for (const name of ['10 m', '1 h', '1 d']) {
      await zooms.getByRole('button', { name }).click()
      await chosen(name)
      shares.push(await shareOf(page, id))
    }
    expect(shares).toEqual([...shares].sort((a, b) => b - a))
    await page.locator(`[data-job="${id}"]`).click()
    await page.getByRole('complementary', { name: `Job ${id}` }).waitFor()
  })

  it('goes back to the last job where all are over, and says where now is', async () => {
    const { url, emulator } = await startEmulator()
    const { id } = await emulator.domain('root').jobs.create(five)
    await emulator.domain('root').clock.advance('3h')
    const page = await visit(`${url}/__dashboard`)
    await page.getByText(/All jobs are over\. Now is 2h 59m later\./).waitFor()
    expect(await shareOf(page, id)).toBeGreaterThanOrEqual(0.05)
  })

  it.each([390, 768, 1280])('has labels that never touch, %d pixels wide', async (width) => {
    const { url, emulator } = await startEmulator({ seed: 'fixtures/demo', clock: 'running' })
    await emulator.domain('root').jobs.create(five)
    const page = await visit(`${url}/__dashboard`, { viewport: { width, height: 844 } })
    await page.locator('[data-job]').first().waitFor()
    for (const name of ['fit', '10 m', '1 h', '1 d', 'all']) {
      await page.getByRole('group', { name: 'Time shown' }).getByRole('button', { name, exact: true }).click()
      const boxes = await Promise.all((await page.locator('.ticks span').all()).map((label) => label.boundingBox()))
      expect([name, boxes.length > 0]).toEqual([name, true])
      const edges = [0, ...boxes.flatMap((box) => [box!.x, box!.x + box!.width]), width]
      expect(edges).toEqual([...edges].sort((a, b) => a - b))
    }
  })
})

describe('Faults', () => {
  it('are switched on and off, and show in the log of requests', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const page = await visit(`${url}/__dashboard#domain=root&view=faults`)
    const fault = switchOf(page, 'Too many requests')
    await fault.click()
    await said(page, 'The fault is set')
    await switchOf(page, 'Too many requests', { checked: true }).waitFor()
    const headers = { authorization: `Bearer ${await world.token()}` }
    const statuses = [1, 2].map(() => emulator.inject({ url: '/api/v1/cckm/aws/bulkjob', headers }))
    expect((await Promise.all(statuses)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 429])
    await page.getByRole('row').filter({ hasText: 'Too many requests' }).getByRole('cell', { name: '1' }).waitFor()
    await tab(page, 'Requests')
    await page.getByRole('row').filter({ hasText: '429' }).filter({ hasText: 'Too many requests' }).waitFor()
    await picture(page, 'a request that a fault hit')
    await tab(page, 'Faults')
    await fault.click()
    await said(page, 'The fault is removed')
    expect(await world.faults()).toEqual([])
  })

  it('are set once, however often their switch is clicked before it shows so', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard#domain=root&view=faults`)
    const fault = switchOf(page, 'Slow answers', { checked: false })
    await fault.waitFor()
    const held = Promise.withResolvers<undefined>()
    await page.route('**/faults', async (route) => {
      if (route.request().method() === 'GET') await held.promise
      await route.continue()
    })
    const isSet = page.waitForResponse((answer) => answer.request().method() === 'POST')
    await fault.click()
    await isSet
    // Straight to it: a click as a person makes it would wait here until the switch takes one.
    await fault.dispatchEvent('click')
    held.resolve(undefined)
    await switchOf(page, 'Slow answers', { checked: true, disabled: false }).waitFor()
    expect(await emulator.domain('root').faults()).toHaveLength(1)
  })

  it('are written as JSON where no switch has them, and what is wrong is said', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard#domain=root&view=faults`)
    await page.getByText('Another fault, as JSON').click()
    await page.getByRole('textbox', { name: /^Fault/ }).fill('{"do":{"dealy":"2s"}}')
    await page.getByRole('button', { name: 'Set the fault' }).click()
    await page.getByRole('alert').getByText(/dealy/).waitFor()
    await page.getByRole('textbox', { name: /^Fault/ }).fill('{"do":{"delay":"5ms"}}')
    await page.getByRole('button', { name: 'Set the fault' }).click()
    await page.getByRole('rowheader', { name: 'delay 5ms on any call' }).waitFor()
    expect(await emulator.domain('root').faults()).toMatchObject([{ do: { delay: '5ms' } }])
  })
})

describe('A domain', () => {
  it('is kept as a snapshot, loaded again, and reset when that is confirmed', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    await world.jobs.create(enable(2))
    const page = await visit(`${url}/__dashboard#domain=root&view=states`)
    await page.getByLabel('Name').fill('before')
    await page.getByRole('button', { name: 'Save snapshot' }).click()
    await page.getByRole('rowheader', { name: 'before' }).waitFor()
    await page.getByRole('button', { name: 'Reset the domain …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect((await world.jobs.list()).total).toBe(1)
    await page.getByRole('button', { name: 'Reset the domain …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset', exact: true }).click()
    await said(page, 'is reset')
    expect((await world.jobs.list()).total).toBe(0)
    await page.getByRole('button', { name: 'Load before' }).click()
    await said(page, 'Loaded before')
    expect((await world.jobs.list()).total).toBe(1)
  })

  it('is a world of its own: two tabs in two domains do not see each other', async () => {
    const { url, emulator } = await startEmulator()
    const [one, two] = [emulator.domain('t-1'), emulator.domain('t-2')]
    const first = await one.jobs.create({ ...enable(2), scenario: 'slow' })
    // Of the same request they would have the same id: draws do not depend on the domain's name.
    const second = await two.jobs.create({ ...enable(3), scenario: 'slow' })
    const left = await visit(`${url}/__dashboard#domain=t-1`)
    const right = await visit(`${url}/__dashboard#domain=t-2`)
    await rowOf(left, first.id).waitFor()
    await rowOf(right, second.id).waitFor()
    await clockOf(left).getByRole('button', { name: '+10m' }).click()
    await rowOf(left, first.id).getByText('completed').waitFor()
    expect(await rowOf(right, first.id).count()).toBe(0)
    await rowOf(right, second.id).getByText('in_progress').waitFor()
    expect((await two.clock.read()).now).toBe(NOON)
  })

  it('is followed live: what happens elsewhere shows without a touch', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const page = await visit(`${url}/__dashboard`)
    await page.getByText('● live').waitFor()
    const { id } = await world.jobs.create({ ...enable(2), scenario: 'stuck' })
    await rowOf(page, id).waitFor()
    await world.clock.run(60)
    await clockOf(page).getByText('running 60×').waitFor()
    await world.clock.freeze()
    await clockOf(page).getByText('frozen', { exact: true }).waitFor()
  })

  it('can be one that is not there yet, which the page says calmly and offers to make', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard#domain=new-one`)
    await page.getByText('There is no domain named new-one.').waitFor()
    await page.getByText('○ no such domain').waitFor()
    expect(await page.getByText('disconnected').count()).toBe(0)
    await page.getByRole('button', { name: 'Create domain' }).click()
    await clockOf(page).waitFor()
    expect(await emulator.domain('new-one').read()).toMatchObject({ name: 'new-one' })
  })
})

describe('The table of jobs', () => {
  it('filters, sorts and turns pages on the server, with ten thousand jobs as with ten', async () => {
    const { url, emulator } = await startEmulator()
    const world = emulator.domain('root')
    const jobs = Array.from({ length: 10_000 }, (_each, index) => ({
      ...enable(3),
      scenario: index % 10 === 0 ? 'failure' : 'slow',
    }))
    await world.seed({ jobs })
    const page = await visit(`${url}/__dashboard`)
    await page.getByText('1 to 25 of 10000').waitFor()
    await page.getByRole('button', { name: 'Next →' }).click()
    await page.getByText('26 to 50 of 10000').waitFor()
    await clockOf(page).getByRole('button', { name: '+1m' }).click()
    await page.getByLabel('Status').selectOption('error')
    // Whole, or it would be found in 10000 too.
    await page.getByText('1 to 25 of 1000', { exact: true }).waitFor()
    expect(await page.getByRole('rowgroup').last().getByRole('row').count()).toBe(25)
    await page.getByRole('button', { name: 'Job', exact: true }).click()
    await page.locator('th[aria-sort=descending]', { hasText: 'Job' }).waitFor()
    // The last page stays until the next one is there.
    const { jobs: first } = await world.jobs.list({ overall_status: 'error', sort: '-id', limit: 1 })
    await page.getByRole('rowgroup').last().getByRole('row').first().getByText(first[0]!.id.slice(0, 8)).waitFor()
    const shown = await page.getByRole('rowgroup').last().getByRole('link').allInnerTexts()
    expect(shown).toEqual([...shown].sort().reverse())
    expect(shown).toHaveLength(25)
    await picture(page, 'ten thousand jobs')
  })
})

describe('The search by id', () => {
  it('takes the beginning of an id, as the table shows it', async () => {
    const { url, emulator } = await startEmulator()
    const { id } = await emulator.domain('root').jobs.create(enable(1))
    const other = await emulator.domain('root').jobs.create(enable(2))
    const page = await visit(`${url}/__dashboard`)
    await rowOf(page, other.id).waitFor()
    const search = page.getByRole('searchbox', { name: 'Id' })
    await search.fill(id.slice(0, 8))
    await search.press('Enter')
    await page.getByText('1 to 1 of 1').waitFor()
    await rowOf(page, id).waitFor()
    await search.fill('nothing')
    await search.press('Enter')
    await page
      .getByRole('alert')
      .getByText(/has an id that starts with nothing/)
      .waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText('1 to 2 of 2').waitFor()
  })
})

describe('With an admin token', () => {
  it('the page asks for it once, keeps it for the tab, and never shows it in the address', async () => {
    const { url } = await startEmulator({ adminToken: 'open-sesame' })
    const page = await visit(`${url}/__dashboard`)
    await page.getByLabel('Admin token').fill('wrong')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('That token is wrong.').waitFor()
    await page.getByLabel('Admin token').fill('open-sesame')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('● live').waitFor()
    await page.reload()
    await page.getByText('● live').waitFor()
    expect(page.url()).not.toContain('sesame')
  })
})

describe('When the emulator is gone', () => {
  it('the page says so', async () => {
    const { url, emulator } = await startEmulator()
    const page = await visit(`${url}/__dashboard`)
    await page.getByText('● live').waitFor()
    await emulator.close()
    await page.getByText('disconnected, trying again').waitFor()
  })
})

describe('The page is for everybody', () => {
  it.each(['light', 'dark'] as const)('axe finds nothing to complain of, in %s', async (colorScheme) => {
    const { url, emulator } = await startEmulator()
    await makeDemo(emulator)
    const { jobs } = await emulator.domain('demo').jobs.list()
    const page = await visit(`${url}/__dashboard#domain=demo&job=${jobs[2]!.id}`, {
      colorScheme,
      // Colours on their way to others may be any.
      reducedMotion: 'reduce',
    })
    await page.getByText('Why this state?').waitFor()
    await expectAccessible(page)
    await picture(page, `jobs in ${colorScheme}`)
    for (const name of ['Requests', 'Faults', 'Polling report', 'Snapshots']) {
      await tab(page, name)
      await page.getByRole('region', { name }).waitFor()
      await expectAccessible(page)
      await picture(page, `${name} in ${colorScheme}`)
    }
    await tab(page, 'Jobs')
    await page.getByRole('button', { name: 'New job …' }).click()
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page)
  })

  it('fits a phone: nothing is wider than the page', async () => {
    const { url, emulator } = await startEmulator()
    await makeDemo(emulator)
    const { jobs } = await emulator.domain('demo').jobs.list()
    const viewport = { width: 360, height: 740 }
    const page = await visit(`${url}/__dashboard#domain=demo`, { viewport, hasTouch: true, isMobile: true })
    const views = [
      ['jobs', 'Jobs'],
      [`jobs&job=${jobs[2]!.id}`, 'Why this state?'],
      ['requests', 'Requests'],
      ['faults', 'Faults'],
      ['polling', 'Polling report'],
      ['states', 'Snapshots'],
    ] as const
    await page.getByText('● live').waitFor()
    for (const [view, name] of views) {
      await page.goto(`${url}/__dashboard#domain=demo&view=${view}`)
      await page.getByRole('region', { name, exact: true }).or(page.getByRole('heading', { name })).first().waitFor()
      await picture(page, `phone ${view.replace(/&.*/, ' with a job')}`)
      expect([view, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([view, 360])
    }
  })

  it('can be used with the keyboard alone', async () => {
    const { url, emulator } = await startEmulator()
    const { id } = await emulator.domain('root').jobs.create({ ...enable(2), scenario: 'stuck' })
    const page = await visit(`${url}/__dashboard`)
    await rowOf(page, id).getByRole('link').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: `Job ${id}` }).waitFor()
    await page.getByRole('button', { name: 'New job …' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('New job …')
  })
})
