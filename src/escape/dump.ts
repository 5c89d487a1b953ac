/** The location graph of a solved batch as plain data, for pictures and other programs. */
import type { Pos } from "../base/pos.ts";
import type { Func } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Batch } from "./batch.ts";
import { explainLoc, type FlowReason } from "./explain.ts";
import { Attr, type Location } from "./graph.ts";

export interface GraphNode {
  /** Unique in its graph: `heap`, `mutator`, `callee`, or `n` and a number. */
  readonly id: string;
  /** As in explanations: a variable, `{storage for …}`, `{temp}`. */
  readonly label: string;
  readonly pos: Pos;
  /** Name of the function that owns the location; "" for the heap and its like. */
  readonly func: string;
  readonly kind: "variable" | "parameter" | "result" | "expression" | "temporary" | "sink";
  readonly escapes: boolean;
  readonly persists: boolean;
  readonly mutates: boolean;
  readonly calls: boolean;
  readonly loopDepth: number;
}

/** `from` flows to `to` with so many dereferences; -1 is its address. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly derefs: number;
  readonly reasons: readonly FlowReason[];
}

export interface GraphDump {
  /** Functions of the batch. */
  readonly funcs: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Describes the graph of `b`; call it when the batch is solved and its names still have their locations. */
export function dumpGraph(b: Batch, fns: readonly Func[]): GraphDump {
  const ids = new Map<Location, string>([
    [b.heapLoc, "heap"],
    [b.mutatorLoc, "mutator"],
    [b.calleeLoc, "callee"],
  ]);
  for (let i = 0; i < b.allLocs.length; i++) ids.set(b.allLocs[i], `n${i}`);
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const [loc, id] of ids) {
    nodes.push(describe(b, loc, id));
    for (const edge of loc.edges) {
      const reasons: FlowReason[] = [];
      for (let note = edge.notes; note !== null; note = note.next) {
        reasons.push({ node: b.config.str(note.where), why: note.why, pos: note.where.pos });
      }
      edges.push({ from: ids.get(edge.src) ?? "", to: id, derefs: edge.derefs, reasons });
    }
  }
  return { funcs: fns.map((fn) => b.config.funcName(fn)), nodes, edges };
}

function describe(b: Batch, loc: Location, id: string): GraphNode {
  return {
    id,
    label: loc.curfn === null ? `{${id}}` : explainLoc(b, loc),
    pos: loc.node?.pos ?? 0,
    func: loc.curfn === null ? "" : b.config.funcName(loc.curfn),
    kind: kindOf(loc),
    escapes: loc.has(Attr.Escapes),
    persists: loc.has(Attr.Persists),
    mutates: loc.has(Attr.Mutates),
    calls: loc.has(Attr.Calls),
    loopDepth: loc.loopDepth,
  };
}

function kindOf(loc: Location): GraphNode["kind"] {
  if (loc.curfn === null) return "sink";
  if (loc.isParam) return "parameter";
  if (loc.isParamOut) return "result";
  if (loc.node === null) return "temporary";
  return loc.node.op === Op.ONAME ? "variable" : "expression";
}
