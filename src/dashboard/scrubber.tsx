import { useRef, useState } from 'preact/hooks'
import { slideTo, stepOf, windowOf, type FittedWindow, type Zoom } from '../axis/window.ts'
import type { AxisJobs } from './axis-jobs.ts'
import { textOf } from './form.ts'
import { formatInstant, parseInstant, shownInstant, type Instant } from './instants.ts'
import type { KeyRow } from './key-timeline.ts'
import { Ticks, TimeAxis } from './time-axis.tsx'
import { useNow, type ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

const NO_JOBS: AxisJobs = { jobs: [], left: 0, total: 0, running: 0, known: undefined }

interface ScrubberProps {
  readonly read: ReadClock
  readonly axis: AxisJobs | undefined
  /** The states over time of the key that is open. */
  readonly keyRow: KeyRow | undefined
}

/** Shows any instant, past or future. It changes what is seen and never the clock. */
export function Scrubber({ read, axis, keyRow }: ScrubberProps) {
  const { place, go } = useWorld()
  const [zoom, setZoom] = useState<Zoom>('fit')
  const now = useNow(read)
  const viewed = place.at ?? now
  const [isDragging, setDragging] = useState(false)
  // While the user drags the slider or looks at another instant, a running clock must not move the window.
  const kept = useRef<
    { readonly zoom: Zoom; readonly key: string | undefined; readonly window: FittedWindow } | undefined
  >(undefined)
  const isStill = isDragging || place.at !== undefined
  const still =
    isStill && kept.current?.zoom === zoom && kept.current.key === keyRow?.id ? kept.current.window : undefined
  const base =
    still ?? windowOf(zoom, [...(axis?.jobs ?? []), ...(keyRow === undefined ? [] : [keyRow])], viewed, axis?.known)
  const window = place.at === undefined ? base : { ...base, ...slideTo(base, place.at) }
  kept.current = axis === undefined ? undefined : { zoom, key: keyRow?.id, window }
  const step = stepOf(window)

  const look = (at: Instant): void => go({ at: Math.round(at) }, place.at === undefined ? 'push' : 'replace')
  return (
    <div class="scrubber">
      <TimeAxis
        axis={axis ?? NO_JOBS}
        keyRow={keyRow}
        window={window}
        zoom={zoom}
        onZoom={setZoom}
        now={now}
        viewed={viewed}
      />
      <input
        type="range"
        aria-label="Look at an instant"
        aria-valuetext={`${shownInstant(viewed)}${place.at === undefined ? ', now' : ''}`}
        min={0}
        max={(window.to - window.from) / step}
        step="any"
        value={(viewed - window.from) / step}
        onPointerDown={() => setDragging(true)}
        onPointerUp={() => setDragging(false)}
        onPointerCancel={() => setDragging(false)}
        onInput={({ currentTarget }) => look(window.from + Number(currentTarget.value) * step)}
        onKeyDown={(event) => {
          const by = KEYS[event.key]
          if (by === undefined) return
          event.preventDefault()
          look(viewed + by * step)
        }}
      />
      <Ticks window={window} />
      <Viewed now={now} />
    </div>
  )
}

/** Steps of the window: an arrow goes one, a page ten. Home and End stay the slider's own. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
}

function Viewed({ now }: { now: Instant }) {
  const { place, go } = useWorld()
  const { at } = place
  return (
    <div class={at === undefined ? 'viewed' : 'viewed away'}>
      <p>
        {at === undefined ? (
          'You see the present. Drag to look back or ahead: the clock does not move.'
        ) : (
          <>
            <strong>Looking at {shownInstant(at)}</strong>; the clock is at {shownInstant(now)}. Commands are disabled
            here.
          </>
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const asked = parseInstant(textOf(event.currentTarget, 'at'))
          if (asked !== undefined) go({ at: asked })
        }}
      >
        <label>
          Instant <input key={at} name="at" defaultValue={formatInstant(at ?? now)} size={27} autocomplete="off" />
        </label>
        <button>Go</button>
        <button type="button" class="primary" disabled={at === undefined} onClick={() => go({ at: undefined })}>
          Back to now
        </button>
      </form>
    </div>
  )
}
