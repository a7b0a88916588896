import type { Argument, ClientCommand } from './command.ts'

const NAME: Argument = { term: '<name>', description: 'of the snapshot: 1 to 64 of A-Z a-z 0-9 . _ -' }

/** States of a whole domain: the one it began with, and those that were kept. */
export const stateCommands: readonly ClientCommand[] = [
  {
    name: 'reset',
    description: 'put a domain back to how it was made; tokens stay valid',
    examples: ['reset', 'reset --domain t-42'],
    run: async ({ domain }) => {
      await domain.reset()
      return `domain ${domain.name} is as it was made`
    },
  },
  {
    name: 'snapshot save',
    description: 'keep the state of a domain under a name',
    args: [NAME],
    examples: ['snapshot save before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.save(name)
      return `domain ${domain.name} is kept as ${name}`
    },
  },
  {
    name: 'snapshot load',
    description: 'put a domain into a state that was kept; tokens stay valid',
    args: [NAME],
    examples: ['snapshot load before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.load(name)
      return `domain ${domain.name} is as in ${name}`
    },
  },
  {
    name: 'snapshot ls',
    description: 'list the names of the snapshots',
    examples: ['snapshot ls --domain t-42'],
    run: async ({ domain }) => {
      const names = await domain.snapshots.list()
      return names.length === 0 ? 'no snapshots' : names.join('\n')
    },
  },
  {
    name: 'snapshot rm',
    description: 'forget a snapshot',
    args: [NAME],
    examples: ['snapshot rm before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.remove(name)
      return `${name} is forgotten`
    },
  },
  {
    name: 'snapshot fork',
    description: 'make a second domain that goes on from the same instant',
    args: [{ term: '<to-domain>', description: 'the name of the new domain', field: 'to' }],
    examples: ['snapshot fork t-43 --domain t-42'],
    run: async ({ domain }, { args: [to = ''] }) => {
      await domain.fork(to)
      return `domain ${to} goes on from domain ${domain.name}`
    },
  },
]
