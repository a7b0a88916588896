import { optionsFor } from './options.mjs'

export default {
  ...optionsFor('simulator'),
  mutate: ['src/simulator/**/*.ts'],
}
