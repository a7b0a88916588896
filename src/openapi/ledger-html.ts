import { LEDGER_TITLE, type LedgerSection } from './ledger-page.ts'

const STYLE = `body { margin: 0 auto; max-width: 100em; padding: 0 1.5em 3em; font: 16px/1.45 system-ui, sans-serif }
table { border-collapse: collapse; font-size: .9em }
th, td { border-bottom: 1px solid #8886; padding: .35em .8em .35em 0; text-align: left; vertical-align: top }
code { overflow-wrap: anywhere }
h2 { margin-top: 2em }`

/** The ledger as a page without scripts, for `/docs/fidelity`. */
export function ledgerHtml(sections: readonly LedgerSection[]): string {
  const contents = sections.map(({ title }) => `<li><a href="#${anchorOf(title)}">${htmlOf(title)}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>cckm-emulator: the fidelity ledger</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>${LEDGER_TITLE}</h1>
<ul>
${contents.join('\n')}
</ul>
${sections.map(sectionOf).join('\n')}
</body>
</html>
`
}

function sectionOf({ title, paragraphs, columns, rows }: LedgerSection): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${htmlOf(cell)}</${tag}>`).join('')}</tr>`
  return [
    `<h2 id="${anchorOf(title)}">${htmlOf(title)}</h2>`,
    ...paragraphs.map((text) => `<p>${htmlOf(text)}</p>`),
    `<table>\n<thead>${row(columns, 'th')}</thead>\n<tbody>`,
    ...rows.map((cells) => row(cells, 'td')),
    '</tbody>\n</table>',
  ].join('\n')
}

/** The anchor of a heading, like GitHub's. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}

/** Markdown with code spans and bold text, as HTML. */
function htmlOf(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}
