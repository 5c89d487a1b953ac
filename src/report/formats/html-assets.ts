/** Style and script of the HTML report. */

export const style = `
:root{color-scheme:light dark;--line:#8884;--heap:#c33;--mark:#e663}
body{font:15px/1.45 system-ui,sans-serif;max-width:1200px;margin:0 auto;padding:0 1em 4em}
h1{margin-bottom:0}h2{font-size:1.15em;display:inline-block;margin:1.4em 0 .4em}
code,pre,.source{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
table{border-collapse:collapse;width:100%}td{padding:.25em .6em;border-top:1px solid var(--line);vertical-align:top}
.num{text-align:right;font-variant-numeric:tabular-nums}.dim{opacity:.65}
tr.error td:first-child{border-left:4px solid var(--heap)}tr.warning td:first-child{border-left:4px solid #d90}
.failure{border:2px solid var(--heap);padding:0 1em}
#findings td:nth-child(1){white-space:nowrap}#filter{font:inherit;min-width:22em}
.source td{border:0;padding:0 .5em;white-space:pre-wrap;tab-size:4}
.source td:first-child{opacity:.5;text-align:right;user-select:none}
.source td:nth-child(2){color:var(--heap);font-weight:bold;user-select:none}
.source tr.mark{background:var(--mark)}.source tr:target{outline:2px solid #48f}
mark{background:none;color:inherit;border-bottom:2px solid var(--heap)}
.graph{overflow:auto}svg text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:currentColor}
svg .n,svg .e{font-size:10px;opacity:.7}svg .e{text-anchor:middle}
svg rect{fill:#8882;stroke:#888}svg .h rect{fill:#e663;stroke:var(--heap)}svg path{fill:none;stroke:#888}
`;

/** The filter: rows that hold all its words stay, and the totals follow. */
export const script = `
const filter=document.getElementById("filter");
if(filter){
const rows=[...document.querySelectorAll("#findings tr")];
const all=document.getElementById("shown").textContent.split(" of ")[1];
const totals=[...document.querySelectorAll("#causes td[data-rule]")];
filter.addEventListener("input",()=>{
const words=filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
const counts={};let shown=0;
for(const row of rows){
const text=row.textContent.toLowerCase();
const keep=words.every(w=>text.includes(w));
row.hidden=!keep;
if(keep){shown++;const rule=row.dataset.rule;counts[rule]=(counts[rule]||0)+1}
}
for(const cell of totals)cell.textContent=counts[cell.dataset.rule]||0;
document.getElementById("shown").textContent=shown+" of "+all;
});
}
`;
