import { didYouMean } from '../../model/nearest.ts'
import { ControlError } from '../../client/connect.ts'
import { StartError } from '../../errors.ts'
import { spelled, type ClientCommand } from './command.ts'
import { notOurs } from './connection-errors.ts'
import type { Session } from './session.ts'

interface RefusalContext {
  readonly command: ClientCommand
  readonly session: Session
  readonly url: string
  /** Whether an admin token was sent. */
  readonly hasAdminToken: boolean
}

/** Turns an error of the control API into a `StartError` of one line; returns any other error unchanged. */
export async function explainRefusal(
  error: unknown,
  { command, session, url, hasAdminToken }: RefusalContext,
): Promise<unknown> {
  if (!(error instanceof ControlError)) return error
  const { status, pointer = '', message } = error
  const hint = session.hint()
  if (!isOurs(error)) return notOurs(url, error)
  const advice = hasAdminToken ? 'check' : 'give the admin token with'
  if (status === 401) return new StartError([`${message}: ${advice} --admin-token or CCKM_EMULATOR_ADMIN_TOKEN`], 1)
  const field = spelled(command, pointer.slice(1))
  // Names the flag or argument that the user typed, not the field of the API.
  if (field !== undefined) return new StartError([message.replace(pointer, `${field}:`)], 2)
  const missing = status === 404 ? await missingDomain(session, message) : undefined
  return new StartError([missing ?? `${message}${hint === undefined ? '' : ` (${hint})`}`], 1)
}

function isOurs({ answer }: ControlError): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer
}

const MAX_NAMES = 10

/** The message if the domain does not exist, with the reason that the server gave; undefined if it exists. */
async function missingDomain({ connection, domain }: Session, message: string): Promise<string | undefined> {
  const domains = await connection.domains().catch(() => [])
  const names = domains.map(({ name }) => name)
  if (names.length === 0 || names.some((name) => name.toLowerCase() === domain.name.toLowerCase())) return undefined
  const hint = didYouMean(domain.name, names)
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  const refusal = `there is no domain named ${domain.name}`
  const reason = message.startsWith(refusal) ? message.slice(refusal.length) : ''
  return `there is no domain ${domain.name}${reason}; there are ${names.slice(0, MAX_NAMES).join(', ')}${more}${hint}`
}
