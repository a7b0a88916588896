import { html, pretty, type Html } from './html.ts'
import { jobsPart } from './jobs.ts'
import { requestsPart } from './requests.ts'
import { STYLE } from './style.ts'
import type { Trace } from './trace.ts'

/** Forbids loading and running anything. It is also part of the page, which users keep as a file. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** Headers of the page when a server sends it. */
export const TRACE_HEADERS = {
  'content-security-policy': `${POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const

/** A trace as one self-contained HTML file. Its policy forbids loading and running anything, whatever texts it contains. */
export function tracePage(trace: Trace): string {
  const { domain, title, version, clock } = trace
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title ?? `Trace of domain ${domain}`}</title>
        <style>
          ${{ markup: STYLE }}
        </style>
      </head>
      <body>
        <header>
          <h1>${title ?? html`Trace of domain <code>${domain}</code>`}</h1>
          <dl>
            <div>
              <dt>Domain</dt>
              <dd>${domain}</dd>
            </div>
            <div>
              <dt>Clock</dt>
              <dd>${clock.mode}${clock.rate === 1 ? undefined : ` at ${String(clock.rate)} times speed`}</dd>
            </div>
            <div>
              <dt>Now</dt>
              <dd>${clock.now}</dd>
            </div>
            <div>
              <dt>Next transition</dt>
              <dd>${clock.nextTransitionAt ?? 'none planned'}</dd>
            </div>
            <div>
              <dt>Requests</dt>
              <dd>${trace.requests.length}</dd>
            </div>
            <div>
              <dt>Made by</dt>
              <dd>cckm-emulator ${version}</dd>
            </div>
          </dl>
        </header>
        <main>
          <section aria-labelledby="jobs">
            <h2 id="jobs">Jobs</h2>
            ${jobsPart(trace)}
          </section>
          ${findingsPart(trace)}
          <section aria-labelledby="requests">
            <h2 id="requests">Requests</h2>
            ${requestsPart(trace)}
          </section>
          ${faultsPart(trace)}
        </main>
      </body>
    </html> `.markup
}

function findingsPart({ findings }: Trace): Html {
  if (findings.length === 0) return html``
  return html`<section aria-labelledby="polling">
    <h2 id="polling">Polling</h2>
    <ul>
      ${findings.map(({ level, rule, message }) => html`<li><b>${level}</b> <code>${rule}</code>: ${message}</li>`)}
    </ul>
  </section>`
}

function faultsPart({ faults }: Trace): Html {
  if (faults.length === 0) return html``
  const columns = ['Fault', 'Calls that matched', 'Hits']
  return html`<section aria-labelledby="faults">
    <h2 id="faults">Faults</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of faults">
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${faults.map(
            ({ id: _id, seen, hits, ...rule }) =>
              html`<tr>
                <td><pre>${pretty(rule)}</pre></td>
                <td>${seen}</td>
                <td>${hits}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
