/** What sections measure with. */
export interface Tools {
  /** How often each thing is measured; what counts is the median. */
  readonly rounds: number
  /** How long each load lasts. */
  readonly seconds: number
  /** Whether to measure at a million jobs too. */
  readonly isFull: boolean
  /** How many jobs are in the store where nothing else is said. */
  readonly jobs: number
  /** Says what is going on. */
  readonly tell: (text: string) => void
}
