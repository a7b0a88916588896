import { StartError } from '../../errors.ts'
import { print } from '../stdio.ts'
import type { ClientCommand } from './command.ts'
import type { ParsedArgs } from './parsed-args.ts'
import { explainRefusal } from './refusals.ts'
import { openSession } from './session.ts'
import { targetOf } from './target.ts'

/** Runs a command against the emulator that its flags and the environment name, and prints the result. */
export async function runClient(command: ClientCommand, parsed: ParsedArgs): Promise<void> {
  const target = await targetOf(parsed)
  refuseDotSegments([...parsed.args, target.domain])
  const session = openSession(target)
  const text = await command.run(session, parsed).catch(async (error: unknown) => {
    throw await explainRefusal(error, {
      command,
      session,
      url: target.url,
      hasAdminToken: target.adminToken !== undefined,
    })
  })
  print(parsed.has('json') ? session.answer() : text)
}

/** Throws if a name is empty, `.` or `..`: in the path of a URL it would name another resource. */
function refuseDotSegments(names: readonly string[]): void {
  const wrong = names.find((name) => /^\.{0,2}$/.test(name))
  if (wrong !== undefined) throw new StartError([`${JSON.stringify(wrong)} is not a valid name`], 2)
}
