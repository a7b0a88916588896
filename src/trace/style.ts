import { OVERVIEW_STYLE } from './overview.ts'

/** The style of a trace, for light and dark alike. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1c20; --dim: #5a6170; --page: #fff; --line: #d5d9e0; --soft: #f3f5f8;
  --life: #a9bad6; --good: #17733a; --bad: #b3261e; --none: #7a4b00; --mark: #1f56b5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaee; --dim: #a3abba; --page: #15171b; --line: #363b45; --soft: #1f2228;
    --life: #45587a; --good: #6fcf8f; --bad: #ff8a80; --none: #f0b75a; --mark: #8fb4ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1rem 1.5rem 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; } .part { font-size: .85rem; margin: .6rem 0 .2rem; color: var(--dim); }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; max-height: 30rem; overflow: auto; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0; } dt { color: var(--dim); font-size: .85rem; } dd { margin: 0; }
article { border: 1px solid var(--line); border-radius: .4rem; padding: .7rem 1rem; margin: .7rem 0; }
article p { margin: .2rem 0 .4rem; }
.legend, caption { color: var(--dim); text-align: left; font-size: .88rem; }
.status { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; font-weight: 600; }
.status.open { color: var(--none); } .status.final { color: var(--mark); }
svg { display: block; width: 100%; overflow: visible; } svg svg { width: 1px; }
.ruler { position: relative; height: 1.4em; font-size: .75rem; color: var(--dim); font-variant-numeric: tabular-nums; }
.ruler span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.overview { border: 1px solid var(--line); border-radius: .4rem; margin: .7rem 0; padding: .5rem 1rem; min-width: 0; }
.overview legend { color: var(--dim); font-size: .85rem; padding: 0 .4rem; }
.overview label { margin: 0 .5rem 0 .2rem; } .view { display: none; }
.lanes { background: var(--soft); } .lanes .bar { height: 9px; rx: 2px; } .lanes .now { fill: var(--ink); width: 2px; height: 100%; }
label.stub { cursor: pointer; color: var(--mark); text-decoration: underline; margin: 0 .4rem 0 0; }
.lanes .running { fill: var(--mark); } .lanes .done { fill: var(--good); } .lanes .failed { fill: var(--bad); }
.lanes .cancelled { fill: var(--dim); } .lanes .bar.open { fill-opacity: .3; }
@media (max-width: 640px) { .ruler span:nth-child(even) { display: none; } }
.timeline .past { fill: var(--life); } .timeline .future { fill: none; stroke: var(--life); stroke-dasharray: 4 3; }
.timeline .now { stroke: var(--mark); stroke-width: 1.5; } .timeline .event { fill: var(--mark); }
.timeline .done { fill: var(--ink); } .timeline .due { fill: var(--page); stroke: var(--ink); stroke-width: 1.5; }
.timeline path.good { fill: var(--good); } .timeline path.bad { fill: var(--bad); } .timeline path.none { fill: var(--none); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { background: var(--soft); white-space: nowrap; }
tr.good .answer { color: var(--good); } tr.bad .answer { color: var(--bad); } tr.none .answer { color: var(--none); }
.answer { font-weight: 700; } .whole { white-space: nowrap; }
summary { cursor: pointer; color: var(--mark); }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
${OVERVIEW_STYLE}
`
