/** The kind of a job's status: it decides colour, pattern and glyph. */
export type Tone = 'running' | 'done' | 'failed' | 'cancelled'

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
