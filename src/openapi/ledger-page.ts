import type { ErrorKind, ErrorName } from '../errors.ts'
import { DEFAULT_SETTINGS, SettingsSchema } from '../model/settings.ts'
import { OPERATIONS } from '../wire/operations.ts'
import { AREAS, CERTAINTIES, errorEntry, LEDGER, type LedgerEntry } from './ledger.ts'
import { SOURCES } from './sources.ts'

/** A section of the page. All texts are Markdown with code spans and bold text only. */
export interface LedgerSection {
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

type Errors = Readonly<Record<ErrorName, ErrorKind>>

export const LEDGER_TITLE = 'The fidelity ledger'

/** The page that shows fidelity.json: docs/reference/fidelity.md and `/docs/fidelity`. */
export function ledgerSections(errors: Errors): readonly LedgerSection[] {
  const { operations, errors: errorTitle, ...behaviours } = AREAS
  return [
    howToRead(),
    NOT_EMULATED,
    operationSection(operations),
    switchSection(),
    errorSection(errorTitle, errors),
    ...Object.entries(behaviours).map(([area, title]) => behaviourSection(area, title)),
    OWN_HEADERS,
    sourceSection(),
  ]
}

function howToRead(): LedgerSection {
  return {
    title: 'How to read it',
    paragraphs: [
      'The ledger lists what the emulator answers, how certain it is that CipherTrust Manager (CM) answers the same, and the ' +
        'source of that knowledge. Nobody here has a CM: everything comes from public documentation and from the source ' +
        'code of public clients.',
      'Each entry has an id, which never changes, and the test that shows the behaviour. The entries are data: ' +
        '`fidelity.json`, in the repository and in the npm package.',
    ],
    columns: ['Certainty', 'Meaning', 'Entries'],
    rows: Object.entries(CERTAINTIES).map(([certainty, meaning]) => [
      code(certainty),
      meaning,
      String(LEDGER.filter((entry) => entry.certainty === certainty).length),
    ]),
  }
}

const NOT_EMULATED: LedgerSection = {
  title: 'Not emulated',
  paragraphs: [],
  columns: ['Part of CM', 'What the emulator does'],
  rows: [
    [
      'rotation, replication, import and upload of key material, public keys, IAM, log groups, HYOK, `key-templates`',
      '501 (`inventory.next`)',
    ],
    ['certificates, secrets, Google, OCI and SAP keys', 'empty lists'],
    ['the scheduler and the rest of the API', '501 (`http.not-emulated`)'],
    ['`cookies: true` at sign-in', 'ignored (`sign-in.cookies`)'],
    ['the grant `user_certificate`', '501 (`sign-in.user-certificate`)'],
    ['LDAP and OIDC connections', '401 (`sign-in.connection`)'],
    ['clusters, replication delay', 'none; `cluster.get` says so'],
    ['the web UI, licences, quotas, rate limits', 'none'],
  ],
}

/** They are not part of the vendor's API, so the table of operations does not have them. */
const HEALTH_ROUTES = [
  { id: 'health.alive', method: 'GET', path: '/healthz' },
  { id: 'health.ready', method: 'GET', path: '/readyz' },
]

function operationSection(title: string): LedgerSection {
  const routeOf = new Map(
    [...OPERATIONS, ...HEALTH_ROUTES].map(({ id, method, path }) => [id, [method, code(path)]] as const),
  )
  return {
    title,
    paragraphs: [
      'Every path exists under `/api/v1` and under `/v1`, with and without a trailing slash; `/healthz` and `/readyz` are at ' +
        'the root. The OpenAPI document at `/openapi.json` uses the ids as `operationId`.',
    ],
    columns: ['Id', 'Method', 'Path', 'Operation', 'What the emulator does', ...EVIDENCE],
    rows: entriesOf('operations').map((entry) => [
      code(entry.id),
      ...(routeOf.get(entry.id) ?? ['', '']),
      code(entry.operation),
      entry.what,
      ...evidence(entry),
    ]),
  }
}

function switchSection(): LedgerSection {
  return {
    title: 'Switches',
    paragraphs: [
      'Set them with `--set NAME=VALUE`, or under `settings` in a configuration file or in `createEmulator()`. The entries ' +
        'below name the switch that changes them.',
    ],
    columns: ['Switch', 'Default', 'Other values', 'What it sets'],
    rows: Object.entries(SWITCHES).map(([name, schema]) => {
      const initial = DEFAULTS[name]
      return [code(name), code(initial), otherValues(schema, initial), schema.description ?? '']
    }),
  }
}

type SwitchValue = string | number | boolean

interface SwitchSchema {
  readonly type?: string
  readonly description?: string
  readonly anyOf?: readonly { readonly const?: SwitchValue; readonly type?: string }[]
}

const SWITCHES: Readonly<Record<string, SwitchSchema>> = SettingsSchema.properties
const DEFAULTS: Readonly<Record<string, SwitchValue>> = { ...DEFAULT_SETTINGS }

function otherValues({ anyOf }: SwitchSchema, initial: SwitchValue | undefined): string {
  if (typeof initial === 'boolean') return code(!initial)
  if (anyOf === undefined) return 'another text'
  const others = anyOf.filter((choice) => choice.const !== initial)
  return others.map((choice) => (choice.const === undefined ? 'a number' : code(choice.const))).join(', ')
}

function errorSection(title: string, errors: Errors): LedgerSection {
  const kinds = Object.entries(errors) as [ErrorName, ErrorKind][]
  return {
    title,
    paragraphs: [
      'An error answers `{"code", "codeDesc", "message", "requestID"}`, always all four. **If the number that CM uses is not ' +
        'known, `code` is the HTTP status**: no code of CM is an HTTP status, so an invented number cannot pass for a known one.',
    ],
    columns: ['Id', 'Name', 'Status', 'code', 'codeDesc', 'When', ...EVIDENCE],
    rows: kinds.map(([name, kind]) => {
      const entry = errorEntry(name)
      const { status, code: number, codeDesc } = kind
      return [code(entry.id), code(name), `${status}`, `${number}`, code(codeDesc), entry.what, ...evidence(entry)]
    }),
  }
}

function behaviourSection(area: string, title: string): LedgerSection {
  return {
    title,
    paragraphs: [],
    columns: ['Id', 'What the emulator does', ...EVIDENCE, 'Switch'],
    rows: entriesOf(area).map((entry) => [code(entry.id), entry.what, ...evidence(entry), code(entry.switch)]),
  }
}

const OWN_HEADERS: LedgerSection = {
  title: "The emulator's own headers",
  paragraphs: ['CM has none of these. They are headers because bodies stay as the vendor defines them.'],
  columns: ['Header', 'In', 'What it says'],
  rows: [
    ['`X-Emulator-Domain`', 'responses', 'the domain of the call; `t-42; new` if this sign-in created it'],
    [
      '`X-Emulator-Hint`',
      'responses',
      'why a call was refused and what to do, which fields were ignored, or which fault answered',
    ],
    ['`X-Emulator-Request-Id`', 'responses', 'the id that `requestID` and the log have, also for invalid HTTP'],
    [
      '`X-Emulator-Scenario`',
      'requests',
      'on a create: the scenario of this job, by its name or as JSON; ignored with `--no-admin`',
    ],
  ],
}

function sourceSection(): LedgerSection {
  return {
    title: 'Sources',
    paragraphs: [
      'Pages are under `thalesdocs.com/ctp/cm/<version>/`; the years and versions are those that were read.',
    ],
    columns: ['Source', 'What it is'],
    rows: Object.entries(SOURCES),
  }
}

function entriesOf(area: string): readonly LedgerEntry[] {
  return LEDGER.filter((entry) => entry.area === area)
}

const EVIDENCE = ['Certainty', 'Source', 'Test']

function evidence({ certainty, cmVersion, source, test }: LedgerEntry): readonly string[] {
  return [code(certainty) + (cmVersion === undefined ? '' : ` on ${cmVersion}`), source.join(', '), code(test)]
}

function code(value: SwitchValue | undefined): string {
  return value === undefined ? '' : `\`${value}\``
}
