/** The report's only style sheet: in the document, so that it can be kept and printed as one file. */
export const STYLE = `
:root { --ink: #16232a; --soft: #4d5c64; --rule: #d3dcdb; --strong: #7b8a8d; --engrave: #1b5167; --tint: #e4edf0;
  --good: #15623f; --warn: #805000; --bad: #a3242b; }
* { box-sizing: border-box; }
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #4d5c64; } }
html { font: 10pt/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; color: var(--ink);
  background: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { max-width: 180mm; margin: 0 auto; padding: 12mm 4mm; }
h1, h2 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, "Noto Serif", serif; line-height: 1.15;
  font-weight: 600; margin: 0; }
h1 { font-size: 25pt; font-weight: 500; letter-spacing: -0.01em; }
h2 { font-size: 13pt; margin-bottom: 2.5mm; }
p { margin: 0; max-width: 150mm; }
.eyebrow, .note, figcaption { color: var(--soft); font-size: 8.5pt; }
.licence { margin-top: 5mm; padding: 2.5mm 3.5mm; border: 1px solid var(--strong); border-radius: 2px; max-width: none; font-size: 9pt; }
section { margin-top: 9mm; padding-top: 4mm; border-top: 1px solid var(--rule); }
section > p.note { margin-bottom: 3mm; }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 5mm 6mm; margin: 7mm 0 0; }
.figures dt { color: var(--soft); font-size: 8.5pt; }
.figures dd { margin: 0; font-size: 15pt; font-variant-numeric: tabular-nums; line-height: 1.25; }
.figures dd small { display: block; font-size: 8.5pt; color: var(--soft); }
figure { margin: 0; break-inside: avoid; }
figure + figure, figure + table, table + figure, table + table { margin-top: 6mm; }
figcaption { margin-bottom: 2mm; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.axis { font-size: 10px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.axis.strong { fill: var(--ink); font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: var(--rule); stroke-width: 1; }
.mark { stroke-width: 1; stroke-dasharray: 4 3; }
.mark.good { stroke: var(--good); } .mark.warn { stroke: var(--warn); } .mark.bad { stroke: var(--bad); }
.axis.good, .fill.good { fill: var(--good); } .axis.warn, .fill.warn { fill: var(--warn); } .axis.bad, .fill.bad { fill: var(--bad); }
.line { fill: none; stroke: var(--engrave); stroke-width: 2; stroke-linejoin: round; }
.dot { fill: #fff; stroke: var(--engrave); stroke-width: 2; }
.technical { fill: var(--engrave); } .list { fill: #9db9c3; } .track { fill: var(--tint); }
.key::before { content: ""; display: inline-block; width: 3mm; height: 2mm; margin-right: 1.5mm; background: var(--engrave); }
.key.list::before { background: #9db9c3; } .key + .key { margin-left: 5mm; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { padding: 1.1mm 2mm 1.1mm 0; border-top: 1px solid var(--rule); text-align: right; font-weight: 400; vertical-align: baseline; }
th:first-child, td:first-child { text-align: left; } th:last-child, td:last-child { padding-right: 0; } th.words, td.words { text-align: left; }
thead th { border-top: 0; color: var(--soft); font-size: 8pt; vertical-align: bottom; }
tfoot th, tfoot td, tr.total > * { border-top-color: var(--strong); font-weight: 600; }
.triangle { font-size: 7.5pt; } .triangle th, .triangle td { padding: 1mm 1.2mm; border: 1px solid #fff; }
.triangle td { min-width: 10mm; } .triangle tfoot td, .triangle tfoot th { border-top: 1px solid var(--strong); color: var(--soft); font-weight: 400; }
.shade-0 { background: #f6f9f9; } .shade-1 { background: #e4edf0; } .shade-2 { background: #cbdde3; } .shade-3 { background: #aecad4; }
.shade-4 { background: #8cb2c0; } .shade-5 { background: #5f91a4; color: #fff; } .shade-6 { background: #387389; color: #fff; }
.shade-7 { background: #1b5167; color: #fff; }
footer { margin-top: 10mm; padding-top: 3mm; border-top: 1px solid var(--rule); color: var(--soft); font-size: 8.5pt; }
@media print { body { max-width: none; padding: 0; } section { break-inside: auto; } h2 { break-after: avoid; } .licence { break-inside: avoid; } }
@media screen and (max-width: 640px) { .figures { grid-template-columns: repeat(2, 1fr); } section { overflow-x: auto; } }
`
