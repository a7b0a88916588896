import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../src/model/glob.ts'

describe('a glob', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
    ['*', 'any thing\n', true],
    ['ci-*', 'ci-7', true],
    ['ci-*', 'CI-7', false],
    ['k?', 'k1', true],
    ['k?', 'k12', false],
    ['*.key', 'a.key.old', false],
    ['a*b*c', 'aXbXbXc', true],
    ['[a]', 'a', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
    ['*?', '*', true],
  ])('matches %j against %j: %s', (glob, text, isMatch) => {
    expect(matchesGlob(glob, text)).toBe(isMatch)
  })
})

it('matches like the equivalent regular expression', () => {
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '['), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '[', '*', '\n'), maxLength: 10 })
  fc.assert(
    fc.property(glob, text, (pattern, value) => {
      const source = pattern.replace(/[.[]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]')
      expect(matchesGlob(pattern, value)).toBe(new RegExp(`^${source}$`).test(value))
    }),
    { numRuns: 2_000 },
  )
})

// Trying every position of the stars would take practically forever.
it('matches a hostile glob in time', () => {
  expect(matchesGlob('a*'.repeat(50) + 'b', 'a'.repeat(200))).toBe(false)
  expect(matchesGlob('*a'.repeat(50) + '*b', 'a'.repeat(200))).toBe(false)
  expect(matchesGlob('*'.repeat(1_000), 'a'.repeat(1_000))).toBe(true)
})
