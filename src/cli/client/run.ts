import { StartError } from '../../errors.ts'
import { print } from '../stdio.ts'
import type { ClientCommand, Given } from './command.ts'
import { told } from './refusals.ts'
import { openSession } from './session.ts'
import { targetOf } from './target.ts'

/** Runs a command against the emulator that its flags and the environment name, and prints what it gives. */
export async function runClient(command: ClientCommand, given: Given): Promise<void> {
  const target = await targetOf(given)
  refuseDots([...given.args, target.domain])
  const session = openSession(target)
  const text = await command.run(session, given).catch(async (error: unknown) => {
    throw await told(error, { command, session, url: target.url, hasAdminToken: target.adminToken !== undefined })
  })
  print(given.has('json') ? session.answer() : text)
}

/** In a path these would lead somewhere else. */
function refuseDots(names: readonly string[]): void {
  const wrong = names.find((name) => /^\.{0,2}$/.test(name))
  if (wrong !== undefined) throw new StartError([`${JSON.stringify(wrong)} is the name of nothing`], 2)
}
