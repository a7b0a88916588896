import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { Dialog } from './dialog.tsx'
import { textOf } from './form.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Named snapshots of the domain, and its reset. */
export function States() {
  const { api, place, go, version, act } = useWorld()
  const { domain } = place
  const [asked, setAsked] = useState<'reset' | 'delete'>()
  const path = (name: string, end = ''): string => inDomain(domain, `/snapshots/${encodeURIComponent(name)}${end}`)
  const load = (signal: AbortSignal) =>
    api.get<{ snapshots: { name: string }[] }>(inDomain(domain, '/snapshots'), signal)
  const { data } = useResource(domain, load, version)

  const save = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('PUT', path(name))
      return `Saved ${name}.`
    })
  const restore = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('POST', path(name, '/load'))
      go({ at: undefined, job: undefined })
      return `Loaded ${name}.`
    })
  const remove = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('DELETE', path(name))
      return `Deleted ${name}.`
    })
  const reset = (): Promise<boolean> =>
    act(async () => {
      await api.send('POST', inDomain(domain, '/reset'))
      setAsked(undefined)
      go({ at: undefined, job: undefined })
      return `The domain ${domain} is reset.`
    })
  const drop = (): Promise<boolean> =>
    act(async () => {
      await api.send('DELETE', inDomain(domain, ''))
      go({ domain: 'root', at: undefined, job: undefined, tab: 'jobs' })
      return `The domain ${domain} is deleted.`
    })

  return (
    <section class="card" aria-label="Snapshots">
      <div class="row spread">
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault()
            const form = event.currentTarget
            void save(textOf(form, 'name')).then((isDone) => isDone && form.reset())
          }}
        >
          <label>
            Name <input name="name" required pattern="[A-Za-z0-9._\-]{1,64}" autocomplete="off" />
          </label>
          <button class="primary">Save snapshot</button>
        </form>
        <span class="row">
          <button type="button" class="danger" onClick={() => setAsked('reset')}>
            Reset the domain …
          </button>
          {domain !== 'root' && (
            <button type="button" class="danger" onClick={() => setAsked('delete')}>
              Delete the domain …
            </button>
          )}
        </span>
      </div>
      <p class="quiet">A snapshot contains the jobs, the clock, the rules and the faults of this domain.</p>
      {data !== undefined && data.snapshots.length > 0 && (
        <table>
          <caption class="hidden">Snapshots</caption>
          <tbody>
            {data.snapshots.map(({ name }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="row">
                  <button type="button" aria-label={`Load ${name}`} onClick={() => void restore(name)}>
                    Load
                  </button>
                  <button type="button" aria-label={`Delete ${name}`} onClick={() => void remove(name)}>
                    Delete
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {asked === 'reset' && (
        <Confirm title="Reset the domain?" yes="Reset" onYes={reset} onNo={() => setAsked(undefined)}>
          Resets the jobs, clock, scenarios, settings, rules, faults and requests of <strong>{domain}</strong> to its
          seed. Other domains do not change.
        </Confirm>
      )}
      {asked === 'delete' && (
        <Confirm title="Delete the domain?" yes="Delete" onYes={drop} onNo={() => setAsked(undefined)}>
          Deletes <strong>{domain}</strong> with its jobs, snapshots and requests. Its tokens become invalid.
        </Confirm>
      )}
    </section>
  )
}

interface ConfirmProps {
  readonly title: string
  readonly yes: string
  readonly onYes: () => Promise<boolean>
  readonly onNo: () => void
  readonly children: ComponentChildren
}

/** Asks before a command that cannot be undone. */
function Confirm({ title, yes, onYes, onNo, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onNo}>
      <p>{children}</p>
      <p class="row">
        <button type="button" class="danger" onClick={() => void onYes()}>
          {yes}
        </button>
        <button type="button" onClick={onNo}>
          Cancel
        </button>
      </p>
    </Dialog>
  )
}
