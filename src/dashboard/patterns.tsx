import type { ItemOutcome } from '../model/job-timeline.ts'
import type { Tone } from '../axis/tone.ts'

/** Fills that differ in more than colour: hatched for failed items, dotted for cancelled ones. */
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
      </defs>
    </svg>
  )
}

/** The fill of an outcome as an attribute: a style sheet in a file cannot refer to a pattern of the document. */
export function fillOf(outcome: Tone | ItemOutcome): string | undefined {
  return outcome === 'failed' || outcome === 'cancelled' ? `url(#fill-${outcome})` : undefined
}
