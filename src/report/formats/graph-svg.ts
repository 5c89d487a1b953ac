/** A function's location graph as an SVG picture: values on the left, the heap on the right. */
import type { FindingGraph } from "../findings/model.ts";
import { escapeXml } from "./xml.ts";

const charWidth = 7.2;
const boxHeight = 34;
const columnGap = 90;
const rowGap = 14;
/** Larger graphs are no help to anybody. */
export const maxGraphNodes = 60;

interface Box {
  readonly id: string;
  readonly label: string;
  readonly line: number;
  readonly heap: boolean;
  /** Steps to the heap. */
  readonly rank: number;
  x: number;
  y: number;
  readonly width: number;
}

/** "" if the picture would be too large or empty. Only what escapes is drawn, with what flows to it and where it goes. */
export function graphSvg({ nodes, edges }: FindingGraph): string {
  const escaping = nodes.filter((node) => node.heap && !node.sink).map(({ id }) => id);
  const flows = edges.filter(({ from, to }) => from !== to && to !== "mutator" && to !== "callee");
  const reached = closure(escaping, flows, "from", "to");
  const chosen = new Set([...reached, ...closure(escaping, flows, "to", "from")]);
  const drawn = nodes.filter(({ id }) => chosen.has(id));
  if (drawn.length < 2 || drawn.length > maxGraphNodes) return "";
  const inside = flows.filter(({ from, to }) => chosen.has(from) && chosen.has(to));
  const ends = drawn.filter(({ id }) => id === "heap" || !inside.some(({ from }) => from === id)).map(({ id }) => id);
  const ranks = distances(ends.length > 0 ? ends : escaping, inside);
  const last = Math.max(...ranks.values());
  const boxes = drawn.map(({ id, label, line, heap }): Box => {
    const text = label.length > 34 ? `${label.slice(0, 33)}…` : label;
    const width = Math.max(text.length * charWidth + 16, 60);
    return { id, label: text, line, heap, rank: ranks.get(id) ?? last + 1, x: 0, y: 0, width };
  });
  return draw(boxes, inside);
}

type Edges = FindingGraph["edges"];

/** What can be reached along edges from one end to the other. */
function closure(start: readonly string[], edges: Edges, here: "from" | "to", there: "from" | "to"): Set<string> {
  const seen = new Set(start);
  for (const id of seen) for (const edge of edges) if (edge[here] === id) seen.add(edge[there]); // grows while it is walked
  return seen;
}

/** Steps along edges to the nearest of `ends`. */
function distances(ends: readonly string[], edges: Edges): Map<string, number> {
  const ranks = new Map(ends.map((id) => [id, 0]));
  for (const [id, rank] of ranks) {
    for (const { from, to } of edges) if (to === id && !ranks.has(from)) ranks.set(from, rank + 1);
  }
  return ranks;
}

function draw(boxes: Box[], edges: Edges): string {
  const columns: Box[][] = [];
  for (const box of boxes) {
    let column = columns[box.rank];
    if (column === undefined) {
      column = [];
      columns[box.rank] = column;
    }
    column.push(box);
  }
  let x = 10;
  let height = 0;
  for (const column of columns.filter((c) => c !== undefined).reverse()) {
    let y = 10;
    let width = 0;
    for (const box of column) {
      box.x = x;
      box.y = y;
      y += boxHeight + rowGap;
      width = Math.max(width, box.width);
    }
    height = Math.max(height, y);
    x += width + columnGap;
  }
  const width = x - columnGap + 10;
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const parts = [
    `<svg viewBox="0 0 ${Math.ceil(width)} ${height}" width="${Math.ceil(width)}" height="${height}" role="img">`,
  ];
  for (const { from, to, derefs, why } of edges) {
    const a = byId.get(from);
    const b = byId.get(to);
    if (a === undefined || b === undefined || a === b) continue;
    parts.push(edgePath(a, b, derefs, why));
  }
  for (const box of boxes) {
    const { label, line, heap } = box;
    parts.push(
      `<g class="${heap || box.id === "heap" ? "h" : "s"}"><rect x="${box.x}" y="${box.y}" width="${box.width.toFixed(0)}" height="${boxHeight}" rx="5"/><text x="${box.x + 8}" y="${box.y + 15}">${escapeXml(label)}</text>`,
      line > 0 ? `<text class="n" x="${box.x + 8}" y="${box.y + 28}">line ${line}</text></g>` : "</g>",
    );
  }
  parts.push("</svg>");
  return parts.join("");
}

/** What the edge does: takes an address, copies, or follows so many pointers. */
function edgePath(a: Box, b: Box, derefs: number, why: string): string {
  const forward = b.x > a.x;
  const x1 = forward ? a.x + a.width : a.x;
  const x2 = forward ? b.x : b.x + b.width;
  const y1 = a.y + boxHeight / 2;
  const y2 = b.y + boxHeight / 2;
  const bend = forward ? columnGap / 2 : -columnGap / 2;
  const label = `${derefs < 0 ? "&" : "*".repeat(derefs)} ${why}`.trim();
  const path = `M${x1.toFixed(0)} ${y1}C${(x1 + bend).toFixed(0)} ${y1} ${(x2 - bend).toFixed(0)} ${y2} ${x2.toFixed(0)} ${y2}`;
  return `<path d="${path}"><title>${escapeXml(label)}</title></path><text class="e" x="${((x1 + x2) / 2).toFixed(0)}" y="${((y1 + y2) / 2 - 3).toFixed(0)}">${escapeXml(label.slice(0, 18))}</text>`;
}
