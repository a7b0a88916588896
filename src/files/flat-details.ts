const HEAD = /^\{\s*"(?:id|job)"/
const KEY = '"detailed_status"'
const PAIR = String.raw`"[^"]*"\s*:\s*"[^"]*"`
const DETAILS = new RegExp(String.raw`"detailed_status"\s*:\s*\{\s*((?:${PAIR}(?:\s*,\s*${PAIR})*)?)\s*\}`)
const PAIRS = /("[^"]*")\s*:\s*("[^"]*")/g
/** Few jobs are longer, and a regular expression has its limits. */
const LONGEST = 2 ** 19

/**
 * The JSON text of a captured job with its `detailed_status` as a list, key, value, key, value; undefined where that
 * is not easily done. For JSON.parse only: ids are all different, and an object with keys that no other has costs the
 * engine a hidden class and an entry in its table of names. For a million jobs that is half the time and 200 MiB.
 *
 * Text without a backslash has no quotes but those around its strings, so a quoted name is a key and a pair is a pair.
 * Should a list come out crooked, it is not JSON either, and the text is read the long way.
 */
export function flattenDetails(json: string): string | undefined {
  if (json.length > LONGEST || json.includes('\\') || !HEAD.test(json)) return undefined
  const at = json.indexOf(KEY)
  if (at < 0 || json.includes(KEY, at + 1)) return undefined
  const found = DETAILS.exec(json)
  if (found === null) return undefined
  const list = (found[1] ?? '').replace(PAIRS, '$1,$2')
  return `${json.slice(0, found.index)}${KEY}:[${list}]${json.slice(found.index + found[0].length)}`
}

/** The results in a list that came of flattening. */
export function pairsOf(list: readonly string[]): { id: string; status: string }[] {
  const pairs = []
  for (let i = 0; i + 1 < list.length; i += 2) pairs.push({ id: list[i] ?? '', status: list[i + 1] ?? '' })
  return pairs
}
