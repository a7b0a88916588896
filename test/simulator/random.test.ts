import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { contentHash, draw, drawBytes, type DrawKey } from '../../src/simulator/random.ts'

const key: DrawKey = { seed: 1, content: '{"keys":["k1"]}', occurrence: 0 }
const keys = fc.record({ seed: fc.nat(), content: fc.string(), occurrence: fc.nat() })

const TRIES = 20_000
/** A power of two, so that the values of a byte divide evenly. */
const BINS = 16

/** Chi-square statistic: about the number of bins for a uniform distribution, many times that otherwise. */
function chiSquare(values: readonly number[]): number {
  const counts = Array.from({ length: BINS }, () => 0)
  for (const value of values) counts[Math.floor(value * BINS)]! += 1
  const expected = values.length / BINS
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** With 15 degrees of freedom, uniform series exceed this once in a hundred thousand. */
const FAIR = 51

/** Typical differences between keys: one number, one word, one item. */
const series: Readonly<Record<string, (n: number) => number>> = {
  'the random seed': (n) => draw({ ...key, seed: n }, 'jitter'),
  'the occurrence': (n) => draw({ ...key, occurrence: n }, 'jitter'),
  'the purpose': (n) => draw(key, `item ${n}`),
  'the content': (n) => draw({ ...key, content: `{"keys":["k${n}"]}` }, 'jitter'),
}

describe.each(Object.entries(series))('draws that differ in %s only', (_name, drawn) => {
  const values = Array.from({ length: TRIES }, (_, n) => drawn(n))

  it('are uniformly distributed', () => {
    expect(chiSquare(values)).toBeLessThan(FAIR)
  })

  it('do not depend on the previous draw', () => {
    const steps = values.slice(1).map((value, n) => (value - values[n]! + 1) % 1)
    expect(chiSquare(steps)).toBeLessThan(FAIR)
  })

  it('are all different', () => {
    expect(new Set(values).size).toBe(TRIES)
  })
})

it('draws independently for two purposes, and for two equal requests', () => {
  const pairs = Array.from({ length: TRIES }, (_, n) => [
    draw({ ...key, seed: n }, 'item 0'),
    draw({ ...key, seed: n }, 'item 1'),
    draw({ ...key, seed: n, occurrence: 1 }, 'item 0'),
  ])
  for (const other of [1, 2])
    expect(chiSquare(pairs.map((drawn) => (drawn[other]! - drawn[0]! + 1) % 1))).toBeLessThan(FAIR)
})

it('draws every value of every byte about equally often', () => {
  const drawn = Array.from({ length: TRIES }, (_, n) => drawBytes({ ...key, occurrence: n }, 'job'))
  for (let index = 0; index < 16; index += 1)
    expect(chiSquare(drawn.map((bytes) => bytes[index]! / 256))).toBeLessThan(FAIR)
})

it('draws a number from 0 to below 1, or sixteen bytes, always the same for a key', () => {
  fc.assert(
    fc.property(keys, fc.string(), (any, purpose) => {
      const drawn = draw(any, purpose)
      expect(drawn).toBeGreaterThanOrEqual(0)
      expect(drawn).toBeLessThan(1)
      expect(draw({ ...any }, purpose)).toBe(drawn)
      expect(drawBytes(any, purpose)).toHaveLength(16)
      expect(drawBytes({ ...any }, purpose)).toEqual(drawBytes(any, purpose))
    }),
  )
})

it('hashes content to an integer that fits a database column, different for similar contents', () => {
  const hashes = Array.from({ length: TRIES }, (_, n) => contentHash(`aws.bulkjob {"keys":["k${n}"]}`))
  expect(new Set(hashes).size).toBe(TRIES)
  for (const hash of hashes) expect(Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 52).toBe(true)
})

// Saved jobs and users' tests depend on these: other machines and versions must draw the same.
it('draws the same as the first version', () => {
  expect([draw(key, 'jitter'), contentHash('content')]).toMatchInlineSnapshot(`
    [
      0.6085848059597281,
      285980391559853,
    ]
  `)
  expect(Buffer.from(drawBytes(key, 'job')).toString('hex')).toMatchInlineSnapshot(`"32f091eb417e8a71d228db82b8e07f7a"`)
})
