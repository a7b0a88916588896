const EXAMPLE = 'http://127.0.0.1:7443'

/**
 * The address of an emulator, to which all paths are appended: with the path of a reverse proxy, without a trailing
 * slash.
 *
 * @throws TypeError that quotes the text and says what to write instead; a text that may hold a password is not quoted.
 */
export function baseUrlOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new TypeError(`${quoted(text)} is not an address such as ${EXAMPLE}${suggestionFor(text)}`)
  const base = url.origin + url.pathname.replace(/\/+$/, '')
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`an address holds no user name and no password: write ${base}`)
  if (url.search !== '' || url.hash !== '')
    throw new TypeError(`an address holds no query and no fragment: write ${base}`)
  return base
}

/** Text before an @ may be a password. */
function quoted(text: string): string {
  return text.includes('@') ? 'this' : JSON.stringify(text)
}

/** For an address without a scheme. */
function suggestionFor(text: string): string {
  const guess = /^[^/?#]/.test(text) && !/@|\/\//.test(text) ? URL.parse(`http://${text}`) : null
  return guess === null ? '' : ` (did you mean ${baseUrlOf(guess.origin + guess.pathname)}?)`
}
