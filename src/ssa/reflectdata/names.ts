/** Strings in read-only data: constants of the program, import paths, and names as reflection reads them (the name
 *  encoding of internal/abi; dname and dimportpath of cmd/compile/internal/reflectdata/reflect.go). */
import { hash128 } from "../../base/hash.ts";
import { pathToPrefix } from "../../ir/typefmt.ts";
import { isExported } from "../../ir/typeops.ts";
import type { Pkg } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";
import { DataRelocKind } from "../object.ts";
import { bytesOf, DataWriter } from "./writer.ts";

/** The symbol whose contents are the bytes of `text` (one char code a byte), which is not empty. */
export function stringSym(p: PkgState, text: string): string {
  // Long contents are known by their hash.
  const name = text.length <= 100 ? `go:string.${text}` : `go:string.${text.length}:${hashText(text)}`;
  if (p.claimData(name)) {
    const w = new DataWriter(text.length);
    w.put(0, bytesOf(text));
    p.addData(w.finish(name, { align: 1 }));
  }
  return name;
}

function hashText(text: string): string {
  return hash128(bytesOf(text))
    .map((part) => (part >>> 0).toString(16).padStart(8, "0"))
    .join("");
}

/** The name symbol of the import path of `pkg`. */
export function importPathSym(p: PkgState, pkg: Pkg): string {
  const name = `type:.importpath.${pathToPrefix(pkg.path)}.`;
  if (p.claimData(name)) {
    const w = new DataWriter();
    writeName(p, w, pkg.path, "", null, false, false);
    p.addData(w.finish(name, { align: 1 }));
  }
  return name;
}

/** The name symbol of a method, field or type; `pkg` where the name is not exported and belongs to another package
 *  than what it is part of. `tag` is a string of bytes. */
export function nameSym(
  p: PkgState,
  name: string,
  tag: string,
  pkg: Pkg | null,
  exported: boolean,
  embedded: boolean,
): string {
  let sym = "type:.namedata.";
  if (pkg !== null) sym += `${name}-${tag}@${pathToPrefix(pkg.path)}`;
  else sym += exported ? `${name}.${tag}` : `${name}-${tag}`;
  if (embedded) sym += ".embedded";
  if (p.claimData(sym)) {
    const w = new DataWriter();
    writeName(p, w, name, tag, pkg, exported, embedded);
    p.addData(w.finish(sym, { align: 1 }));
  }
  return sym;
}

/** The name symbol of method `name` of a type of package `home`. */
export function methodNameSym(p: PkgState, name: string, pkg: Pkg | null, home: Pkg | null): string {
  const exported = isExported(name);
  return nameSym(p, name, "", !exported && pkg !== home ? pkg : null, exported, false);
}

const enum NameBit {
  Exported = 1,
  HasTag = 2,
  HasPkgPath = 4,
  Embedded = 8,
}

function writeName(
  p: PkgState,
  w: DataWriter,
  name: string,
  tag: string,
  pkg: Pkg | null,
  exported: boolean,
  embedded: boolean,
): void {
  let bits = 0;
  if (exported) bits |= NameBit.Exported;
  if (tag !== "") bits |= NameBit.HasTag;
  if (pkg !== null) bits |= NameBit.HasPkgPath;
  if (embedded) bits |= NameBit.Embedded;
  w.u8(0, bits);
  let at = putBytes(w, 1, new TextEncoder().encode(name));
  if (tag !== "") at = putBytes(w, at, bytesOf(tag));
  if (pkg !== null) w.off32(at, importPathSym(p, pkg), DataRelocKind.Off32);
}

/** Writes a length as a varint, and the bytes; returns where they end. */
function putBytes(w: DataWriter, at: number, bytes: Uint8Array): number {
  let length = bytes.length;
  while (length >= 0x80) {
    w.u8(at++, (length & 0x7f) | 0x80);
    length >>>= 7;
  }
  w.u8(at++, length);
  w.put(at, bytes);
  return at + bytes.length;
}
