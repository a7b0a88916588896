import Type from 'typebox'
import type { Settings } from './source-types.ts'

export type { Settings } from './source-types.ts'

/**
 * The switches of the ledger (docs/reference/fidelity.md): users choose what is not known of CM. Each has the default
 * that the ledger gives reasons for.
 * @internal
 */
export const SettingsSchema = Type.Object(
  {
    cmVersion: Type.String({
      pattern: '^\\d+\\.\\d+$',
      description: 'CM version: 2.16 and older know no keys, vault_id',
    }),
    createStatus: Type.Union([Type.Literal(200), Type.Literal(201), Type.Literal(202)], {
      description: 'status of a create; the pages say "2xx"',
    }),
    cancelStatus: Type.Union([Type.Literal(200), Type.Literal(202)], {
      description: 'status of a cancel',
    }),
    deleteStatus: Type.Union([Type.Literal(200), Type.Literal(204)], {
      description: 'status of a delete; 200 has the body {}',
    }),
    failureWord: Type.String({ minLength: 1, description: 'overall_status of a job that failed' }),
    abortedWord: Type.String({ minLength: 1, description: 'overall_status of a job whose cancel took effect' }),
    syncFailureWord: Type.String({
      minLength: 1,
      description: 'overall_status of a job that failed, in families other than bulk jobs',
    }),
    syncAbortedWord: Type.String({
      minLength: 1,
      description: 'overall_status of a job whose cancel took effect, in families other than bulk jobs',
    }),
    parallelSync: Type.Union([Type.Literal('refuse'), Type.Literal('allow')], {
      description:
        'whether a synchronization can start while another of its family covers one of its containers, or answers 409',
    }),
    undoneItem: Type.String({ description: 'text of an item that a cancel left undone; empty: the item is omitted' }),
    initialDetails: Type.Union([Type.Literal('empty'), Type.Literal('absent')], {
      description: 'detailed_status of a job none of whose items is done: {} or no such key',
    }),
    cancelFinished: Type.Union([Type.Literal('flag'), Type.Literal('refuse')], {
      description: 'what a cancel of a finished job does: set abort and nothing else, or 409',
    }),
    deleteRunning: Type.Union([Type.Literal('refuse'), Type.Literal('allow')], {
      description: 'whether a running job can be deleted, or answers 409',
    }),
    strictFields: Type.Boolean({ description: 'refuse request fields that the vendor does not document' }),
    inventory: Type.Union([Type.Literal('loose'), Type.Literal('strict')], {
      description:
        'what an item of a job does that names nothing in the inventory: succeed, or fail as the cloud would say',
    }),
    goneShown: Type.Union([Type.Literal('at-once'), Type.Literal('on-sync')], {
      description: 'when CM shows that the cloud has destroyed a key: at once, or after a synchronization',
    }),
    purgeDelay: Type.String({
      'x-duration': true,
      description: 'how long after a soft-delete a purge of the key answers 409, a duration',
    }),
    partialFailureWord: Type.String({
      minLength: 1,
      description: 'overall_status of a job some of whose items failed because of the state of their keys',
    }),
    listMaximum: Type.Union([Type.Literal('none'), Type.Integer({ minimum: 1 })], {
      description: 'how many entries a list returns at most: a larger limit, and -1, is cut to it',
    }),
    tokenClock: Type.Union([Type.Literal('real'), Type.Literal('domain')], {
      description: 'the clock by which tokens expire; real, since clients compare exp with their own clock',
    }),
    tokenTtl: Type.String({ description: 'lifetime of an API token, a duration' }),
  },
  { additionalProperties: false },
)

export const DEFAULT_SETTINGS: Settings = {
  cmVersion: '2.18',
  createStatus: 201,
  cancelStatus: 200,
  deleteStatus: 204,
  failureWord: 'error',
  abortedWord: 'aborted',
  syncFailureWord: 'failed',
  syncAbortedWord: 'completed',
  parallelSync: 'refuse',
  undoneItem: 'Aborted',
  initialDetails: 'empty',
  cancelFinished: 'flag',
  deleteRunning: 'refuse',
  strictFields: false,
  inventory: 'loose',
  goneShown: 'at-once',
  purgeDelay: '0s',
  partialFailureWord: 'completed',
  listMaximum: 'none',
  tokenClock: 'real',
  tokenTtl: '300s',
}
