/** Variables that `//go:embed` fills (cmd/compile/internal/staticdata/embed.go). */
import { TKind, type Type } from "../../ir/types.ts";
import { DataKind } from "../object.ts";
import { stringSym } from "../reflectdata/names.ts";
import { bytesOf, DataWriter } from "../reflectdata/writer.ts";
import type { PkgState } from "./state.ts";

export interface EmbeddedFile {
  /** With slashes, relative to the package; of a directory, with one at the end. */
  readonly name: string;
  /** null: a directory. */
  readonly bytes: Uint8Array | null;
  /** 16 bytes. */
  readonly hash: Uint8Array;
}

const enum EmbedKind {
  None,
  String,
  Bytes,
  Files,
}

function embedKind(t: Type): EmbedKind {
  if (t.sym !== null && t.sym.name === "FS" && t.sym.pkg?.path === "embed") return EmbedKind.Files;
  if (t.kind === TKind.STRING) return EmbedKind.String;
  return t.kind === TKind.SLICE && t.elem!.kind === TKind.UINT8 ? EmbedKind.Bytes : EmbedKind.None;
}

/** What is wrong with embedding `files` in a variable of type `t` (`text`); "" if nothing is. */
export function embedProblem(t: Type, text: string, files: readonly EmbeddedFile[]): string {
  const kind = embedKind(t);
  if (kind === EmbedKind.None) return `go:embed cannot apply to var of type ${text}`;
  const count = files.filter((file) => file.bytes !== null).length;
  return kind !== EmbedKind.Files && count !== 1 ? `invalid go:embed: multiple files for type ${text}` : "";
}

/** The contents of variable `name` of type `t`. */
export function embedded(p: PkgState, name: string, t: Type, files: readonly EmbeddedFile[]): DataWriter {
  const w = new DataWriter(24);
  if (embedKind(t) === EmbedKind.Files) {
    w.addr(0, fileTable(p, `${name}.files`, files));
    return w;
  }
  const bytes = files.find((file) => file.bytes !== null)!.bytes!;
  const isString = embedKind(t) === EmbedKind.String;
  if (bytes.length > 0) w.addr(0, contents(p, bytes, isString ? DataKind.ReadOnly : DataKind.Data));
  else if (!isString) w.addr(0, "runtime.zerobase");
  w.u64(8, bytes.length);
  if (!isString) w.u64(16, bytes.length);
  return w;
}

/** The slice that embed.FS points to, and the files (name, data, hash) right behind it. */
function fileTable(p: PkgState, name: string, files: readonly EmbeddedFile[]): string {
  const size = 48;
  const w = new DataWriter(24 + files.length * size);
  w.addr(0, name, 24);
  w.u64(8, files.length);
  w.u64(16, files.length);
  files.forEach((file, i) => {
    const at = 24 + i * size;
    const text = new TextEncoder().encode(file.name);
    w.addr(at, stringSym(p, String.fromCharCode(...text)));
    w.u64(at + 8, text.length);
    w.u64(at + 24, file.bytes?.length ?? 0);
    if (file.bytes !== null && file.bytes.length > 0) w.addr(at + 16, contents(p, file.bytes, DataKind.ReadOnly));
    w.put(at + 32, file.bytes === null ? bytesOf("\0".repeat(16)) : file.hash);
  });
  p.addData(w.finish(name, { dupok: false }));
  return name;
}

function contents(p: PkgState, bytes: Uint8Array, kind: DataKind): string {
  const name = p.privateName("embed");
  const w = new DataWriter(bytes.length);
  w.put(0, bytes);
  p.addData(w.finish(name, { kind, align: 1, dupok: false }));
  return name;
}
