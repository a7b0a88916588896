// The exports of the package and its most used types. A change here affects users.

import { expect, expectTypeOf, it } from 'vitest'
import * as library from '../src/index.ts'
import {
  connect,
  createEmulator,
  defineScenario,
  type Connection,
  type DomainHandle,
  type Emulator,
  type EmulatorOptions,
  type ScenarioSource,
} from '../src/index.ts'

it('exports these values and no others', () => {
  expect(Object.keys(library).sort()).toEqual([
    'ControlError',
    'StartError',
    'SweepError',
    'connect',
    'createEmulator',
    'defineScenario',
    'sweep',
  ])
})

it('creates an emulator from optional options', () => {
  expectTypeOf(createEmulator).toBeCallableWith()
  expectTypeOf(createEmulator).toBeCallableWith({ clock: 'frozen', randomSeed: 42, auth: { mode: 'strict' } })
  expectTypeOf(createEmulator).parameter(0).toEqualTypeOf<EmulatorOptions | undefined>()
  expectTypeOf(createEmulator).returns.resolves.toEqualTypeOf<Emulator>()
  // @ts-expect-error -- an option that does not exist
  expectTypeOf(createEmulator).toBeCallableWith({ adminTokens: 'x' })
})

it('has the same domain handle in the process and over http', () => {
  expectTypeOf(connect).returns.toEqualTypeOf<Connection>()
  expectTypeOf<Connection['domain']>().returns.toEqualTypeOf<DomainHandle>()
  expectTypeOf<Emulator['domain']>().returns.toEqualTypeOf<DomainHandle>()
  expectTypeOf<Emulator>().toExtend<AsyncDisposable>()
})

it('checks a scenario and returns it unchanged', () => {
  const scenario = { extends: 'default', after: '30s', items: [{ index: 0, at: '90%' }] }
  expect(defineScenario(scenario)).toBe(scenario)
  expectTypeOf(defineScenario).returns.toEqualTypeOf<ScenarioSource>()
  // @ts-expect-error -- a duration is a string
  expectTypeOf(defineScenario).toBeCallableWith({ after: 30 })
})
