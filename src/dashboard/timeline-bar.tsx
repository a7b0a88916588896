import type { Tone } from '../axis/tone.ts'
import type { JobAnswer } from '../client/answers/jobs.ts'
import { barText, toneOf, type Bar, type BarPart } from './bar.ts'
import { fillOf } from './patterns.tsx'

const GLYPHS: Readonly<Record<Tone, string>> = { running: '◔', done: '✓', failed: '✕', cancelled: '⊘' }

/** A job's status: word, colour and glyph. */
export function Status({ job }: { job: Pick<JobAnswer, 'job' | 'timeline'> }) {
  const tone = toneOf(job)
  return (
    <span class={`status ${tone}`}>
      <span aria-hidden="true">{GLYPHS[tone]}</span> {job.job.overall_status}
    </span>
  )
}

/** A job's items side by side, filled as they get their results, above a line for the time that has passed. */
export function TimelineBar({ bar }: { bar: Bar }) {
  const { parts, counts, total, progress } = bar
  const settled = counts.done + counts.failed + counts.cancelled
  return (
    <span class="bar">
      <svg role="img" aria-label={barText(bar)} height="18">
        {parts.map((part) => (
          <Part key={part.x} part={part} />
        ))}
        <rect class="track" x="0" y="15" width="100%" height="3" />
        {progress !== undefined && <rect class="progress" x="0" y="15" width={percent(progress)} height="3" />}
      </svg>
      <small>
        {total === 0 ? '' : `${settled}/${total}`}
        {counts.failed > 0 && <span class="failed"> ✕{counts.failed}</span>}
      </small>
    </span>
  )
}

/** The colour shows an outcome only once the item has it. */
function Part({ part: { outcome, x, width, fill } }: { part: BarPart }) {
  const place = { x: percent(x), y: '0', height: '12' }
  if (fill === 1 && outcome !== 'none')
    return <rect class={`part ${outcome}`} fill={fillOf(outcome)} width={percent(width)} {...place} />
  return (
    <>
      <rect class="part to-come" width={percent(width)} {...place} />
      {fill > 0 && fill < 1 && <rect class="part coming" width={percent(width * fill)} {...place} />}
    </>
  )
}

function percent(value: number): string {
  return `${Math.round(value * 10_000) / 100}%`
}
