/**
 * Whether a text matches a glob of `*` (any run) and `?` (one character), compared to the letter.
 * The time it takes grows with the length of the text alone, times at most one for every 32 characters of the glob: no
 * glob and no text can stall the server.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop()
  if (last === undefined) return text.length === first.length && standsAt(first, text, 0)
  const end = text.length - last.length
  if (end < first.length || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false
  // Each part as early as can be leaves the most room for those after it.
  let at = first.length
  for (const part of rest) {
    const found = find(part, text, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/** Longest glob that a rule may have. */
export const MOST_GLOB_LENGTH = 256

function standsAt(part: string, text: string, at: number): boolean {
  for (let i = 0; i < part.length; i += 1) if (part[i] !== '?' && part[i] !== text[at + i]) return false
  return true
}

/** Up to here the engine's own search, which compares the whole part at every place, costs less. */
const SHORT = 16

/** Where a part without a star stands first, from a place on; -1: nowhere. */
function find(part: string, text: string, from: number): number {
  if (part.length <= SHORT && !part.includes('?')) return text.indexOf(part, from)
  return findByBits(part, text, from)
}

/**
 * Shift-and: bit i of `matched` says that the part's first i + 1 characters end here. One step a character of the text for
 * every 32 of the part, whatever stands in either.
 */
function findByBits(part: string, text: string, from: number): number {
  const { masks, wild } = masksOf(part)
  const matched = new Uint32Array(wild.length)
  const lastBit = 1 << ((part.length - 1) % 32)
  for (let at = from; at < text.length; at += 1) {
    const mask = masks.get(text.charCodeAt(at)) ?? wild
    let carry = 1
    for (let word = 0; word < matched.length; word += 1) {
      const before = matched[word] ?? 0
      matched[word] = ((before << 1) | carry) & (mask[word] ?? 0)
      carry = before >>> 31
    }
    if (((matched.at(-1) ?? 0) & lastBit) !== 0) return at - part.length + 1
  }
  return -1
}

/** At which places of the part each character may stand, as bits; `wild` is where any may. */
function masksOf(part: string): { masks: ReadonlyMap<number, Uint32Array>; wild: Uint32Array } {
  const wild = new Uint32Array(Math.ceil(part.length / 32))
  const masks = new Map<number, Uint32Array>()
  const mark = (mask: Uint32Array, place: number): void => {
    mask[place >>> 5] = (mask[place >>> 5] ?? 0) | (1 << (place % 32))
  }
  for (let place = 0; place < part.length; place += 1) if (part[place] === '?') mark(wild, place)
  for (let place = 0; place < part.length; place += 1) {
    if (part[place] === '?') continue
    const code = part.charCodeAt(place)
    const mask = masks.get(code) ?? wild.slice()
    mark(mask, place)
    masks.set(code, mask)
  }
  return { masks, wild }
}
