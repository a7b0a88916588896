import { CopyButton } from './copy-button.tsx'
import { useWorld } from './world.ts'

/** How to get keys into a domain without any. */
export function EmptyKeys() {
  const { place } = useWorld()
  const { domain, at } = place
  const path = `/__admin/domains/${encodeURIComponent(domain)}/resources`
  const commands = `cckm-emulator start --seed my-seed.json    # a file with "resources"
cckm-emulator resources add aws.key '{"region":"eu-west-1"}'${domain === 'root' ? '' : ` --domain ${domain}`}
curl -k ${location.origin}${path} --json '{"kind":"aws.key","record":{"region":"eu-west-1"}}'`
  return (
    <div class="empty">
      <h2>{at === undefined ? 'No keys yet' : 'No keys at this instant'}</h2>
      <p>Get keys from a seed, with the command line, or with a request; clients can create them too:</p>
      <pre tabIndex={0}>{commands}</pre>
      <p class="row">
        <CopyButton text={commands}>Copy</CopyButton>
      </p>
    </div>
  )
}
