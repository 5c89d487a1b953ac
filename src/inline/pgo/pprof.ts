/** From a profile as runtime/pprof writes it to call edges (cmd/internal/pgo/pprof.go, internal/profile/graph.go).
 *
 *  Of each sample only the last call counts, with those that were inlined at both of its ends: calls further up are
 *  seldom made as often. */
import { type Location, Profile as Pprof } from "pprof-format";
import { type CallEdge, edgeKey, ProfileError, sortEdges } from "./profile.ts";

/** Edges of the (uncompressed) profile, the heaviest first; none if it has no samples. Throws a {@link ProfileError}. */
export function fromPprof(bytes: Uint8Array): CallEdge[] {
  if (bytes.length === 0) return [];
  const profile = decode(bytes);
  if (profile.sample.length === 0) return [];
  const valueIndex = samplesIndex(profile);
  if (valueIndex < 0) {
    throw new ProfileError(
      'profile does not contain a sample index with value/type "samples/count" or cpu/nanoseconds"',
    );
  }
  const graph = new CallGraph(profile);
  for (const sample of profile.sample) {
    const weight = Number(sample.value[valueIndex] ?? 0);
    if (weight !== 0) graph.add(sample.locationId, weight);
  }
  return graph.edges();
}

function decode(bytes: Uint8Array): Pprof {
  let profile: Pprof;
  try {
    profile = Pprof.decode(bytes);
  } catch (error) {
    throw new ProfileError(`error parsing profile: parsing profile: ${(error as Error).message}`);
  }
  // What is no profile can decode to one without anything in it.
  if (profile.sampleType.length === 0) {
    throw new ProfileError("error parsing profile: missing sample type information");
  }
  return profile;
}

/** Which number of a sample counts it. */
function samplesIndex({ sampleType, stringTable: { strings } }: Pprof): number {
  return sampleType.findIndex(({ type, unit }) => {
    const name = `${strings[Number(type)]}/${strings[Number(unit)]}`;
    return name === "samples/count" || name === "cpu/nanoseconds";
  });
}

/** A line of a function, at one address of the program. */
interface Line {
  readonly name: string;
  readonly startLine: number;
  readonly line: number;
}

/** A call as it accumulates weight. */
interface Call {
  readonly from: Line;
  readonly to: Line;
  weight: number;
}

class CallGraph {
  /** By location id: the line of the function itself last, those that were inlined there before it. */
  private readonly locations = new Map<number, readonly Line[]>();
  private readonly lines = new Map<string, Line>();
  private readonly calls = new Map<Line, Map<Line, Call>>();
  private hasStartLines = false;

  constructor(profile: Pprof) {
    const { strings } = profile.stringTable;
    const functions = new Map(profile.function.map((fn) => [Number(fn.id), fn]));
    for (const location of profile.location) {
      const lines: Line[] = [];
      for (const { functionId, line } of location.line) {
        const fn = functions.get(Number(functionId));
        const name = fn === undefined ? "" : (strings[Number(fn.name)] ?? "");
        lines.push(this.line(location, name, Number(fn?.startLine ?? 0), Number(fn === undefined ? 0 : line)));
      }
      if (lines.length === 0) lines.push(this.line(location, "", 0, 0));
      this.locations.set(Number(location.id), lines);
    }
  }

  private line({ address }: Location, name: string, startLine: number, line: number): Line {
    const key = `${address} ${startLine} ${line} ${name}`;
    let known = this.lines.get(key);
    if (known === undefined) {
      known = { name, startLine, line };
      this.lines.set(key, known);
    }
    return known;
  }

  /** Adds the calls of a stack, the innermost location first. */
  add(stack: readonly (number | bigint)[], weight: number): void {
    let parent: Line | null = null;
    const seen = new Set<Line>();
    const counted = new Set<Call>();
    for (let i = Math.min(1, stack.length - 1); i >= 0; i--) {
      const lines = this.locations.get(Number(stack[i])) ?? [];
      for (let j = lines.length - 1; j >= 0; j--) {
        const line = lines[j];
        const isNew = !seen.has(line);
        seen.add(line);
        this.hasStartLines ||= line.startLine !== 0;
        if (parent !== null && line !== parent) {
          const call = this.call(parent, line);
          if (isNew || !counted.has(call)) {
            counted.add(call);
            call.weight += weight;
          }
        }
        parent = line;
      }
    }
  }

  private call(from: Line, to: Line): Call {
    let calls = this.calls.get(from);
    if (calls === undefined) {
      calls = new Map();
      this.calls.set(from, calls);
    }
    let call = calls.get(to);
    if (call === undefined) {
      call = { from, to, weight: 0 };
      calls.set(to, call);
    }
    return call;
  }

  /** Calls of the same function from the same line, added up. */
  edges(): CallEdge[] {
    if (!this.hasStartLines) {
      throw new ProfileError(
        "profile missing Function.start_line data (Go version of profiled application too old? Go 1.20+ automatically adds this to profiles)",
      );
    }
    const edges = new Map<string, { caller: string; callee: string; offset: number; weight: number }>();
    let total = 0;
    for (const calls of this.calls.values()) {
      for (const { from, to, weight } of calls.values()) {
        const offset = from.line - from.startLine;
        const key = edgeKey(from.name, to.name, offset);
        const edge = edges.get(key);
        if (edge === undefined) edges.set(key, { caller: from.name, callee: to.name, offset, weight });
        else edge.weight += weight;
        total += weight;
      }
    }
    return total === 0 ? [] : sortEdges([...edges.values()]);
  }
}
