/** The location graph as text: Graphviz DOT for pictures, JSON for programs. */
import { type FileSet, formatPosition } from "../base/pos.ts";
import type { GraphDump, GraphEdge, GraphNode } from "../escape/dump.ts";

export type GraphFormat = "dot" | "json";

/** All graphs of a package, in the order in which they were solved. */
export function graphText(fset: FileSet, pkg: string, graphs: readonly GraphDump[], format: GraphFormat): string {
  return format === "dot" ? dot(fset, pkg, graphs) : json(fset, pkg, graphs);
}

function json(fset: FileSet, pkg: string, graphs: readonly GraphDump[]): string {
  const place = (pos: number) => formatPosition(fset.position(pos));
  const batches = graphs.map((graph) => ({
    funcs: graph.funcs,
    nodes: graph.nodes.map((node) => ({ ...node, pos: place(node.pos) })),
    edges: graph.edges.map((edge) => ({
      ...edge,
      reasons: edge.reasons.map((reason) => ({ ...reason, pos: place(reason.pos) })),
    })),
  }));
  return `${JSON.stringify({ package: pkg, batches }, null, 2)}\n`;
}

function dot(fset: FileSet, pkg: string, graphs: readonly GraphDump[]): string {
  const lines = [`digraph ${quote(pkg)} {`, "  rankdir=LR;", '  node [fontname="monospace", shape=box];'];
  graphs.forEach((graph, i) => {
    lines.push(`  subgraph ${quote(`cluster_${i}`)} {`, `    label=${quote(graph.funcs.join(", "))};`);
    const used = new Set<string>();
    for (const edge of graph.edges) used.add(edge.from).add(edge.to);
    for (const node of graph.nodes) {
      if (used.has(node.id) || node.kind !== "sink") lines.push(`    ${dotNode(fset, node, i)}`);
    }
    for (const edge of graph.edges) lines.push(`    ${dotEdge(fset, edge, i)}`);
    lines.push("  }");
  });
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

function dotNode(fset: FileSet, node: GraphNode, batch: number): string {
  const { line, col } = fset.position(node.pos);
  const label = line > 0 ? `${node.label}\n${line}:${col}` : node.label;
  const style = node.escapes ? ', style=filled, fillcolor="#f8d7d3"' : "";
  const shape = node.kind === "expression" ? "" : ", shape=ellipse";
  return `${quote(`b${batch}.${node.id}`)} [label=${quote(label)}${shape}${style}];`;
}

/** The label reads `-1 address-of 5:28`: dereferences, the outermost reason and its place. */
function dotEdge(fset: FileSet, edge: GraphEdge, batch: number): string {
  let label = String(edge.derefs);
  const reason = edge.reasons[edge.reasons.length - 1];
  if (reason !== undefined) {
    const { line, col } = fset.position(reason.pos);
    label += ` ${reason.why} ${line}:${col}`;
  }
  return `${quote(`b${batch}.${edge.from}`)} -> ${quote(`b${batch}.${edge.to}`)} [label=${quote(label)}];`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
