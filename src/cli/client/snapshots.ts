import type { Argument, ClientCommand } from './command.ts'

const NAME: Argument = { term: '<name>', description: 'name of the snapshot: 1 to 64 of A-Z a-z 0-9 . _ -' }

/** Commands that reset, save, restore and copy the state of a domain. */
export const stateCommands: readonly ClientCommand[] = [
  {
    name: 'reset',
    description: 'reset a domain to its initial state; tokens stay valid',
    examples: ['reset', 'reset --domain t-42'],
    run: async ({ domain }) => {
      await domain.reset()
      return `reset domain ${domain.name} to its initial state`
    },
  },
  {
    name: 'snapshot save',
    description: 'save the state of a domain',
    args: [NAME],
    examples: ['snapshot save before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.save(name)
      return `saved snapshot "${name}" of domain ${domain.name}`
    },
  },
  {
    name: 'snapshot load',
    description: 'restore a domain from a snapshot; tokens stay valid',
    args: [NAME],
    examples: ['snapshot load before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.load(name)
      return `restored domain ${domain.name} from snapshot "${name}"`
    },
  },
  {
    name: 'snapshot ls',
    description: 'list the snapshots of a domain',
    examples: ['snapshot ls --domain t-42'],
    run: async ({ domain }) => {
      const names = await domain.snapshots.list()
      return names.length === 0 ? 'no snapshots' : names.join('\n')
    },
  },
  {
    name: 'snapshot rm',
    description: 'delete a snapshot',
    args: [NAME],
    examples: ['snapshot rm before-rotation'],
    run: async ({ domain }, { args: [name = ''] }) => {
      await domain.snapshots.remove(name)
      return `deleted snapshot "${name}" of domain ${domain.name}`
    },
  },
  {
    name: 'snapshot fork',
    description: 'copy a domain, with its clock, to a new domain',
    args: [{ term: '<to-domain>', description: 'the name of the new domain', field: 'to' }],
    examples: ['snapshot fork t-43 --domain t-42'],
    run: async ({ domain }, { args: [to = ''] }) => {
      await domain.fork(to)
      return `copied domain ${domain.name} to domain ${to}`
    },
  },
]
