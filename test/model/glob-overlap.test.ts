import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { matchesGlob } from '../../src/model/glob.ts'
import { globsOverlap } from '../../src/model/glob-overlap.ts'

it.each([
  ['ci-*', 'ci-1', true],
  ['ci-*', '*-1', true],
  ['ci-?', 'ci-*', true],
  ['*', 'a', true],
  ['*', '', true],
  ['a*b', 'b*a', false],
  ['ci-?', 'ci-', false],
  ['ci-1', 'ci-2', false],
  ['a?c', '?b?', true],
  ['a?', '?', false],
])('finds whether %s and %s overlap: %s', (a, b, expected) => {
  expect(globsOverlap(a, b)).toBe(expected)
  expect(globsOverlap(b, a)).toBe(expected)
})

it('agrees with a search of all short strings', () => {
  const texts = ['']
  for (let at = 0; texts.length < 1 + 2 + 4 + 8 + 16 + 32 + 64; at += 1) texts.push(`${texts[at]}a`, `${texts[at]}b`)
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '?', '*'), maxLength: 3 })
  fc.assert(
    fc.property(glob, glob, (a, b) => {
      expect(globsOverlap(a, b)).toBe(texts.some((text) => matchesGlob(a, text) && matchesGlob(b, text)))
    }),
  )
})
