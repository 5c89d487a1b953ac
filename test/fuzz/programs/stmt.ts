/** Statements and bodies. Each statement takes one from the budget of its function; declared variables are used. */
import { args, call, comparison, funcLiteral, lvalue, typed, value, written } from "./expr.ts";
import { specialForm } from "./forms.ts";
import type { Gen, Target } from "./gen.ts";
import { stdStatement } from "./std.ts";
import {
  any,
  bool,
  type FuncType,
  funcOf,
  implementsInterface,
  int,
  isInteger,
  isInterface,
  isOpen,
  isString,
  methodsOf,
  rune,
  string,
  type Type,
  typeText,
  underlying,
} from "./types.ts";

/** `{ … }` with about `n` statements that ends in a return where there are results. */
export function body(g: Gen, n: number, results: readonly Type[]): string {
  return block(g, n, () => (results.length === 0 ? "" : returnStatement(g)));
}

/** `{ … }`; `last` adds statements at the end, in its scope. */
export function block(g: Gen, n: number, last: () => string = () => ""): string {
  g.indent++;
  const text = g.scoped(() => statements(g, n) + last());
  g.indent--;
  return `{\n${text}${"\t".repeat(g.indent)}}`;
}

export function statements(g: Gen, n: number): string {
  let text = "";
  for (let i = 0; i < n && g.budget > 0; i++) {
    g.budget--;
    text += statement(g);
  }
  return text;
}

function returnStatement(g: Gen): string {
  const { results } = g;
  if (results.length > 1 && g.chance(30)) {
    // f() with the same results
    const same = g.funcs.filter(
      (fn) =>
        fn.params.length === 0 &&
        (!g.pure || fn.pure) &&
        fn.type.results.length === results.length &&
        fn.type.results.every((r, i) => typeText(r) === typeText(results[i])),
    );
    if (same.length > 0) {
      const fn = g.pick(same);
      return g.line(`return ${call(g, fn.name, fn.type, 1)}`);
    }
  }
  return g.line(`return ${results.map((t) => value(g, t)).join(", ")}`.trimEnd());
}

/** `name` and `_ = name`, so that it counts as used. */
export function use(g: Gen, ...names: string[]): string {
  return names
    .filter((name) => name !== "_")
    .map((name) => g.line(`_ = ${name}`))
    .join("");
}

/** An expression for the head of a statement: composite literals need parentheses there. */
export function head(text: string): string {
  return text.includes("{") ? `(${text})` : text;
}

type Writer = (g: Gen) => string | null;

const writers: readonly (readonly [number, Writer])[] = [
  [22, declaration],
  [16, assignment],
  [9, callStatement],
  [6, ifStatement],
  [4, forStatement],
  [9, rangeStatement],
  [3, switchStatement],
  [4, typeSwitch],
  [3, selectStatement],
  [5, deferOrGo],
  [4, multiValue],
  [3, sendStatement],
  [2, branch],
  [2, gotoStatement],
  [2, builtinStatement],
  [2, earlyReturn],
  [2, (g) => g.line(block(g, 1 + g.below(3)))],
  [3, closureVariable],
  [1, localType],
  [9, specialForm],
  [4, (g) => (g.std ? stdStatement(g) : null)],
];
const totalWeight = writers.reduce((sum, [weight]) => sum + weight, 0);

function statement(g: Gen): string {
  for (let attempt = 0; attempt < 8; attempt++) {
    let n = g.below(totalWeight);
    for (const [weight, write] of writers) {
      n -= weight;
      if (n >= 0) continue;
      const text = write(g);
      if (text !== null) return text;
      break;
    }
  }
  return declaration(g);
}

function declaration(g: Gen): string {
  const t = g.chance(12) ? g.compose() : g.type();
  const name = g.fresh("v");
  let form = `${name} := `;
  switch (g.below(5)) {
    case 0:
      form = `var ${name} ${written(g, t)}`;
      break;
    case 1:
      form = `var ${name} ${written(g, t)} = ${value(g, t)}`;
      break;
    default:
      form += typed(g, t);
  }
  const text = g.line(form);
  g.declare(name, t);
  return text + use(g, name);
}

function assignment(g: Gen): string | null {
  if (g.chance(8)) return g.line(`_ = ${typed(g, g.type())}`);
  const t = g.type();
  const to = lvalue(g, t);
  if (to === null) return null;
  if (isInteger(t) && g.chance(30)) return g.line(g.chance(50) ? `${to}++` : `${to} += ${value(g, t)}`);
  if (isString(t) && g.chance(40)) return g.line(`${to} += ${value(g, t)}`);
  if (g.chance(12)) {
    const other = g.type();
    const second = lvalue(g, other);
    if (second !== null && second !== to) return g.line(`${to}, ${second} = ${value(g, t)}, ${value(g, other)}`);
  }
  return g.line(`${to} = ${value(g, t)}`);
}

/** Some call: its text and type. */
function anyCall(g: Gen): { text: string; type: FuncType } | null {
  const options: (() => { text: string; type: FuncType })[] = [];
  for (const fn of g.funcs) {
    if (fn.params.length > 0 || (g.pure && !fn.pure)) continue;
    options.push(() => ({ text: call(g, fn.name, fn.type, 0), type: fn.type }));
  }
  for (let i = Math.max(0, g.vars.length - 16); i < g.vars.length; i++) {
    const v = g.vars[i];
    const u = underlying(v.type);
    if (u.kind === "func") options.push(() => ({ text: call(g, v.name, u, 0), type: u }));
    if (g.pure) continue;
    for (const m of methodsOf(v.type, v.variable)) {
      options.push(() => ({ text: call(g, `${v.name}.${m.name}`, m.type, 0), type: m.type }));
    }
  }
  return options.length === 0 ? null : g.pick(options)();
}

function callStatement(g: Gen): string | null {
  const made = anyCall(g);
  if (made === null) return null;
  return g.line(made.text);
}

function ifStatement(g: Gen): string {
  let init = "";
  return g.scoped(() => {
    if (g.chance(20)) {
      const t = g.type();
      const name = g.fresh("v");
      init = `${name} := ${head(typed(g, t, 1))}; `;
      g.declare(name, t);
      const condition = head(comparison(g, 1));
      const then = block(g, 1 + g.below(3), () => use(g, name));
      return g.line(`if ${init}${condition} ${then}`);
    }
    const condition = head(comparison(g, 1));
    const then = block(g, 1 + g.below(3));
    if (g.chance(30)) return g.line(`if ${condition} ${then} else ${block(g, 1 + g.below(3))}`);
    return g.line(`if ${condition} ${then}`);
  });
}

/** A loop or switch with a label, if something in it names the label. */
function labelled(g: Gen, loop: boolean, write: () => string): string {
  const target: Target = { label: g.fresh("L"), loop, used: false };
  g.targets.push(target);
  g.breakable++;
  if (loop) g.loops++;
  const text = write();
  g.breakable--;
  if (loop) g.loops--;
  g.targets.pop();
  return (target.used ? g.line(`${target.label}:`) : "") + text;
}

function forStatement(g: Gen): string {
  return labelled(g, true, () =>
    g.scoped(() => {
      const n = 1 + g.below(4);
      switch (g.below(3)) {
        case 0:
          return g.line(`for ${head(comparison(g, 1))} ${block(g, n)}`);
        case 1: {
          const t = g.type();
          const name = g.fresh("v");
          const init = head(typed(g, t, 1));
          g.declare(name, t);
          const condition = g.chance(70) ? head(comparison(g, 2)) : "";
          const post = g.chance(70) ? `${name} = ${head(typed(g, t, 2))}` : "";
          return g.line(`for ${name} := ${init}; ${condition}; ${post} ${block(g, n, () => use(g, name))}`);
        }
        default: {
          const name = g.fresh("i");
          const limit = head(value(g, int, 2));
          g.declare(name, int);
          return g.line(`for ${name} := 0; ${name} < ${limit}; ${name}++ ${block(g, n)}`);
        }
      }
    }),
  );
}

/** What `range` gives for a type: key and value; null if it cannot be ranged over. */
function rangeTypes(t: Type): readonly Type[] | null {
  const u = underlying(t);
  switch (u.kind) {
    case "slice":
      return [int, u.elem];
    case "array":
      return [int, u.elem];
    case "pointer": {
      const inner = underlying(u.elem);
      return inner.kind === "array" ? [int, inner.elem] : null;
    }
    case "map":
      return [u.key, u.elem];
    case "chan":
      return u.dir === "chan<-" ? null : [u.elem];
    case "basic":
      if (u.name === "string") return [int, rune];
      return isInteger(t) ? [t] : null;
    case "func": {
      if (u.results.length > 0 || u.params.length !== 1 || u.variadic) return null;
      const yielded = underlying(u.params[0]);
      if (yielded.kind !== "func" || yielded.variadic || yielded.params.length > 2) return null;
      if (yielded.results.length !== 1 || yielded.results[0] !== bool) return null;
      return yielded.params;
    }
    default:
      return null;
  }
}

function rangeStatement(g: Gen): string | null {
  let t: Type | null = null;
  if (g.chance(30)) {
    // over a function
    const params = Array.from({ length: g.below(3) }, () => g.type());
    t = funcOf([funcOf(params, [bool])], []);
  } else {
    for (let i = 0; i < 6 && t === null; i++) {
      const candidate = g.type();
      if (rangeTypes(candidate) !== null) t = candidate;
    }
  }
  if (t === null) return null;
  const types = rangeTypes(t) as readonly Type[];
  const over = rangeOperand(g, t);
  return labelled(g, true, () =>
    g.scoped(() => {
      const n = 1 + g.below(4);
      const count = g.below(types.length + 1);
      if (count === 0) return g.line(`for range ${over} ${block(g, n)}`);
      if (g.chance(20)) {
        const lefts = types.slice(0, count).map((x) => (g.chance(20) ? "_" : lvalue(g, x)));
        if (lefts.every((x) => x !== null))
          return g.line(
            `for ${lefts.map((x) => head(x as string).replace(/^\((.*)\)$/s, "$1")).join(", ")} = range ${over} ${block(g, n)}`,
          );
      }
      const names = types.slice(0, count).map<string>(() => (count > 1 && g.chance(25) ? "_" : g.fresh("r")));
      if (names.every((name): boolean => name === "_")) names[0] = g.fresh("r");
      types.slice(0, count).forEach((x, i) => {
        if (names[i] !== "_") g.declare(names[i], x);
      });
      return g.line(`for ${names.join(", ")} := range ${over} ${block(g, n, () => use(g, ...names))}`);
    }),
  );
}

function rangeOperand(g: Gen, t: Type): string {
  if (t.kind === "func" && g.chance(70)) {
    // a method or function that yields, else a literal
    const options: string[] = [];
    for (const v of g.vars.slice(-12)) {
      if (typeText(v.type) === typeText(t)) options.push(v.name);
      if (g.pure) continue;
      for (const m of methodsOf(v.type, v.variable)) {
        if (typeText(m.type) === typeText(t)) options.push(`${v.name}.${m.name}`);
        if (m.type.params.length === 0 && m.type.results.length === 1 && typeText(m.type.results[0]) === typeText(t)) {
          options.push(`${v.name}.${m.name}()`);
        }
      }
    }
    if (options.length > 0) return g.pick(options);
    if (g.chance(50)) return head(funcLiteral(g, t));
  }
  return head(typed(g, t, 1));
}

function switchStatement(g: Gen): string {
  return labelled(g, false, () => {
    if (g.chance(40)) {
      const clauses: string[] = [];
      const n = 1 + g.below(3);
      for (let i = 0; i < n; i++) {
        const through = i < n - 1 && g.chance(15);
        clauses.push(clause(g, `case ${comparison(g, 2)}:`, through ? () => g.line("\tfallthrough") : undefined));
      }
      return g.line(`switch {\n${clauses.join("")}${"\t".repeat(g.indent)}}`);
    }
    const t = g.pick([int, string]);
    const tag = head(typed(g, t, 1));
    const clauses: string[] = [];
    const n = 1 + g.below(3);
    for (let i = 0; i < n; i++) clauses.push(clause(g, `case ${t === int ? i : `"c${i}"`}:`));
    if (g.chance(50)) clauses.splice(g.below(n + 1), 0, clause(g, "default:"));
    return g.line(`switch ${tag} {\n${clauses.join("")}${"\t".repeat(g.indent)}}`);
  });
}

function clause(g: Gen, first: string, last: () => string = () => "", before: () => string = () => ""): string {
  const line = g.line(first);
  return g.scoped(() => {
    g.indent++;
    const text = line + before() + statements(g, 1 + g.below(2));
    g.indent--;
    return text + last();
  });
}

function typeSwitch(g: Gen): string | null {
  const holders = g.vars.filter((v) => v.variable && isInterface(v.type));
  if (holders.length === 0) return null;
  const holder = g.pick(holders);
  return labelled(g, false, () => {
    const seen = new Set<string>();
    const clauses: string[] = [];
    const bound = g.chance(75) ? g.fresh("w") : null;
    for (let i = 1 + g.below(3); i > 0; i--) {
      const list: Type[] = [];
      for (let k = g.chance(20) ? 2 : 1; k > 0; k--) {
        const t = g.pick(g.pool);
        if (seen.has(typeText(t)) || isOpen(t) || !(isInterface(t) ? t === any : implementsInterface(t, holder.type)))
          continue;
        // byte and uint8, rune and int32 are one type
        const key = typeText(t)
          .replace(/\bint32\b/g, "rune")
          .replace(/\buint8\b/g, "byte");
        if (seen.has(key)) continue;
        seen.add(key);
        list.push(t);
      }
      if (list.length === 0) continue;
      const t = list.length === 1 ? list[0] : holder.type;
      clauses.push(
        clause(g, `case ${list.map(typeText).join(", ")}:`, undefined, () => {
          if (bound === null) return "";
          g.declare(bound, t);
          return use(g, bound);
        }),
      );
    }
    if (clauses.length === 0 || g.chance(40)) {
      clauses.push(
        clause(g, g.chance(70) ? "default:" : "case nil:", undefined, () => {
          if (bound === null) return "";
          g.declare(bound, holder.type);
          return use(g, bound);
        }),
      );
    }
    const binding = bound === null ? "" : `${bound} := `;
    return g.line(`switch ${binding}${holder.name}.(type) {\n${clauses.join("")}${"\t".repeat(g.indent)}}`);
  });
}

function channels(g: Gen): { name: string; elem: Type; dir: string }[] {
  const list: { name: string; elem: Type; dir: string }[] = [];
  for (const v of g.vars.slice(-20)) {
    const u = underlying(v.type);
    if (u.kind === "chan") list.push({ name: v.name, elem: u.elem, dir: u.dir });
  }
  return list;
}

function selectStatement(g: Gen): string | null {
  const chans = channels(g);
  if (chans.length === 0) return null;
  return labelled(g, false, () => {
    const clauses: string[] = [];
    for (let i = 1 + g.below(3); i > 0; i--) {
      const { name, elem, dir } = g.pick(chans);
      const sends = dir === "chan<-" || (dir === "" && g.chance(40));
      if (sends) {
        clauses.push(clause(g, `case ${name} <- ${value(g, elem, 1)}:`));
      } else if (g.chance(60)) {
        const x = g.fresh("r");
        const ok = g.chance(30) ? g.fresh("ok") : null;
        clauses.push(
          clause(g, `case ${x}${ok === null ? "" : `, ${ok}`} := <-${name}:`, undefined, () => {
            g.declare(x, elem);
            if (ok !== null) g.declare(ok, bool);
            return ok === null ? use(g, x) : use(g, x, ok);
          }),
        );
      } else {
        const to = g.chance(50) ? lvalue(g, elem) : null;
        clauses.push(clause(g, `case ${to === null ? "" : `${to} = `}<-${name}:`));
      }
    }
    if (g.chance(40)) clauses.push(clause(g, "default:"));
    return g.line(`select {\n${clauses.join("")}${"\t".repeat(g.indent)}}`);
  });
}

function deferOrGo(g: Gen): string {
  const word = g.pick(["defer", "defer", "go"]);
  if (g.chance(45)) {
    const made = anyCall(g);
    if (made !== null) return g.line(`${word} ${made.text}`);
  }
  if (g.chance(20)) {
    const builtin = g.pick([`print(${typed(g, g.pick([int, string]), 2)})`, `panic(${value(g, any, 2)})`, "recover()"]);
    return g.line(`${word} ${builtin}`);
  }
  const params = Array.from({ length: g.below(3) }, () => g.type());
  const type = funcOf(params, g.chance(20) ? [g.type()] : []);
  const given = args(g, type, 1);
  return g.line(`${word} ${funcLiteral(g, type)}(${given})`);
}

function multiValue(g: Gen): string | null {
  const options: (() => { text: string; types: readonly Type[] })[] = [];
  for (const v of g.vars.slice(-14)) {
    const u = underlying(v.type);
    if (u.kind === "map") options.push(() => ({ text: `${v.name}[${value(g, u.key, 2)}]`, types: [u.elem, bool] }));
    if (u.kind === "chan" && u.dir !== "chan<-") options.push(() => ({ text: `<-${v.name}`, types: [u.elem, bool] }));
    if (isInterface(v.type) && v.variable) {
      const fitting = g.pool.filter((t) => !isOpen(t) && !isInterface(t) && implementsInterface(t, v.type));
      if (fitting.length > 0) {
        options.push(() => {
          const t = g.pick(fitting);
          return { text: `${v.name}.(${typeText(t)})`, types: [t, bool] };
        });
      }
    }
    if (u.kind === "func" && u.results.length > 1) {
      options.push(() => ({ text: call(g, v.name, u, 1), types: u.results }));
    }
  }
  for (const fn of g.funcs) {
    if (fn.params.length > 0 || fn.type.results.length < 2 || (g.pure && !fn.pure)) continue;
    options.push(() => ({ text: call(g, fn.name, fn.type, 1), types: fn.type.results }));
  }
  if (options.length === 0) return null;
  const { text, types } = g.pick(options)();
  if (g.chance(35)) {
    const lefts = types.map((t) => (g.chance(25) ? "_" : (lvalue(g, t) ?? "_")));
    return g.line(`${lefts.join(", ")} = ${text}`);
  }
  const names = types.map<string>(() => (g.chance(15) ? "_" : g.fresh("v")));
  if (names.every((name): boolean => name === "_")) names[0] = g.fresh("v");
  const line = g.line(`${names.join(", ")} := ${text}`);
  types.forEach((t, i) => {
    if (names[i] !== "_") g.declare(names[i], t);
  });
  return line + use(g, ...names);
}

function sendStatement(g: Gen): string | null {
  const chans = channels(g).filter(({ dir }) => dir !== "<-chan");
  if (chans.length === 0) return null;
  const { name, elem } = g.pick(chans);
  return g.line(`${name} <- ${value(g, elem)}`);
}

function branch(g: Gen): string | null {
  if (g.breakable === 0) return null;
  const labelledTargets = g.targets.filter(() => g.chance(60));
  if (labelledTargets.length > 0 && g.chance(50)) {
    const target = g.pick(labelledTargets);
    target.used = true;
    const word = target.loop && g.chance(50) ? "continue" : "break";
    return g.line(
      `if ${head(comparison(g, 2))} {\n${"\t".repeat(g.indent + 1)}${word} ${target.label}\n${"\t".repeat(g.indent)}}`,
    );
  }
  const word = g.loops > 0 && g.chance(50) ? "continue" : "break";
  return g.line(`if ${head(comparison(g, 2))} {\n${"\t".repeat(g.indent + 1)}${word}\n${"\t".repeat(g.indent)}}`);
}

/** Forwards over a block, or backwards. */
function gotoStatement(g: Gen): string {
  const label = g.fresh("G");
  const jump = g.line(
    `if ${head(comparison(g, 2))} {\n${"\t".repeat(g.indent + 1)}goto ${label}\n${"\t".repeat(g.indent)}}`,
  );
  const middle = g.line(block(g, 1 + g.below(3)));
  const place = g.line(`${label}:`);
  // Labels are the function's, and jumps over declarations are errors: a block of its own has neither trouble.
  const inner = g.chance(60) ? jump + middle + place + g.line("\tprint()") : place + middle + jump;
  return g.line("{") + inner + g.line("}");
}

function builtinStatement(g: Gen): string | null {
  const v = g.vars.filter((x) => {
    const { kind } = underlying(x.type);
    return kind === "map" || kind === "slice" || kind === "chan";
  });
  switch (g.below(4)) {
    case 0:
      return g.line(`print(${typed(g, string, 1)}, ${typed(g, int, 1)})`);
    case 1:
      if (g.results.length > 0 || !g.chance(30)) return null;
      return g.line(
        `if ${head(comparison(g, 2))} {\n${"\t".repeat(g.indent + 1)}panic(${value(g, any, 2)})\n${"\t".repeat(g.indent)}}`,
      );
    default: {
      if (v.length === 0) return null;
      const { name, type } = g.pick(v);
      const u = underlying(type);
      if (u.kind === "chan") return u.dir === "<-chan" ? null : g.line(`close(${name})`);
      if (u.kind === "map" && g.chance(60)) return g.line(`delete(${name}, ${value(g, u.key, 1)})`);
      if (u.kind === "slice" && g.chance(60))
        return g.line(`copy(${name}, ${typed(g, { kind: "slice", elem: u.elem }, 1)})`);
      return g.line(`clear(${name})`);
    }
  }
}

function earlyReturn(g: Gen): string {
  const condition = head(comparison(g, 2));
  g.indent++;
  const text = returnStatement(g);
  g.indent--;
  return g.line(`if ${condition} {\n${text}${"\t".repeat(g.indent)}}`);
}

/** A closure in a variable, perhaps calling itself. */
function closureVariable(g: Gen): string {
  const params = Array.from({ length: g.below(3) }, () => g.type());
  const type = funcOf(
    params,
    Array.from({ length: g.below(2) }, () => g.type()),
  );
  const name = g.fresh("f");
  if (g.chance(25)) {
    const text = g.line(`var ${name} ${typeText(type)}`);
    g.declare(name, type);
    return text + g.line(`${name} = ${funcLiteral(g, type)}`) + use(g, name);
  }
  const text = g.line(`${name} := ${funcLiteral(g, type)}`);
  g.declare(name, type);
  return text + use(g, name);
}

function localType(g: Gen): string | null {
  if (g.typeParams.length > 0) return null;
  const decl = {
    name: g.fresh("Local"),
    params: [],
    underlying: {
      kind: "struct" as const,
      fields: [
        { name: "X", type: g.type(), embedded: false },
        { name: "Y", type: g.type(), embedded: false },
      ],
    },
    methods: [],
  };
  const t: Type = { kind: "named", decl, args: [] };
  const text = g.line(`type ${decl.name} ${typeText(decl.underlying)}`);
  const name = g.fresh("v");
  const init = g.line(
    `${name} := ${g.chance(50) ? "" : "&"}${typeText(t)}{X: ${value(g, decl.underlying.fields[0].type, 1)}}`,
  );
  g.declare(name, init.trimStart().startsWith(`${name} := &`) ? { kind: "pointer", elem: t } : t);
  return text + init + use(g, name);
}
