import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from './api.ts'
import type { InfoAnswer } from '../client/answers.ts'
import type { Place } from './link.ts'
import type { Go } from './use-place.ts'

/** What every part of the page works with. */
export interface World {
  readonly api: Api
  readonly info: InfoAnswer
  readonly place: Place
  readonly go: Go
  /** Counts up whenever something may have changed: what was asked for is asked for again. */
  readonly version: number
  /** Does something and says what became of it, or why not. */
  readonly act: (work: () => Promise<string | undefined>) => Promise<boolean>
}

export const WorldContext = createContext<World | undefined>(undefined)

export function useWorld(): World {
  const world = useContext(WorldContext)
  if (world === undefined) throw new Error('outside of the page')
  return world
}
