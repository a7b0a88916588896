/** The kind of a job's status: it decides colour, pattern and glyph. */
export type Tone = 'running' | 'done' | 'failed' | 'cancelled'

/** Words of a status that have a tone of their own. Others, which a domain can choose, are judged by a cancel. */
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
