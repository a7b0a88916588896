import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { membersOf, minify, toJson } from '../../src/wire/raw-json.ts'

describe('minified JSON', () => {
  it('has no white space between tokens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(2, '\t', ' '), (value, space) => {
        expect(minify(JSON.stringify(value, null, space))).toBe(JSON.stringify(value))
      }),
    )
  })

  it.each([
    ['{ "a" : 1.50 ,\r\n\t"b":1E5 }', '{"a":1.50,"b":1E5}'],
    ['{"a  b": "c \\" d", "e": "\\\\" , "f": "g  h"}', '{"a  b":"c \\" d","e":"\\\\","f":"g  h"}'],
    ['  [ ]  ', '[]'],
  ])('keeps numbers and strings of %j as written', (json, minified) => {
    expect(minify(json)).toBe(minified)
  })
})

describe('the members of an object', () => {
  it('are its keys and the text of each value, in order', () => {
    expect(
      membersOf('{"b":1.50,"10":"x","9":{"k":[1,{"k":2}],"l":"}"},"a":[{},[],"],"],"\\u0061\\"":null,"e":{},"b":-1E5}'),
    ).toEqual([
      ['b', '1.50'],
      ['10', '"x"'],
      ['9', '{"k":[1,{"k":2}],"l":"}"}'],
      ['a', '[{},[],"],"]'],
      ['a"', 'null'],
      ['e', '{}'],
      ['b', '-1E5'],
    ])
    expect(membersOf('{}')).toEqual([])
  })

  it('are those of JSON.parse for any object', () => {
    const entries = fc.uniqueArray(
      fc.tuple(
        fc.string().map((key) => `k${key}`),
        fc.jsonValue(),
      ),
      {
        selector: ([key]) => key,
      },
    )
    fc.assert(
      fc.property(entries, (members) => {
        const text = JSON.stringify(Object.fromEntries(members))
        expect(membersOf(text)).toEqual(members.map(([key, value]) => [key, JSON.stringify(value)]))
        expect(toJson(membersOf(text))).toBe(text)
      }),
    )
  })

  it('may have a string of several megabytes', () => {
    const long = JSON.stringify('a\\"{}[],: '.repeat(300_000))
    expect(membersOf(`{"a":${long},"b":1}`)).toEqual([
      ['a', long],
      ['b', '1'],
    ])
  })
})
