import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { AWS, NOW, enable, openWorld, type TestWorld } from '../support/world.ts'

/** All that vitest can fake. */
const EVERYTHING = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['Date', 'performance', 'hrtime'] as const),
]

type FakeTimerOptions = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>

function fakeTimers(options?: FakeTimerOptions): void {
  vi.useFakeTimers(options)
  onTestFinished(() => void vi.useRealTimers())
}
for (const f of [['queueMicrotask'], ['setImmediate'], EVERYTHING, [...EVERYTHING, 'queueMicrotask']] as any)
  describe('x' + f, () => {
    it('before', async () => {
      fakeTimers({ toFake: f })
      const { vendor, control, handle } = await openWorld()
      const { id } = (await vendor.post(AWS, enable('k1'))).json as any
      await handle.clock.advance('5s')
      expect((await vendor.get(`${AWS}/${id}`)).json).toMatchObject({ overall_status: 'completed' })
      await vendor.send('POST', `${AWS}/${id}/cancel`, { headers: { 'content-type': 'application/json' } })
      expect(await handle.jobs.wait(id, { timeout: '1s' })).toBeDefined()
    }, 5000)
    it('fetch', async () => {
      const { emulator, access } = await openWorld()
      fakeTimers({ toFake: f })
      const r = await emulator.fetch('/api/v1' + AWS, {
        method: 'POST',
        body: JSON.stringify(enable('k')),
        headers: { authorization: `Bearer ${access.jwt}` },
      })
      expect([r.status, ((await r.json()) as any).overall_status]).toEqual([201, 'in_progress'])
    }, 5000)
  })
