/** Longest glob that a request, a rule or a fault may have. */
export const MAX_GLOB_LENGTH = 256

/** Characters of a text that are compared: with `MAX_GLOB_LENGTH` this bounds what one match costs. */
export const MAX_MATCHED_LENGTH = 1024

/**
 * Whether a text matches a glob of `*` (any run of characters) and `?` (one character). Case counts.
 * Of a text longer than `MAX_MATCHED_LENGTH` only so much is compared, so it matches only globs that end with `*`.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const end = Math.min(text.length, MAX_MATCHED_LENGTH)
  if (end < text.length && !glob.endsWith('*')) return false
  let inGlob = 0
  let inText = 0
  // Only the last star can need another try: what stands before it has matched as early as it can.
  let star = -1
  let starEnd = 0
  while (inText < end) {
    // Past its end: NaN, which equals nothing.
    const wanted = glob.charCodeAt(inGlob)
    if (wanted === STAR) {
      star = inGlob
      starEnd = inText
      inGlob += 1
    } else if (wanted === ANY || wanted === text.charCodeAt(inText)) {
      inGlob += 1
      inText += 1
    } else {
      if (star < 0) return false
      starEnd += 1
      inGlob = star + 1
      inText = starEnd
    }
  }
  while (glob.charCodeAt(inGlob) === STAR) inGlob += 1
  return inGlob === glob.length
}

const STAR = 42
const ANY = 63

/** Lists of names in braces multiply; more globs than this are not worked through for one. */
const MAX_ALTERNATIVES = 64

/** The globs that a glob with lists in braces stands for: `azure.*.{get,list}` is two. undefined: too many. */
export function expandBraces(glob: string): readonly string[] | undefined {
  let globs = ['']
  let at = 0
  for (const { index, 0: braces, 1: names = '' } of glob.matchAll(/\{([^{}]*)\}/g)) {
    const before = glob.slice(at, index)
    globs = globs.flatMap((start) => names.split(',').map((name) => start + before + name))
    if (globs.length > MAX_ALTERNATIVES) return undefined
    at = index + braces.length
  }
  return globs.map((start) => start + glob.slice(at))
}

/** Whether the name of an operation matches a glob, which may have lists in braces. One of too many matches nothing. */
export function matchesOperation(glob: string, name: string): boolean {
  return glob.includes('{')
    ? (expandBraces(glob) ?? []).some((each) => matchesGlob(each, name))
    : matchesGlob(glob, name)
}
