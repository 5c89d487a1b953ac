/** Making scopes. The Scope class itself is data (types.ts). Mirrors types2/scope.go. */
import type { Pos } from "../base/pos.ts";
import { Scope } from "./types.ts";
import { Universe } from "./universe.ts";

export function newScope(parent: Scope | null, pos: Pos, end: Pos): Scope {
  const scope = new Scope(parent, pos, end);
  if (parent !== null && parent !== Universe) parent.children.push(scope);
  return scope;
}
