import { DOMAIN_NAME, isIdLike } from '../model/domain.ts'
import { duplicateOf, UserSchema, type User } from '../model/user.ts'
import { checkOf } from '../model/validate.ts'
import { toComplaints, UNKNOWN_FIELD } from './complaints.ts'
import {
  asList,
  collect,
  complain,
  isRecord,
  NO_VALUE,
  parts,
  placed,
  type Complaint,
  type Parse,
  type Reader,
  type Reading,
} from './reader.ts'
import { hasStray } from './readers.ts'
import { oneOf } from './suggest.ts'

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
  if (value === null) return complain(NO_VALUE)
  const fields = Object.keys(UserSchema.properties)
  const empty = isRecord(value) ? fields.filter((field) => value[field] === null) : []
  if (empty.length > 0) return { complaints: empty.map((field) => ({ at: `.${field}`, message: NO_VALUE })) }
  const checked = checkUser(value)
  if ('issues' in checked) return { complaints: toComplaints(checked.issues, fields).map(withoutOddName) }
  const { domain } = checked.value
  if (domain === undefined) return checked
  if (!DOMAIN_NAME.test(domain))
    return placed(complain('is not a domain name: 1 to 64 of A-Z a-z 0-9 . _ -'), '.domain')
  return isIdLike(domain)
    ? placed(complain('has the form of an id: it takes the name of a domain'), '.domain')
    : checked
}

/** A field that is near no other may be a password in the wrong place. */
function withoutOddName(complaint: Complaint): Complaint {
  const isUnknown = complaint.message === UNKNOWN_FIELD && complaint.suggestion === undefined
  return isUnknown ? { message: `has a field other than ${oneOf(Object.keys(UserSchema.properties))}` } : complaint
}

function withoutDuplicates(reading: Reading<readonly User[]>): Reading<readonly User[]> {
  if ('complaints' in reading) return reading
  const duplicate = duplicateOf(reading.value)
  return duplicate === undefined ? reading : complain(`names ${JSON.stringify(duplicate.name)} twice`)
}
