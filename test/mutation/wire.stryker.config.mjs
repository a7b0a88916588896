import { optionsFor } from './options.mjs'

export default {
  ...optionsFor('wire'),
  mutate: [
    'src/wire/**/*.ts',
    // Rows, samples and prose of the OpenAPI document: they decide next to nothing, and a test of each changed word
    // would say them all again. test/openapi holds them to the routes, the ledger, the schemas and the answers.
    '!src/wire/openapi-{answers,operations,requests,samples}.ts',
  ],
}
