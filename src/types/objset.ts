/** Sets of fields and methods declared by one package, by name. Mirrors types2/objset.go; since the members share
 *  their package, their names identify them. */
import type { Obj } from "./types.ts";

export class ObjSet {
  private readonly elems = new Map<string, Obj>();

  /** Adds `obj` unless there is one of that name, which is returned. */
  insert(obj: Obj): Obj | null {
    const alt = this.elems.get(obj.name);
    if (alt !== undefined) return alt;
    this.elems.set(obj.name, obj);
    return null;
  }
}
