import type { ClientCommand } from './command.ts'

const TOKEN_TTL = '12h'

export const tokenCommands: readonly ClientCommand[] = [
  {
    name: 'token',
    description: 'issue a token of a running emulator and print it',
    options: [
      { term: '--user <name>', description: 'user of the token (default: admin)', field: 'username' },
      { term: '--ttl <duration>', description: `lifetime of the token (default: ${TOKEN_TTL})` },
      { term: '--expired', description: 'issue a token that has already expired' },
    ],
    examples: ['token', 'token --user ci --domain t-42 --ttl 5m'],
    run: async ({ domain }, { text, has }) =>
      domain.token({
        username: text('user'),
        ttl: text('ttl') ?? TOKEN_TTL,
        kind: has('expired') ? 'expired' : 'valid',
      }),
  },
]
