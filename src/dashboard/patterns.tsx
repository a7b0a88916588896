import type { ItemOutcome } from '../model/job-timeline.ts'
import type { StateTone } from '../axis/tone.ts'

/** Fills that differ in more than colour: hatched for what failed, dotted for what was cancelled, and so on. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="fill-failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="tone-failed" width="6" height="6" />
          <rect class="tone-over" width="2" height="6" />
        </pattern>
        <pattern id="fill-cancelled" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect class="tone-cancelled" width="6" height="6" />
          <circle class="tone-over" cx="3" cy="3" r="1.4" />
        </pattern>
        <pattern id="fill-pending" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect class="tone-pending" width="6" height="6" />
          <rect class="tone-over" width="6" height="1.6" />
        </pattern>
        <pattern id="fill-unseen" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <rect class="tone-unseen" width="6" height="6" />
          <rect class="tone-over" width="3" height="6" />
        </pattern>
      </defs>
    </svg>
  )
}

const PATTERNS: readonly string[] = ['failed', 'cancelled', 'pending', 'unseen']

/** The fill of an outcome as an attribute: a style sheet in a file cannot refer to a pattern of the document. */
export function fillOf(outcome: StateTone | ItemOutcome): string | undefined {
  return PATTERNS.includes(outcome) ? `url(#fill-${outcome})` : undefined
}
