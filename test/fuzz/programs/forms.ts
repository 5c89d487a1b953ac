/** Statements that show what the compiler treats specially: captured results, spread calls, conversions that need not
 *  copy, loops whose closures outlive an iteration. */
import { args, call, closureBody, comparison, funcLiteral, typed, value } from "./expr.ts";
import type { Gen } from "./gen.ts";
import { block, head, statements, use } from "./stmt.ts";
import {
  any,
  byte,
  comparable,
  funcOf,
  int,
  isOpen,
  methodsOf,
  pointerTo,
  sliceOf,
  string,
  type Type,
  typeText,
  underlying,
} from "./types.ts";

type Writer = (g: Gen) => string | null;

/** A statement of one of the forms; null where it has no use. */
export function specialForm(g: Gen): string | null {
  return g.pick(forms)(g);
}

const forms: readonly Writer[] = [
  recoverInDefer,
  recoverInDefer,
  closuresInLoop,
  closuresInLoop,
  goroutinesInLoop,
  spreadCall,
  spreadCall,
  valueSwitch,
  bytesAndText,
  bytesAndText,
  sliceToArray,
  anonymousStruct,
  localConstants,
  channelOfFuncs,
  shadow,
  commaOk,
  elseChain,
  boxedSwitch,
  pointerAccess,
];

/** Reads as a block on lines of its own. */
function lines(g: Gen, parts: readonly string[]): string {
  return parts.map((part) => g.line(part)).join("");
}

function tabs(g: Gen): string {
  return "\t".repeat(g.indent);
}

/** `defer func() { if r := recover(); r != nil { … } }()`, which may set a named result. */
function recoverInDefer(g: Gen): string {
  const named = g.vars.filter((v) => g.resultNames.includes(v.name));
  g.indent += 2;
  let inner = "";
  if (named.length > 0) {
    const result = g.pick(named);
    inner = g.line(`${result.name} = ${value(g, result.type, 1)}`);
  } else if (g.chance(50)) inner = g.line(`print(r)`);
  g.indent -= 2;
  const t = tabs(g);
  return g.line(`defer func() {\n${t}\tif r := recover(); r != nil {\n${inner}${t}\t}\n${t}}()`);
}

function closuresInLoop(g: Gen): string {
  const result = g.type();
  const type = funcOf([], [result]);
  const list = g.fresh("fs");
  const i = g.fresh("i");
  const start = g.line(`var ${list} []${typeText(type)}`);
  const n = head(g.pick(["3", "10", value(g, int, 2)]));
  const loop = g.scoped(() => {
    g.declare(i, int);
    g.indent++;
    const copy = g.chance(25) ? g.line(`${i} := ${i}`) : "";
    const text = g.line(`${list} = append(${list}, func() ${typeText(result)} ${closureBody(g, [], [result])})`);
    const after = g.chance(30) ? g.line(`defer ${list}[${i}]()`) : g.line(`_ = ${i}`);
    g.indent--;
    const header = g.chance(50) ? `for ${i} := range ${n}` : `for ${i} := 0; ${i} < ${n}; ${i}++`;
    return g.line(`${header} {\n${copy}${text}${after}${tabs(g)}}`);
  });
  g.declare(list, sliceOf(type));
  return start + loop;
}

function goroutinesInLoop(g: Gen): string {
  const t = g.type();
  const channel = g.fresh("ch");
  const i = g.fresh("i");
  const start = g.line(`${channel} := make(chan ${chanElem(t)}${g.chance(50) ? "" : ", 2"})`);
  g.declare(channel, { kind: "chan", dir: "", elem: t });
  const loop = g.scoped(() => {
    g.declare(i, int);
    const text = funcLiteral(g, funcOf([], []));
    return g.line(
      `for ${i} := 0; ${i} < 2; ${i}++ {\n${tabs(g)}\tgo ${text}()\n${tabs(g)}\tgo func() { ${channel} <- ${value(g, t, 3).replaceAll("\n", "\n")} }()\n${tabs(g)}}`,
    );
  });
  return start + loop;
}

function chanElem(t: Type): string {
  const text = typeText(t);
  return text.startsWith("<-") ? `(${text})` : text;
}

/** f(g()) where g has several results. */
function spreadCall(g: Gen): string | null {
  const makers = g.funcs.filter((fn) => fn.params.length === 0 && fn.type.results.length > 1 && (!g.pure || fn.pure));
  if (makers.length === 0) return null;
  const maker = g.pick(makers);
  const { results } = maker.type;
  const given = call(g, maker.name, maker.type, 1);
  const takers = g.funcs.filter(
    (fn) =>
      fn.params.length === 0 &&
      !fn.type.variadic &&
      (!g.pure || fn.pure) &&
      fn.type.params.length === results.length &&
      fn.type.params.every((p, i) => typeText(p) === typeText(results[i])),
  );
  if (takers.length > 0 && g.chance(60)) return g.line(`${g.pick(takers).name}(${given})`);
  if (g.chance(30)) return g.line(`func(_ ...any) {}(${given})`);
  const type = funcOf(results, g.chance(50) ? [] : [g.type()]);
  const word = g.chance(20) ? g.pick(["defer ", "go "]) : "";
  return g.line(`${word}${funcLiteral(g, type)}(${given})`);
}

/** A tag of any comparable type, and variables as cases: constants would have to differ. */
function valueSwitch(g: Gen): string | null {
  const t = g.comparableType();
  if (isOpen(t)) return null;
  const x = g.fresh("x");
  return g.scoped(() => {
    const init = head(typed(g, t, 2));
    const clauses: string[] = [];
    g.breakable++;
    for (let i = 1 + g.below(3); i > 0; i--) {
      const known = g.variable(t);
      if (known === null) break;
      const list = g.chance(30) ? `${known.name}, ${g.variable(t)!.name}` : known.name;
      g.indent++;
      clauses.push(`${tabs(g).slice(1)}case ${list}:\n${g.scoped(() => statements(g, 1))}`);
      g.indent--;
    }
    g.breakable--;
    const text = g.line(`switch ${x} := ${init}; ${x} {\n${clauses.join("")}${tabs(g)}}`);
    return text;
  });
}

function bytesAndText(g: Gen): string {
  const bytes = typed(g, sliceOf(byte), 2);
  const text = typed(g, string, 2);
  const v = g.fresh("v");
  const i = g.fresh("i");
  switch (g.below(9)) {
    case 0:
      return g.line(`for ${i}, ${v} := range []byte(${head(text)}) {\n${tabs(g)}\t_, _ = ${i}, ${v}\n${tabs(g)}}`);
    case 1:
      return g.line(`switch string(${head(bytes)}) {\n${tabs(g)}case "a", ${head(text)}:\n${tabs(g)}}`);
    case 2:
      return g.line(`_ = map[string]int{"k": 1}[string(${bytes})]`);
    case 3: {
      g.declare(v, string);
      return g.line(`${v} := "<" + string(${bytes}) + ">"`) + use(g, v);
    }
    case 4: {
      const made = lines(g, [`${v} := []byte(${text})`, `_ = string(${v})`]);
      g.declare(v, sliceOf(byte));
      return made;
    }
    case 5:
      return g.line(`for range []rune(${head(text)}) {\n${tabs(g)}}`);
    case 6: {
      const made = g.line(`${v} := append([]byte(${text}), ${bytes}...)`);
      g.declare(v, sliceOf(byte));
      return made + use(g, v);
    }
    case 7: {
      const made = g.line(`${v} := ${g.pick(["min", "max"])}(${text}, ${typed(g, string, 3)}, "m")`);
      g.declare(v, string);
      return made + use(g, v);
    }
    default:
      return g.line(`if string(${head(bytes)}) ${g.pick(["==", "<", "!="])} ${head(text)} {\n${tabs(g)}}`);
  }
}

function sliceToArray(g: Gen): string | null {
  const slices = g.vars.filter((v) => v.variable && v.type.kind === "slice" && !isOpen(v.type));
  if (slices.length === 0) return null;
  const { name, type } = g.pick(slices) as { name: string; type: Type & { kind: "slice" } };
  const array: Type = { kind: "array", len: g.pick([0, 1, 4]), elem: type.elem };
  const v = g.fresh("v");
  const pointer = g.chance(50);
  const t = pointer ? pointerTo(array) : array;
  const text = g.line(`${v} := (${typeText(t)})(${name})`) + use(g, v);
  if (array.len > 0) g.declare(v, t);
  return text;
}

function anonymousStruct(g: Gen): string {
  const t: Type = {
    kind: "struct",
    fields: [
      { name: "K", type: g.type(), embedded: false },
      { name: "V", type: g.type(), embedded: false },
    ],
  };
  const v = g.fresh("v");
  const text = g.line(
    `${v} := ${g.chance(50) ? "" : "&"}${typeText(t)}{${value(g, t.fields[0].type, 1)}, ${value(g, t.fields[1].type, 1)}}`,
  );
  const type = text.includes(":= &") ? pointerTo(t) : t;
  g.declare(v, type);
  const compared = comparable(type) && !isOpen(type) && g.chance(60) ? g.line(`_ = ${v} == ${v}`) : use(g, v);
  return text + compared;
}

function localConstants(g: Gen): string {
  const names = Array.from({ length: 2 + g.below(3) }, () => g.fresh("c"));
  const typed = g.chance(50) ? " int" : "";
  const first = `${names[0]}${typed} = iota${g.chance(40) ? " * 3" : ""}`;
  const t = tabs(g);
  const text = g.line(`const (\n${t}\t${[first, ...names.slice(1)].join(`\n${t}\t`)}\n${t})`);
  for (const name of names) g.declare(name, int, false);
  return text;
}

function channelOfFuncs(g: Gen): string {
  const type = funcOf(g.chance(60) ? [g.type()] : [], [g.type()]);
  const channel = g.fresh("ch");
  const v = g.fresh("v");
  const parts = [
    `${channel} := make(chan ${typeText(type)}, 1)`,
    `${channel} <- ${value(g, type, 1)}`,
    `${v} := (<-${channel})(${args(g, type, 2)})`,
  ];
  const text = lines(g, parts);
  g.declare(channel, { kind: "chan", dir: "", elem: type });
  g.declare(v, type.results[0]);
  return text + use(g, v);
}

/** `x := x` in a block of its own. */
function shadow(g: Gen): string | null {
  const vars = g.vars.slice(-8).filter((v) => v.variable);
  if (vars.length === 0) return null;
  const { name, type } = g.pick(vars);
  g.indent++;
  const inner = g.scoped(() => {
    const text = g.line(`${name} := ${name}`);
    g.declare(name, type);
    return text + statements(g, 2) + use(g, name);
  });
  g.indent--;
  return g.line(`{\n${inner}${tabs(g)}}`);
}

function commaOk(g: Gen): string | null {
  const maps = g.vars.filter((v) => underlying(v.type).kind === "map");
  if (maps.length === 0) return null;
  const { name, type } = g.pick(maps);
  const u = underlying(type) as Type & { kind: "map" };
  const v = g.fresh("v");
  const key = head(value(g, u.key, 2));
  return g.scoped(() => {
    g.declare(v, u.elem);
    const then = block(g, 2, () => use(g, v));
    const other = g.chance(40) ? ` else ${block(g, 1, () => use(g, v))}` : "";
    return g.line(`if ${v}, ok := ${name}[${key}]; ok ${then}${other}`);
  });
}

function elseChain(g: Gen): string {
  const t = g.type();
  const v = g.fresh("v");
  const first = head(comparison(g, 2));
  const then = block(g, 1);
  const init = head(typed(g, t, 2));
  return g.scoped(() => {
    g.declare(v, t);
    const second = block(g, 2, () => use(g, v));
    const last = block(g, 1, () => use(g, v));
    return g.line(`if ${first} ${then} else if ${v} := ${init}; ${head(comparison(g, 3))} ${second} else ${last}`);
  });
}

/** `switch any(x).(type)`, also of a type parameter. */
function boxedSwitch(g: Gen): string | null {
  const vars = g.vars.slice(-10).filter((v) => v.variable);
  if (vars.length === 0) return null;
  const { name } = g.pick(vars);
  const w = g.fresh("w");
  const seen = new Set<string>();
  const clauses: string[] = [];
  for (let i = 1 + g.below(3); i > 0; i--) {
    const t = g.pick([int, string, sliceOf(byte), pointerTo(int), ...g.typeParams]);
    if (seen.has(typeText(t)) || (t.kind === "param" && seen.size > 0)) continue;
    if ([...seen].some((text) => g.typeParams.some((p) => p.name === text))) continue;
    seen.add(typeText(t));
    g.indent++;
    clauses.push(
      `${tabs(g).slice(1)}case ${typeText(t)}:\n${g.scoped(() => {
        g.declare(w, t);
        return statements(g, 1) + use(g, w);
      })}`,
    );
    g.indent--;
  }
  if (clauses.length === 0) return null;
  return g.line(`switch ${w} := any(${name}).(type) {\n${clauses.join("")}${tabs(g)}}`);
}

function pointerAccess(g: Gen): string | null {
  g.import("unsafe");
  const v = g.fresh("v");
  const text = typed(g, string, 2);
  const parts = g.pick([
    () => [pointerTo(byte), `unsafe.StringData(${text})`] as const,
    () => [pointerTo(byte), `unsafe.SliceData(${typed(g, sliceOf(byte), 2)})`] as const,
    () => [pointerTo(int), `(*int)(unsafe.Add(unsafe.Pointer(${typed(g, pointerTo(int), 2)}), 8))`] as const,
    () => [any, `any(uintptr(unsafe.Pointer(${typed(g, pointerTo(int), 2)})))`] as const,
  ])();
  const made = g.line(`${v} := ${parts[1]}`) + use(g, v);
  g.declare(v, parts[0]);
  return made;
}

/** The method expression of an interface, `I.M`, whose type is exactly `t`; null if there is none. */
export function interfaceMethod(g: Gen, t: Type): string | null {
  for (const decl of g.named) {
    if (decl.params.length > 0 || decl.underlying.kind !== "interface") continue;
    const self: Type = { kind: "named", decl, args: [] };
    for (const m of methodsOf(self, false)) {
      if (typeText({ ...m.type, params: [self, ...m.type.params] }) === typeText(t)) return `${decl.name}.${m.name}`;
    }
  }
  return null;
}
