import { inDomain } from './api.ts'
import type { ClockAnswer } from '../client/answers/domains.ts'
import type { AdvanceAnswer } from '../client/answers/jobs.ts'
import { instantOf, isRunning, shownDuration, shownInstant } from './instants.ts'
import { useNow, type ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

const RATES = [1, 10, 60, 600, 3600]
const LEAPS = ['1m', '10m', '1h']
const MODES = {
  running: 'runs',
  frozen: 'is frozen',
  step: 'steps with each poll',
  auto: 'leaps while all clients sleep',
} as const

/** The domain's clock and the commands that move it. None sets it back. */
export function ClockBar({ read }: { read: ReadClock }) {
  const { api, place, act } = useWorld()
  const { clock } = read
  const path = (end: string): string => inDomain(place.domain, `/clock${end}`)

  const set = (change: Partial<ClockAnswer>): void =>
    void act(async () => {
      const { mode, rate, now } = await api.send<ClockAnswer>('PUT', path(''), change)
      return `The clock ${MODES[mode]}${mode === 'running' ? ` at ${rate}×` : ''}, at ${shownInstant(instantOf(now))}.`
    })
  const advance = (body: object): void =>
    void act(async () => {
      const { now, total } = await api.send<AdvanceAnswer>('POST', path('/advance'), body)
      return `The clock is at ${shownInstant(instantOf(now))}: ${total === 1 ? '1 change' : `${total} changes`} happened.`
    })

  return (
    <div class="row">
      <Readout read={read} />
      <div class="group" role="group" aria-label="Mode of the clock">
        <button type="button" aria-pressed={clock.mode === 'frozen'} onClick={() => set({ mode: 'frozen' })}>
          ❚❚ Freeze
        </button>
        <button type="button" aria-pressed={clock.mode === 'running'} onClick={() => set({ mode: 'running' })}>
          ▶ Run
        </button>
        <button
          type="button"
          aria-pressed={clock.mode === 'step'}
          title="Frozen, but each poll of a running job moves the clock to that job's next transition"
          onClick={() => set({ mode: 'step' })}
        >
          ⇥ Step on each poll
        </button>
      </div>
      <label>
        Rate{' '}
        <select
          value={clock.rate}
          onChange={({ currentTarget }) => set({ mode: 'running', rate: Number(currentTarget.value) })}
        >
          {[...new Set([...RATES, clock.rate])]
            .sort((a, b) => a - b)
            .map((rate) => (
              <option key={rate} value={rate}>
                {rate}×
              </option>
            ))}
        </select>
      </label>
      <div class="group" role="group" aria-label="Move the clock on">
        <button
          type="button"
          disabled={clock.nextTransitionAt === null}
          onClick={() => advance({ next: true })}
          title={
            clock.nextTransitionAt === null ? 'No transition is planned' : 'Moves the clock to the next transition'
          }
        >
          Next transition
        </button>
        {LEAPS.map((by) => (
          <button type="button" key={by} onClick={() => advance({ by })}>
            +{by}
          </button>
        ))}
      </div>
      <NextTransition read={read} />
    </div>
  )
}

function Readout({ read }: { read: ReadClock }) {
  const now = useNow(read)
  const { mode, rate } = read.clock
  return (
    <p class="readout">
      <time dateTime={read.clock.now}>{shownInstant(now, { tenths: isRunning(read.clock) && rate <= 10 })}</time>
      <span class={`badge ${mode}`}>{mode === 'running' ? `running ${rate}×` : mode}</span>
    </p>
  )
}

function NextTransition({ read }: { read: ReadClock }) {
  const now = useNow(read)
  const { nextTransitionAt } = read.clock
  if (nextTransitionAt === null) return <p class="quiet">No transition is planned.</p>
  return <p class="quiet">Next transition in {shownDuration(Math.max(0, instantOf(nextTransitionAt) - now))}</p>
}
