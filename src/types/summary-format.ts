/** The form of package summaries: what the reader and the writer must agree on.
 *
 *  A summary is bytes: a header of little-endian 32-bit numbers (see Header), then the sections that it points to.
 *  Inside records numbers are variable-length: seven bits a byte, the lowest first. A record is found by its offset,
 *  so that one object can be read without the others.
 *
 *      strings   count, count + 1 offsets, UTF-8 text
 *      files     count, offsets of records {name, size, go version, imports, line starts as differences}
 *      objects   count, then {2 * name + visible, offset of record} each, in source order; exported objects are visible,
 *                and those that they lead to: by types, methods and the bodies of generic functions
 *      hash      size (a power of two), then for each slot the index of an object + 1, or 0
 *      types     count, offsets of records
 *      meta      {path, name, go version, packages referred to, imports}
 *      inlined   {functions of other packages that were inlined}
 *      copies    {names of type literals, instances that have some, {name, {type, number of its copy}}} (copies.ts)
 *
 *  A position is {file + 1, offset}, or a single 0. A type is a number: predeclared ones come first, then the indices of
 *  the section `types`. A package is an index into those referred to: 0 is the universe, 1 the package itself. */
import type { Type } from "./types.ts";
import { Typ, universeAnyAlias, universeByte, universeComparable, universeError, universeRune } from "./universe.ts";

export const Magic = 0x53534547; // "GESS"
/** To be raised with every change of the form. */
export const FormatVersion = 6;

/** Indices of the header's numbers. */
export const enum Header {
  Magic,
  Version,
  Strings,
  Files,
  Objects,
  Hash,
  Types,
  Meta,
  Inlined,
  Copies,
  Size,
}

export const enum TypeTag {
  Array,
  Slice,
  Struct,
  Pointer,
  Signature,
  Union,
  Interface,
  Map,
  Chan,
  /** A package-level type by package and name; it may be an alias. */
  Name,
  /** A type declared in a function of the package, in full. */
  Local,
  Instance,
  TypeParam,
}

export const enum ObjectTag {
  Const,
  Var,
  Func,
  Named,
  Alias,
  /** `type A = T` with a type that is not even an Alias: the name of a basic type. */
  Plain,
}

export const enum ValueTag {
  False,
  True,
  String,
  /** An integer up to 2^53. */
  Small,
  Big,
  Rat,
  Float,
  Infinity,
  Complex,
  Unknown,
}

/** Bits of a function record. */
export const enum FuncFlag {
  Variadic = 1,
  /** Has type parameters or a receiver with some. Then, and for methods, positions of parameters are kept: wrappers
   *  show them. */
  Generic = 2,
  Facts = 4,
  Decl = 8,
  Method = 16,
  /** Can be inlined. */
  Inline = 32,
  CanDelayResults = 64,
}

/** Types whose numbers are fixed. */
export const predeclaredTypes: readonly Type[] = [
  ...Typ,
  universeByte,
  universeRune,
  universeError,
  universeAnyAlias.type!,
  (universeAnyAlias.type as { actual: Type | null }).actual!,
  universeComparable.type!,
];

export const UniversePackage = 0;
export const OwnPackage = 1;

/** Of a name in the hash section. */
export function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
