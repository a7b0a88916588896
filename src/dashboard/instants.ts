import type { ClockAnswer } from '../client/answers/domains.ts'

/** Instants are whole microseconds since 1970 here, as in the emulator; the control API writes them as RFC 3339. */
export type Instant = number

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)?$/i

/** An instant as people and the control API write it; without a zone it is UTC. undefined if the text is no instant. */
export function parseInstant(text: string): Instant | undefined {
  const [, date = '', time = '', fraction = '', zone = 'Z'] = RFC_3339.exec(text.trim()) ?? []
  const seconds = time.length === 5 ? `${time}:00` : time
  const milliseconds = Date.parse(`${date}T${seconds}${zone.toUpperCase()}`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1000 + Number(fraction.padEnd(6, '0'))
}

/** An instant that the control API wrote. */
export function instantOf(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(`not an instant: ${text}`)
  return instant
}

/** True if a clock moves by itself; `auto` also leaps to the next wake-up of a client. */
export function isRunning({ mode }: Pick<ClockAnswer, 'mode'>): boolean {
  return mode === 'running' || mode === 'auto'
}

/** The instant that a domain's clock shows, read `elapsedMs` of real time ago. Only a running clock advances by itself. */
export function nowOf(clock: ClockAnswer, elapsedMs: number): Instant {
  const read = instantOf(clock.now)
  return isRunning(clock) ? read + Math.round(elapsedMs * 1000 * clock.rate) : read
}

/** As the control API writes it: RFC 3339, without trailing zeros in the fraction. */
export function formatInstant(instant: Instant): string {
  const micros = instant - Math.floor(instant / SECOND) * SECOND
  const whole = new Date(Math.floor(instant / SECOND) * 1000).toISOString().slice(0, 19)
  const fraction = String(micros).padStart(6, '0').replace(/0+$/, '')
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** For people: the date and the time of day in UTC, to the second or to a tenth. */
export function shownInstant(instant: Instant, { tenths = false } = {}): string {
  const text = formatInstant(Math.floor(instant / (SECOND / 10)) * (SECOND / 10))
  const [, date = '', time = '', tenth = '0'] = /^(.+)T(\d\d:\d\d:\d\d)(?:\.(\d))?Z$/.exec(text) ?? []
  return `${date} ${time}${tenths ? `.${tenth}` : ''}`
}

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const

/** For people: the two largest units that are not zero; under ten seconds with tenths. */
export function shownDuration(micros: number): string {
  const size = Math.abs(micros)
  const sign = micros < 0 ? '-' : ''
  if (size < SECOND) return `${sign}${Math.round(size / 1000)}ms`
  if (size < 10 * SECOND) return `${sign}${Math.round(size / (SECOND / 10)) / 10}s`
  const rounded = Math.round(size / SECOND) * SECOND
  const first = UNITS.findIndex(([, unit]) => rounded >= unit)
  const parts = UNITS.slice(first, first + 2).map(([name, unit], index) => {
    const above = index === 0 ? rounded : rounded % (UNITS[first]?.[1] ?? unit)
    return [Math.floor(above / unit), name] as const
  })
  return sign + parts.flatMap(([count, name], index) => (count === 0 && index > 0 ? [] : [`${count}${name}`])).join(' ')
}
