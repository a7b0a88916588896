import type { ComponentChildren } from 'preact'
import { formatPlace, type PageState } from './link.ts'
import { useWorld } from './world.ts'

interface PlaceLinkProps {
  readonly to: Partial<PageState>
  readonly class?: string
  readonly title?: string
  readonly current?: boolean
  readonly children: ComponentChildren
}

/** A link to another place of the page; with Ctrl it opens a tab of its own. */
export function PlaceLink({ to, current = false, children, ...rest }: PlaceLinkProps) {
  const { place, go } = useWorld()
  return (
    <a
      {...rest}
      href={formatPlace({ ...place, ...to })}
      aria-current={current ? 'true' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go(to)
      }}
    >
      {children}
    </a>
  )
}

/** Who made a change: each is a link to it, but for the seed. */
export function OriginLink({ by }: { by: { job: string } | { request: string } | { seed: true } }) {
  if ('job' in by)
    return (
      <>
        job{' '}
        <PlaceLink class="mono" title={by.job} to={{ tab: 'jobs', job: by.job }}>
          {by.job.slice(0, 8)}
        </PlaceLink>
      </>
    )
  if ('request' in by)
    return (
      <>
        request{' '}
        <PlaceLink class="mono" title={by.request} to={{ tab: 'requests', job: undefined, request: by.request }}>
          {by.request.slice(0, 8)}
        </PlaceLink>
      </>
    )
  return <>the seed</>
}
