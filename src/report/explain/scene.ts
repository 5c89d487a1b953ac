/** What explanations are told from: analysed packages, and a way to get at more of them. */
import type { Pos } from "../../base/pos.ts";
import type { FuncDecl } from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import type { Func } from "../../types/types.ts";
import { TypeKind } from "../../types/types.ts";
import type { PackageResult } from "../analyze.ts";
import { Causes } from "../causes.ts";
import { declName, Functions } from "../functions.ts";
import type { Remark } from "../remark.ts";
import type { Session } from "../session.ts";
import { Trees } from "../trees.ts";

/** One package that was analysed with explanations. */
export class Scene {
  readonly trees: Trees;
  readonly functions: Functions;
  readonly causes: Causes;
  private readonly byPlace = new Map<Pos, Remark[]>();
  private readonly decls = new Map<string, FuncDecl>();

  constructor(
    readonly session: Session,
    readonly importPath: string,
    readonly result: PackageResult,
  ) {
    this.trees = new Trees(session.fset, result.files);
    this.functions = new Functions(session.fset, result.files);
    this.causes = new Causes(this.trees, this.functions);
    for (const entry of result.entries) {
      if (!("remark" in entry)) continue;
      const { remark } = entry;
      const here = this.byPlace.get(remark.pos);
      if (here === undefined) this.byPlace.set(remark.pos, [remark]);
      else here.push(remark);
    }
    for (const file of result.files) {
      for (const decl of file.decls) if (decl.kind === Kind.FuncDecl) this.decls.set(declName(decl), decl);
    }
  }

  get remarks(): Remark[] {
    return this.result.entries.flatMap((entry) => ("remark" in entry ? [entry.remark] : []));
  }

  remarksAt(pos: Pos): readonly Remark[] {
    return this.byPlace.get(pos) ?? [];
  }

  /** The declaration of a function of this package, by the name that {@link declName} gives it. */
  decl(name: string): FuncDecl | null {
    return this.decls.get(name) ?? null;
  }

  /** The names of all functions that the package declares. */
  names(): Iterable<string> {
    return this.decls.keys();
  }
}

export interface World {
  /** The package with that path, analysed when it is first asked for; null if that cannot be done. */
  scene(importPath: string): Scene | null;
}

/** `f`, `T.m`, `(*T).m`. */
export function funcName(fn: Func): string {
  const recv = fn.type?.recv?.type ?? null;
  if (recv === null) return fn.name;
  const base = recv.kind === TypeKind.Pointer ? recv.base : recv;
  const name = base.kind === TypeKind.Named ? base.obj.name : "?";
  return recv.kind === TypeKind.Pointer ? `(*${name}).${fn.name}` : `${name}.${fn.name}`;
}
