/** Colours of a page on paper and on a light screen, and on a dark one. Each of texts can be read on both grounds (WCAG 2.2, 1.4.3). */
export const colours = {
  light: {
    ground: '#ffffff',
    raised: '#f4f5f7',
    text: '#1a1d21',
    dim: '#555b63',
    line: '#c9ced4',
    link: '#0b57a4',
    met: '#0a6b2d',
    wrong: '#a8201a',
    open: '#7a4b00',
  },
  dark: {
    ground: '#14171a',
    raised: '#1f2428',
    text: '#e6e8ea',
    dim: '#a8b0b8',
    line: '#454c54',
    link: '#8fc0ff',
    met: '#6fd08c',
    wrong: '#ff9a8f',
    open: '#f0c060',
  },
} as const;

function variables(scheme: keyof typeof colours): string {
  const list = Object.entries(colours[scheme]).map(([name, value]) => `--${name}:${value};`);
  return `:root{color-scheme:${scheme};${list.join('')}}`;
}

/** The style of the page of a verification. Nothing in it loads anything. */
export const style = `
${variables('light')}
@media (prefers-color-scheme:dark){${variables('dark')}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,nav,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem}
h3,h4{font-size:1rem;margin:0}
p,ul,ol,dl{margin:.5rem 0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}
.dim,footer{color:var(--dim)}
.met{color:var(--met)}
.not-met,.absent{color:var(--wrong)}
.unchecked{color:var(--open)}
.left-out{color:var(--dim)}
.state{font-weight:600;white-space:nowrap}
.notice{border-left:4px solid var(--open);padding:.25rem .75rem;background:var(--raised)}
.lines{white-space:pre-wrap}
table{border-collapse:collapse;table-layout:fixed;width:100%;margin:.5rem 0}
caption{text-align:left;color:var(--dim);padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line)}
thead th{background:var(--raised)}
tbody th{font-weight:600}
td.number{font-variant-numeric:tabular-nums}
table.shares th{width:30%}
table.missed th:nth-child(1){width:24%}
table.missed th:nth-child(2){width:5.5rem}
table.reasons th:nth-child(2){width:28%}
table.reasons th:nth-child(3){width:6rem}
table.marks th:nth-child(1){width:24%}
table.marks th:nth-child(2){width:10rem}
table.marks th:nth-child(3){width:9rem}
td.share svg{display:block;width:100%;height:1rem}
td.share rect{fill:var(--dim)}
.student{border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0}
.student>details>summary,.student>.head{padding:.6rem .75rem;background:var(--raised);border-radius:.4rem}
.student summary{cursor:pointer}
.student summary h3{display:inline;margin-right:.75rem}
.body{scroll-margin-top:5rem;padding:.25rem .75rem .75rem}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.1rem 1rem}
.facts dt{color:var(--dim)}
.facts dd{margin:0}
.steps{list-style:none;padding:0}
.steps>li{border-top:1px solid var(--line);padding:.6rem 0}
.findings{padding-left:1.1rem}
.findings .facts{margin:.1rem 0 .3rem}
.evidence{font-size:.875rem;color:var(--dim)}
.evidence ul{padding-left:1.1rem}
@media (max-width:40rem){
.wide{display:none}
table{font-size:.875rem}
th,td{padding:.35rem .3rem}
table.missed th:nth-child(1){width:30%}
table.missed th:nth-child(2){width:18%}
table.reasons th:nth-child(3){width:4.5rem}
table.marks th:nth-child(1){width:44%}
table.marks th:nth-child(2),table.marks th:nth-child(3){width:28%}
.facts{grid-template-columns:minmax(0,1fr)}
.facts dd{margin:0 0 .25rem}
.state{white-space:normal}
}
@media print{
${variables('light')}
body{font-size:10pt}
header,main,footer{max-width:none;padding:0}
nav{display:none}
a{color:inherit;text-decoration:none}
.wide{display:revert}
.student{border:0;border-top:2px solid var(--text);border-radius:0}
h2,h3,h4,.student>details>summary,caption,thead{break-after:avoid}
tr,.findings>li,.facts{break-inside:avoid}
details>summary{list-style:none}
}
@media print{details::details-content{display:block;content-visibility:visible;height:auto}}
`;
