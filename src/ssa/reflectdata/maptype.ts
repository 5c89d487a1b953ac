/** The types that internal/runtime/maps works with: groups of slots, maps and their iterators
 *  (cmd/compile/internal/reflectdata/map.go). */
import { newArray, newPtr, newStruct } from "../../ir/newtype.ts";
import { linkString, nameString } from "../../ir/typefmt.ts";
import { sizeOf } from "../../ir/typeops.ts";
import { Field, Sym, TKind, type Type } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";

/** Slots of a group. */
export const mapGroupSlots = 8;
/** Larger keys and elements are kept behind a pointer. */
export const mapMaxKeyBytes = 128;
export const mapMaxElemBytes = 128;
/** The control word of a group whose slots are all empty. */
export const mapCtrlEmpty = 0x8080808080808080n;

export const enum MapFlag {
  NeedKeyUpdate = 1,
  HashMightPanic = 2,
  IndirectKey = 4,
  IndirectElem = 8,
}

/** Types that programs cannot see: they have no equality, and names of their own. */
export interface HiddenType {
  /** For the descriptor's symbol. */
  readonly link: string;
  /** What reflection would print. */
  readonly name: string;
}

/** What a package has made of map types. */
export class MapTypes {
  readonly groups = new Map<Type, Type>();
  readonly hidden = new Map<Type, HiddenType>();
  map: Type | null = null;
  iter: Type | null = null;
}

function field(name: string, type: Type): Field {
  return new Field(0, new Sym(null, name), type);
}

/** struct { ctrl uint64; slots [8]struct { key K; elem E } } */
export function mapGroupType(p: PkgState, t: Type): Type {
  const known = p.mapTypes.groups.get(t);
  if (known !== undefined) return known;
  let key = t.key!;
  let elem = t.elem!;
  if (sizeOf(key, p.target) > mapMaxKeyBytes) key = newPtr(key);
  if (sizeOf(elem, p.target) > mapMaxElemBytes) elem = newPtr(elem);
  const slot = newStruct([field("key", key), field("elem", elem)]);
  const slots = newArray(slot, mapGroupSlots);
  const group = newStruct([field("ctrl", p.universe.types[TKind.UINT64]), field("slots", slots)]);
  sizeOf(group, p.target);
  const { hidden } = p.mapTypes;
  const parts = (text: (t: Type) => string): string => `struct { key ${text(key)}; elem ${text(elem)} }`;
  hidden.set(slot, { link: parts(linkString), name: parts(nameString) });
  hidden.set(slots, { link: `[8]${parts(linkString)}`, name: `[8]${parts(nameString)}` });
  const whole = (text: (t: Type) => string): string => `map.group[${text(t.key!)}]${text(t.elem!)}`;
  hidden.set(group, { link: whole(linkString), name: whole(nameString) });
  p.mapTypes.groups.set(t, group);
  return group;
}

/** The slot type in a group type. */
export function slotType(group: Type): Type {
  return group.fields[1].type.elem!;
}

/** Stands for internal/runtime/maps.Map. */
export function mapHeaderType(p: PkgState): Type {
  const { types } = p.universe;
  p.mapTypes.map ??= newStruct([
    field("used", types[TKind.UINT64]),
    field("seed", types[TKind.UINTPTR]),
    field("dirPtr", types[TKind.UNSAFEPTR]),
    field("dirLen", types[TKind.INT]),
    field("globalDepth", types[TKind.UINT8]),
    field("globalShift", types[TKind.UINT8]),
    field("writing", types[TKind.UINT8]),
    field("tombstonePossible", types[TKind.BOOL]),
    field("clearSeq", types[TKind.UINT64]),
  ]);
  return p.mapTypes.map;
}

/** Offsets in a map header. */
export const enum MapField {
  Used = 0,
  Seed = 8,
  DirPtr = 16,
}

/** Stands for internal/runtime/maps.Iter. */
export function mapIterType(p: PkgState): Type {
  const { types } = p.universe;
  const ptr = types[TKind.UNSAFEPTR];
  p.mapTypes.iter ??= newStruct([
    field("key", ptr),
    field("elem", ptr),
    field("typ", ptr),
    field("m", ptr),
    field("groupSlotOffset", types[TKind.UINT64]),
    field("dirOffset", types[TKind.UINT64]),
    field("clearSeq", types[TKind.UINT64]),
    field("globalDepth", types[TKind.UINT8]),
    field("dirIdx", types[TKind.INT]),
    field("tab", ptr),
    field("group", ptr),
    field("entryIdx", types[TKind.UINT64]),
  ]);
  return p.mapTypes.iter;
}

/** Whether assigning to an element has to write the key again: equal keys may differ. */
export function needKeyUpdate(t: Type): boolean {
  switch (t.kind) {
    case TKind.FLOAT32:
    case TKind.FLOAT64:
    case TKind.COMPLEX64:
    case TKind.COMPLEX128:
    case TKind.INTER:
    case TKind.STRING:
      return true;
    case TKind.ARRAY:
      return needKeyUpdate(t.elem!);
    case TKind.STRUCT:
      for (const f of t.fields) if (needKeyUpdate(f.type)) return true;
      return false;
    default:
      return false;
  }
}

/** Whether hashing a key can panic: there is an interface in it. */
export function hashMightPanic(t: Type): boolean {
  switch (t.kind) {
    case TKind.INTER:
      return true;
    case TKind.ARRAY:
      return hashMightPanic(t.elem!);
    case TKind.STRUCT:
      for (const f of t.fields) if (hashMightPanic(f.type)) return true;
      return false;
    default:
      return false;
  }
}
