/** Helpers: lower a piece of Go source that imports nothing, and look at the functions that come out. */
import { FileSet } from "../../src/base/pos.ts";
import type { Func, Node } from "../../src/ir/node.ts";
import type { Noder } from "../../src/ir/noder/noder.ts";
import { lowerPackage } from "../../src/ir/noder/package.ts";
import { makeWrappers } from "../../src/ir/noder/wrappers.ts";
import { targetOf } from "../../src/ir/target.ts";
import { symString, typeString } from "../../src/ir/typefmt.ts";
import { visit } from "../../src/ir/visit.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { checkPackage } from "../../src/types/check.ts";
import { sizesFor } from "../../src/types/sizes.ts";

export interface Lowered {
  readonly n: Noder;
  readonly remarks: string[];
}

/** Checks and lowers one file as package `path`, wrappers included. */
export function lower(source: string, path = "ex.com/u", options: { readonly wrappers?: boolean } = {}): Lowered {
  const fset = new FileSet();
  const { file } = parseFile(fset, "u.go", new TextEncoder().encode(source));
  const sizes = sizesFor("amd64")!;
  const conf = { goVersion: "go1.26", fset, sizes, importer: { importPackage: () => null } };
  const checked = checkPackage(conf, path, [file!]);
  if (checked.errors.length > 0) throw new Error(checked.errors.map((e) => e.msg).join("\n"));
  const remarks: string[] = [];
  const n = lowerPackage({
    pkg: checked.pkg,
    files: [file!],
    initOrder: checked.initOrder,
    fset,
    goVersion: "go1.26",
    versions: checked.versions,
    machine: targetOf("amd64"),
    remark: (_pos, msg) => remarks.push(msg),
  });
  if (options.wrappers !== false) makeWrappers(n, { optimize: () => {}, haveInlineBody: () => false });
  return { n, remarks };
}

/** Names of all functions with a body, in the order in which they are compiled. */
export function funcNames({ n }: Lowered): string[] {
  return n.target.funcs.filter((fn) => fn.hasBody).map((fn) => symString(fn.sym, n.localPkg));
}

export function func({ n }: Lowered, name: string): Func {
  const found = n.target.funcs.find((fn) => fn.sym.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

export function signatureOf(lowered: Lowered, name: string): string {
  return typeString(func(lowered, name).type, lowered.n.localPkg);
}

/** All nodes of a function's body in visiting order, closures' bodies not included. */
export function nodesOf(fn: Func): Node[] {
  const nodes: Node[] = [];
  for (const stmt of fn.body) visit(stmt, (x) => nodes.push(x));
  return nodes;
}
