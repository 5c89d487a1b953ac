/** One function read and checked again after an edit, and put into the place of what it was. */
import { lineStarts } from "../../base/pos.ts";
import type { PackageUnit } from "../../report/analyze.ts";
import { type File, type FuncDecl, Kind } from "../../syntax/ast.ts";
import { pragmaContext } from "../../syntax/parse.ts";
import { funcDecl } from "../../syntax/parse-decl.ts";
import { Parser } from "../../syntax/parser.ts";
import { unquote } from "../../syntax/quote.ts";
import { TokenKind } from "../../syntax/tokens.ts";
import { type FileImport, movePositions, recheckFuncDecl } from "../../types/recheck.ts";
import type { Func } from "../../types/types.ts";
import type { DeclState, FileState } from "./decls.ts";
import { fileOf } from "./records.ts";
import type { World } from "./world.ts";

/** The function as the file has it now; null if its text cannot be read on its own. */
export function readAgain(world: World, unit: PackageUnit, file: FileState, state: DeclState): FuncDecl | null {
  const { session } = world;
  const bytes = file.bytes.subarray(state.start, state.end);
  const source = session.fset.addFile(file.name, bytes.length, lineStarts(bytes));
  const parser: Parser = new Parser(
    session.fset,
    source,
    bytes,
    false,
    pragmaContext(source, { std: unit.isStd, compilingRuntime: true }, () => {}),
    undefined,
    session.rules.genericMethods,
  );
  let decl: FuncDecl | null = null;
  try {
    parser.next();
    decl = funcDecl(parser);
    if (parser.is(TokenKind.Semi)) parser.next();
    if (!parser.is(TokenKind.EOF) || parser.errors.length > 0) decl = null;
  } catch {
    decl = null; // nested too deeply
  }
  if (decl === null) session.fset.files.pop();
  return decl;
}

/** Checks the new text of a function; it is dropped if there is something wrong with it. */
export function checkAgain(
  world: World,
  unit: PackageUnit,
  tree: File,
  fn: Func,
  decl: FuncDecl,
): ReturnType<typeof recheckFuncDecl> {
  const { session, checked } = world;
  const goVersion = world.versions.get(tree) ?? "";
  const errors = recheckFuncDecl(
    session.checkConfig(unit.goVersion, session.importerFor(unit.imports)),
    checked.pkg,
    fn,
    decl,
    importsOf(world, unit, tree),
    goVersion === "" ? {} : { goVersion },
  );
  if (errors.length > 0) forget(world, decl);
  return errors;
}

/** Drops the text of a declaration that is not used. */
function forget(world: World, decl: FuncDecl): void {
  const { files } = world.session.fset;
  const source = world.session.fset.file(decl.pos);
  if (source !== null && files[files.length - 1] === source) files.pop();
}

function importsOf(world: World, unit: PackageUnit, tree: File): FileImport[] {
  const importer = world.session.importerFor(unit.imports);
  const imports: FileImport[] = [];
  for (const decl of tree.decls) {
    if (decl.kind !== Kind.ImportDecl) continue;
    const path = unquote(decl.path.value);
    if (path === null) continue;
    const own = path === "unsafe" ? "unsafe" : importer.importPackage(path, "")?.name;
    const name = decl.localPkgName?.value ?? own;
    if (name !== undefined) imports.push({ name, path });
  }
  return imports;
}

/** Puts a new tree of a function into the place of the old one. */
export function rehome(world: World, file: FileState, state: DeclState, decl: FuncDecl): void {
  const { fset } = world.session;
  const old = state.decl as FuncDecl;
  const tree = file.tree!;
  const home = fset.file(old.pos)!;
  const rest = world.homes.get(home)?.filter((other) => other !== state) ?? [];
  if (rest.length > 0) world.homes.set(home, rest);
  else {
    world.homes.delete(home);
    const at = fset.files.indexOf(home);
    if (at >= 0 && home.size === old.end - old.pos) fset.files.splice(at, 1);
  }
  for (const known of world.versions.keys()) {
    if (known !== tree && known.pos === old.pos) world.versions.delete(known);
  }
  const version = world.versions.get(tree) ?? "";
  world.versions.set(fileOf(decl), version);
  tree.decls[tree.decls.indexOf(old)] = decl;
  movePositions(state.obj!, decl);
  state.decl = decl;
  state.home = decl.pos;
  state.drift = [];
  state.body = state.start + (decl.body === null ? 0 : decl.body.pos - decl.pos);
  world.homes.set(fset.file(decl.pos)!, [state]);
}
