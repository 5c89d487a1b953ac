/** Imports of a file whose code is about to change. */
import { type File, Kind } from "../../syntax/ast.ts";
import { inspect } from "../../syntax/walk.ts";
import { ObjKind } from "../../types/types.ts";
import type { TextEdit } from "./edits.ts";
import type { Site } from "./simple.ts";

/** Makes room for the packages `needed`, at the import of fmt, which goes with its last use; `removed` uses of it go.
 *  Null if that cannot be done. */
export function importsInsteadOfFmt(
  site: Site,
  file: File,
  needed: readonly string[],
  removed: number,
): TextEdit[] | null {
  const imports = file.decls.flatMap((decl) => (decl.kind === Kind.ImportDecl ? [decl] : []));
  const fmt = imports.find((decl) => decl.path.value === '"fmt"' && decl.localPkgName === null);
  if (fmt === undefined) return null;
  const missing = needed.filter((path) => !imports.some((decl) => decl.path.value === `"${path}"`));
  let uses = 0;
  inspect(file, (node) => {
    if (node?.kind === Kind.Name && node.obj?.kind === ObjKind.PkgName && node.value === "fmt") uses++;
    return true;
  });
  const lines = [...(uses > removed ? ['"fmt"'] : []), ...missing.map((path) => `"${path}"`)];
  const { path } = fmt;
  if (lines.length === 1 && lines[0] === '"fmt"') return [];
  if (fmt.group !== null) {
    if (lines.length === 0) return [{ start: path.pos - site.indent(path.pos).length, end: path.end + 1, text: "" }];
    return [{ start: path.pos, end: path.end, text: lines.join(`\n${site.indent(path.pos)}`) }];
  }
  if (lines.length === 0) return null;
  return [{ start: path.pos, end: path.end, text: lines.length === 1 ? lines[0] : `(\n\t${lines.join("\n\t")}\n)` }];
}
