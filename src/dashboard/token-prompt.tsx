import { useEffect, useRef } from 'preact/hooks'
import { Note } from './note.tsx'

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
          The control API of this emulator is locked. Enter the token that the emulator was started with
          (--admin-token). It is kept for this tab.
        </p>
        <label class="field">
          Admin token
          <input ref={input} type="password" autocomplete="off" required />
        </label>
        {wasWrong && (
          <p class="problem" role="alert">
            That token is wrong.
          </p>
        )}
        <button class="primary">Open</button>
      </form>
    </main>
  )
}
