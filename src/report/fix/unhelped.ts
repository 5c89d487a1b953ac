/** Why no edit keeps a value on the stack, where none was found: what the value is for rules it out, and what may still
 *  make it cheaper. */
import { Kind } from "../../syntax/ast.ts";
import { type Func, ObjKind } from "../../types/types.ts";
import type { Scene } from "../explain/scene.ts";
import type { Remark } from "../remark.ts";

const byRule: ReadonlyMap<string, string> = new Map([
  [
    "append",
    "append finds out how much room there is only when it runs, and memory that outgrows it cannot be part of the frame. With the final capacity given to make beforehand it is allocated once instead of again and again.",
  ],
  [
    "make-slice-variable",
    "Its size is only known when it runs, and frames have fixed sizes. Where there is an upper bound, an array of that size, sliced, can be on the stack; a buffer that the caller keeps and passes in again saves the allocations.",
  ],
  [
    "make-slice-large",
    "It is larger than what may be on the stack, wherever it goes. A buffer that is kept and used again saves the allocations.",
  ],
  [
    "string-bytes",
    "A string has to stay as it is, so the bytes are copied, and the copy is handed on. A function that appends to a slice of its caller needs none.",
  ],
  [
    "string-runes",
    "The text is encoded anew and handed on. A function that appends to a slice of its caller needs none.",
  ],
  [
    "string-concat",
    "The text is new and handed on. A function that appends to a slice of its caller, or a strings.Builder that is grown first, allocates less.",
  ],
  [
    "panic",
    "What panic is given is kept until somebody recovers it, beyond this frame. It only costs when the program panics.",
  ],
  [
    "interface-conversion",
    "It is boxed for somebody who takes an interface and keeps it, or calls methods that nobody knows here. Only a parameter of its own type, or of a type parameter, would do without the box: that changes the function that is called.",
  ],
  [
    "fmt-print",
    "fmt takes interfaces, and its methods may keep what they are given. Text for its verbs that strconv has no function for needs the box.",
  ],
]);

/** A sentence or two. */
export function whyNoEdit(scene: Scene, remark: Remark): string {
  if (remark.pos < 0) return "It belongs to the function that was inlined here: ask about the place where it stands.";
  const handedOut = whyHandedOut(scene, remark);
  if (handedOut !== null) return handedOut;
  const rule = scene.causes.of(remark)[0] ?? "";
  return (
    byRule.get(rule) ??
    "Whoever keeps it needs it for longer than this call; no edit that is known here changes that and keeps the program's meaning."
  );
}

/** Of what a function returns: whether its callers can have it in their frames. */
function whyHandedOut(scene: Scene, remark: Remark): string | null {
  const steps = remark.flows?.at(-1)?.steps ?? [];
  const returned = steps.some((step) => step.reasons.some(({ why }) => why === "return"));
  if (!returned) return null;
  const decl = scene.functions.declAt(remark.pos);
  if (decl?.kind !== Kind.FuncDecl || decl.name.obj?.kind !== ObjKind.Func) return null;
  const name = decl.name.value;
  const inl = scene.result.facts.get(decl.name.obj as Func)?.inl ?? null;
  if (inl !== null) {
    return `${name} hands it out, so it cannot be in its frame. But ${name} is inlined (its cost is ${inl.cost}): where a caller keeps the result to itself, it is in the caller's frame.`;
  }
  return `${name} hands it out, so it cannot be in its frame, and as ${name} is not inlined, in no caller's either. An outer function that is small enough to be inlined, and that allocates before it calls the rest, would leave the choice to callers.`;
}
