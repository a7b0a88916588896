// YAML is read if JSON can express it; the rest is refused with its line, never changed.

import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { parseYaml } from '../../src/files/yaml-document.ts'
import { validateFiles } from '../../src/files/validate.ts'
import { folderOf } from './folder.ts'

const jsonOf = (text: string): string => parseYaml('a.yaml', text).json

function problemsOf(text: string): readonly string[] {
  try {
    return [jsonOf(text)]
  } catch (error) {
    if (error instanceof StartError) return error.problems
    throw error
  }
}

/** Ten levels, each of nine aliases of the level before: 9 ** 10 strings. */
const explosion = [
  'a: &a0 [x]',
  ...Array.from({ length: 10 }, (_, level) => `b${level}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`),
].join('\n')

describe('values that YAML and JSON share', () => {
  it.each([
    [
      'numbers as written',
      'a: 1.10\nb: 12345678901234567890\nc: -0\nd: 1e400',
      '{"a":1.10,"b":12345678901234567890,"c":-0,"d":1e400}',
    ],
    [
      'instants and words such as yes as strings',
      'a: 2025-03-18T14:02:11.208437Z\nb: yes\nc: off',
      '{"a":"2025-03-18T14:02:11.208437Z","b":"yes","c":"off"}',
    ],
    [
      'the same under a %YAML 1.1 directive',
      '%YAML 1.1\n---\na: 2025-03-18\nb: yes\nc: 1:30',
      '{"a":"2025-03-18","b":"yes","c":"1:30"}',
    ],
    [
      'keys as strings, in their order',
      '10: a\n2: b\n010: c\ntrue: d\n~: e',
      '{"10":"a","2":"b","010":"c","true":"d","~":"e"}',
    ],
    [
      'the value of an alias',
      'a: &x { k: [1] }\nb: *x\nc: &x 2\nd: [*x]',
      '{"a":{"k":[1]},"b":{"k":[1]},"c":2,"d":[2]}',
    ],
    [
      'a value whose tag JSON has',
      'a: !!str 12\nb: !!int "12"\nc: !!map {}\nd: !!seq []',
      '{"a":"12","b":12,"c":{},"d":[]}',
    ],
    ['a quoted <<', '"<<": 1', '{"<<":1}'],
    ['nothing', 'a:\nb: ~\nc: null', '{"a":null,"b":null,"c":null}'],
  ])('keeps %s', (_name, text, json) => {
    expect(jsonOf(text)).toBe(json)
  })
})

describe('values that only YAML has', () => {
  it.each([
    [
      'an instant with a tag',
      'x: !!timestamp 2025-03-18T14:02:11.208437Z',
      'a.yaml:1: /x: !!timestamp is a type that JSON does not have here',
    ],
    ['bytes', 'a: 1\nx: !!binary aGVsbG8=', 'a.yaml:2: /x: !!binary is a type'],
    ['a set', 'x: !!set {a, b}', 'a.yaml:1: /x: !!set is a type'],
    ['an ordered map', 'x: !!omap [a: 1]', 'a.yaml:1: /x: !!omap is a type'],
    ['pairs', 'x: [!!pairs [a: 1]]', 'a.yaml:1: /x/0: !!pairs is a type'],
    ['a custom tag on a string', 'x: !mine a', 'a.yaml:1: /x: !mine is a type'],
    ['a custom tag on a map', 'x:\n  y: !mine {a: 1}', 'a.yaml:2: /x/y: !mine is a type'],
    ['a tag that does not match its value', 'x: !!int twelve', 'a.yaml:1: /x: "twelve" is not a value of !!int'],
    [
      'infinity',
      'x: -.inf',
      'a.yaml:1: /x: -.inf is a number in a form that JSON does not have: put it in quotes if it is text',
    ],
    ['a NaN', 'x: .NaN', 'a.yaml:1: /x: .NaN is a number in a form'],
    [
      'hexadecimal',
      'x: 0x1F',
      'a.yaml:1: /x: 0x1F is a number in a form that JSON does not have: write 31, or put it in quotes if it is text',
    ],
    ['octal', 'x: 0o17', 'a.yaml:1: /x: 0o17 is a number in a form that JSON does not have: write 15,'],
    [
      'a leading zero',
      'x: 012345678901',
      'a.yaml:1: /x: 012345678901 is a number in a form that JSON does not have: write 12345678901,',
    ],
    ['a plus', 'x: +49', 'a.yaml:1: /x: +49 is a number in a form'],
    ['a point without a digit', 'x: .5', 'a.yaml:1: /x: .5 is a number in a form that JSON does not have: write 0.5,'],
    [
      'a merge key',
      'a: &a { b: 1 }\nx:\n  <<: *a',
      'a.yaml:3: /x/<<: is a merge key of YAML 1.1, which is not supported: write the fields out',
    ],
    ['a merge key under %YAML 1.1', '%YAML 1.1\n---\na: &a { b: 1 }\nx:\n  <<: *a', 'a.yaml:5: /x/<<: is a merge key'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3', 'a.yaml:3: expected valid YAML (Map keys must be unique)'],
    ['the same key as number and string', '1: a\n"1": b', 'a.yaml:2: expected valid YAML (Map keys must be unique)'],
    ['a missing key', 'a: 1\n: b', 'a.yaml:2: a key is missing before the colon'],
    ['a map as key', '? { a: 1 }\n: 2', 'a.yaml:1: expected valid YAML (With stringKeys, all keys must be strings)'],
    ['a list as key', '? [a]\n: 2', 'a.yaml:1: expected valid YAML (With stringKeys, all keys must be strings)'],
    ['an alias without an anchor', 'x: *a', 'a.yaml:1: /x: *a has no anchor &a before it'],
    ['an alias within itself', 'x: &a\n  y: *a', 'a.yaml:2: /x/y: *a is an alias within what it is an alias of'],
    ['aliases that explode', explosion, 'repeat more than 16 MiB'],
    ['too many levels', `x: ${'['.repeat(5000)}`, 'expected valid YAML (nested too deeply)'],
  ])('refuses %s with its line and place', (_name, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)])
  })

  it('reports every problem at once', () => {
    expect(problemsOf('a: .inf\nb: !!set {x}\nc: 0x1')).toHaveLength(3)
  })
})

it.each([
  ['a seed', 'jobs:\n  - family: aws.bulkjob\n    request: { keys: [k], operation: .inf }\n', 3],
  ['a scenario', 'after: 5s\nitemCount: 0x10\n', 2],
  ['a configuration', 'port: 1\nrate: .inf\n', 2],
])('refuses it in %s with validate', async (_name, text, line) => {
  const folder = folderOf({ 'a.yaml': text })
  const { problems } = await validateFiles([`${folder}/a.yaml`])
  expect(problems).toEqual([expect.stringContaining(`a.yaml:${line}: `)])
  expect(problems).toEqual([expect.stringContaining('is a number in a form that JSON does not have')])
})
