import { formatPlace } from './link.ts'
import { useWorld } from './world.ts'

/** The beginning of a job's id, which opens the job. */
export function JobLink({ id }: { id: string }) {
  const { place, go } = useWorld()
  return (
    <a
      class="mono"
      title={id}
      href={formatPlace({ ...place, tab: 'jobs', job: id })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go({ tab: 'jobs', job: id })
      }}
    >
      {id.slice(0, 8)}
    </a>
  )
}
