/** Helpers: lower a piece of Go source without imports to the compiler's tree. */
import { FileSet, formatPosition, type Pos } from "../../src/base/pos.ts";
import { nodeString } from "../../src/ir/fmt.ts";
import { funcName } from "../../src/ir/func.ts";
import type { Func, Node } from "../../src/ir/node.ts";
import type { Noder } from "../../src/ir/noder/noder.ts";
import { lowerPackage } from "../../src/ir/noder/package.ts";
import { type Target, targetOf } from "../../src/ir/target.ts";
import { visitFuncAndClosures } from "../../src/ir/visit.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { checkPackage } from "../../src/types/check.ts";
import { Context } from "../../src/types/context.ts";
import { sizesFor } from "../../src/types/sizes.ts";

export interface Lowered {
  readonly n: Noder;
  readonly fset: FileSet;
  readonly target: Target;
  /** `line:col: message`, in the order of emission. */
  readonly remarks: string[];
  readonly say: (pos: Pos, msg: string) => void;
  /** The function called `name`. */
  fn(name: string): Func;
  str(n: Node | null): string;
}

/** Lowers one file of package p. */
export function lower(source: string, goarch = "amd64"): Lowered {
  const fset = new FileSet();
  const { file, errors } = parseFile(fset, "p.go", new TextEncoder().encode(source));
  const result = checkPackage(
    {
      goVersion: "go1.26",
      fset,
      sizes: sizesFor(goarch)!,
      importer: { importPackage: () => null },
      context: new Context(),
    },
    "p",
    file === null ? [] : [file],
  );
  const wrong = [...errors, ...result.errors];
  if (wrong.length > 0) throw new Error(`line ${fset.position(wrong[0].pos).line}: ${wrong[0].msg}`);
  const remarks: string[] = [];
  const say = (pos: Pos, msg: string): void => {
    const place = formatPosition(fset.position(pos)).replace("p.go:", "");
    remarks.push(place === "" ? msg : `${place}: ${msg}`);
  };
  const target = targetOf(goarch);
  const n = lowerPackage({
    pkg: result.pkg,
    files: [file!],
    initOrder: result.initOrder,
    fset,
    goVersion: "go1.26",
    versions: result.versions,
    machine: target,
    remark: say,
  });
  return {
    n,
    fset,
    target,
    remarks,
    say,
    fn: (name) => {
      const found = n.target.funcs.find((f) => funcName(f) === name);
      if (found === undefined) throw new Error(`no function ${name} among ${n.target.funcs.map(funcName).join(", ")}`);
      return found;
    },
    str: (x) => nodeString(x, n.localPkg),
  };
}

/** All nodes of a function and of the literals in it. */
export function nodesOf(fn: Func): Node[] {
  const nodes: Node[] = [];
  visitFuncAndClosures(fn, (n) => nodes.push(n));
  return nodes;
}
