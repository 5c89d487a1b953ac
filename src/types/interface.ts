/** Interface types as they are written; what they mean is computed in typeset.ts. Mirrors types2/interface.go. */
import type { InterfaceType } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { asNamed } from "./alias.ts";
import { type Checker, later } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf } from "./errors.ts";
import { isValid } from "./predicates.ts";
import { recordDef } from "./recording.ts";
import { topTypeSet } from "./tset.ts";
import { Func, type Interface, type Type, TypeKind, type TypeName, Var, VarKind } from "./types.ts";
import { computeInterfaceTypeSet, sortMethods } from "./typeset.ts";
import { typ } from "./typexpr.ts";
import { parseUnion } from "./union.ts";

/** `def` is the type name being declared as this interface, if any. */
export function interfaceType(c: Checker, ityp: Interface, e: InterfaceType, def: TypeName | null): void {
  for (const f of e.methods) {
    if (f.name === null) {
      ityp.embeddeds.push(parseUnion(c, f.type));
      ityp.embedPos.push(startPos(f.type));
      continue;
    }
    const name = f.name.value;
    if (name === "_") {
      error(c, f.name, Code.BlankIfaceMethod, "methods must have a unique non-blank name");
      continue;
    }
    const sig = typ(c, f.type);
    if (sig.kind !== TypeKind.Signature) {
      if (isValid(sig)) errorf(c, f.type, Code.InvalidSyntaxTree, "%s is not a method signature", sig);
      continue;
    }
    // The named type makes the better receiver in messages.
    const recvType: Type = (def === null ? null : asNamed(def.type)) ?? ityp;
    sig.recv = new Var(f.name.pos, c.pkg, "", recvType, VarKind.RecvVar);
    const method = new Func(f.name.pos, c.pkg, name, sig);
    recordDef(c, f.name, method);
    ityp.methods.push(method);
  }
  ityp.complete = true;
  if (ityp.methods.length === 0 && ityp.embeddeds.length === 0) {
    ityp.typeSet = topTypeSet;
    return;
  }
  sortMethods(ityp.methods);
  if (ityp.methods.length > 0) c.interfaces.push({ pos: e.pos, type: ityp });
  later(c, () => computeInterfaceTypeSet(c, e.pos, ityp));
}
