import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { FaultAnswer } from '../client/answers/domains.ts'
import { textOf } from './form.ts'
import { activeFault, faultText, isSpent, PRESETS, type Preset } from './presets.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Faults: the common ones as switches, others as JSON. */
export function Faults() {
  const { api, place, version, act } = useWorld()
  const path = inDomain(place.domain, '/faults')
  const load = (signal: AbortSignal) => api.get<{ faults: FaultAnswer[] }>(path, signal)
  const { data, reload } = useResource(path, load, version)
  const remove = (id: string): Promise<boolean> =>
    act(async () => {
      await api.send('DELETE', `${path}/${encodeURIComponent(id)}`)
      await reload()
      return 'The fault is removed.'
    })
  const add = (fault: object): Promise<boolean> =>
    act(async () => {
      await api.send('POST', path, fault)
      await reload()
      return 'The fault is set.'
    })
  // Before the list is loaded, a switch would look off and a click would set its fault twice.
  if (data === undefined) return null
  const { faults } = data
  return (
    <section class="card" aria-label="Faults">
      <ul class="switches">
        {PRESETS.map((preset) => {
          const fault = activeFault(preset, faults)
          const toggle = () => (fault === undefined ? add(preset.fault) : remove(fault.id))
          return (
            <Switch
              key={preset.name}
              preset={preset}
              isOn={fault !== undefined}
              hits={fault?.hits ?? 0}
              onToggle={toggle}
            />
          )
        })}
      </ul>
      {faults.length > 0 && <FaultTable faults={faults} onRemove={remove} />}
      <OwnFault onAdd={add} />
    </section>
  )
}

interface SwitchProps {
  readonly preset: Preset
  readonly isOn: boolean
  readonly hits: number
  readonly onToggle: () => Promise<boolean>
}

function Switch({ preset, isOn, hits, onToggle }: SwitchProps) {
  // Until the list is loaded again: a second click would set the fault twice.
  const [isBusy, setBusy] = useState(false)
  const toggle = async (): Promise<void> => {
    setBusy(true)
    await onToggle()
    setBusy(false)
  }
  // Not `disabled`: a disabled button loses the focus.
  return (
    <li>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-disabled={isBusy}
        onClick={() => void (isBusy || toggle())}
      >
        <span class="knob" aria-hidden="true" />
        <span>
          <strong>{preset.name}</strong> {preset.text}
          {hits > 0 && <small> Hit {hits === 1 ? 'once' : `${hits} times`}.</small>}
        </span>
      </button>
    </li>
  )
}

function FaultTable({
  faults,
  onRemove,
}: {
  faults: readonly FaultAnswer[]
  onRemove: (id: string) => Promise<boolean>
}) {
  return (
    <table>
      <caption>Faults that are set. The first that matches a call applies.</caption>
      <thead>
        <tr>
          <th scope="col">Fault</th>
          <th scope="col">Calls that matched</th>
          <th scope="col">Hits</th>
          <th scope="col">
            <span class="hidden">Commands</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {faults.map((fault) => (
          <tr key={fault.id}>
            <th scope="row">
              {faultText(fault)} {isSpent(fault) && <span class="quiet">(used up)</span>}
            </th>
            <td>{fault.seen}</td>
            <td>{fault.hits}</td>
            <td>
              <button type="button" aria-label={`Remove: ${faultText(fault)}`} onClick={() => void onRemove(fault.id)}>
                Remove
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SAMPLE =
  '{\n  "on": { "operation": "azure.bulkjobs.get", "nth": [2, 5] },\n  "do": { "respond": { "status": 500 } }\n}'

function OwnFault({ onAdd }: { onAdd: (fault: object) => Promise<boolean> }) {
  const { act } = useWorld()
  const submit = async (text: string): Promise<void> => {
    const fault = parsed(text)
    if (fault !== undefined) await onAdd(fault)
    else await act(() => Promise.reject(new Error('This is not a JSON object.')))
  }
  return (
    <details>
      <summary>Another fault, as JSON</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(textOf(event.currentTarget, 'fault'))
        }}
      >
        <label class="field">
          Fault (see docs/reference/faults.md)
          <textarea name="fault" class="mono" rows={6} defaultValue={SAMPLE} />
        </label>
        <button>Set the fault</button>
      </form>
    </details>
  )
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
