import Type, { type Static } from 'typebox'
import { assumed, seen } from './certainty.ts'
import { PAGING, type Parameter } from './list-query.ts'
import { pageSchema } from './page.ts'

const DomainReference = Type.Object(
  { id: Type.String(assumed('As in tokens.')), name: Type.String(assumed('As in a sign-in.')) },
  assumed('The domain of the token.'),
)

export type DomainReference = Static<typeof DomainReference>

export const DomainPage = pageSchema(DomainReference)

/** The query of the list of domains. No source shows that CM pages it, but its envelope is that of paged lists. */
export const DOMAIN_PARAMETERS: readonly Parameter[] = PAGING.map((each) => ({
  ...each,
  ...assumed('As in the lists of jobs.'),
}))

/** The user of a token. */
export const SelfUser = Type.Object({
  user_id: Type.String(assumed('`local|` and an id.')),
  username: Type.String(assumed('The name of the sign-in.')),
  name: Type.String(assumed('The same.')),
  groups: Type.Array(Type.String(), assumed('Groups of the user.')),
  connection: Type.String(assumed('Always `local_account`.')),
  domain: DomainReference,
})

export type SelfUser = Static<typeof SelfUser>

export const SystemInfo = Type.Object({
  name: Type.String(assumed('The name of the emulator, so that nothing mistakes it for a CM.')),
  version: Type.String(assumed('The version of CM that is emulated (switch `cmVersion`).')),
  model: Type.String(assumed('Always `emulator`.')),
  vendor: Type.String(assumed('Says that it is not Thales.')),
})

export type SystemInfo = Static<typeof SystemInfo>

export const Cluster = Type.Object({
  status: Type.Object(
    {
      code: Type.String(seen('Always `none`: the server is not clustered.')),
      description: Type.String(assumed('The same in words.')),
    },
    seen('The state of the cluster.'),
  ),
  nodeCount: Type.Integer(seen('Always 0.')),
})

export type Cluster = Static<typeof Cluster>
