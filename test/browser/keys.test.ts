// The tab "Keys" in a real browser: the inventory at any instant, and who changed it.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, picture, startEmulator, visit } from './support.ts'

const at = (time: string) => `2026-01-01T${time}Z`
const awsKey = (id: string, more: object = {}) => ({
  kind: 'aws.key',
  record: { id, kms: 'production', region: 'eu-west-1', aws_param: { Alias: [`alias/of-${id}`] } },
  ...more,
})

/** Keys of which a call has disabled one, and of which a job schedules the deletion of another; `made-up` is no key. */
async function startWithKeys() {
  const { emulator, url } = await startEmulator()
  const world = emulator.domain('root')
  await world.seed({
    resources: [
      { kind: 'aws.kms', record: { name: 'production', regions: ['eu-west-1'] } },
      { kind: 'azure.vault', record: { name: 'customers::12e533dd' } },
      awsKey('k1'),
      awsKey('k2'),
      { ...awsKey('k3'), appears: 'on-sync' as const },
      { kind: 'azure.key', record: { id: 'a1', key_name: 'mail', key_vault: 'customers::12e533dd' } },
    ],
    jobs: [],
  })
  await world.clock.advance('1m')
  const authorization = `Bearer ${await world.token()}`
  await emulator.inject({ method: 'POST', url: '/api/v1/cckm/aws/keys/k2/disable', headers: { authorization } })
  const request = { operation: 'schedulekeydeletion', days: 7, keys: ['made-up', 'k1'] }
  const job = await world.jobs.create({ family: 'aws.bulkjob', request })
  await world.clock.advance('1m')
  return { world, job, keysPage: `${url}/__dashboard#domain=root&view=keys` }
}

const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const panelOf = (page: Page, id: string) => page.getByRole('complementary', { name: `Resource ${id}` })

describe('The inventory', () => {
  it('is listed with states, filtered and searched on the server, and marks what is hidden', async () => {
    const { keysPage } = await startWithKeys()
    const page = await visit(keysPage)
    await page.getByText('1 to 6 of 6').waitFor()
    await rowOf(page, 'alias/of-k1').getByText('PendingDeletion').waitFor()
    await rowOf(page, 'alias/of-k3').getByText('hidden').waitFor()
    await page.getByLabel('State').selectOption('Disabled')
    await page.getByText('1 to 1 of 1').waitFor()
    await rowOf(page, 'alias/of-k2').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByLabel('Container').selectOption({ label: 'customers::12e533dd' })
    await rowOf(page, 'mail').waitFor()
    await page.getByText('1 to 1 of 1').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    const search = page.getByRole('searchbox', { name: 'Search' })
    await search.fill('OF-K')
    await search.press('Enter')
    await page.getByText('1 to 3 of 3').waitFor()
  })

  it('is shown as it was at the instant of the slider, and as it will be', async () => {
    const { keysPage } = await startWithKeys()
    const page = await visit(`${keysPage}&at=${at('12:00:30')}`)
    await rowOf(page, 'alias/of-k1').getByText('Enabled').waitFor()
    await page.getByLabel('Instant', { exact: true }).fill('2026-01-09T00:00:00Z')
    await page.getByRole('button', { name: 'Go', exact: true }).click()
    await rowOf(page, 'alias/of-k1').getByText('gone').waitFor()
  })

  it('stays quick with many keys', async () => {
    const { emulator, url } = await startEmulator()
    await emulator.domain('root').seed({ resources: [{ ...awsKey(''), record: {}, count: 1000 }], jobs: [] })
    const page = await visit(`${url}/__dashboard#domain=root&view=keys`)
    await page.getByText('1 to 25 of 1000').waitFor()
    await page.getByRole('button', { name: 'Next →' }).click()
    await page.getByText('26 to 50 of 1000').waitFor()
  })

  it('without keys says how to get some', async () => {
    const { url } = await startEmulator()
    const page = await visit(`${url}/__dashboard#domain=root&view=keys`)
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
    expect(await page.locator('.empty pre').textContent()).toContain('cckm-emulator resources add aws.key')
  })
})

describe('A key', () => {
  it('has its states over time, who made them, and links to the job and back', async () => {
    const { job, keysPage } = await startWithKeys()
    const page = await visit(keysPage)
    await page.getByRole('link', { name: 'alias/of-k1' }).focus()
    await page.keyboard.press('Enter')
    const panel = panelOf(page, 'k1')
    const band = 'Enabled from 2026-01-01 12:00:00, PendingDeletion from 2026-01-01 12:01:05, gone from 2026-01-08'
    // In the panel, and beside the jobs on the axis.
    await expect.poll(() => page.getByRole('img', { name: band }).count()).toBe(2)
    await panel
      .getByRole('row', { name: /deletion-scheduled/ })
      .getByRole('link', { name: job.id.slice(0, 8) })
      .click()
    const jobPanel = page.getByRole('complementary', { name: `Job ${job.id}` })
    await jobPanel.getByRole('rowheader', { name: 'made-up' }).waitFor()
    expect(await jobPanel.getByRole('link', { name: 'made-up' }).count()).toBe(0)
    await jobPanel.getByRole('link', { name: 'k1' }).click()
    await panel.getByRole('button', { name: /^Look at 2026-01-08 12:01:05/ }).click()
    await page.getByText('Looking at 2026-01-08 12:01:05').waitFor()
    await panel.locator('.status').getByText('gone').waitFor()
    await panel.getByText('"gone": true').waitFor()
  })

  it('that a synchronization has yet to show has a band, too', async () => {
    const { keysPage } = await startWithKeys()
    const page = await visit(`${keysPage}&key=k3`)
    await panelOf(page, 'k3').getByRole('img', { name: 'Enabled (hidden) from 2026-01-01 12:00:00' }).waitFor()
    const clipPath = "getComputedStyle(document.querySelector('.panel .band rect')).clipPath"
    expect(await page.evaluate<string>(clipPath)).toBe('none')
  })

  it('leads to the request that changed it', async () => {
    const { keysPage } = await startWithKeys()
    const page = await visit(`${keysPage}&key=k2`)
    await panelOf(page, 'k2')
      .getByRole('row', { name: /disabled/ })
      .getByRole('link')
      .click()
    const rows = page.getByRole('region', { name: 'Requests' }).getByRole('row')
    await rows.getByText('POST /api/v1/cckm/aws/keys/k2/disable').waitFor()
    expect(await rows.count()).toBe(2)
  })

  it('that is removed still has its states over time', async () => {
    const { world, keysPage } = await startWithKeys()
    await world.resources.remove('a1')
    const page = await visit(`${keysPage}&key=a1`)
    await panelOf(page, 'a1').getByText('It has been removed: clients get 404.').waitFor()
    await panelOf(page, 'a1').getByText('→ removed').waitFor()
    await page.goto(`${keysPage}&key=no-such`)
    await panelOf(page, 'no-such').getByText('there is no resource no-such in the domain root').waitFor()
  })
})

describe('The tab of keys is for everybody', () => {
  it.each(['light', 'dark'] as const)('axe finds nothing to complain of, in %s', async (colorScheme) => {
    const { keysPage } = await startWithKeys()
    const page = await visit(`${keysPage}&key=k1`, { colorScheme, reducedMotion: 'reduce' })
    await panelOf(page, 'k1').getByText('"KeyState": "PendingDeletion"').waitFor()
    await page.getByText('What the colours mean').click()
    await expectAccessible(page)
    await picture(page, `keys in ${colorScheme}`)
  })

  it('fits a phone', async () => {
    const { keysPage } = await startWithKeys()
    const viewport = { width: 360, height: 740 }
    const page = await visit(`${keysPage}&key=k1`, { viewport, hasTouch: true, isMobile: true })
    await panelOf(page, 'k1').getByText('"KeyState": "PendingDeletion"').waitFor()
    await rowOf(page, 'mail').waitFor()
    await picture(page, 'phone keys')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360)
  })
})
