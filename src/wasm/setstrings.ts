/** `-ldflags=-X=path.name=value`: string variables that begin with another value than their source gives them. Mirrors
 *  addstrdata of cmd/link/internal/ld/data.go: a value that is computed when the program starts takes its place again, and a
 *  variable that there is not is nobody's mistake. */
import { DataKind, DataRelocKind, type DataSymbol } from "../ssa/object.ts";
import type { PackageObject } from "./object.ts";

export interface StringSetting {
  /** Its link name. */
  readonly variable: string;
  readonly value: string;
}

/** The objects with these values; `wrong` is told of variables that are no strings. */
export function setStrings(
  objects: readonly PackageObject[],
  settings: readonly StringSetting[],
  wrong: (variable: string) => void,
): readonly PackageObject[] {
  if (settings.length === 0) return objects;
  const values = new Map(settings.map(({ variable, value }) => [variable, value]));
  return objects.map((object) => {
    const named = object.data.filter(({ name, kind }) => kind !== DataKind.ReadOnly && values.has(name));
    if (named.length === 0) return object;
    const added: DataSymbol[] = [];
    const changed = new Map<DataSymbol, DataSymbol>();
    for (const symbol of named) {
      if (symbol.size !== 16 || symbol.pointers.join() !== "0") wrong(symbol.name);
      else changed.set(symbol, withValue(symbol, values.get(symbol.name)!, added));
    }
    return { ...object, data: [...object.data.map((symbol) => changed.get(symbol) ?? symbol), ...added] };
  });
}

function withValue(symbol: DataSymbol, value: string, added: DataSymbol[]): DataSymbol {
  const text = new TextEncoder().encode(value);
  if (text.length === 0) return { ...symbol, kind: DataKind.Zero, bytes: new Uint8Array(), relocs: [] };
  const name = `${symbol.name}.-X`;
  const contents = { kind: DataKind.ReadOnly, size: text.length, align: 1, bytes: text };
  added.push({ ...contents, name, relocs: [], pointers: [], dupok: false });
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(8, BigInt(text.length), true);
  return {
    ...symbol,
    kind: DataKind.Data,
    bytes,
    relocs: [{ offset: 0, kind: DataRelocKind.Addr, sym: name, add: 0 }],
  };
}
