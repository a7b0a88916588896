import type { ExplanationAnswer } from '../client/answers/jobs.ts'
import { instantOf, shownDuration, shownInstant, type Instant } from './instants.ts'

/** Why a job has its status and what would change it, in sentences. */
export function whyOf({ text, status, isFinal, deleted, waitsFor, clock }: ExplanationAnswer, now: Instant): string[] {
  const [origin = ''] = text.split('; ')
  const state = deleted === true ? [`It was ${status} when it was deleted.`] : isFinal ? [`It stays ${status}.`] : []
  const waits = waitsFor.map((condition) => waitText(condition, now))
  const stands = waitsFor.some(({ at }) => at !== undefined) ? (STANDING_CLOCKS[clock] ?? []) : []
  return [sentence(origin), ...state, ...waits, ...stands]
}

const STANDING_CLOCKS: Readonly<Record<string, readonly string[]>> = {
  frozen: ['The clock is frozen: nothing changes until you move it.'],
  step: ['The clock moves with each poll of a running job only.'],
}

function waitText({ trigger, text, at }: ExplanationAnswer['waitsFor'][number], now: Instant): string {
  if (trigger === 'never') return sentence(text)
  if (at === undefined) return `It becomes ${text}.`
  // "completed 10m0s after its start", "aborted 2s after its cancel"
  const [, status = text, delay = '', event = ''] = /^(.*) (\S+) (after its \w+)$/.exec(text) ?? []
  const instant = instantOf(at)
  const since = event === '' ? '' : ` ${shortened(delay)} ${event},`
  const away = instant > now ? ` (in ${shownDuration(instant - now)})` : ''
  return `It becomes ${status}${since} at ${shownInstant(instant).slice(11)}${away}.`
}

/** `10m0s` as `10m`, and no fractions of seconds. */
function shortened(duration: string): string {
  return duration
    .replace(/\.\d+s$/, 's')
    .replace(/([hm])0s$/, '$1')
    .replace(/h0m$/, 'h')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
