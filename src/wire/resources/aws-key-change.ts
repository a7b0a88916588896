import type { Change, FoundResource, ResourceRecord } from '../../model/resource.ts'
import type { KindCall, Refusal } from '../kind.ts'
import { changeResource, type RefusalStyle } from '../resource-calls.ts'

/** CM passes the text of AWS on, after what it was doing (seen in a client, for one create). */
export const style: RefusalStyle = {
  error: 'badRequest',
  messageOf: (text, doing) => `Error ${doing} AWS Key : ${text}`,
}

/** Changes a key and answers its record, or says what AWS refuses. */
export function changeKey(
  call: KindCall,
  resource: FoundResource,
  change: Change,
  doing: string,
): { readonly answer: ResourceRecord } | Refusal {
  return changeResource(call, style, { resource, change, doing })
}
