import { toneOfState, type StateTone } from '../axis/tone.ts'

const GLYPHS: Readonly<Record<StateTone, string>> = {
  done: '✓',
  cancelled: '⊘',
  pending: '⏳',
  failed: '✕',
  running: '◔',
  unseen: '◌',
}

/** A resource's state: word, colour and glyph. */
export function KeyState({ state, hidden }: { state: string | undefined; hidden: boolean }) {
  const tone = toneOfState(state)
  return (
    <>
      {state !== undefined && (
        <span class={`status ${tone}`}>
          <span aria-hidden="true">{GLYPHS[tone]}</span> {state}
        </span>
      )}
      {hidden && (
        <span class="badge" title="In the cloud; a synchronization has yet to show it">
          <span aria-hidden="true">{GLYPHS.unseen}</span> hidden
        </span>
      )}
    </>
  )
}
