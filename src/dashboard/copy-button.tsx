import type { ComponentChildren } from 'preact'
import { useWorld } from './world.ts'

interface CopyButtonProps {
  readonly text: string
  readonly label?: string
  readonly children: ComponentChildren
}

/** Copies a text. Over http on another machine a browser has no clipboard: the notice then shows the text. */
export function CopyButton({ text, label, children }: CopyButtonProps) {
  const { act } = useWorld()
  const copy = (): Promise<boolean> =>
    act(async () => {
      // Absent in an insecure context, whatever the types say.
      const { clipboard } = navigator as { clipboard?: Clipboard }
      if (clipboard === undefined) return `Copy it from here: ${text}`
      await clipboard.writeText(text)
      return 'Copied.'
    })
  return (
    <button type="button" class="small" aria-label={label} onClick={() => void copy()}>
      {children}
    </button>
  )
}
