import { useCallback, useState } from 'preact/hooks'

interface Notice {
  readonly id: number
  readonly text: string
  readonly kind: 'done' | 'problem'
}

const SHOWN_MS = 6000
let count = 0

/** Short messages: the results and errors of commands. */
export function useNotices(): readonly [readonly Notice[], (text: string, kind?: Notice['kind']) => void] {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const notify = useCallback((text: string, kind: Notice['kind'] = 'done') => {
    const notice = { id: (count += 1), text, kind }
    setNotices((others) => [...others.slice(-2), notice])
    setTimeout(() => setNotices((others) => others.filter((each) => each !== notice)), SHOWN_MS)
  }, [])
  return [notices, notify]
}

export function Notices({ notices }: { notices: readonly Notice[] }) {
  return (
    <div class="notices">
      <div role="status">
        {notices
          .filter(({ kind }) => kind === 'done')
          .map(({ id, text }) => (
            <p class="notice" key={id}>
              {text}
            </p>
          ))}
      </div>
      <div role="alert">
        {notices
          .filter(({ kind }) => kind === 'problem')
          .map(({ id, text }) => (
            <p class="notice problem" key={id}>
              <strong>Not done:</strong> {text}
            </p>
          ))}
      </div>
    </div>
  )
}
