import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from './api.ts'
import type { InfoAnswer } from '../client/answers/domains.ts'
import type { PageState } from './link.ts'
import type { Go } from './use-place.ts'

/** The context of all components of the page. */
export interface World {
  readonly api: Api
  readonly info: InfoAnswer
  readonly place: PageState
  readonly go: Go
  /** Increases whenever something may have changed, so that components load again. */
  readonly version: number
  /** Runs a command and shows its result or its error as a notice. Resolves to whether it succeeded. */
  readonly act: (work: () => Promise<string | undefined>) => Promise<boolean>
}

export const WorldContext = createContext<World | undefined>(undefined)

export function useWorld(): World {
  const world = useContext(WorldContext)
  if (world === undefined) throw new Error('outside of the page')
  return world
}
