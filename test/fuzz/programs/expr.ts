/** Expressions of a wanted type. What is produced is an operand (a primary or unary expression, or parenthesised). */
import { interfaceMethod } from "./forms.ts";
import type { Gen, Variable } from "./gen.ts";
import { stdExpression } from "./std.ts";
import { body } from "./stmt.ts";
import {
  bool,
  byte,
  comparable,
  type Field,
  type FuncType,
  fieldsOf,
  identical,
  implementsInterface,
  int,
  isInteger,
  isInterface,
  isOpen,
  methodsOf,
  nilable,
  pointerTo,
  resultText,
  rune,
  sliceOf,
  string,
  substitute,
  type Type,
  typeText,
  underlying,
} from "./types.ts";

const maxDepth = 4;

/** A type as a declaration may write it: under an alias, if there is one. */
export function written(g: Gen, t: Type): string {
  const text = typeText(t);
  const alias = g.aliases.find(({ type }) => type !== null && typeText(type) === text)?.name;
  if (alias !== undefined && g.chance(40)) return alias;
  const generic = g.aliases.find(({ type }) => type === null)?.name;
  if (generic !== undefined && t.kind === "slice" && !isOpen(t) && g.chance(20))
    return `${generic}[${typeText(t.elem)}]`;
  return text;
}

/** Something that can be assigned to a variable of type `t`. */
export function value(g: Gen, t: Type, depth = 0): string {
  if (isInterface(t) && g.chance(55)) return concrete(g, t, depth);
  if (nilable(t) && g.chance(depth > 2 ? 30 : 6)) return "nil";
  if (t.kind === "basic" && isInteger(t) && g.chance(15)) return String(g.below(8));
  return typed(g, t, depth);
}

/** Something of an interface `t`, or of a type that implements it. */
function concrete(g: Gen, t: Type, depth: number): string {
  const implementers = g.pool.filter((p) => implementsInterface(p, t) && !isInterface(p));
  if (implementers.length === 0) return depth > 2 ? "nil" : typed(g, t, depth);
  return typed(g, g.pick(implementers), depth + 1);
}

/** Something whose type is exactly `t`, whatever is around it. */
export function typed(g: Gen, t: Type, depth = 0): string {
  const from = g.chance(depth >= 2 ? 80 : 55) ? derived(g, t, depth) : null;
  if (from !== null) return from;
  if (depth < maxDepth) {
    if (g.chance(12)) {
      const call = funcCall(g, t, depth);
      if (call !== null) return call;
    }
    if (g.std && g.chance(10)) {
      const made = stdExpression(g, t, depth);
      if (made !== null) return made;
    }
    if (g.chance(4)) return `func()${resultText([t])} ${closureBody(g, [], [t])}()`;
    if (g.chance(2)) return generalUnsafe(g, t, depth);
  }
  return made(g, t, depth);
}

/** An expression that starts at a variable. */
function derived(g: Gen, t: Type, depth: number): string | null {
  const options: (() => string)[] = [];
  const first = Math.max(0, g.vars.length - 14);
  for (let i = first; i < g.vars.length; i++) reach(g, g.vars[i], t, depth, options);
  for (let i = 0; i < 4 && first > 0; i++) reach(g, g.vars[g.below(first)], t, depth, options);
  if (options.length === 0) return null;
  return g.pick(options)();
}

/** All ways from variable `v` to type `t` in one step. */
function reach(g: Gen, v: Variable, t: Type, depth: number, options: (() => string)[]): void {
  const { name, type } = v;
  const u = underlying(type);
  if (identical(type, t)) {
    options.push(() => name);
    if (depth < 2) options.push(() => name);
  }
  if (t.kind === "pointer" && v.variable && identical(t.elem, type)) options.push(() => `&${name}`);
  if (depth >= maxDepth) return;
  const deeper = depth + 1;
  switch (u.kind) {
    case "pointer": {
      if (identical(u.elem, t)) options.push(() => `*${name}`);
      const inner = underlying(u.elem);
      if (inner.kind === "array" && identical(inner.elem, t)) options.push(() => `${name}[${index(g, deeper)}]`);
      if (t.kind === "pointer") {
        for (const f of fieldsOf(type)) if (identical(f.type, t.elem)) options.push(() => `&${name}.${f.name}`);
      }
      break;
    }
    case "slice":
    case "array":
      if (identical(u.elem, t)) options.push(() => `${name}[${index(g, deeper)}]`);
      if (t.kind === "slice" && identical(u.elem, t.elem) && (u.kind === "slice" || v.variable)) {
        if (u.kind === "array" || identical(type, t)) options.push(() => `${name}[${sliceBounds(g, deeper)}]`);
      }
      if (t.kind === "pointer" && identical(u.elem, t.elem) && (u.kind === "slice" || v.variable)) {
        options.push(() => `&${name}[${index(g, deeper)}]`);
      }
      break;
    case "map":
      if (identical(u.elem, t)) options.push(() => `${name}[${value(g, u.key, deeper)}]`);
      break;
    case "chan":
      if (u.dir !== "chan<-" && identical(u.elem, t)) options.push(() => `(<-${name})`);
      break;
    case "func":
      if (u.results.length === 1 && identical(u.results[0], t)) options.push(() => call(g, name, u, deeper));
      break;
    case "interface":
      if (!isOpen(t) && !isInterface(t) && implementsInterface(t, type)) options.push(() => `${name}.(${typeText(t)})`);
      if (t.kind === "param" && u.methods.length === 0) options.push(() => `${name}.(${t.name})`);
      break;
    case "basic":
      if (u.name === "string" && t === byte) options.push(() => `${name}[${g.chance(50) ? 0 : typed(g, int, deeper)}]`);
      if (u.name === "string" && identical(type, t)) options.push(() => `${name}[${sliceBounds(g, deeper, true)}]`);
      break;
  }
  for (const f of fieldsOf(type)) {
    if (identical(f.type, t)) options.push(() => `${name}.${f.name}`);
    else if (t.kind === "pointer" && identical(f.type, t.elem) && (v.variable || u.kind === "pointer")) {
      options.push(() => `&${name}.${f.name}`);
    }
    const fu = underlying(f.type);
    if (fu.kind === "slice" && identical(fu.elem, t)) options.push(() => `${name}.${f.name}[${index(g, deeper)}]`);
    if (fu.kind === "pointer" && identical(fu.elem, t)) options.push(() => `*${name}.${f.name}`);
    if (fu.kind === "func" && fu.results.length === 1 && identical(fu.results[0], t)) {
      options.push(() => call(g, `${name}.${f.name}`, fu, deeper));
    }
  }
  for (const m of methodsOf(type, v.variable)) {
    if (g.pure) break;
    const { results } = m.type;
    if (results.length === 1 && identical(results[0], t)) {
      options.push(() => call(g, `${name}.${m.name}`, m.type, deeper));
    }
    if (t.kind === "func" && identical(m.type, t)) options.push(() => `${name}.${m.name}`);
  }
}

function index(g: Gen, depth: number): string {
  const v = g.variable(int);
  if (v !== null && g.chance(60)) return v.name;
  return g.chance(60) ? "0" : nonConstantInt(g, depth);
}

/** An index or a size that is not a constant, or is 0. */
function nonConstantInt(g: Gen, depth: number): string {
  const v = g.variable(int);
  if (v === null) return "0";
  return g.chance(50) ? `${v.name}&3` : `${v.name}%${1 + g.below(9)}${depth > 3 ? "" : "+1"}`;
}

function sliceBounds(g: Gen, depth: number, isText = false): string {
  const bound = (): string => (g.variable(int) === null ? "0" : nonConstantInt(g, depth));
  switch (g.below(isText ? 3 : 4)) {
    case 0:
      return ":";
    case 1:
      return `${bound()}:`;
    case 2:
      return `:${bound()}`;
    default:
      return `0:${bound()}:${bound()}`.replace("0:0:0", "0:0:1");
  }
}

/** A call of `callee` with arguments. */
export function call(g: Gen, callee: string, type: FuncType, depth: number): string {
  return `${callee}(${args(g, type, depth)})`;
}

export function args(g: Gen, type: FuncType, depth: number): string {
  if (type.params.length > 1 && !type.variadic && g.chance(25)) {
    const makers = g.funcs.filter(
      (fn) =>
        fn.params.length === 0 &&
        (!g.pure || fn.pure) &&
        fn.type.results.length === type.params.length &&
        fn.type.results.every((r, i) => identical(r, type.params[i])),
    );
    if (makers.length > 0 && depth < maxDepth) {
      const maker = g.pick(makers);
      return call(g, maker.name, maker.type, depth + 1);
    }
  }
  const list: string[] = [];
  type.params.forEach((p, i) => {
    if (!type.variadic || i < type.params.length - 1 || p.kind !== "slice") {
      list.push(value(g, p, depth + 1));
    } else if (g.chance(25)) {
      list.push(`${value(g, p, depth + 1)}...`);
    } else {
      for (let n = g.below(4); n > 0; n--) list.push(value(g, p.elem, depth + 1));
    }
  });
  return list.join(", ");
}

/** A call of a declared function with the single result `t`. */
function funcCall(g: Gen, t: Type, depth: number): string | null {
  const options: (() => string)[] = [];
  for (const fn of g.funcs) {
    if (g.pure && !fn.pure) continue;
    if (fn.type.results.length !== 1) continue;
    if (fn.params.length === 0) {
      if (identical(fn.type.results[0], t)) options.push(() => call(g, fn.name, fn.type, depth));
      continue;
    }
    const typeArgs = instantiation(g, fn.params, fn.type.results[0], t);
    if (typeArgs === null) continue;
    const type = substitute(fn.type, fn.params, typeArgs) as FuncType;
    // Where each type parameter is that of a parameter, the arguments tell.
    const inferred = fn.params.every((p) => fn.type.params.some((q) => q === p)) && !fn.type.variadic;
    if (inferred && g.typeParams.length === 0 && g.chance(50)) {
      const given = (): string => type.params.map((p) => typed(g, p, depth + 1)).join(", ");
      options.push(() => `${fn.name}(${given()})`);
      continue;
    }
    options.push(() => call(g, `${fn.name}[${typeArgs.map(typeText).join(", ")}]`, type, depth));
  }
  return options.length === 0 ? null : g.pick(options)();
}

/** Type arguments that make `result` into `t`; null if there are none. */
function instantiation(
  g: Gen,
  params: readonly (Type & { kind: "param" })[],
  result: Type,
  t: Type,
): readonly Type[] | null {
  const known = params.map(() => null as Type | null);
  const match = (p: Type, x: Type): boolean => {
    if (p.kind === "param") {
      const i = params.indexOf(p);
      if (i < 0) return identical(p, x);
      const earlier = known[i];
      if (earlier !== null) return identical(earlier, x);
      known[i] = x;
      return true;
    }
    if (p.kind === "slice" || p.kind === "pointer") return x.kind === p.kind && match(p.elem, x.elem);
    if (p.kind === "named") {
      return x.kind === "named" && x.decl === p.decl && p.args.every((a, i) => match(a, x.args[i]));
    }
    return identical(p, x);
  };
  if (!match(result, t)) return null;
  const list: Type[] = [];
  known.forEach((k, i) => {
    const { core } = params[i];
    list.push(k ?? (core === undefined ? argumentFor(g, params[i]) : substitute(core, params, list)));
  });
  const fits = params.every(
    ({ core }, i) => core === undefined || identical(underlying(list[i]), substitute(core, params, list)),
  );
  if (!fits) return null;
  // `f[[]P]` in the body of f[P] would go on for ever.
  const grows = list.some((a) => a.kind !== "param" && isOpen(a));
  return !grows && list.every((a, i) => satisfies(g, a, params[i])) ? list : null;
}

/** Some type argument for a type parameter. */
export function argumentFor(g: Gen, param: Type & { kind: "param" }): Type {
  for (let i = 0; i < 20; i++) {
    const t = g.chance(20) ? g.type() : g.pick(g.pool);
    if (satisfies(g, t, param)) return t;
  }
  return param.constraint === "methods" ? g.pool.find((t) => satisfies(g, t, param))! : int;
}

export function satisfies(g: Gen, t: Type, param: Type & { kind: "param" }): boolean {
  switch (param.constraint) {
    case "any":
      return true;
    case "comparable":
      // Comparable without the exception for interfaces would need more of the type; they may be arguments since 1.20.
      return comparable(t);
    case "number":
      return t.kind === "param" ? t.constraint === "number" : isInteger(t);
    case "slice":
      return underlying(t).kind === "slice";
    case "methods":
      if (t.kind === "param") return t.constraint === "methods";
      return methodsOf(t, false).some((m) => m.name === g.signatures[0].name);
  }
}

/** A literal, an allocation or an operation. */
function made(g: Gen, t: Type, depth: number): string {
  const u = underlying(t);
  const text = typeText(t);
  const shallow = depth >= maxDepth;
  switch (u.kind) {
    case "basic":
      return madeBasic(g, t, u.name, depth);
    case "pointer":
      return madePointer(g, t, u.elem, depth);
    case "slice":
      if (shallow) return `(${text})(nil)`;
      return madeSlice(g, t, u.elem, depth);
    case "array":
      if (shallow || g.chance(30)) return `${text}{}`;
      return madeArray(g, text, u.len, u.elem, depth);
    case "map":
      return madeMap(g, text, u.key, u.elem, depth);
    case "chan":
      if (shallow) return `(${text})(nil)`;
      return g.chance(70) ? `make(${text})` : `make(${text}, ${g.chance(50) ? 1 : typed(g, int, depth + 1)})`;
    case "func":
      if (shallow || g.chance(8)) return `(${text})(nil)`;
      return madeFunc(g, t, u);
    case "struct":
      return `${text}{${shallow ? "" : fieldValues(g, u.fields, depth)}}`;
    case "interface":
      return `${text.startsWith("any") || t.kind === "named" ? text : `(${text})`}(${concrete(g, t, depth + 1)})`;
    case "param":
      return `*new(${text})`;
    default:
      return `*new(${text})`;
  }
}

function madeArray(g: Gen, text: string, len: number, elem: Type, depth: number): string {
  const count = Math.min(len, 1 + g.below(3));
  const list = Array.from({ length: count }, () => element(g, elem, depth + 1));
  if (count === 0) return `${text}{}`;
  if (g.chance(20)) list[0] = `${len - count}: ${list[0]}`;
  else if (count === len && text.startsWith("[") && g.chance(30)) return `[...]${typeText(elem)}{${list.join(", ")}}`;
  return `${text}{${list.join(", ")}}`;
}

/** An element of a composite literal: where it is one itself, mostly without its type. */
function element(g: Gen, t: Type, depth: number): string {
  const text = value(g, t, depth);
  if (g.chance(25)) return text;
  const u = underlying(t);
  const name = typeText(t);
  if (u.kind !== "func" && u.kind !== "interface" && text.startsWith(`${name}{`)) return text.slice(name.length);
  if (t.kind !== "pointer") return text;
  const pointed = `&${typeText(t.elem)}`;
  return text.startsWith(`${pointed}{`) ? text.slice(pointed.length) : text;
}

function fieldValues(g: Gen, all: readonly Field[], depth: number): string {
  const fields = all.filter((f) => f.name !== "_");
  if (fields.length > 0 && fields.length === all.length && g.chance(30))
    return fields.map((f) => value(g, f.type, depth + 1)).join(", ");
  const list: string[] = [];
  for (const f of fields) if (g.chance(55)) list.push(`${f.name}: ${value(g, f.type, depth + 1)}`);
  return list.join(", ");
}

function madeBasic(g: Gen, t: Type, name: string, depth: number): string {
  const text = typeText(t);
  const deeper = depth + 1;
  const shallow = depth >= maxDepth;
  if (name === "string") {
    if (shallow || g.chance(25)) return wrapNamed(t, `"s${g.below(9)}"`);
    switch (g.below(7)) {
      case 0:
        return `(${typed(g, t, deeper)} + ${typed(g, t, deeper)})`;
      case 1:
        return `(${typed(g, t, deeper)} + ${wrapNamed(t, '"x"')} + ${typed(g, t, deeper)})`;
      case 2:
        return `${text}(${typed(g, sliceOf(byte), deeper)})`;
      case 3:
        return `${text}(${typed(g, rune, deeper)})`;
      case 4:
        return `${text}(${typed(g, sliceOf(rune), deeper)})`;
      case 5:
        if (t !== string) return `${text}(${typed(g, string, deeper)})`;
        g.import("unsafe");
        return `unsafe.String(${typed(g, pointerTo(byte), deeper)}, ${typed(g, int, deeper)})`;
      default:
        return wrapNamed(t, `"t"`);
    }
  }
  if (name === "bool") {
    if (shallow || g.chance(20)) return t === bool ? g.pick(["true", "false"]) : `${text}(true)`;
    const inner = comparison(g, deeper);
    return t === bool ? inner : `${text}(${inner})`;
  }
  if (name === "error") return shallow ? "error(nil)" : `error(${concrete(g, t, deeper)})`;
  if (name === "unsafe.Pointer") return `unsafe.Pointer(${typed(g, pointerTo(int), deeper)})`;
  if (name === "complex128") {
    const v = g.variable(t);
    if (v === null || g.chance(40)) return `${t.kind === "basic" ? "" : text}(${g.pick(["complex(1, 2)", "2i"])})`;
    return `(${v.name} ${g.pick(["+", "*"])} complex(real(${v.name}), 3))`;
  }
  const literal = t === int ? String(g.below(10)) : `${text}(${g.below(10)})`;
  if (shallow || g.chance(30)) return literal;
  const v = g.variable(t);
  if (v !== null && g.chance(60)) {
    const op = g.pick(isInteger(t) ? ["+", "-", "*", "&", "|", "^", "&^"] : ["+", "-", "*"]);
    if (isInteger(t) && g.chance(15)) return `(${v.name} ${g.pick(["<<", ">>"])} ${g.below(4)})`;
    if (g.chance(15)) return `(${v.name} / ${t === int ? 3 : `${text}(3)`})`;
    return `(${v.name} ${op} ${typed(g, t, deeper)})`;
  }
  if (t === int) {
    switch (g.below(5)) {
      case 0:
      case 1: {
        const holder = g.vars.find((x) => x.variable && ["slice", "map", "chan"].includes(underlying(x.type).kind));
        if (holder !== undefined) return `len(${holder.name})`;
        return literal;
      }
      case 2:
        return `copy(${typed(g, sliceOf(byte), deeper)}, ${typed(g, g.pick([string, sliceOf(byte)]), deeper)})`;
      case 3: {
        const n = g.variable(int);
        return n === null ? literal : `${g.pick(["min", "max"])}(${n.name}, ${typed(g, int, deeper)})`;
      }
      default:
        g.import("unsafe");
        return `int(unsafe.Sizeof(${typed(g, g.pick(g.pool), deeper)}))`;
    }
  }
  const other = g.variable(int);
  return other === null ? literal : `${text}(${other.name})`;
}

function wrapNamed(t: Type, text: string): string {
  return t.kind === "named" ? `${typeText(t)}(${text})` : text;
}

export function comparison(g: Gen, depth: number): string {
  switch (g.below(6)) {
    case 0:
      return `!${typed(g, bool, depth + 1)}`;
    case 1:
      return `(${typed(g, bool, depth + 1)} ${g.pick(["&&", "||"])} ${typed(g, bool, depth + 1)})`;
    case 2: {
      const v = g.vars.filter((x) => nilable(x.type) && x.variable);
      if (v.length === 0) return "true";
      return `(${g.pick(v).name} ${g.pick(["==", "!="])} nil)`;
    }
    case 3: {
      const t = g.comparableType();
      const v = g.variable(t);
      if (v === null || isOpen(t)) return "false";
      return `(${v.name} ${g.pick(["==", "!="])} ${typed(g, t, depth + 1)})`;
    }
    case 4:
      return `(${typed(g, string, depth + 1)} == string(${typed(g, sliceOf(byte), depth + 1)}))`;
    default:
      return `(${typed(g, int, depth + 1)} ${g.pick(["<", ">", "<=", "==", "!="])} ${typed(g, int, depth + 1)})`;
  }
}

function madePointer(g: Gen, t: Type, elem: Type, depth: number): string {
  const u = underlying(elem);
  const text = typeText(elem);
  const composite =
    (u.kind === "struct" || u.kind === "slice" || u.kind === "array" || u.kind === "map") && elem.kind !== "param";
  if (depth < maxDepth && composite && g.chance(75)) {
    const literal = made(g, elem, depth + 1);
    // `&[]T(nil)` and the like are not allowed.
    if (literal.startsWith(`${text}{`)) return `&${literal}`;
  }
  if (depth < maxDepth && g.chance(5)) {
    g.import("unsafe");
    return `(*${text})(unsafe.Pointer(${typed(g, pointerTo(int), depth + 1)}))`;
  }
  if (depth >= maxDepth && g.chance(60)) return `(${typeText(t)})(nil)`;
  if (depth < maxDepth && !isOpen(elem) && g.chance(15)) {
    const v = typed(g, elem, depth + 1);
    return `new(${v})`;
  }
  return `new(${text})`;
}

function madeSlice(g: Gen, t: Type, elem: Type, depth: number): string {
  const text = typeText(t);
  const deeper = depth + 1;
  switch (g.below(8)) {
    case 0:
      return `make(${text}, ${g.pick(["0", "3", "10", "100", "100000", typed(g, int, deeper)])})`;
    case 1:
      return `make(${text}, ${g.pick(["0", "1"])}, ${g.pick(["4", "64", "20000", `max(4, ${typed(g, int, deeper)})`])})`;
    case 2:
      return `append(${typed(g, t, deeper)}, ${value(g, elem, deeper)})`;
    case 3:
      return `append(${typed(g, t, deeper)}, ${typed(g, sliceOf(elem), deeper)}...)`;
    case 4:
      if (t.kind === "slice" && elem === byte) return `[]byte(${typed(g, string, deeper)})`;
      if (t.kind === "slice" && elem === rune) return `[]rune(${typed(g, string, deeper)})`;
      if (t.kind === "slice" && elem === byte && g.chance(50))
        return `append([]byte(nil), ${typed(g, string, deeper)}...)`;
      return `append((${text})(nil), ${typed(g, sliceOf(elem), deeper)}...)`;
    case 5:
      if (t.kind !== "slice" || isOpen(t)) return `${text}{}`;
      g.import("unsafe");
      return `unsafe.Slice(${typed(g, pointerTo(elem), deeper)}, ${typed(g, int, deeper)})`;
    default:
      return `${text}{${Array.from({ length: g.below(4) }, () => element(g, elem, deeper)).join(", ")}}`;
  }
}

function madeMap(g: Gen, text: string, key: Type, elem: Type, depth: number): string {
  if (depth >= maxDepth) return `(${text})(nil)`;
  if (g.chance(40))
    return g.chance(60)
      ? `make(${text})`
      : `make(${text}, ${g.pick(["5", "8", "9", "100", typed(g, int, depth + 1)])})`;
  if (key === int || key === string) {
    const n = g.below(4);
    const entries: string[] = [];
    for (let i = 0; i < n; i++) entries.push(`${key === int ? i : `"k${i}"`}: ${element(g, elem, depth + 1)}`);
    return `${text}{${entries.join(", ")}}`;
  }
  return `${text}{${g.chance(50) ? "" : `${typed(g, key, depth + 1)}: ${value(g, elem, depth + 1)}`}}`;
}

function madeFunc(g: Gen, t: Type, u: FuncType): string {
  if (!g.pure && g.chance(25)) {
    const same = g.funcs.filter((fn) => fn.params.length === 0 && identical(fn.type, u));
    if (same.length > 0) return t.kind === "named" ? `${typeText(t)}(${g.pick(same).name})` : g.pick(same).name;
  }
  if (!g.pure && g.chance(20)) {
    // A method expression, where one fits.
    for (const decl of g.named) {
      if (decl.params.length > 0) continue;
      for (const m of decl.methods) {
        const receiver: Type = { kind: "named", decl, args: [] };
        const recv = m.pointer ? pointerTo(receiver) : receiver;
        const whole: FuncType = { ...m.type, params: [recv, ...m.type.params] };
        if (identical(whole, u)) return `(${typeText(recv)}).${m.name}`;
      }
    }
  }
  const method = !g.pure && g.chance(30) ? interfaceMethod(g, u) : null;
  if (method !== null) return t.kind === "named" ? `${typeText(t)}(${method})` : method;
  const literal = funcLiteral(g, u);
  return t.kind === "named" ? `${typeText(t)}(${literal})` : literal;
}

export function funcLiteral(g: Gen, u: FuncType): string {
  const names = u.params.map(() => (g.chance(15) ? "_" : g.fresh("p")));
  const params = u.params.map((p, i) => {
    const variadic = u.variadic && i === u.params.length - 1 && p.kind === "slice";
    return `${names[i]} ${variadic ? `...${typeText(p.elem)}` : written(g, p)}`;
  });
  const declared = u.params.map((p, i) => ({ name: names[i], type: p, variable: true }));
  const resultNames = u.results.length > 0 && g.chance(15) ? u.results.map(() => g.fresh("res")) : [];
  const results =
    resultNames.length === 0
      ? resultText(u.results)
      : ` (${u.results.map((t, i) => `${resultNames[i]} ${written(g, t)}`).join(", ")})`;
  return `func(${params.join(", ")})${results} ${closureBody(g, declared, u.results, resultNames)}`;
}

/** `{ … }` of a function literal: its statements count against the budget of the function around it. */
export function closureBody(
  g: Gen,
  params: readonly Variable[],
  results: readonly Type[],
  resultNames: readonly string[] = [],
): string {
  return g.scoped(() => {
    const { results: outer, resultNames: outerNames, targets, breakable, loops } = g;
    g.results = results;
    g.resultNames = resultNames;
    g.targets = [];
    g.breakable = 0;
    g.loops = 0;
    for (const p of params) if (p.name !== "_") g.declare(p.name, p.type);
    resultNames.forEach((name, i) => {
      g.declare(name, results[i]);
    });
    const text = body(g, 1 + g.below(3), results);
    g.results = outer;
    g.resultNames = outerNames;
    g.targets = targets;
    g.breakable = breakable;
    g.loops = loops;
    return text;
  });
}

function generalUnsafe(g: Gen, t: Type, depth: number): string {
  g.import("unsafe");
  if (isOpen(t)) return made(g, t, depth);
  const v = g.variable(g.pick(g.pool));
  if (v === null) return made(g, t, depth);
  return `*(*${typeText(t)})(unsafe.Pointer(&${v.name}))`;
}

/** Something assignable of type `t` that is not made up of the blank identifier; null if there is no such variable. */
export function lvalue(g: Gen, t: Type): string | null {
  const options: (() => string)[] = [];
  for (let i = Math.max(0, g.vars.length - 16); i < g.vars.length; i++) {
    const v = g.vars[i];
    if (!v.variable) continue;
    const u = underlying(v.type);
    if (identical(v.type, t)) options.push(() => v.name);
    if (u.kind === "pointer" && identical(u.elem, t)) options.push(() => `*${v.name}`);
    if ((u.kind === "slice" || u.kind === "array") && identical(u.elem, t))
      options.push(() => `${v.name}[${index(g, 3)}]`);
    if (u.kind === "map" && identical(u.elem, t)) options.push(() => `${v.name}[${value(g, u.key, 3)}]`);
    for (const f of fieldsOf(v.type)) if (identical(f.type, t)) options.push(() => `${v.name}.${f.name}`);
  }
  return options.length === 0 ? null : g.pick(options)();
}
