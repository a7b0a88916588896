import type { JobView } from '../model/job.ts'
import { clearTimeout, MAX_TIMEOUT_MS, setTimeout } from '../timers.ts'
import type { DomainState } from './state.ts'

export interface WaitRequest {
  /** `final`, or a status. */
  readonly is: string
  /** In real time. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Whether a job has a status; `final` stands for every status with which a job ends. */
export function hasStatus({ status, isFinal }: JobView, is: string): boolean {
  return is === 'final' ? isFinal : status === is
}

/**
 * Calls `look` now and whenever the job ends or the state of the domain is replaced, until it returns a value;
 * undefined after the timeout. If it throws, the wait ends with that error.
 */
export function waitForJob<T>(
  state: DomainState,
  id: string,
  { timeoutMs, signal, look }: Omit<WaitRequest, 'is'> & { readonly look: () => T | undefined },
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = (found?: T): void => {
      clearTimeout(timer)
      stop()
      signal.removeEventListener('abort', onAbort)
      resolve(found)
    }
    const onAbort = (): void => {
      end()
    }
    const onFailed = (error: unknown): void => {
      reject(error instanceof Error ? error : new Error(String(error)))
      end()
    }
    const lookAgain = (): void => {
      try {
        const found = look()
        if (found !== undefined) end(found)
      } catch (error) {
        onFailed(error)
      }
    }
    const timer = setTimeout(end, Math.min(timeoutMs, MAX_TIMEOUT_MS))
    const stop = state.follower.follow({
      onTransitions: (transitions) => {
        if (transitions.some((each) => 'job' in each && each.job === id && each.item === undefined)) lookAgain()
      },
      onReplaced: lookAgain,
      onFailed,
    })
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) end()
    else lookAgain()
  })
}
