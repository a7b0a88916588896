import { inDomain } from './api.ts'
import type { Fault } from './api-shapes.ts'
import { textOf } from './form.ts'
import { activeFault, faultText, isSpent, PRESETS, type Preset } from './presets.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Calls that fail or linger on purpose: some behind a switch, any other as JSON. */
export function Faults() {
  const { api, place, version, act } = useWorld()
  const path = inDomain(place.domain, '/faults')
  const { data } = useResource(path, (signal) => api.get<{ faults: Fault[] }>(path, signal), version)
  const faults = data?.faults ?? []
  const remove = (id: string): void =>
    void act(async () => {
      await api.send('DELETE', `${path}/${encodeURIComponent(id)}`)
      return 'The fault is off.'
    })
  const add = (fault: object): Promise<boolean> =>
    act(async () => {
      await api.send('POST', path, fault)
      return 'The fault is on: it counts from now.'
    })
  const toggle = (preset: Preset): void => {
    const fault = activeFault(preset, faults)
    if (fault === undefined) void add(preset.fault)
    else remove(fault.id)
  }
  return (
    <section class="card" aria-label="Faults">
      <ul class="switches">
        {PRESETS.map((preset) => {
          const isOn = activeFault(preset, faults) !== undefined
          return (
            <li key={preset.name}>
              <button type="button" role="switch" aria-checked={isOn} onClick={() => toggle(preset)}>
                <span class="knob" aria-hidden="true" />
                <span>
                  <strong>{preset.name}</strong> {preset.text}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {faults.length > 0 && <FaultTable faults={faults} onRemove={remove} />}
      <OwnFault onAdd={add} />
    </section>
  )
}

function FaultTable({ faults, onRemove }: { faults: readonly Fault[]; onRemove: (id: string) => void }) {
  return (
    <table>
      <caption>Faults that are set, the first that fits hits</caption>
      <thead>
        <tr>
          <th scope="col">Fault</th>
          <th scope="col">Calls it was about</th>
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
              <button type="button" aria-label={`Remove: ${faultText(fault)}`} onClick={() => onRemove(fault.id)}>
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
    else await act(() => Promise.reject(new Error('That is not a JSON object.')))
  }
  return (
    <details>
      <summary>Any other fault, as JSON</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(textOf(event.currentTarget, 'fault'))
        }}
      >
        <label class="field">
          Fault (docs/faults.md has the words)
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
