import { optionsFor } from './options.mjs'

export default {
  ...optionsFor('wire'),
  mutate: [
    'src/wire/**/*.ts',
    // The table of operations, schemas, samples and prose of the OpenAPI document: they decide almost nothing, and
    // tests for each changed word would only repeat them. test/openapi compares them with the routes, the ledger and
    // the responses.
    '!src/wire/{certainty,job-document,operations,system}.ts',
  ],
}
