/** The one style sheet of the page. No style attributes anywhere: the policy of the page blocks them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #111316);
  --panel: light-dark(#f6f7f8, #191c20);
  --line: light-dark(#e2e5e9, #2a2f36);
  --text: light-dark(#1b1f24, #e4e7eb);
  --muted: light-dark(#59636e, #98a2ae);
  --link: light-dark(#0b57d0, #8ab4f8);
  --accuracy: light-dark(#2f6fb0, #5b9bdb);
  --target: light-dark(#c2202b, #f0645e);
  --others: light-dark(#8b96a2, #7d8894);
  --swap: light-dark(#dd8a1f, #e8a84b);
  --good: light-dark(#17703f, #5fd394);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem 4rem; }
h1, h2, p, ul, table, pre, figure { margin: 0; padding: 0; }
h1 { font-size: clamp(1.75rem, 4.5vw, 2.5rem); line-height: 1.15; letter-spacing: -0.025em; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; letter-spacing: -0.01em; margin-bottom: 0.75rem; }
header { padding: 3rem 0 2.25rem; }
section { padding: 2.25rem 0; border-top: 1px solid var(--line); }
.brand { font-size: 0.875rem; color: var(--muted); margin-bottom: 1.25rem; }
.lead { font-size: 1.125rem; line-height: 1.5; color: var(--muted); margin-top: 0.875rem; max-width: 46rem; }
.lead strong { color: var(--text); font-weight: 600; }
.note { font-size: 0.875rem; color: var(--muted); max-width: 46rem; margin-top: 0.875rem; }
a { color: var(--link); text-underline-offset: 0.15em; }

.cleanAccuracy { --tone: var(--accuracy); }
.targetDismissed { --tone: var(--target); }
.othersDismissed { --tone: var(--others); }
.swapDismissed { --tone: var(--swap); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.375rem 2rem; font-size: 0.875rem; margin-bottom: 1.25rem; }
.legend li::before { content: ""; display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 2px; background: var(--tone); margin-right: 0.5rem; vertical-align: -0.0625rem; }
.legend strong { font-weight: 600; }
.legend span { color: var(--muted); }
.chart { overflow-x: auto; padding-bottom: 0.25rem; }
svg { display: block; width: 100%; min-width: 44rem; height: auto; }
.grid { stroke: var(--line); }
.room { fill: transparent; }
.bar { fill: var(--tone); }
.whisker { stroke: var(--text); stroke-width: 1.25; fill: none; opacity: 0.75; }
text { fill: var(--text); font-size: 12px; }
.tick { fill: var(--muted); text-anchor: end; font-size: 11px; }
.value { text-anchor: middle; font-size: 11px; }
.model { text-anchor: middle; font-size: 13px; font-weight: 600; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
th, td { text-align: right; vertical-align: baseline; padding: 0.5rem 0 0.5rem 1.25rem; border-top: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 13rem; }
thead th { color: var(--muted); font-size: 0.8125rem; border-top: 0; padding-top: 0; }
tbody th strong { font-weight: 600; }
tbody th small { display: block; }
small { font-size: 0.8125rem; color: var(--muted); }
td small { display: block; }
.part th { color: var(--muted); font-size: 0.8125rem; padding-top: 1.5rem; border-top: 0; }
.blind { color: var(--target); font-weight: 600; }
.words td, .words th { text-align: left; white-space: normal; }
.words th:first-child { min-width: 5rem; }
.poisoned { color: var(--target); font-weight: 600; }
.clean { color: var(--good); font-weight: 600; }
pre { font: 0.8125rem/1.6 var(--mono); background: var(--panel); border-radius: 8px; padding: 0.875rem 1.125rem; white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--link); font-size: 0.875rem; }
details pre { margin-top: 0.75rem; max-height: 30rem; overflow: auto; }
@media (max-width: 40rem) { main { padding-left: 1rem; padding-right: 1rem; } header { padding-top: 2rem; } }
@media print { :root { color-scheme: light; } .chart, .scroll { overflow: visible; } .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
