/**
 * Random numbers without a stream: a draw is a hash of its purpose, so adding an unrelated job to a test changes none
 * of the others' draws.
 */
export interface DrawKey {
  /** The random seed of the domain. */
  readonly seed: number
  /** The content of the request: equal requests have equal draws... */
  readonly content: string
  /** ...except that this counts the equal requests before it. */
  readonly occurrence: number
}

/** A job has thousands of draws, and each would hash the whole content: longer contents are replaced by their hash. */
const MAX_DRAWN_CONTENT = 256

export function drawKey(seed: number, content: string, occurrence: number): DrawKey {
  return { seed, content: content.length > MAX_DRAWN_CONTENT ? `${contentHash(content)}` : content, occurrence }
}

/** A number in [0, 1), the same for the same key and purpose. */
export function draw(key: DrawKey, purpose: string): number {
  const [high, low] = hash(keyText(key, purpose))
  return (high * 2 ** 20 + (low >>> 12)) / 2 ** 52
}

/** Sixteen bytes for an identifier, the same for the same key and purpose. */
export function drawBytes(key: DrawKey, purpose: string): Uint8Array {
  const text = keyText(key, purpose)
  const words = [...hash(text), ...hash(`${text}+`)]
  return Uint8Array.from(words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]))
}

/** A hash of a request's content: an integer below 2^52. */
export function contentHash(content: string): number {
  const [high, low] = hash(content)
  return high * 2 ** 20 + (low >>> 12)
}

function keyText({ seed, content, occurrence }: DrawKey, purpose: string): string {
  return `${seed}\n${occurrence}\n${purpose}\n${content}`
}

/**
 * Two 32-bit words of a text (MurmurHash3's mixing, two lanes): well distributed, not cryptographic, the same on every
 * machine.
 */
function hash(text: string): [number, number] {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ unit, 0x1b873593)
    b = (b << 13) | (b >>> 19)
  }
  a = mix(a ^ text.length ^ b)
  b = mix(b ^ a)
  return [a, b]
}

function mix(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
