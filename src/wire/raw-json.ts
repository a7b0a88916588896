import { isRecord } from '../model/is-record.ts'

/** A member of a JSON object: its key, and its value as JSON text. */
export type Member = readonly [key: string, json: string]

/** Removes the white space between the tokens of valid JSON and changes nothing else. */
export function minify(json: string): string {
  return json.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g, '$1')
}

// Tokens that determine where a member ends: numbers and words are skipped. Strings are matched by runs, not letter by
// letter: one of several megabytes would exhaust the engine's stack.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g

/**
 * The members of a valid, minified JSON object, each with the text of its value, so that numbers, escapes and the order
 * of inner keys stay as written.
 */
export function membersOf(json: string): Member[] {
  const members: Member[] = []
  let depth = 0
  let key: string | undefined
  let start = 0
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    const isMemberEnd = (depth === 1 && token === ',') || depth === 0
    if (isMemberEnd && key !== undefined) {
      members.push([key, json.slice(start, index)])
      key = undefined
    } else if (key === undefined && token.startsWith('"')) {
      key = JSON.parse(token) as string
      start = index + token.length + 1
    }
  }
  return members
}

/** JSON text of an object made of members. */
export function toJson(members: readonly Member[]): string {
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`
}

/** JSON text with other strings as values: keys, and strings for which `change` returns undefined, stay as written. */
export function mapStrings(json: string, change: (value: string) => string | undefined): string {
  return json.replace(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g, (written, token: string, colon: string | undefined) => {
    const changed = colon === undefined ? change(JSON.parse(token) as string) : undefined
    return changed === undefined ? written : JSON.stringify(changed)
  })
}

/** Valid, minified JSON with a merge patch (RFC 7386). What the patch does not name stays as written, in its order. */
export function mergePatch(json: string, patch: unknown): string {
  if (!isRecord(patch)) return JSON.stringify(patch)
  const members = new Map(json.startsWith('{') ? membersOf(json) : [])
  for (const [key, value] of Object.entries(patch))
    if (value === null) members.delete(key)
    else members.set(key, mergePatch(members.get(key) ?? 'null', value))
  return toJson([...members])
}
