/** Finds instantiation that goes on without end, which no compiler that instantiates statically can translate.
 *
 *  Mirrors cmd/compile/internal/types2/mono.go. The graph's vertices are type parameters, and types declared in generic
 *  functions. Wherever something is instantiated, edges lead to each type parameter from all vertices that its type
 *  argument mentions: of weight 0 if the argument is just that, otherwise 1. A type declared in a generic function has
 *  edges of weight 1 from the function's type parameters. A cycle of positive weight is an error. */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import type { Expr } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { addf, newError, report } from "./errors.ts";
import { isAlias } from "./object.ts";
import {
  type Named,
  ObjKind,
  type Package,
  type Scope,
  type Tuple,
  type Type,
  TypeKind,
  type TypeName,
  type TypeParam,
} from "./types.ts";
import { interfaceMethods } from "./typeset.ts";
import { relativeTo, typeString } from "./typestring.ts";

interface Vertex {
  /** Of the heaviest path known to lead here: its weight, last edge and length. */
  weight: number;
  pre: number;
  len: number;
  readonly obj: TypeName;
}

interface Edge {
  readonly dst: number;
  readonly src: number;
  readonly weight: number;
  readonly pos: Pos;
  readonly type: Type;
}

export class MonoGraph {
  readonly vertices: Vertex[] = [];
  readonly edges: Edge[] = [];
  /** Type parameters of method receivers → those of the receiver's type. */
  readonly canon = new Map<TypeParam, TypeParam>();
  /** Vertex of a type; -1 if it needs none. */
  readonly nameIdx = new Map<TypeName, number>();
}

/** Reports a cycle of positive weight. Bellman-Ford for the greatest weights, up to a fixed point or until a path is
 *  as long as there are vertices. */
export function monomorph(c: Checker): void {
  const { edges, vertices } = c.mono;
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i];
      const src = vertices[edge.src];
      const dst = vertices[edge.dst];
      const w = src.weight + edge.weight;
      if (w <= dst.weight) continue;
      dst.pre = i;
      dst.len = src.len + 1;
      if (dst.len === vertices.length) {
        reportInstanceLoop(c, edge.dst);
        return;
      }
      dst.weight = w;
      again = true;
    }
  }
}

function reportInstanceLoop(c: Checker, v: number): void {
  const { edges, vertices } = c.mono;
  // The cycle leads to v but need not go through it: walk back until some vertex comes up twice.
  const stack: number[] = [];
  const seen = new Set<number>();
  while (!seen.has(v)) {
    stack.push(v);
    seen.add(v);
    v = edges[vertices[v].pre].src;
  }
  const cycle = stack.slice(stack.indexOf(v));

  const err = newError(c, Code.InvalidInstanceCycle);
  addf(err, vertices[v].obj, "instantiation cycle:");
  const qf = relativeTo(c.pkg);
  for (const v of cycle) {
    const edge = edges[vertices[v].pre];
    const obj = vertices[edge.dst].obj;
    const type = typeString(edge.type, qf);
    const format = obj.type!.kind === TypeKind.Named ? "%s implicitly parameterized by %s" : "%s instantiated as %s";
    addf(err, edge.pos, format, obj.name, type);
  }
  report(err);
}

/** The type parameter `mpar` of a method's receiver is `tpar` of the receiver's type. */
export function recordCanon(w: MonoGraph, mpar: TypeParam, tpar: TypeParam): void {
  w.canon.set(mpar, tpar);
}

/** Type parameters were instantiated; `xlist` are the explicit type arguments. */
export function recordInstance(
  w: MonoGraph,
  pkg: Package,
  pos: Pos,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
  xlist: readonly Expr[],
): void {
  for (let i = 0; i < tparams.length; i++) {
    assign(w, pkg, i < xlist.length ? startPos(xlist[i]) : pos, tparams[i], targs[i]);
  }
}

function assign(w: MonoGraph, pkg: Package, pos: Pos, tpar: TypeParam, targ: Type): void {
  // Cycles stay within a package.
  if (tpar.obj.pkg === pkg) walk(w, pkg, pos, tpar, targ, targ);
}

function flow(w: MonoGraph, pos: Pos, tpar: TypeParam, src: number, type: Type, targ: Type): void {
  addEdge(w, typeParamVertex(w, tpar), src, type === targ ? 0 : 1, pos, targ);
}

function walk(w: MonoGraph, pkg: Package, pos: Pos, tpar: TypeParam, targ: Type, t: Type): void {
  const type = unalias(t);
  switch (type.kind) {
    case TypeKind.TypeParam:
      flow(w, pos, tpar, typeParamVertex(w, type), type, targ);
      break;
    case TypeKind.Named: {
      const src = localNamedVertex(w, pkg, type.orig);
      if (src >= 0) flow(w, pos, tpar, src, type, targ);
      for (const arg of type.targs) walk(w, pkg, pos, tpar, targ, arg);
      break;
    }
    case TypeKind.Array:
    case TypeKind.Chan:
    case TypeKind.Slice:
      walk(w, pkg, pos, tpar, targ, type.elem);
      break;
    case TypeKind.Map:
      walk(w, pkg, pos, tpar, targ, type.key);
      walk(w, pkg, pos, tpar, targ, type.elem);
      break;
    case TypeKind.Pointer:
      walk(w, pkg, pos, tpar, targ, type.base);
      break;
    case TypeKind.Interface:
      for (const m of interfaceMethods(type)) walk(w, pkg, pos, tpar, targ, m.type!);
      break;
    case TypeKind.Signature:
      walkTuple(w, pkg, pos, tpar, targ, type.params);
      walkTuple(w, pkg, pos, tpar, targ, type.results);
      break;
    case TypeKind.Struct:
      for (const f of type.fields) walk(w, pkg, pos, tpar, targ, f.type!);
      break;
    case TypeKind.Basic:
      break;
    default:
      throw new InternalError("unexpected type argument");
  }
}

function walkTuple(w: MonoGraph, pkg: Package, pos: Pos, tpar: TypeParam, targ: Type, tuple: Tuple): void {
  for (const v of tuple.vars) walk(w, pkg, pos, tpar, targ, v.type!);
}

/** The vertex of a type that is declared in a generic function of this package, otherwise -1. */
function localNamedVertex(w: MonoGraph, pkg: Package, named: Named): number {
  const obj = named.orig.obj;
  const root = pkg.scope;
  if (obj.pkg !== pkg || obj.parent === root) return -1;
  const known = w.nameIdx.get(obj);
  if (known !== undefined) return known;

  let idx = -1;
  for (let scope: Scope | null = obj.parent; scope !== null && scope !== root; scope = scope.parent) {
    for (const elem of scope.objects()) {
      if (elem.kind !== ObjKind.TypeName || isAlias(elem) || elem.pos >= obj.pos) continue;
      const tpar = elem.type;
      if (tpar === null || tpar.kind !== TypeKind.TypeParam) continue;
      if (idx < 0) idx = addVertex(w, obj);
      addEdge(w, idx, typeParamVertex(w, tpar), 1, obj.pos, tpar);
    }
  }
  w.nameIdx.set(obj, idx);
  return idx;
}

function typeParamVertex(w: MonoGraph, tpar: TypeParam): number {
  const obj = (w.canon.get(tpar) ?? tpar).obj;
  let idx = w.nameIdx.get(obj);
  if (idx === undefined) {
    idx = addVertex(w, obj);
    w.nameIdx.set(obj, idx);
  }
  return idx;
}

function addVertex(w: MonoGraph, obj: TypeName): number {
  return w.vertices.push({ weight: 0, pre: 0, len: 0, obj }) - 1;
}

function addEdge(w: MonoGraph, dst: number, src: number, weight: number, pos: Pos, type: Type): void {
  w.edges.push({ dst, src, weight, pos, type });
}
