/** Texts that fmt puts together out of numbers and strings: without it nothing has to be boxed. */
import { type CallExpr, type Expr, Kind } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { unparen } from "../../syntax/walk.ts";
import { ObjKind, type Type, TypeKind } from "../../types/types.ts";
import { objectOf } from "../trees.ts";
import type { Candidate } from "./edits.ts";
import { importsInsteadOfFmt } from "./imports.ts";
import type { Site } from "./simple.ts";

/** `fmt.Sprintf("line %d: %s", n, s)` → `"line " + strconv.Itoa(n) + ": " + s`; likewise errors of fmt.Errorf. */
export function concatenate(site: Site): Candidate | null {
  const { trees, result } = site.scene;
  const arg = trees.at(site.pos).find((node) => trees.parent(node)?.kind === Kind.CallExpr) as Expr | undefined;
  const call = arg === undefined ? null : trees.parent(arg);
  if (arg === undefined || call?.kind !== Kind.CallExpr || call.hasDots) return null;
  const callee = objectOf(call.fun);
  if (callee?.kind !== ObjKind.Func || callee.pkg?.path !== "fmt") return null;
  if (callee.name !== "Sprintf" && callee.name !== "Errorf") return null;
  const fun = unparen(call.fun);
  const file = result.files.find((f) => call.pos >= f.pos && call.pos < f.eof);
  if (fun.kind !== Kind.SelectorExpr || file === undefined) return null;
  const operands = operandsOf(site, call);
  if (operands === null) return null;
  const isError = callee.name === "Errorf";
  const needed = [...(isError ? ["errors"] : []), ...(operands.usesStrconv ? ["strconv"] : [])];
  const imports = importsInsteadOfFmt(site, file, needed, 1);
  if (imports === null) return null;
  const sum = operands.texts.join(" + ");
  const plain = trees.parent(call)?.kind === Kind.ReturnStmt || operands.texts.length === 1;
  const text = isError ? `errors.New(${sum})` : plain ? sum : `(${sum})`;
  return {
    title: "Put the text together without fmt, which boxes each operand.",
    note: isError ? "The error's type becomes that of errors.New." : "",
    edits: [{ start: startPos(call), end: call.end, text }, ...imports],
  };
}

/** The operands of the sum; null if fmt does more than that with one of them. */
function operandsOf(site: Site, call: CallExpr): { texts: string[]; usesStrconv: boolean } | null {
  const [format, ...args] = call.args;
  const literal = unparen(format);
  if (literal.kind !== Kind.BasicLit || !literal.value.startsWith('"')) return null;
  const texts: string[] = [];
  let usesStrconv = false;
  let piece = "";
  let next = 0;
  for (const part of literal.value.slice(1, -1).split(/(%[^%]|%%)/)) {
    if (part === "%%" || !part.startsWith("%")) {
      piece += part === "%%" ? "%" : part;
      continue;
    }
    const arg = args[next++];
    const text = arg === undefined || arg.type === null ? null : operand(part, site.textOf(arg), arg.type);
    if (text === null) return null;
    if (text.startsWith("strconv.")) usesStrconv = true;
    if (piece !== "") texts.push(`"${piece}"`);
    piece = "";
    texts.push(arg.kind === Kind.Operation && !text.startsWith("strconv.") ? `(${text})` : text);
  }
  if (next !== args.length || next === 0) return null;
  if (piece !== "") texts.push(`"${piece}"`);
  return { texts, usesStrconv };
}

/** What `verb` makes of a value; null unless that is its digits, its text or its quoted text. */
function operand(verb: string, text: string, type: Type): string | null {
  if (type.kind !== TypeKind.Basic) return null; // a defined type may have methods that fmt calls
  if (type.name === "string") {
    if (verb === "%s" || verb === "%v") return text;
    return verb === "%q" ? `strconv.Quote(${text})` : null;
  }
  if (verb !== "%d" && verb !== "%v") return null;
  if (type.name === "int") return `strconv.Itoa(${text})`;
  if (/^(int8|int16|int32|rune)$/.test(type.name)) return `strconv.Itoa(int(${text}))`;
  if (type.name === "int64") return `strconv.FormatInt(${text}, 10)`;
  if (type.name === "uint64") return `strconv.FormatUint(${text}, 10)`;
  if (/^(uint|uint8|byte|uint16|uint32|uintptr)$/.test(type.name)) return `strconv.FormatUint(uint64(${text}), 10)`;
  return null;
}
