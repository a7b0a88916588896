import { useEffect, useRef } from 'preact/hooks'
import { Note } from './header.tsx'

const KEY = 'cckm-emulator-admin-token'

/** Kept for as long as the tab is open, and never in the address. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token)
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY)
}

export function TokenPrompt({ wasWrong, onToken }: { wasWrong: boolean; onToken: (token: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <main class="alone">
      <h1>cckm-emulator</h1>
      <Note />
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault()
          const token = input.current?.value ?? ''
          if (token !== '') onToken(token)
        }}
      >
        <p>
          The control API of this emulator is locked. What it was started with (--admin-token) opens it for this tab.
        </p>
        <label class="field">
          Admin token
          <input ref={input} type="password" autocomplete="off" required />
        </label>
        {wasWrong && (
          <p class="problem" role="alert">
            That token does not open it.
          </p>
        )}
        <button class="primary">Open</button>
      </form>
    </main>
  )
}
