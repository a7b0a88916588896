import type { ClientCommand } from './command.ts'

const LIFE = '12h'

export const tokenCommands: readonly ClientCommand[] = [
  {
    name: 'token',
    description: 'print a token of a running emulator, and nothing else',
    options: [
      { term: '--user <name>', description: 'the user that it is for (default: admin)', field: 'username' },
      { term: '--ttl <duration>', description: `how long it lives (default: ${LIFE})` },
      { term: '--expired', description: 'one that is over already' },
    ],
    examples: ['token', 'token --user ci --domain t-42 --ttl 5m'],
    run: async ({ domain }, { text, has }) =>
      domain.token({
        username: text('user'),
        ttl: text('ttl') ?? LIFE,
        kind: has('expired') ? 'expired' : 'valid',
      }),
  },
]
