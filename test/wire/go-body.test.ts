import Type from 'typebox'
import { expect, it } from 'vitest'
import { asGoReads } from '../../src/wire/go-body.ts'

const schema = Type.Object({
  name: Type.String({ minLength: 1 }),
  note: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String({ minLength: 1 })),
  bits: Type.Optional(Type.Integer({ minimum: 128 })),
  tags: Type.Optional(Type.Object({})),
  parts: Type.Optional(Type.Array(Type.Object({ name: Type.String(), tags: Type.Optional(Type.Object({})) }))),
})

it('drops null, and the empty text of optional members whose schema refuses it', () => {
  const sent = { name: '', note: '', kind: '', bits: 0, tags: null, parts: [{ name: '', tags: null }] }
  expect(asGoReads(schema, sent)).toEqual({ name: '', note: '', bits: 0, parts: [{ name: '' }] })
})

it('takes names in any case, and those of the schema before others', () => {
  expect(asGoReads(schema, { Name: 'a', KIND: 'b' })).toEqual({ name: 'a', kind: 'b' })
  expect(asGoReads(schema, { Name: 'a', name: 'b' })).toEqual({ Name: 'a', name: 'b' })
})

it('leaves what users name, unknown members and anything else as it is', () => {
  const sent = { tags: { A: null, a: '' }, other: null, bits: 'x' }
  expect(asGoReads(schema, sent)).toEqual(sent)
  expect(asGoReads(schema, ['x'])).toEqual(['x'])
})
