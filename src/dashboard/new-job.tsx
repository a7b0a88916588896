import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { JobAnswer } from '../client/answers/jobs.ts'
import { sampleItems, toCreateBody, type NewJob } from './create-request.ts'
import { Dialog } from './dialog.tsx'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const SAMPLE = 12

export function NewJobDialog({ onClose }: { onClose: () => void }) {
  const { api, info, place, go, act } = useWorld()
  const { domain } = place
  const [job, setJob] = useState<NewJob>({
    family: 'aws.bulkjob',
    operation: 'enablekey',
    items: sampleItems(SAMPLE),
    scenario: '',
  })
  const load = (signal: AbortSignal) =>
    api.get<{ default: string | { name?: string }; scenarios: string[] }>(inDomain(domain, '/scenarios'), signal)
  const { data: scenarios } = useResource(domain, load, 0)
  const { operations = [], itemField = 'keys', example } = info.families.find(({ name }) => name === job.family) ?? {}

  const make = (): Promise<boolean> =>
    act(async () => {
      const { id } = await api.send<JobAnswer>('POST', inDomain(domain, '/jobs'), toCreateBody(job, itemField, example))
      onClose()
      go({ job: id })
      return `Created the job ${id.slice(0, 8)}.`
    })

  return (
    <Dialog title="New job" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void make()
        }}
      >
        <label class="field">
          Family
          <select
            value={job.family}
            onChange={({ currentTarget: { value } }) => {
              const family = info.families.find(({ name }) => name === value)
              setJob({ ...job, family: value, operation: family?.operations[0] ?? '' })
            }}
          >
            {info.families.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Operation
          <select
            value={job.operation}
            onChange={({ currentTarget }) => setJob({ ...job, operation: currentTarget.value })}
          >
            {operations.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Scenario
          <select
            value={job.scenario}
            onChange={({ currentTarget }) => setJob({ ...job, scenario: currentTarget.value })}
          >
            <option value="">{`the domain's default${scenarios === undefined ? '' : ` (${nameOf(scenarios.default)})`}`}</option>
            {(scenarios?.scenarios ?? []).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Items, one id a line
          <textarea
            rows={6}
            value={job.items}
            onInput={({ currentTarget }) => setJob({ ...job, items: currentTarget.value })}
          />
        </label>
        <button class="primary">Create</button>
      </form>
    </Dialog>
  )
}

/** A default that was given as an object needs no name. */
function nameOf(scenario: string | { readonly name?: string }): string {
  return typeof scenario === 'string' ? scenario : (scenario.name ?? 'inline')
}
