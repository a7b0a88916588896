import type { Section } from './section.ts'
import { coldStart } from './sections/cold-start.ts'
import { domains } from './sections/domains.ts'
import { library } from './sections/library.ts'
import { memory } from './sections/memory.ts'
import { tarball } from './sections/package.ts'
import { requests } from './sections/requests.ts'
import { sizes } from './sections/sizes.ts'

/** In the order in which they run and are shown. */
export const SECTIONS: readonly Section[] = [requests, coldStart, memory, domains, sizes, library, tarball]
