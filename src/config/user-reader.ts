import { DOMAIN_NAME, isIdLike } from '../model/domain.ts'
import { duplicateOf, UserSchema, type User } from '../model/user.ts'
import { checkOf } from '../model/validate.ts'
import { toComplaints } from './complaints.ts'
import { asList, collect, complain, parts, placed, type Parse, type Reader, type Reading } from './reader.ts'
import { hasStray } from './readers.ts'

// Nothing here repeats what was given: it may hold a password.
const USER_EXPECTED = 'is not NAME:PASSWORD or NAME:PASSWORD:GROUP,...'

const parseUser: Parse<User> = (text) => {
  const [name = '', password = '', groups, ...rest] = text.split(':')
  if (hasStray(text)) return complain('begins or ends with white space, or has a control character')
  if (name === '' || password === '') return complain(USER_EXPECTED)
  if (rest.length > 0)
    return complain(`${USER_EXPECTED}; a name or password with a colon goes into the file, under users`)
  return { value: { name, password, ...(groups === undefined ? {} : { groups: [...parts(groups, ',')] }) } }
}

const checkUser = checkOf(UserSchema)

/** Parted by lines or semicolons in the environment: commas belong to the groups. */
export const users: Reader<readonly User[]> = {
  split: (text) => parts(text, /[\n;]/),
  texts: (texts) => withoutDuplicates(collect(texts.map(parseUser))),
  value: (value) => withoutDuplicates(collect(asList(value).map((each, index) => placed(readUser(each), `.${index}`)))),
}

function readUser(value: unknown): Reading<User> {
  if (typeof value === 'string') return parseUser(value)
  const checked = checkUser(value)
  if ('violations' in checked)
    return { complaints: toComplaints(checked.violations, Object.keys(UserSchema.properties)) }
  const { domain } = checked.value
  if (domain === undefined) return checked
  if (!DOMAIN_NAME.test(domain))
    return placed(complain('is not a domain name: 1 to 64 of A-Z a-z 0-9 . _ -'), '.domain')
  return isIdLike(domain)
    ? placed(complain('has the form of an id: it takes the name of a domain'), '.domain')
    : checked
}

function withoutDuplicates(reading: Reading<readonly User[]>): Reading<readonly User[]> {
  if ('complaints' in reading) return reading
  const duplicate = duplicateOf(reading.value)
  return duplicate === undefined ? reading : complain(`names ${JSON.stringify(duplicate.name)} twice`)
}
