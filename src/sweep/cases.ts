import type { DomainHandle } from '../client/handle.ts'
import { matchesGlob } from '../model/glob.ts'
import { SWEEP_OUTCOMES, type SweepCase, type SweepOutcomeName, type SweepPlanRequest } from '../model/sweep.ts'
import type { Trial } from './judge.ts'
import type { DomainObservation } from './observation.ts'
import type { SweepResult } from './report.ts'
import { SweepError } from './sweep-error.ts'

/** A case, and the suffix of the domain that it concerns. */
export type DomainCase = { readonly suffix: string; readonly name: string } & (
  SweepCase | { readonly ending: SweepOutcomeName }
)

/** The cases with faults for the requests of some domains. */
export async function faultCases(
  domains: readonly { readonly suffix: string; readonly world: DomainHandle }[],
  plan: SweepPlanRequest,
): Promise<DomainCase[]> {
  const cases = domains.map(async ({ suffix, world }) =>
    (await world.sweepPlan(plan)).map((each) => ({ ...each, name: prefixOf(suffix) + each.name, suffix })),
  )
  return (await Promise.all(cases)).flat()
}

const OUTCOME = 'outcome:'
const ENDINGS = Object.keys(SWEEP_OUTCOMES) as readonly SweepOutcomeName[]

/** The cases with endings for the jobs of some domains. */
export function endingCases(domains: readonly DomainObservation[]): DomainCase[] {
  return domains
    .filter(({ jobs }) => jobs.length > 0)
    .flatMap(({ suffix }) => ENDINGS.map((ending) => ({ suffix, ending, name: prefixOf(suffix) + OUTCOME + ending })))
}

/** Whether a glob names cases with endings. */
export function namesOutcome(glob: string): boolean {
  return withoutPrefix(glob).startsWith(OUTCOME)
}

/** `-0123abcd` of a domain's name, as `0123abcd/`. */
function prefixOf(suffix: string): string {
  return suffix === '' ? '' : `${suffix.replace(/^-/, '')}/`
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

/** The cases that a glob matches, with or without the prefix of their domain. */
export function chosenCases(cases: readonly DomainCase[], only: readonly string[]): readonly DomainCase[] {
  if (only.length === 0) return cases
  const found = cases.filter(({ name }) =>
    only.some((glob) => matchesGlob(glob, name) || matchesGlob(glob, withoutPrefix(name))),
  )
  if (found.length > 0) return found
  const some = cases.slice(0, 3).map(({ name }) => name)
  throw new SweepError(`no case is named ${only.join(' or ')}: there are ${cases.length}, such as ${some.join(', ')}`)
}

interface TriedCase {
  readonly trial: Trial
  readonly source: Pick<SweepResult, 'fault' | 'nextJob'>
}

/** Prepares a domain for a case: sets its fault, or the rule that ends all jobs. */
export async function tryInDomain(planned: DomainCase, world: DomainHandle): Promise<TriedCase> {
  const { suffix } = planned
  if ('fault' in planned) {
    const { fault, mayGiveUp } = planned
    const { id: faultId } = await world.fault(fault)
    return { trial: { suffix, fault, faultId, ...(mayGiveUp && { mayGiveUp }) }, source: { fault } }
  }
  const { ending } = planned
  const nextJob = { scenario: SWEEP_OUTCOMES[ending].scenario(await world.settings()) }
  const { id: ruleId } = await world.nextJob({ ...nextJob, times: MAX_JOBS })
  return { trial: { suffix, ruleId, ending }, source: { nextJob } }
}

/** Whether the run met the fault or the rule. The journal may have dropped the request. */
export async function isMet(trial: Trial, world: DomainHandle): Promise<boolean> {
  if ('faultId' in trial) return (await world.faults()).some(({ id, hits }) => id === trial.faultId && hits > 0)
  return (await world.rules()).some(({ id, left, times }) => id === trial.ruleId && left < times)
}

/** More jobs than a run creates. */
const MAX_JOBS = 1000
