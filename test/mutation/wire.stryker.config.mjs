import { optionsFor } from './options.mjs'

export default {
  ...optionsFor('wire'),
  mutate: ['src/wire/**/*.ts'],
}
