/** Whose code a remark is about, where instances of a generic function share it: `Map[go.shape.string,go.shape.int]` is
 *  compiled once for `Map[string,int]` and `Map[string,ID]`. */
import type { Func } from "../ir/node.ts";
import type { Noder } from "../ir/noder/noder.ts";
import { shapify } from "../ir/noder/shapes.ts";
import { linkString, splitVargenSuffix, typeString } from "../ir/typefmt.ts";

/** An instance as its users write it. Plain data. */
export interface Instance {
  readonly name: string;
  /** The types of the shared code, and what they are here. */
  readonly types: readonly (readonly [shape: string, real: string])[];
}

const shapePackage = "go.shape.";
const none: readonly Instance[] = [];

/** The instances that the package uses, by the code that they share. */
export class Instances {
  /** By the name of the generic function or type and the shapes. */
  private readonly byCode = new Map<string, Instance[]>();

  constructor(n: Noder) {
    for (const { reader, dict } of n.dictionaries) {
      const shapes = dict.targs.map((targ, i) => shapify(reader.n, targ, dict.writer.basic[i]));
      const reals = dict.targs.map((targ) => typeString(targ, n.localPkg));
      const { base } = splitVargenSuffix(dict.baseSym.name);
      const generic = base.slice(0, base.indexOf("["));
      // As remarks name them.
      const types = shapes.map((shape, i) => [typeString(shape, n.localPkg), reals[i]] as const);
      const code = `${generic}[${shapes.map(linkString).join()}]`;
      const known = this.byCode.get(code);
      const instance = { name: `${generic}[${reals.join()}]`, types };
      if (known === undefined) this.byCode.set(code, [instance]);
      else if (known.every(({ name }) => name !== instance.name)) known.push(instance);
    }
  }

  /** Nothing for a function that is no instance. */
  of(fn: Func): readonly Instance[] {
    const { name } = fn.nname.sym;
    const open = name.indexOf("[");
    if (open < 0 || !name.includes(shapePackage)) return none;
    const close = name.lastIndexOf("]") + 1;
    // Of a method the receiver is the instance, of a closure the function around it.
    const start = name.startsWith("(*") ? 2 : 0;
    const code = name.slice(start, close).replaceAll(";", ",");
    const rest = name.slice(close);
    const known = this.byCode.get(code);
    if (known === undefined) return [{ name: withoutShapes(name), types: [] }];
    return known.map((instance) => ({ ...instance, name: `${name.slice(0, start)}${instance.name}${rest}` }));
  }
}

/** A text about shared code as it reads for one of its instances. */
export function textFor(text: string, { types }: Instance): string {
  let real = text;
  // A type may be part of another one.
  const longest = [...types].sort(([a], [b]) => b.length - a.length);
  for (const [shape, type] of longest) {
    // Two arguments of one shape cannot be told from each other.
    if (types.some(([other, otherType]) => other === shape && otherType !== type)) continue;
    real = real.replaceAll(shape, type);
  }
  return withoutShapes(real);
}

/** Shapes by the types that they are underneath. */
function withoutShapes(text: string): string {
  return text.replaceAll(shapePackage, "");
}
