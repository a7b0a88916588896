import { globsOverlap } from '../model/glob-overlap.ts'

/**
 * Remembers the ids of captured jobs. The returned function is true if a domain that the glob matches already has a job
 * with that id.
 */
export function createTakenIds(): (id: string, domain: string) => boolean {
  const globs = new Map<string, readonly string[]>()
  return (id, domain) => {
    const glob = domain.toLowerCase()
    const known = globs.get(id) ?? []
    if (known.some((other) => globsOverlap(other, glob))) return true
    globs.set(id, [...known, glob])
    return false
  }
}
