import { inDomain } from './api.ts'
import { CopyButton } from './copy-button.tsx'
import { toCreateBody } from './create-request.ts'
import { DEMO_RATE, demoJobs } from './demo-jobs.ts'
import { useWorld } from './world.ts'

/** What a user can do in a domain without jobs. */
export function EmptyJobs() {
  const { api, info, place, act } = useWorld()
  const { domain } = place
  const startDemo = (): Promise<boolean> =>
    act(async () => {
      const jobs = demoJobs(info.families)
      for (const job of jobs) {
        const { itemField = 'keys', example } = info.families.find(({ name }) => name === job.family) ?? {}
        await api.send('POST', inDomain(domain, '/jobs'), toCreateBody(job, itemField, example))
      }
      await api.send('PUT', inDomain(domain, '/clock'), { mode: 'running', rate: DEMO_RATE })
      return `Created ${jobs.length} jobs. The clock runs at ${DEMO_RATE}×.`
    })
  const signIn = { username: 'admin', password: 'admin', ...(domain !== 'root' && { domain }) }
  const commands = `CM=${location.origin}/api/v1
TOKEN=$(curl -sk $CM/auth/tokens -d '${JSON.stringify(signIn)}' | sed 's/.*"jwt":"\\([^"]*\\)".*/\\1/')
curl -k $CM/cckm/aws/bulkjob -H "Authorization: Bearer $TOKEN" -d '{"keys":["k1","k2"],"operation":"enablekey"}'`
  return (
    <div class="empty">
      <h2>No jobs yet</h2>
      <p>Create one with “New job …”, or with your client at {location.origin}:</p>
      <pre tabIndex={0}>{commands}</pre>
      <p class="row">
        <CopyButton text={commands}>Copy</CopyButton>
        <button type="button" disabled={place.at !== undefined} onClick={() => void startDemo()}>
          Start a demo: {demoJobs(info.families).length} jobs at {DEMO_RATE}× speed
        </button>
      </p>
    </div>
  )
}
