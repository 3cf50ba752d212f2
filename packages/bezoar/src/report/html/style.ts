/** The one style sheet of the page. No style attributes anywhere: the policy would block them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #111316);
  --panel: light-dark(#f6f7f8, #191c20);
  --line: light-dark(#e2e5e9, #2a2f36);
  --text: light-dark(#1b1f24, #e4e7eb);
  --muted: light-dark(#59636e, #98a2ae);
  --faint: light-dark(#cdd3da, #3a414a);
  --link: light-dark(#0b57d0, #8ab4f8);
  --soft: light-dark(#e6ebf2, #2a3441);
  --mark: light-dark(#ffe58f, #5a4708);
  --critical: light-dark(#b3131d, #ff8078);
  --high: light-dark(#b8400b, #ff9d66);
  --medium: light-dark(#8a5a00, #e8b84a);
  --low: light-dark(#2a6099, #82b4ea);
  --info: light-dark(#59636e, #98a2ae);
  --good: light-dark(#17703f, #5fd394);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, h4, p, dl, dd, figure, ol, ul, table { margin: 0; padding: 0; }
small { font-size: 0.8125rem; font-weight: 400; color: var(--muted); }
code { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
h2 { font-size: 1.25rem; line-height: 1.3; letter-spacing: -0.01em; }
h4 { font-size: 0.9375rem; line-height: 1.4; margin-bottom: 0.75rem; }
h2 small, h4 small { margin-left: 0.5rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.note, .ids { font-size: 0.8125rem; color: var(--muted); }
.why { max-width: 44rem; margin-top: 0.75rem; }

.verdict { padding: 3.5rem 0 2.5rem; border-bottom: 1px solid var(--line); position: relative; }
.verdict.poisoned { --tone: var(--critical); }
.verdict.inconclusive { --tone: var(--medium); }
.verdict.clean { --tone: var(--good); }
.brand { font-size: 0.875rem; color: var(--muted); margin-bottom: 1.75rem; }
.brand strong { color: var(--text); letter-spacing: -0.01em; }
h1 { font-size: clamp(2.25rem, 7vw, 3.25rem); line-height: 1.05; letter-spacing: -0.035em; font-weight: 700; color: var(--tone); }
.lead { font-size: clamp(1.0625rem, 2.6vw, 1.3125rem); line-height: 1.4; margin-top: 0.625rem; max-width: 40rem; text-wrap: balance; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin-top: 2rem; font-size: 0.9375rem; }
.facts dt, .cause dt, .numbers-row dt { font-size: 0.8125rem; color: var(--muted); }
.facts dd { overflow-wrap: anywhere; }
.facts > :last-child { flex-basis: 100%; }

.overview { padding: 2.25rem 0 2.5rem; border-bottom: 1px solid var(--line); }
.overview ol { list-style: none; margin-top: 0.75rem; }
.overview li { display: grid; grid-template-columns: 5rem minmax(0, 1fr) auto; gap: 1rem; align-items: baseline; padding: 0.5rem 0; border-top: 1px solid var(--line); }
.overview li:first-child { border-top: 0; }
.overview a { color: inherit; text-decoration-color: var(--faint); overflow-wrap: anywhere; }
.overview a:hover { text-decoration-color: currentColor; }
.overview .count { color: var(--muted); white-space: nowrap; font-size: 0.875rem; }
.quiet { padding: 2.25rem 0; color: var(--muted); border-bottom: 1px solid var(--line); }
.chip { font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
.chip::before { content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: currentColor; margin-right: 0.4375rem; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); } .low { --tone: var(--low); } .info { --tone: var(--info); }
.chip { color: var(--tone); }

.finding, main > section { padding: 2.75rem 0; border-bottom: 1px solid var(--line); }
main > section > h2 { margin-bottom: 0.75rem; }
.finding h3 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -0.015em; margin: 0.375rem 0 0.375rem; overflow-wrap: anywhere; }
.ids code { font-size: 0.75rem; }
.ids { display: flex; flex-wrap: wrap; gap: 0.125rem 1.125rem; }
.cause { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 0.75rem; margin: 1.25rem 0 1.25rem; }
.cause > div { background: var(--panel); border-radius: 8px; padding: 0.75rem 1rem 0.875rem; }
.cause dt small { margin-left: 0.375rem; }
.cause dd { margin-top: 0.125rem; }
.cause code { font-size: 0.9375rem; white-space: pre-wrap; }
.finding section, .figures-pair { margin-top: 2.25rem; }
.figures-pair:empty { display: none; }
.figures-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 2rem 3rem; }
figcaption { font-size: 0.9375rem; font-weight: 600; margin-bottom: 0.75rem; overflow-wrap: anywhere; }
figure { min-width: 0; }
figure .note { margin-top: 0.5rem; }
svg { display: block; width: 100%; overflow: visible; }
figcaption::first-letter { text-transform: uppercase; }
.rate p { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: 0.875rem; }
.rate small { margin-left: 0.375rem; }
.rate svg { margin: 0.125rem 0 0.5rem; }
.with { --dot: var(--tone); } .without { --dot: var(--muted); }
.rate .track { stroke: var(--line); stroke-width: 4; }
.rate .interval { stroke: var(--dot); stroke-width: 4; }
.rate .end { stroke: var(--dot); stroke-width: 2; }
.rate circle { fill: var(--dot); stroke: var(--ground); stroke-width: 2; }
.scale line { stroke: var(--faint); }
.scale text { fill: var(--muted); font-size: 0.75rem; }
.map svg { border-radius: 3px; cursor: crosshair; }
.map .ground { fill: var(--faint); }
.map .bar { fill: var(--tone); }
.map .hit { fill: transparent; }
.map .bin:hover .bar, .map .bin.chosen .bar { fill: var(--text); }
.map .file { stroke: var(--faint); stroke-dasharray: 2 3; }
.axis { display: grid; grid-template-columns: 1fr auto 1fr; gap: 0.75rem; font-size: 0.75rem; color: var(--muted); margin-top: 0.375rem; }
.axis span:last-child { text-align: right; }
.readout { color: var(--text); }

table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
th, td { text-align: left; vertical-align: baseline; padding: 0.5rem 1rem 0.5rem 0; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: 0.8125rem; border-top: 0; padding-top: 0; }
.figures th[scope="row"] small { display: block; }
.figures td, .figures thead th:not(:first-child) { text-align: right; }
.figures thead th { white-space: nowrap; }
.checks th:nth-child(2) { width: 11rem; } .checks th:nth-child(3) { width: 12rem; } .checks th:nth-child(4) { width: 5rem; }
.figures + .figures { margin-top: 1.5rem; }
.figures sup { line-height: 0; font-size: 0.75em; }
.why + table { margin-top: 1.25rem; }
.passed { color: var(--good); } .failed { color: var(--critical); font-weight: 600; }
.digest { display: block; color: var(--muted); font-size: 0.75rem; }

.evidence th[scope="row"], .evidence thead th:first-child { width: 5.5rem; color: var(--muted); }
.evidence td { padding-bottom: 0.625rem; }
.field { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: 0.75rem; }
.field + .field { margin-top: 0.25rem; }
.field .name, .values dt { color: var(--muted); }
.place { font-family: var(--mono); font-size: 0.75rem; color: var(--muted); margin-bottom: 0.125rem; }
.suppressed-head { border-bottom: 0; padding-bottom: 0; }
.suppressed { --tone: var(--muted); }
.suppressed .chip { color: var(--muted); }
.suppressed h3, .suppressed .cause code { color: var(--muted); }
.suppression { margin-top: 0.5rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.unexamined { color: var(--medium); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.values { display: flex; flex-wrap: wrap; gap: 0.125rem 1.125rem; margin-bottom: 0.25rem; }
.values dt { flex: none; max-width: min(18rem, 45vw); }
.values > div { display: flex; gap: 0.375rem; min-width: 0; max-width: 100%; }
.values > .wide { flex: 1 0 100%; }
.values dd { overflow-wrap: anywhere; min-width: 0; }
mark { background: var(--mark); color: inherit; border-radius: 3px; padding: 0.0625rem 0.1875rem; margin: 0 -0.0625rem; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
mark.target { background: var(--soft); }
.nl { color: var(--muted); opacity: 0.7; user-select: none; margin-left: 0.125rem; }
.esc { display: inline-block; line-height: 1.2; font-family: var(--mono); font-size: 0.8125em; color: var(--critical); border: 1px solid var(--faint); border-radius: 3px; padding: 0 0.1875rem; }
.gap { color: var(--muted); }
.long summary { list-style: none; cursor: pointer; }
.long summary::-webkit-details-marker { display: none; }
.long .more { color: var(--link); white-space: nowrap; font-size: 0.8125rem; }
.long[open] summary .text { display: none; }

.numbers { font-size: 0.875rem; line-height: 1.75; overflow-wrap: anywhere; }
.numbers span { display: inline-block; min-width: 3.25rem; margin-right: 0.5rem; }
.numbers-row { display: flex; flex-wrap: wrap; gap: 0.75rem 2.5rem; }
.numbers-row > div { display: flex; flex-direction: column-reverse; }
.numbers-row dd { font-size: 1.5rem; line-height: 1.2; letter-spacing: -0.02em; font-weight: 600; }
.bad dd { color: var(--medium); }
.notes { margin: 1rem 0 0 1.125rem; font-size: 0.875rem; color: var(--muted); }
.plain { margin-top: 1.25rem; }

button, .pager input { font: inherit; font-size: 0.8125rem; color: var(--text); background: var(--ground); border: 1px solid var(--faint); border-radius: 6px; padding: 0.25rem 0.6875rem; min-height: 2rem; }
button { cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--muted); }
button:disabled { color: var(--muted); opacity: 0.55; cursor: default; }
.pager { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-top: 0.875rem; font-size: 0.8125rem; color: var(--muted); }
.pager .where { padding: 0 0.375rem; }
.pager input { width: 7rem; }
.pager label { display: flex; align-items: center; gap: 0.5rem; margin-left: auto; }
.theme { position: absolute; top: 3.125rem; right: 0; }
footer { padding-top: 2rem; padding-bottom: 3.5rem; font-size: 0.8125rem; color: var(--muted); }

@media (max-width: 40rem) {
  main, footer { padding-left: 1rem; padding-right: 1rem; }
  .verdict { padding-top: 2rem; }
  .theme { top: 1.625rem; }
  .overview li { grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; }
  .overview li a { grid-column: 1 / -1; grid-row: 2; }
  .field { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .field .name { font-size: 0.8125rem; }
  .evidence th[scope="row"], .evidence thead th:first-child { width: 3.5rem; }
  .figures thead, .plain thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .figures tr, .plain tr { display: block; border-top: 1px solid var(--line); padding: 0.5rem 0; }
  .figures th, .figures td, .plain th, .plain td { display: block; border: 0; padding: 0.0625rem 0; white-space: normal; }
  .figures td { text-align: left; }
  .figures td::before, .plain td::before { content: attr(data-name) ": "; color: var(--muted); }
  .figures td:empty, .plain td:empty { display: none; }
  .values > div { flex-wrap: wrap; gap: 0 0.375rem; }
  .values dt { max-width: 100%; }
  .pager label { margin-left: 0; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { color-scheme: light !important; }
  html { font-size: 13px; }
  main, footer { max-width: none; padding: 0; }
  button, .pager label, .long .more { display: none; }
  .readout { visibility: hidden; }
  .verdict, .overview, .finding, main > section { padding: 14pt 0; }
  h2, h3, h4, thead { break-after: avoid; }
  tr, figure, .cause { break-inside: avoid; }
  .bar, mark, .chip::before, .cause > div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}
`;
