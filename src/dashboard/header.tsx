import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { Note } from './note.tsx'
import type { DomainAnswer } from '../client/answers/domains.ts'
import { Dialog } from './dialog.tsx'
import { textOf } from './form.ts'
import { ThemeSwitch } from './theme.tsx'
import { keptToken } from './kept-token.ts'
import type { LiveState } from './use-live.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const MAX_DOMAINS = 200

export function Header({ connection }: { connection: LiveState }) {
  const { info, place } = useWorld()
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
          {keptToken() === undefined && <a href={`/__admin${inDomain(place.domain, '/trace')}`}>Trace</a>}
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
  const counts = new Map((data?.domains ?? []).map(({ name, jobs }) => [name, jobs]))
  const names = known.includes(place.domain) ? known : [place.domain, ...known]

  const make = (name: string): Promise<boolean> =>
    act(async () => {
      await api.send('PUT', inDomain(name, ''), {})
      setNew(false)
      enter(name)
      return `The domain ${name} is open.`
    })
  const enter = (domain: string): void =>
    go({ domain, at: undefined, job: undefined, key: undefined, request: undefined })

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
              {counts.has(name) && ` (${counts.get(name)})`}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => setNew(true)}>
        Open or create …
      </button>
      {isNew && (
        <Dialog title="Open or create a domain" onClose={() => setNew(false)}>
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault()
              void make(textOf(event.currentTarget, 'name'))
            }}
          >
            <p>Each domain has its own jobs, clock, faults and requests. A domain that does not exist is created.</p>
            <label class="field">
              Name
              <input name="name" required pattern="[A-Za-z0-9._\-]{1,64}" autocomplete="off" />
            </label>
            <button class="primary">Open</button>
          </form>
        </Dialog>
      )}
    </div>
  )
}
