/** True if some text matches both globs of `*` (any run) and `?` (one character). */
export function globsOverlap(a: string, b: string): boolean {
  // reached[j]: the first i characters of `a` and the first j of `b` can match one text.
  let reached = firstRow(b)
  for (const letter of a) {
    const next: boolean[] = [letter === '*' && reached[0] === true]
    for (let j = 1; j <= b.length; j += 1) {
      const other = b[j - 1]
      next.push(
        letter === '*' || other === '*'
          ? reached[j] === true || next[j - 1] === true
          : reached[j - 1] === true && (letter === other || letter === '?' || other === '?'),
      )
    }
    reached = next
  }
  return reached[b.length] === true
}

/** An empty text matches only the leading stars of a glob. */
function firstRow(glob: string): boolean[] {
  const stars = /^\**/.exec(glob)?.[0].length ?? 0
  return Array.from({ length: glob.length + 1 }, (_, length) => length <= stars)
}
