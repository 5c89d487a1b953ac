/** Call edges of a profile, and their text form (cmd/internal/pgo: pgo.go, serialize.go, deserialize.go).
 *
 *  Functions have the names of link symbols; a call is known by how many lines it stands below the start of the function
 *  that it stands in. */

import { declsOfSymbol, exportedDeclKey } from "../../ir/noder/lookup.ts";

export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  /** In lines, from the first one of the caller. */
  readonly offset: number;
  readonly weight: number;
}

/** A file that holds no profile, in the words of Go's tools. */
export class ProfileError extends Error {
  override name = "ProfileError";
}

export class Profile {
  readonly totalWeight: number;
  private readonly byCaller = new Map<string, number[]>();
  private weights: Map<string, number> | null = null;
  private called: Set<string> | null = null;

  constructor(
    /** The heaviest first. */
    readonly edges: readonly CallEdge[],
  ) {
    let total = 0;
    for (let i = 0; i < edges.length; i++) {
      total += edges[i].weight;
      const { caller } = edges[i];
      const known = this.byCaller.get(caller);
      if (known === undefined) this.byCaller.set(caller, [i]);
      else known.push(i);
    }
    this.totalWeight = total;
  }

  /** The indices of the edges that start in `caller`, in ascending order. */
  edgesOf(caller: string): readonly number[] {
    return this.byCaller.get(caller) ?? noEdges;
  }

  /** 0 for an edge that is not in the profile. */
  weight(caller: string, callee: string, offset: number): number {
    if (!this.byCaller.has(caller)) return 0;
    if (this.weights === null) {
      this.weights = new Map();
      for (const edge of this.edges) this.weights.set(edgeKey(edge.caller, edge.callee, edge.offset), edge.weight);
    }
    return this.weights.get(edgeKey(caller, callee, offset)) ?? 0;
  }

  /** What has to be declared for the functions that the profile sees called: keys of {@link exportedDeclKey}. */
  get calledDecls(): ReadonlySet<string> {
    if (this.called === null) {
      this.called = new Set();
      for (const callee of new Set(this.edges.map((edge) => edge.callee))) {
        const decls = declsOfSymbol(callee);
        for (const name of decls?.names ?? []) this.called.add(exportedDeclKey(decls!.path, name));
      }
    }
    return this.called;
  }

  /** The share of the total weight that is `weight`, in percent. */
  percentage(weight: number): number {
    return (weight / this.totalWeight) * 100;
  }
}

const noEdges: readonly number[] = [];

/** Tells call edges apart. */
export function edgeKey(caller: string, callee: string, offset: number): string {
  return `${caller}\n${callee}\n${offset}`;
}

const header = "GO PREPROFILE V1\n";

/** Whether `bytes` are the text that `go tool preprofile` writes. */
export function isSerialized(bytes: Uint8Array): boolean {
  for (let i = 0; i < header.length; i++) if (bytes[i] !== header.charCodeAt(i)) return false;
  return true;
}

export function serialize(edges: readonly CallEdge[]): string {
  let text = header;
  for (const { caller, callee, offset, weight } of edges) text += `${caller}\n${callee}\n${offset} ${weight}\n`;
  return text;
}

/** Throws a {@link ProfileError}. */
export function fromSerialized(text: string): CallEdge[] {
  const lines = text.slice(header.length).split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  const edges: CallEdge[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < lines.length; i += 3) {
    if (i + 1 >= lines.length) throw new ProfileError("preprocessed profile entry missing callee");
    if (i + 2 >= lines.length) throw new ProfileError("preprocessed profile entry missing weight");
    const [caller, callee, numbers] = [lines[i], lines[i + 1], lines[i + 2]];
    const fields = numbers.split(" ");
    if (fields.length !== 2) {
      throw new ProfileError(`preprocessed profile entry got [${fields.join(" ")}] want 2 fields`);
    }
    const offset = readInt(fields[0], "call line");
    const weight = readInt(fields[1], "call weight");
    const key = edgeKey(caller, callee, offset);
    if (seen.has(key)) {
      const edge = `{CallerName:${caller} CalleeName:${callee} CallSiteOffset:${offset}}`;
      throw new ProfileError(`preprocessed profile contains duplicate edge ${edge}`);
    }
    seen.add(key);
    edges.push({ caller, callee, offset, weight });
  }
  return edges;
}

function readInt(text: string, what: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new ProfileError(
    `preprocessed profile error processing ${what}: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** Sorts the heaviest edges to the front, equal ones by their names. */
export function sortEdges(edges: CallEdge[]): CallEdge[] {
  return edges.sort(
    (a, b) => b.weight - a.weight || compare(a.caller, b.caller) || compare(a.callee, b.callee) || a.offset - b.offset,
  );
}

/** By bytes, as Go compares strings; names beyond ASCII have them escaped in all but rare cases. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; ; i++) {
    const x = a.codePointAt(i);
    const y = b.codePointAt(i);
    if (x === y && x !== undefined) continue;
    return (x ?? -1) < (y ?? -1) ? -1 : 1;
  }
}
