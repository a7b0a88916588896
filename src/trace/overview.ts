import { isIn, layOut, packLanes, placeOn, type AxisBar } from '../axis/layout.ts'
import { windowText } from '../axis/ticks.ts'
import { windowOf, ZOOMS, type FittedWindow, type Zoom } from '../axis/window.ts'
import type { JobHistory } from '../domain/history.ts'
import { html, type Html } from './html.ts'
import { percent, rowOf, ruler, toneOf } from './life.ts'
import type { Trace } from './trace.ts'

/** The height of a lane in pixels. */
const LANE = 12
/** The least distance of two bars in a lane, as part of the axis. */
const GAP = 0.01

/** A window that the reader can choose. */
interface View {
  readonly zoom: Zoom
  readonly window: FittedWindow
  readonly before: number
  readonly after: number
  readonly lanes: number
  /** The bar of each job that is in the window, and its lane. */
  readonly bars: ReadonlyMap<string, { readonly bar: AxisBar; readonly lane: number }>
}

/**
 * All jobs on one time axis. Radio buttons choose the window: a trace runs no script. A bar is one element, whose place in
 * the n-th view is in the variables --xn, --wn and --yn of its style.
 */
export function overview(trace: Trace): Html {
  const fit = viewOf('fit', trace)
  const isAll = fit.before + fit.after === 0 && isIn(fit.window, trace.now)
  const others = isAll ? [] : ([...Object.keys(ZOOMS), 'all'] as Zoom[])
  const views = [fit, ...others.map((zoom) => viewOf(zoom, trace))]
  return html`<fieldset class="overview">
    <legend>Time shown</legend>
    ${views.map(({ zoom }, index) => html`<input type="radio" name="time" id="time-${index}" aria-label="${zoom}" ${index === 0 ? CHECKED : undefined} /><label for="time-${index}">${zoom}</label>`)}
    ${views.map((view, index) => html`<p class="legend view view-${index}">${caption(view, trace.now, views.length - 1)}</p>`)}
    <svg
      class="lanes"
      style="${views.map(({ lanes }, index) => `--h${index}:${Math.max(2, lanes) * LANE}px`).join(';')}"
      aria-hidden="true"
    >
      ${trace.jobs.map((job) => barOf(job, views))}
      <rect
        class="now"
        style="${views.map(({ window }, index) => (isIn(window, trace.now) ? `--x${index}:${percent(placeOn(window, trace.now))}` : `--d${index}:none`)).join(';')}"
      />
    </svg>
    ${views.map(({ window }, index) => html`<div class="view view-${index}">${ruler(window)}</div>`)}
  </fieldset>`
}

const CHECKED: Html = { markup: 'checked' }

function viewOf(zoom: Zoom, { jobs, now }: Trace): View {
  const rows = jobs.map(rowOf)
  const window = windowOf(zoom, rows, now)
  const { rows: shown, before, after } = layOut(rows, window, now)
  const lanes = packLanes(shown, GAP)
  const bars = lanes.flatMap((lane, index) => lane.map((bar) => [bar.id, { bar, lane: index }] as const))
  return { zoom, window, before, after, lanes: lanes.length, bars: new Map(bars) }
}

/** What the view shows, and how many jobs are outside. */
function caption({ window, before, after }: View, now: number, all: number): Html {
  const stub = (text: string): Html => html`<label class="stub" for="time-${all}">${text}</label>`
  const where = now > window.to ? '; now is later' : now < window.from ? '; now is earlier' : ''
  return html`${before > 0 ? stub(`◂ ${before} before`) : undefined} ${windowText(window)} UTC${where}
  ${after > 0 ? stub(`${after} after ▸`) : undefined}`
}

/** The bar of a job, and over it what has passed where something is still to come. */
function barOf(job: JobHistory, views: readonly View[]): Html {
  const style = (widthOf: (bar: AxisBar) => number): string =>
    views
      .map(({ bars }, index) => {
        const place = bars.get(job.id)
        if (place === undefined) return `--d${index}:none`
        const { bar, lane } = place
        return `--x${index}:${percent(bar.x)};--w${index}:${percent(widthOf(bar))};--y${index}:${lane * LANE + 1}px`
      })
      .join(';')
  const isOpen = views.some(({ bars }) => (bars.get(job.id)?.bar.past ?? 1) < (bars.get(job.id)?.bar.width ?? 0))
  const title = html`<title>${job.id} ${job.operation}: ${job.status}</title>`
  return html`<rect
      data-job="${job.id}"
      class="bar ${toneOf(job)}${isOpen ? ' open' : ''}"
      style="${style(({ width }) => width)}"
      >${title}</rect
    >
    ${isOpen ? html`<rect class="bar ${toneOf(job)}" style="${style(({ past }) => past)}" />` : undefined}`
}

/** Puts each bar where the chosen view has it. Narrow bars stay visible. */
export const OVERVIEW_STYLE = [0, 1, 2, 3, 4]
  .map(
    (view) => `#time-${view}:checked ~ .view-${view} { display: block; }
#time-${view}:checked ~ .lanes { height: var(--h${view}); }
#time-${view}:checked ~ .lanes rect { x: var(--x${view}); display: var(--d${view}, inline); }
#time-${view}:checked ~ .lanes .bar { y: var(--y${view}); width: max(3px, var(--w${view})); }`,
  )
  .join('\n')
