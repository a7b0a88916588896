import Type from 'typebox'

/** The text of a duration. The mark `x-duration` lets an error name the units when a bare number was sent. */
export const DurationSchema = Type.String({
  'x-duration': true,
  description: 'a duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M',
})
