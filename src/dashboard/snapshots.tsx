import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { Dialog } from './dialog.tsx'
import { textOf } from './form.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Named states of the whole domain, and the way back to its beginning. */
export function States() {
  const { api, place, go, version, act } = useWorld()
  const { domain } = place
  const [isAsking, setAsking] = useState(false)
  const path = (name: string, end = ''): string => inDomain(domain, `/snapshots/${encodeURIComponent(name)}${end}`)
  const load = (signal: AbortSignal) =>
    api.get<{ snapshots: { name: string }[] }>(inDomain(domain, '/snapshots'), signal)
  const { data } = useResource(domain, load, version)

  const save = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('PUT', path(name))
      return `Kept as ${name}.`
    })
  const restore = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('POST', path(name, '/load'))
      go({ at: undefined, job: undefined })
      return `Everything is as it was in ${name}.`
    })
  const remove = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('DELETE', path(name))
      return `${name} is forgotten.`
    })
  const reset = (): Promise<boolean> =>
    act(async () => {
      await api.send('POST', inDomain(domain, '/reset'))
      setAsking(false)
      go({ at: undefined, job: undefined })
      return `The domain ${domain} is as it was made.`
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
          <button class="primary">Keep a snapshot</button>
        </form>
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          Reset the domain …
        </button>
      </div>
      <p class="quiet">A snapshot holds the jobs, the clock, the rules and the faults of this domain.</p>
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
                  <button type="button" aria-label={`Forget ${name}`} onClick={() => void remove(name)}>
                    Forget
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isAsking && (
        <Dialog title="Reset the domain?" onClose={() => setAsking(false)}>
          <p>
            Jobs, clock, scenarios, settings, rules, faults and requests of <strong>{domain}</strong> go back to how it
            was made. No other domain is touched.
          </p>
          <p class="row">
            <button type="button" class="danger" onClick={() => void reset()}>
              Reset
            </button>
            <button type="button" onClick={() => setAsking(false)}>
              Leave it
            </button>
          </p>
        </Dialog>
      )}
    </section>
  )
}
