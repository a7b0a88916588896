/** Longest glob that a request, a rule or a fault may have. */
export const MAX_GLOB_LENGTH = 256

/** How many characters of a text are compared; with `MAX_GLOB_LENGTH` it bounds the cost of one match. */
export const MAX_MATCHED_LENGTH = 1024

/**
 * True if a text matches a glob of `*` (any run of characters) and `?` (one character), with case. A text longer than
 * `MAX_MATCHED_LENGTH` is compared only up to there, so it matches only globs that end with `*`.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const end = Math.min(text.length, MAX_MATCHED_LENGTH)
  if (end < text.length && !glob.endsWith('*')) return false
  let inGlob = 0
  let inText = 0
  // Only the last star needs backtracking: everything before it has matched as early as possible.
  let star = -1
  let starEnd = 0
  while (inText < end) {
    // NaN past the end of the glob, which equals nothing.
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

/** Lists in braces multiply; a glob may stand for at most this many. */
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

/**
 * True if an operation's name matches a glob with lists in braces. A glob with too many alternatives matches nothing.
 */
export function matchesOperation(glob: string, name: string): boolean {
  return glob.includes('{')
    ? (expandBraces(glob) ?? []).some((each) => matchesGlob(each, name))
    : matchesGlob(glob, name)
}
