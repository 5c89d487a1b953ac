/** Which functions of its package a declaration mentions: what it says may change when they do. */
import { type Decl, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { inspect } from "../../syntax/walk.ts";
import { namedBy } from "../../types/selection.ts";
import { type Func, ObjKind, type Package, type Type, TypeKind } from "../../types/types.ts";
import { typeString } from "../../types/typestring.ts";
import { under } from "../../types/under.ts";

export interface Mentions {
  readonly funcs: ReadonlySet<Func>;
  /** Names of interface methods that it calls: a call may turn out to be one of a method of the package. */
  readonly methods: ReadonlySet<string>;
  /** Instances of generic functions and types of the package. */
  readonly instances: string;
  readonly localTypes: number;
}

export function mentionsOf(decl: Decl, pkg: Package): Mentions {
  const funcs = new Set<Func>();
  const methods = new Set<string>();
  const instances = new Set<string>();
  let localTypes = 0;
  inspect(decl, (node: Node | null) => {
    if (node === null) return true;
    if (node.kind === Kind.TypeDecl) localTypes++;
    const obj = namedBy(node);
    if (node.kind === Kind.Name && node.targs !== null && obj?.pkg === pkg)
      instances.add(`${node.value}${node.targs.map(text).join()}`);
    if (obj?.kind !== ObjKind.Func) return true;
    if (node.kind === Kind.SelectorExpr && isInterface(obj.type?.recv?.type ?? null)) methods.add(obj.name);
    else if (obj.pkg === pkg) funcs.add(obj.origin);
    return true;
  });
  return { funcs, methods, instances: [...instances].sort().join(";"), localTypes };
}

function text(t: unknown): string {
  return `[${typeString(t as Type, null)}]`;
}

function isInterface(t: Type | null): boolean {
  if (t === null) return false;
  const u = under(t);
  return u.kind === TypeKind.Interface;
}

/** A function with type parameters, or a method of a type that has some. */
export function isGeneric(decl: FuncDecl): boolean {
  const sig = (decl.name.obj as Func | null)?.type ?? null;
  return sig !== null && (sig.tparams.length > 0 || sig.rparams.length > 0);
}

/** Groups of functions that reach each other, by member. */
export function components(nodes: readonly Func[], edges: (fn: Func) => Iterable<Func>): Map<Func, readonly Func[]> {
  const ids = new Map<Func, number>();
  const low = new Map<Func, number>();
  const stack: Func[] = [];
  const groups = new Map<Func, readonly Func[]>();
  let next = 0;
  const enter = (fn: Func): { fn: Func; rest: Iterator<Func> } => {
    ids.set(fn, next);
    low.set(fn, next++);
    stack.push(fn);
    return { fn, rest: edges(fn)[Symbol.iterator]() };
  };
  for (const root of nodes) {
    if (ids.has(root)) continue;
    const frames = [enter(root)];
    while (frames.length > 0) {
      const { fn, rest } = frames[frames.length - 1];
      const { done, value } = rest.next();
      if (done !== true) {
        if (!ids.has(value)) frames.push(enter(value));
        else if (!groups.has(value)) low.set(fn, Math.min(low.get(fn)!, ids.get(value)!));
        continue;
      }
      frames.pop();
      const least = low.get(fn)!;
      if (frames.length > 0) {
        const outer = frames[frames.length - 1].fn;
        low.set(outer, Math.min(low.get(outer)!, least));
      }
      if (least !== ids.get(fn)) continue;
      const group = stack.splice(stack.lastIndexOf(fn));
      for (const member of group) groups.set(member, group);
    }
  }
  return groups;
}
