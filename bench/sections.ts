import type { Section } from './section.ts'
import { coldStart } from './sections/cold-start.ts'
import { domains } from './sections/domains.ts'
import { held } from './sections/held.ts'
import { keys } from './sections/keys.ts'
import { library } from './sections/library.ts'
import { memory } from './sections/memory.ts'
import { pages } from './sections/pages.ts'
import { requests } from './sections/requests.ts'
import { seeding } from './sections/seeding.ts'
import { sleeps } from './sections/sleeps.ts'
import { waits } from './sections/waits.ts'

/** In the order in which they run and are shown. */
export const SECTIONS: readonly Section[] = [
  requests,
  coldStart,
  library,
  domains,
  waits,
  pages,
  keys,
  seeding,
  memory,
  held,
  sleeps,
]
