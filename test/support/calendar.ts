// Changes the machine's calendar like NTP, a resumed virtual machine, or a user: `Date` jumps, the monotonic clock does
// not.

import { onTestFinished } from 'vitest'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export interface Calendar {
  /** Jumps by this many milliseconds, in either direction. */
  readonly step: (ms: number) => void
  /** Restores the machine's calendar. */
  readonly putRight: () => void
}

/** The calendar of this process, until the test ends. */
export function moveableCalendar(): Calendar {
  const real = Date.now
  let offset = 0
  Date.now = () => real() + offset
  const putRight = (): void => {
    offset = 0
  }
  onTestFinished(() => {
    Date.now = real
  })
  return { step: (ms) => (offset += ms), putRight }
}

/** Microseconds since 1970 of an instant as the emulator writes it. */
export function microsOf(instant: string): number {
  const [whole = '', fraction = ''] = instant.replace('Z', '').split('.')
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0'))
}

/** The claims of a token. */
export function claimsOf(jwt: string): { readonly iat: number; readonly exp: number } {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { iat: number; exp: number }
}
