import { fillOf } from './patterns.tsx'

const OUTCOMES = [
  ['done', 'done'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
] as const

/** What the colours and patterns of the bars mean. */
export function Legend() {
  return (
    <details class="legend">
      <summary>What the bars mean</summary>
      <ul>
        {OUTCOMES.map(([outcome, text]) => (
          <li key={outcome}>
            <Swatch class={`part ${outcome}`} fill={fillOf(outcome)} /> item {text}
          </li>
        ))}
        <li>
          <Swatch class="part coming" /> item in progress
        </li>
        <li>
          <Swatch class="part to-come" /> item without a result yet
        </li>
        <li>
          <Swatch class="progress" height={3} /> time of the job that has passed
        </li>
      </ul>
    </details>
  )
}

const STATES = [
  ['done', 'enabled, or there'],
  ['cancelled', 'disabled'],
  ['pending', 'to be deleted'],
  ['failed', 'gone or deleted'],
  ['running', 'any other state'],
  ['unseen', 'hidden: a synchronization has yet to show it'],
] as const

/** What the colours and patterns of a key's states mean. */
export function StateLegend() {
  return (
    <details class="legend">
      <summary>What the colours mean</summary>
      <ul>
        {STATES.map(([tone, text]) => (
          <li key={tone}>
            <Swatch class={`state-fill ${tone}`} fill={fillOf(tone)} /> {text}
          </li>
        ))}
        <li>
          <Swatch class="state-fill done to-be" /> to come
        </li>
      </ul>
    </details>
  )
}

function Swatch({ height = 12, ...rest }: { class: string; fill?: string | undefined; height?: number }) {
  return (
    <svg width="26" height="12" aria-hidden="true">
      <rect width="26" y={12 - height} height={height} {...rest} />
    </svg>
  )
}
