/** Questions about types that need no checker (types2/api_predicates.go). */
import { Mode } from "../syntax/ast.ts";
import type { Checker } from "./check.ts";
import { newOperand, assignableTo as operandAssignableTo } from "./operand.ts";
import type { Type } from "./types.ts";

/** Whether a value of type `V` is assignable to a variable of type `T`. */
export function assignableTo(V: Type, T: Type): boolean {
  // Without diagnostics nothing is asked of the checker.
  const nobody = null as unknown as Checker;
  return operandAssignableTo(newOperand(Mode.Value, null, V), nobody, T, null) === null;
}
