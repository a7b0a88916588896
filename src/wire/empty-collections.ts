import type { Operation } from './operations.ts'
import Type from 'typebox'
import { PAGING } from './list-query.ts'
import { pageSchema, referenceTo } from './page.ts'

/** Lists of CCKM that clients ask for and of which nothing is emulated: always empty. Paths are below `/cckm/`. */
const PATHS = [
  'azure/secrets',
  'azure/certificates',
  'azure/subscriptions',
  'azure/reports',
  'aws/custom-key-stores',
  'aws/reports',
  'google/projects',
  'google/key-rings',
  'google/keys',
  'google/reports',
  'oci/compartments',
  'oci/vaults',
  'oci/keys',
  'oci/reports',
  'sap/groups',
  'sap/keys',
] as const

const Nothing = referenceTo('Empty')

/** The reads of the empty collections; their other methods are not emulated. */
export const EMPTY_OPERATIONS: readonly Operation[] = PATHS.flatMap((path): Operation[] => {
  const [name, noun] = [path.replaceAll('/', '.'), path.split('/').join(' ')]
  const common = {
    method: 'GET',
    token: 'required',
    status: 200,
    tag: 'Empty collections',
    refusals: ['forbidden'],
  } as const
  return [
    {
      ...common,
      name: `${name}.list`,
      id: `${name}.list`,
      path: `/cckm/${path}`,
      collection: 'list',
      summary: `List ${noun}: there are none`,
      query: PAGING,
      answer: { description: 'An empty page.', name: 'EmptyPage', schema: pageSchema(Nothing) },
    },
    {
      ...common,
      name: `${name}.get`,
      id: `${name}.get`,
      path: `/cckm/${path}/:id`,
      collection: 'get',
      summary: `View one of ${noun}: there are none`,
      answer: { description: 'Never.', name: 'Empty', schema: Type.Object({}) },
    },
  ]
})
