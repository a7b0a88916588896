// The types of the fixture, checked by tsc with everything else.

import { expectTypeOf, it, test as base, vi } from 'vitest'
import type { AdvanceAnswer, DomainHandle } from '../../src/index.ts'
import {
  withCckm,
  type expect,
  type test,
  type Allowance,
  type Cckm,
  type CckmOptions,
  type FakeTimers,
} from '../../src/testing/vitest.ts'

type Given<T> = T extends { extend: unknown; override: (fixtures: infer F) => unknown } ? F : never

it("adds the fixture to a test's other fixtures", () => {
  const _own = withCckm(base.extend<{ backups: string[] }>({ backups: ['b1'] }), { strict: true })
  expectTypeOf<Given<typeof _own>>().toExtend<{ cckm?: unknown; cckmOptions?: unknown; backups?: unknown }>()
  expectTypeOf<Given<typeof test>>().not.toExtend<{ backups?: string[] }>()
  expectTypeOf<Parameters<typeof withCckm>[1]>().toEqualTypeOf<CckmOptions | undefined>()
})

it('extends the handle of the control API', () => {
  expectTypeOf<Omit<Cckm, 'clock'>>().toExtend<Omit<DomainHandle, 'clock'>>()
  expectTypeOf<Cckm['url' | 'httpsUrl' | 'host' | 'ca' | 'caFile']>().toEqualTypeOf<string>()
  expectTypeOf<Cckm['credentials']>().toEqualTypeOf<{
    readonly username: string
    readonly password: string
    readonly domain: string
  }>()
  expectTypeOf<Cckm['clock']['advance']>().returns.toEqualTypeOf<Promise<AdvanceAnswer>>()
  expectTypeOf(vi).toExtend<FakeTimers>()
  expectTypeOf<Cckm['token']>()
    .parameter(0)
    .toExtend<{ ttl?: string | undefined; kind?: string | undefined } | undefined>()
  expectTypeOf<Parameters<Cckm['allow']>[number]>().toEqualTypeOf<Allowance>()
  expectTypeOf<'5xx' | { operation: string }>().toExtend<Allowance>()
  expectTypeOf<'6xx'>().not.toExtend<Allowance>()
})

it('has matchers that return promises', () => {
  type Matchers = ReturnType<typeof expect<Cckm>>
  expectTypeOf<Matchers['toHavePolledPolitely']>().returns.toEqualTypeOf<Promise<void>>()
  expectTypeOf<Matchers['toHavePolledPolitely']>().toBeCallableWith({ strict: true, allow: ['flat-interval'] })
  // @ts-expect-error -- no such rule
  expectTypeOf<Matchers['toHavePolledPolitely']>().toBeCallableWith({ allow: ['polite'] })
})
