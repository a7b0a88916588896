import type { FamilyName } from '../model/family.ts'
import { SORTABLE } from '../wire/list-query.ts'
import { assumed, documented, seen, type Note, type Notes } from './fidelity.ts'

/** What is known of the fields of each family's create request. */
export const CREATE_NOTES: Readonly<Record<FamilyName, Notes>> = {
  'azure.bulkjobs': {
    operation: documented('What to do. CM has this one operation.'),
    delete_key_backups_param: documented('Says which backups are meant.'),
    'delete_key_backups_param.backups': documented('Ids of backups.'),
    'delete_key_backups_param.created_after': documented('Backups made after this instant, RFC 3339.'),
    'delete_key_backups_param.created_before': documented('Backups made before this instant, RFC 3339.'),
    'delete_key_backups_param.key_id': assumed('Backups of one Azure key. Excludes `keys` and `vault_id`.'),
    'delete_key_backups_param.keys': assumed('Backups of these Azure keys; since CM 2.18.'),
    'delete_key_backups_param.vault_id': assumed('Backups of all keys of this vault; since CM 2.18.'),
    backups: assumed('As inside `delete_key_backups_param`, and not in both places.'),
    created_after: assumed('As inside `delete_key_backups_param`.'),
    created_before: assumed('As inside `delete_key_backups_param`.'),
    key_id: documented("As inside `delete_key_backups_param`: the vendor's table is flat and does not tell which."),
    keys: documented('As inside `delete_key_backups_param`; since CM 2.18.'),
    vault_id: documented('As inside `delete_key_backups_param`; since CM 2.18.'),
  },
  'aws.bulkjob': {
    keys: documented('Ids of keys, of any form; at most 100.'),
    operation: documented('What to do with the keys.'),
    days: documented('Only for `schedulekeydeletion`. That it is 7 to 30 is seen in a client.'),
    policy_template_id: documented('Only for `applypolicytemplate`. The keys and the template are of one KMS account.'),
  },
}

/** A body that a client is known to send. */
export interface RequestExample extends Pick<Note, 'x-fidelity'> {
  readonly summary: string
  readonly value: unknown
}

/** Bodies by family; the vendor's own example for Azure has none at all. */
export const CREATE_EXAMPLES: Readonly<Record<FamilyName, Readonly<Record<string, RequestExample>>>> = {
  'azure.bulkjobs': {
    backups: {
      summary: 'The backup of the documented job',
      'x-fidelity': 'assumed',
      value: {
        operation: 'delete-key-backups',
        delete_key_backups_param: { backups: ['f60070f8-5ef8-4685-9121-9ca732cffcbd'] },
      },
    },
    ansible: {
      summary: 'As in the example of the Ansible collection: the vendor does not document key_vaults, so it is ignored',
      'x-fidelity': 'seen in a client',
      value: { operation: 'delete-key-backups', delete_key_backups_param: { key_vaults: ['production-vault'] } },
    },
  },
  'aws.bulkjob': {
    enable: {
      summary: 'The request of the documented job',
      'x-fidelity': 'documented',
      value: {
        keys: ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fg'],
        operation: 'enablekey',
      },
    },
    schedule: {
      summary: 'Keys to be deleted in a week',
      'x-fidelity': 'seen in a client',
      value: { keys: ['2387500d-bcac-4055-a48d-19592c3332ff'], operation: 'schedulekeydeletion', days: 7 },
    },
  },
}

export const SIGN_IN_NOTES: Notes = {
  grant_type: documented('`password` when absent. `user_certificate` is not emulated.'),
  username: documented('For the grant `password`.'),
  name: documented('Another name of `username`.'),
  password: documented('For the grant `password`.'),
  connection: documented('Where the user is known; only `local_account` is emulated.'),
  domain: documented('Name or id of the domain that the token is for; root when absent.'),
  auth_domain: documented('The domain in which the user is known; `auth_domain_path` supersedes it.'),
  auth_domain_path: seen('Its path, such as `/t-42`; `/a/b` is the domain `a.b`.'),
  refresh_token: documented('For the grant `refresh_token`.'),
  renew_refresh_token: documented('Gives another refresh token and ends this one.'),
  refresh_token_lifetime: documented('Minutes; without it the refresh token does not expire.'),
  refresh_token_revoke_unused_in: documented('Minutes after which an unused refresh token expires.'),
  labels: seen('Tags of the refresh token.'),
  cookies: documented('Tokens as cookies; not emulated, they come in the body.'),
  client_id: documented('With the grant `client_credential` it names the client.'),
  client_secret: seen('For the grant `client_credential`.'),
}

export const SIGN_IN_EXAMPLES: Readonly<Record<string, RequestExample>> = {
  password: {
    summary: 'A user and a password',
    'x-fidelity': 'documented',
    value: { grant_type: 'password', username: 'admin', password: 'admin' },
  },
  short: {
    summary: 'The least that clients send',
    'x-fidelity': 'seen in a client',
    value: { username: 'admin', password: 'admin' },
  },
  domain: {
    summary: 'Into another domain',
    'x-fidelity': 'documented',
    value: { grant_type: 'password', username: 'admin', password: 'admin', domain: 't-42' },
  },
}

export const REVOKE_NOTES: Notes = { token: seen('A refresh token, or an API token.') }

/** A field of a query string. */
export interface Parameter extends Note {
  readonly name: string
  readonly schema: object
  readonly explode?: boolean
}

const TEXTS = { type: 'array', items: { type: 'string' } }
const BOOLEAN = { type: 'boolean' }

function many(name: string, note: Note): Parameter {
  return { name, schema: TEXTS, explode: true, ...note }
}

const PAGING: readonly Parameter[] = [
  { name: 'skip', schema: { type: 'integer', minimum: 0, default: 0 }, ...documented('How many to pass over.') },
  {
    name: 'limit',
    schema: { type: 'integer', minimum: -1, default: 10 },
    ...documented('How many at most. That -1 gives all is seen in a client.'),
  },
]

/** The query of a list of jobs; a name may be repeated where that is said. */
export const LIST_PARAMETERS: readonly Parameter[] = [
  ...PAGING,
  {
    name: 'sort',
    schema: { type: 'string', examples: ['updatedAt', '-createdAt,id'] },
    ...documented(`Properties with commas between them, - before one for descending: ${SORTABLE.join(', ')}.`),
  },
  many('id', documented('Jobs with this id. May be repeated.')),
  many('overall_status', documented('Jobs with this status. May be repeated.')),
  many('cloud', documented('Jobs of this cloud; documented for AWS. May be repeated.')),
  many('cloud_name', seen('The same, as the ksctl tool calls it.')),
  many('operation', assumed('Jobs of this operation. May be repeated.')),
]

/** The query of the list of domains; nobody has shown that CM pages it, but it has the envelope of lists that are. */
export const DOMAIN_LIST_PARAMETERS: readonly Parameter[] = PAGING.map((each) => ({
  ...each,
  ...assumed('As in the lists of jobs.'),
}))

/** The query of the list of refresh tokens. */
export const TOKEN_LIST_PARAMETERS: readonly Parameter[] = [
  ...PAGING,
  { name: 'user_id', schema: { type: 'string' }, ...seen('Tokens of this user: `local|` and an id.') },
  many('labels', seen('Tokens that have all of these labels.')),
  { name: 'expired', schema: BOOLEAN, ...seen('Only those that expired, or only those that did not.') },
  { name: 'revoked', schema: BOOLEAN, ...seen('Only those that were revoked, or only those that were not.') },
  {
    name: 'refreshed_before',
    schema: { type: 'string', examples: ['2024-02-06T09:22:54Z', '-1Y-2M-5D'] },
    ...seen('Tokens last used before this instant, or before this time ago.'),
  },
]
