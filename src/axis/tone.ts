/** The kind of a job's status: it decides colour, pattern and glyph. */
export type Tone = 'running' | 'done' | 'failed' | 'cancelled'

/** The kind of a resource's state. `pending`: its end is planned; `unseen`: a synchronization has yet to show it. */
export type StateTone = Tone | 'pending' | 'unseen'

/** The tone of each known state. Another one, such as `Creating`, is on its way. */
const STATE_TONES: readonly (readonly [RegExp, StateTone])[] = [
  [/^(enabled|available|active)$/i, 'done'],
  [/^(disabled|archived)$/i, 'cancelled'],
  [/^(pending.*deletion|soft-deleted)$/i, 'pending'],
  [/^(gone|deleted)$/i, 'failed'],
]

/** The tone of a resource's state; of one without states, as if it were enabled. */
export function toneOfState(state: string | undefined): StateTone {
  if (state === undefined) return 'done'
  return STATE_TONES.find(([pattern]) => pattern.test(state))?.[1] ?? 'running'
}

/** The tone of each known status. A domain can choose other words: those of a cancelled job are cancelled, else failed. */
const TONES: readonly (readonly [RegExp, Tone])[] = [
  [/^in_progress$/, 'running'],
  [/^completed$/, 'done'],
  [/^(error|fail)/i, 'failed'],
  [/^(abort|cancel)/i, 'cancelled'],
]

/** The tone of a job's status, wherever the job comes from. */
export function toneOfStatus(status: string, wasCancelled: boolean): Tone {
  return TONES.find(([pattern]) => pattern.test(status))?.[1] ?? (wasCancelled ? 'cancelled' : 'failed')
}
