import { inDomain } from './api.ts'
import { ticksOf } from '../axis/ticks.ts'
import { windowOf, type TimeWindow } from '../axis/window.ts'
import type { ResourceHistoryAnswer, ResourceStepAnswer, ResourceTimelineAnswer } from '../client/answers/resources.ts'
import { CopyButton } from './copy-button.tsx'
import { formatInstant, instantOf, shownDuration, shownInstant, type Instant } from './instants.ts'
import { KeyBand } from './key-band.tsx'
import { OriginLink } from './place-link.tsx'
import { KeyState } from './key-state.tsx'
import { keyRowOf, wordOf } from './key-timeline.ts'
import { useNow, type ReadClock } from './use-now.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

interface KeyPanelProps {
  readonly id: string
  readonly timeline: ResourceTimelineAnswer | undefined
  /** Why there is no timeline. */
  readonly problem: string | undefined
  readonly read: ReadClock
}

/** One resource: its state, what it was, is and will be, who changed it, and its record. */
export function KeyPanel({ id, timeline, problem, read }: KeyPanelProps) {
  const { place, go } = useWorld()
  const now = useNow(read)
  const viewed = place.at ?? now
  return (
    <aside class="card panel" aria-label={`Resource ${id}`}>
      <header class="head spread">
        <div>
          <h2>{timeline?.name ?? id}</h2>
          <p>
            <small class="mono">{id}</small>{' '}
            <CopyButton text={id} label="Copy the id">
              Copy
            </CopyButton>
          </p>
        </div>
        <button type="button" class="plain" aria-label="Close the resource" onClick={() => go({ key: undefined })}>
          ✕
        </button>
      </header>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {timeline !== undefined && (
        <>
          <Present timeline={timeline} viewed={viewed} />
          <Life timeline={timeline} now={now} viewed={viewed} />
          <Changes steps={timeline.steps} now={now} viewed={viewed} />
          <KeyRecord id={id} />
        </>
      )}
    </aside>
  )
}

/** What it is at the instant viewed. */
function Present({ timeline, viewed }: { timeline: ResourceTimelineAnswer; viewed: Instant }) {
  const { kind, steps } = timeline
  const step = steps.findLast(({ at }) => instantOf(at) <= viewed)
  if (step === undefined) return <p class="quiet">It does not exist yet at this instant.</p>
  if (step.removed === true) return <p class="quiet">It has been removed: clients get 404.</p>
  return (
    <p class="row">
      <span>{kind}</span>
      <KeyState state={step.state} hidden={step.hidden === true} />
      <span class="quiet">last changed {shownInstant(instantOf(step.at), { tenths: true })}</span>
    </p>
  )
}

const BAND_HEIGHT = 30

/** All its time on one axis. The axis above, of the jobs, has the part that it shows. */
function Life({ timeline, now, viewed }: { timeline: ResourceTimelineAnswer; now: Instant; viewed: Instant }) {
  const row = keyRowOf(timeline)
  const window: TimeWindow = windowOf('all', [row], now)
  return (
    <section>
      <h3>States over time</h3>
      <KeyBand row={row} window={window} now={now} viewed={viewed} height={BAND_HEIGHT} />
      <div class="ticks" aria-hidden="true">
        {ticksOf(window, 4).map(({ at, x, label }) => (
          <span key={at} style={{ left: `${x * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
      <p class="quiet">Its whole time. The axis above the tabs shows it beside the jobs.</p>
    </section>
  )
}

const MAX_CHANGES = 200

/** Its changes in order of time. The instant of each is a button that moves the view there. */
function Changes({ steps, now, viewed }: { steps: readonly ResourceStepAnswer[]; now: Instant; viewed: Instant }) {
  const current = steps.findLastIndex(({ at }) => instantOf(at) <= viewed)
  return (
    <section>
      <h3>Changes</h3>
      <table class="changes">
        <thead>
          <tr>
            {['At', 'Change', 'By'].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.slice(-MAX_CHANGES).map((step, index) => {
            const isCurrent = index === current - Math.max(0, steps.length - MAX_CHANGES)
            return <ChangeRow key={index} step={step} now={now} isCurrent={isCurrent} />
          })}
        </tbody>
      </table>
      {steps.length > MAX_CHANGES && (
        <p class="quiet">
          The newest {MAX_CHANGES} of {steps.length}.
        </p>
      )}
    </section>
  )
}

interface ChangeRowProps {
  readonly step: ResourceStepAnswer
  readonly now: Instant
  /** Whether the resource is what this change made of it at the instant viewed. */
  readonly isCurrent: boolean
}

function ChangeRow({ step, now, isCurrent }: ChangeRowProps) {
  const { go } = useWorld()
  const at = instantOf(step.at)
  const text = shownInstant(at, { tenths: true })
  const [date, time] = text.split(' ')
  return (
    <tr class={isCurrent ? 'open' : undefined} aria-current={isCurrent ? 'true' : undefined}>
      <td>
        <button type="button" class="small" aria-label={`Look at ${text}`} onClick={() => go({ at })}>
          {time}
        </button>
        <small>
          {date}
          {at > now && <strong> in {shownDuration(at - now)}</strong>}
        </small>
      </td>
      <td>
        {step.change}
        <small>→ {wordOf(step)}</small>
      </td>
      <td>
        <OriginLink by={step.by} />
      </td>
    </tr>
  )
}

/** The record at the instant viewed, as clients get it. */
function KeyRecord({ id }: { id: string }) {
  const { api, place, version } = useWorld()
  const search = place.at === undefined ? '' : `?${new URLSearchParams({ at: formatInstant(place.at) }).toString()}`
  const path = inDomain(place.domain, `/resources/${encodeURIComponent(id)}${search}`)
  const { data, error } = useResource(path, (signal) => api.get<ResourceHistoryAnswer>(path, signal), version)
  if (data === undefined || error !== undefined) return null
  return (
    <details open>
      <summary>The record that clients get</summary>
      <pre tabIndex={0}>{JSON.stringify(data.record, null, 2)}</pre>
    </details>
  )
}
