import { PlaceLink } from './place-link.tsx'

/** The beginning of a job's id, which opens the job. */
export function JobLink({ id }: { id: string }) {
  return (
    <PlaceLink class="mono" title={id} to={{ tab: 'jobs', job: id }}>
      {id.slice(0, 8)}
    </PlaceLink>
  )
}
