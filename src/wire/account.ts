import { ROOT_DOMAIN_ID } from '../model/domain.ts'

/** Root is `kylo`; a child domain has its id, in the form that clients of real CMs parse: `kylo-<uuid>`. */
function accountOf(domainId: string): string {
  return domainId === ROOT_DOMAIN_ID ? 'kylo' : `kylo-${domainId}`
}

/** The uri of a record or a job. */
export function uriOf(uriKind: string, { id, domainId }: { readonly id: string; readonly domainId: string }): string {
  return `kylo:${accountOf(domainId)}:cckm:${uriKind}:${id}`
}

export function accountUri(domainId: string): string {
  const account = accountOf(domainId)
  return `kylo:${account}:admin:accounts:${account}`
}
