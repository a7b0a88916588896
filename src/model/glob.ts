/**
 * Whether a text matches a glob of `*` (any run) and `?` (one character), compared to the letter.
 * Linear in practice and never exponential: it goes back to the last star only, so a hostile glob cannot stall the server.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let g = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (g < glob.length && (glob[g] === '?' || (glob[g] === text[t] && glob[g] !== '*'))) {
      g += 1
      t += 1
    } else if (glob[g] === '*') {
      star = g
      resume = t
      g += 1
    } else if (star >= 0) {
      g = star + 1
      resume += 1
      t = resume
    } else {
      return false
    }
  }
  while (glob[g] === '*') g += 1
  return g === glob.length
}
