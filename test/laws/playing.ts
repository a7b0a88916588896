import { lists, type Answer, type Call, type Creation, type World } from './worlds.ts'

/** Paths of the jobs created so far. */
export type Made = string[]

/** Sends the calls one after the other; returns the responses. */
export async function play(world: World, calls: readonly Call[], made: Made = []): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const call of calls) answers.push(...(await answersTo(world, call, made)))
  return answers
}

async function answersTo(world: World, call: Call, made: Made): Promise<Answer[]> {
  if (call.kind === 'list') return (await lists(world)).map((body) => ({ status: 200, body }))
  if (call.kind === 'direct') return [await world.call(call.direct.method, call.direct.path, call.direct)]
  if (call.kind === 'advance') return [await world.control('POST', 'clock/advance', { by: call.by })]
  if (call.kind === 'create') return [await create(world, call.creation, made)]
  const path = made[call.of % made.length]
  if (path === undefined) return []
  if (call.kind === 'cancel') return [await world.call('POST', `${path}/cancel`)]
  return [await world.call(({ get: 'GET', peek: 'HEAD', delete: 'DELETE' } as const)[call.kind], path)]
}

export async function create(world: World, { path, body, scenario }: Creation, made: Made = []): Promise<Answer> {
  const answer = await world.call('POST', path, { body, scenario })
  const { id } = JSON.parse(answer.body) as { id: string }
  made.push(`${path}/${id}`)
  return answer
}

/** Without values that differ between responses, and between domains by design: request ids, the domain's id. */
export function comparable(answers: readonly Answer[]): Answer[] {
  return answers.map((answer) => ({ ...answer, body: neutral(answer.body) }))
}

/** The same for one text. */
export function neutral(text: string): string {
  return text.replace(/"requestID":"[^"]*"/g, '"requestID":"*"').replace(/kylo-[0-9a-f-]{36}/g, 'kylo-*')
}
