import type { KindBehaviour, KindName } from '../model/resource.ts'
import type { DomainServices } from './services.ts'

/** How the resources of a kind behave. */
export function behaviourOf(
  { services }: { readonly services: Pick<DomainServices, 'kinds'> },
  kind: KindName,
): KindBehaviour {
  const behaviour = services.kinds.find(({ name }) => name === kind)
  if (behaviour === undefined) throw new Error(`no such kind: ${kind}`)
  return behaviour
}
