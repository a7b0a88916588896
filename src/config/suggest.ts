import { closestMatch } from 'leven'

const FURTHEST = 3

/** The candidate that a slip of the finger would have meant, if one is near enough. Case never counts. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const maxDistance = Math.max(1, Math.min(FURTHEST, Math.floor(word.length / 2)))
  const lower = candidates.map((candidate) => candidate.toLowerCase())
  const match = closestMatch(word.toLowerCase(), lower, { maxDistance })
  return match === undefined ? undefined : candidates[lower.indexOf(match)]
}

/** `strict, any or off` */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}
