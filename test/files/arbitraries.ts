import { fc } from '../support/fast-check.ts'

/** JSON text as its tokens, so that white space can be put between them. */
export type Tokens = readonly string[]

/** Several ways to write a character in JSON. */
const letter = fc.constantFrom(
  'a',
  'Z',
  '0',
  ' ',
  '  ',
  '{',
  '}',
  ':',
  ',',
  '[',
  ']',
  'é',
  '😀',
  '\\"',
  '\\\\',
  '\\/',
  '\\n',
  '\\u00e9',
  '\\u0041',
  '\\ud83d\\ude00',
)
const plainLetter = fc.constantFrom('a', 'Z', '0', ' ', '{', '}', ':', ',', '[', ']', 'é', '😀')
const quoted = (each: fc.Arbitrary<string>, minLength = 0) =>
  fc.array(each, { minLength, maxLength: 6 }).map((letters) => `"${letters.join('')}"`)
const text = fc.oneof(quoted(letter), quoted(plainLetter))
const number = fc.constantFrom('0', '-0', '1.0', '1.50', '1e3', '1E+03', '-12.5e-1', '12345678901234567890', '0.10')
const scalar = fc.oneof(text, number, fc.constantFrom('true', 'false', 'null'))
const integerKey = fc.nat(99).map((key) => `"${key}"`)
const key = fc.oneof(text, integerKey)

const joined = (parts: readonly Tokens[]) => parts.flatMap((part, index) => (index === 0 ? part : [',', ...part]))
const objectOf = (value: fc.Arbitrary<Tokens>, keys: fc.Arbitrary<string> = key) =>
  fc
    .uniqueArray(fc.tuple(keys, value), { maxLength: 4, selector: ([name]) => JSON.parse(name) as string })
    .map((members) => ['{', ...joined(members.map(([name, tokens]) => [name, ':', ...tokens])), '}'])

const { value: json } = fc.letrec<{ value: Tokens }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar.map((token) => [token]),
    fc.array(tie('value'), { maxLength: 3 }).map((parts) => ['[', ...joined(parts), ']']),
    objectOf(tie('value')),
  ),
}))

const details = objectOf(text.map((status) => [status]))

export interface MadeDocument {
  readonly id: string
  readonly tokens: Tokens
  readonly results: readonly { readonly id: string; readonly status: string }[]
}

/** Documents of finished jobs with arbitrary other fields, in any order. */
export const documents: fc.Arbitrary<MadeDocument> = fc
  .record({
    id: fc.oneof(quoted(letter, 1), quoted(plainLetter, 1)),
    details: fc.option(details),
    // Prefixed, so that no name is that of a known field.
    extra: fc.array(
      fc.tuple(
        key.map((name) => `"x${name.slice(1)}`),
        json,
      ),
      { maxLength: 3 },
    ),
    shuffle: fc.infiniteStream(fc.nat(1000)),
  })
  .map(({ id, details: results, extra, shuffle }) => {
    const members: [string, Tokens][] = [
      ['"id"', [id]],
      ['"uri"', ['"kylo:kylo:cckm:bulkjob:1"']],
      ['"createdAt"', ['"2023-02-10T08:19:48.558869Z"']],
      ['"overall_status"', ['"completed"']],
      ['"operation"', ['"enablekey"']],
      ...(results === null ? [] : ([['"detailed_status"', results]] satisfies [string, Tokens][])),
      ...new Map(
        extra.map(([name, tokens]) => [JSON.parse(name) as string, [name, tokens] as [string, Tokens]]),
      ).values(),
    ]
    const ranked = members.map((member) => ({ member, rank: shuffle.next().value as number }))
    const order = ranked.sort((a, b) => a.rank - b.rank).map(({ member }) => member)
    return {
      id: JSON.parse(id) as string,
      tokens: ['{', ...joined(order.map(([name, tokens]) => [name, ':', ...tokens])), '}'],
      results: resultsOf(results ?? []),
    }
  })

/** The pairs in an object's tokens: { key : value , key : value }. */
function resultsOf(tokens: Tokens): MadeDocument['results'] {
  const strings = tokens.filter((token) => token.startsWith('"')).map((token) => JSON.parse(token) as string)
  return strings.flatMap((id, index) => (index % 2 === 0 ? [{ id, status: strings[index + 1]! }] : []))
}

/** The tokens with this white space between them, repeated. */
export function pretty(tokens: Tokens, blanks: readonly string[]): string {
  return tokens.map((token, index) => `${blanks[index % blanks.length] ?? ''}${token}`).join('')
}

/** The same on one line. */
export function oneLine(tokens: Tokens, blanks: readonly string[]): string {
  return pretty(
    tokens,
    blanks.map((blank) => blank.replaceAll(/[\r\n]/g, ' ')),
  )
}
