import { globsOverlap } from '../model/glob-overlap.ts'

/**
 * Remembers the ids of captured jobs. The function tells whether a domain that the glob matches has a job of that id
 * already.
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
