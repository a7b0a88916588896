import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { DomainAnswer } from '../client/answers.ts'
import { Dialog } from './dialog.tsx'
import { textOf } from './form.ts'
import { ThemeSwitch } from './theme.tsx'
import type { Connection } from './use-live.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const MAX_DOMAINS = 200

/** What everybody who looks has to know. */
export function Note() {
  return (
    <p class="note" role="note">
      <strong>This is an emulator.</strong> It is not a CipherTrust Manager, not made by Thales, and touches no real
      keys.
    </p>
  )
}

export function Header({ connection }: { connection: Connection }) {
  const { info } = useWorld()
  return (
    <header>
      <div class="top">
        <h1>
          cckm-emulator <small>{info.version}</small>
        </h1>
        <DomainChooser />
        <p class={`connection ${connection}`} role="status">
          {CONNECTIONS[connection]}
        </p>
        <nav aria-label="More">
          <a href="/docs">API</a>
        </nav>
        <ThemeSwitch />
      </div>
      <Note />
    </header>
  )
}

const CONNECTIONS = {
  connecting: '◌ connecting',
  live: '● live',
  lost: '○ disconnected, trying again',
  absent: '○ no such domain',
} as const

function DomainChooser() {
  const { api, place, go, act } = useWorld()
  const [looks, setLooks] = useState(0)
  const [isNew, setNew] = useState(false)
  const load = (signal: AbortSignal) => api.get<{ domains: DomainAnswer[] }>('/domains', signal)
  const { data } = useResource(place.domain, load, looks)
  const known = (data?.domains ?? []).map(({ name }) => name).slice(0, MAX_DOMAINS)
  const names = known.includes(place.domain) ? known : [place.domain, ...known]

  const make = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('PUT', inDomain(name, ''), {})
      setNew(false)
      enter(name)
      return `Here is the domain ${name}.`
    })
  const enter = (domain: string): void => go({ domain, at: undefined, job: undefined })

  return (
    <div class="chooser">
      <label>
        Domain{' '}
        <select
          value={place.domain}
          onFocus={() => setLooks((count) => count + 1)}
          onChange={(event) => enter(event.currentTarget.value)}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => setNew(true)}>
        Other …
      </button>
      {isNew && (
        <Dialog title="Another domain" onClose={() => setNew(false)}>
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault()
              void make(textOf(event.currentTarget, 'name'))
            }}
          >
            <p>A domain is a world of its own: jobs, clock, faults, requests. One that is not there is made.</p>
            <label class="field">
              Name
              <input name="name" required pattern="[A-Za-z0-9._\-]{1,64}" autocomplete="off" />
            </label>
            <button class="primary">Enter</button>
          </form>
        </Dialog>
      )}
    </div>
  )
}
