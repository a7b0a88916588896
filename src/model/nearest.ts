/** The candidate with the smallest edit distance to a word; undefined if none is close enough. Ignores case. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const written = word.slice(0, MAX_WORD_LENGTH)
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase())
    const isNear = distance <= maxDistance(Math.max(written.length, candidate.length))
    if (isNear && distance < (best?.distance ?? Infinity)) best = { candidate, distance }
  }
  return best?.candidate
}

/** ` (did you mean after?)` for the end of a message about an unknown word; empty if no candidate is close enough. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? '' : ` (did you mean ${candidate}?)`
}

/** Longer than any candidate; limits the work, since the words come from requests. */
const MAX_WORD_LENGTH = 100

/** Depends on the length of the longer word, so that `list` is close to `ls`. */
function maxDistance(length: number): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3))
}

/** The Levenshtein distance: how many characters have to be inserted, deleted or replaced. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
