/** A whole program: types with methods, functions, package-level variables; valid by construction. */
import { Random } from "../mutate.ts";
import { typed, value, written } from "./expr.ts";
import { Gen } from "./gen.ts";
import { body } from "./stmt.ts";
import {
  any,
  bool,
  comparable,
  type Field,
  type FuncType,
  fieldText,
  funcOf,
  int,
  isInterface,
  type Method,
  type NamedDecl,
  pointerTo,
  resultText,
  sliceOf,
  string,
  type Type,
  typeText,
  underlying,
} from "./types.ts";

export interface ProgramOptions {
  readonly std: boolean;
}

/** A program of one file. */
export function generateProgram(seed: number, options: ProgramOptions): string {
  return new Program(new Gen(new Random(seed), options.std)).write("main", []);
}

/** A package `lib` at `path`, and a program that imports it: one file each. */
export function generatePair(seed: number, options: ProgramOptions, path: string): { lib: string; main: string } {
  const g = new Gen(new Random(seed), options.std, true);
  const lib = new Program(g).write("lib", []);
  return { lib, main: new Program(g.importer()).write("main", [path]) };
}

type Param = Type & { kind: "param" };

interface PendingFunc {
  readonly head: string;
  readonly params: readonly { name: string; type: Type }[];
  readonly typeParams: readonly Param[];
  readonly results: readonly Type[];
  readonly resultNames: readonly string[];
  readonly pure: boolean;
}

function tagText(g: Gen): string {
  return g.chance(8) ? ' `json:"x"`' : "";
}

class Program {
  private readonly decls: string[] = [];
  private readonly pending: PendingFunc[] = [];
  private readonly constantNames: string[] = [];

  constructor(private readonly g: Gen) {}

  /** The text of a package that imports others, by their paths. */
  write(name: string, imported: readonly string[]): string {
    const { g } = this;
    for (let i = 2 + g.below(3); i > 0; i--) g.pool.push(g.compose());
    this.signatures();
    for (let i = 2 + g.below(4); i > 0; i--) this.namedType();
    for (let i = g.below(3); i > 0; i--) this.genericType();
    for (let i = 2 + g.below(4); i > 0; i--) g.pool.push(g.compose());
    for (let i = 2 + g.below(6); i > 0; i--) this.func(g.chance(25));
    this.aliases();
    this.constants();
    this.methods();
    this.globals();
    const bodies = this.pending.map((fn) => this.bodyOf(fn));
    const special = [
      ...Array.from({ length: g.chance(25) ? 1 + g.below(2) : 0 }, () => this.special("init")),
      ...(name === "main" ? [this.special("main")] : []),
    ];
    const text = [...this.decls, ...bodies, ...special].join("\n");
    const used = ["unsafe", ...g.imports].filter((path) => new RegExp(`\\b${path}\\.`).test(text));
    const imports = [...new Set(used)].sort().map((path) => `import "${path}"\n`);
    for (const path of imported) imports.push(`import ${/\blib\./.test(text) ? "lib" : "_"} "${path}"\n`);
    return `package ${name}\n\n${imports.join("")}\n${text}`;
  }

  /** `func main` and `func init`. */
  private special(name: string): string {
    const none = { typeParams: [], results: [], resultNames: [], params: [], pure: false };
    return this.bodyOf({ ...none, head: `func ${name}()` });
  }

  /** Other names for types, and one for slices of any. */
  private aliases(): void {
    const { g } = this;
    for (let i = g.below(3); i > 0; i--) {
      const t = g.pick(g.pool);
      if (t.kind === "basic" || t === any) continue;
      const alias = g.freshGlobal(g.exporting ? "x" : "A");
      g.aliases.push({ type: t, name: alias });
      this.decls.push(`type ${alias} = ${typeText(t)}\n`);
    }
    if (!g.chance(30)) return;
    const alias = g.freshGlobal(g.exporting ? "x" : "A");
    g.aliases.push({ type: null, name: alias });
    this.decls.push(`type ${alias}[E any] = []E\n`);
  }

  private constants(): void {
    const { g } = this;
    if (!g.chance(40)) return;
    const names = Array.from({ length: 2 + g.below(3) }, () => g.freshGlobal("c"));
    const [first, ...rest] = names;
    this.decls.push(
      `const (\n\t${first}${g.pick([" = iota", " int = iota + 1", " = 1 << iota"])}\n\t${rest.join("\n\t")}\n)\n`,
    );
    for (const name of names) this.constantNames.push(name);
  }

  private signatures(): void {
    const { g } = this;
    if (g.signatures.length > 0) return; // of a name there is one
    for (let i = 0; i < 3; i++) {
      const type = funcOf(
        Array.from({ length: g.below(3) }, () => g.type()),
        Array.from({ length: g.below(2) }, () => g.type()),
      );
      g.signatures.push({ name: `M${i}`, pointer: false, type });
    }
    const iface = this.declare("I", { kind: "interface", methods: g.signatures.slice(0, 1 + g.below(2)) });
    g.pool.push(iface, iface);
  }

  private declare(prefix: string, underlyingType: Type, params: readonly Param[] = []): Type & { kind: "named" } {
    const { g } = this;
    const decl: NamedDecl = { name: g.freshGlobal(prefix), params, underlying: underlyingType, methods: [] };
    g.named.push(decl);
    return { kind: "named", decl, args: params };
  }

  private namedType(): void {
    const { g } = this;
    const t = this.declare("T", int);
    const { decl } = t;
    switch (g.below(8)) {
      case 0:
        decl.underlying = sliceOf(g.type());
        break;
      case 1:
        decl.underlying = funcOf([g.type()], [g.type()]);
        break;
      case 2:
        decl.underlying = g.pick([int, string]);
        break;
      case 3:
        decl.underlying = { kind: "map", key: string, elem: g.type() };
        break;
      default:
        decl.underlying = { kind: "struct", fields: this.fields(t) };
    }
    g.pool.push(t, t, pointerTo(t), pointerTo(t));
    if (g.chance(40)) g.pool.push(sliceOf(g.chance(50) ? t : pointerTo(t)));
    for (const signature of g.signatures) {
      if (g.chance(55)) decl.methods.push({ ...signature, pointer: g.chance(55) });
    }
    if (g.chance(20)) decl.methods.push({ name: "Error", pointer: g.chance(50), type: funcOf([], [string]) });
    if (g.chance(25)) {
      const yielded = Array.from({ length: 1 + g.below(2) }, () => g.type());
      decl.methods.push({
        name: `All${decl.name}`,
        pointer: g.chance(50),
        type: funcOf([funcOf(yielded, [bool])], []),
      });
    }
  }

  private fields(self: Type & { kind: "named" }): Field[] {
    const { g } = this;
    const list: Field[] = [];
    const field = (type: Type): void => {
      list.push({ name: g.fresh("F"), type, embedded: false });
    };
    if (g.chance(30)) {
      const embeddable = g.pool.filter(
        (t) => t.kind === "named" && (underlying(t).kind === "struct" || isInterface(t)),
      );
      if (embeddable.length > 0) {
        const t = g.pick(embeddable) as Type & { kind: "named" };
        const type = isInterface(t) || g.chance(50) ? t : pointerTo(t);
        list.push({ name: t.decl.name.replace(/^.*\./, ""), type, embedded: true });
      }
    }
    for (let i = 1 + g.below(4); i > 0; i--) field(g.type());
    if (g.chance(40)) field(pointerTo(self));
    if (g.chance(15)) field(sliceOf(self));
    if (g.chance(8)) list.splice(g.below(list.length), 0, { name: "_", type: g.pick([int, string]), embedded: false });
    return list;
  }

  private genericType(): void {
    const { g } = this;
    const param: Param = { kind: "param", name: g.fresh("E"), constraint: g.pick(["any", "any", "comparable"]) };
    const key: Param | null = g.chance(30) ? { kind: "param", name: g.fresh("K"), constraint: "comparable" } : null;
    const t = this.declare("G", int, key === null ? [param] : [param, key]);
    const { decl } = t;
    const field = (name: string): string => (g.exporting ? name[0].toUpperCase() + name.slice(1) : name);
    decl.underlying = {
      kind: "struct",
      fields: [
        { name: field("val"), type: param, embedded: false },
        { name: field("ptr"), type: pointerTo(param), embedded: false },
        { name: field("list"), type: sliceOf(param), embedded: false },
        { name: field("next"), type: pointerTo(t), embedded: false },
        ...(key === null
          ? []
          : [{ name: field("byKey"), type: { kind: "map" as const, key, elem: param }, embedded: false }]),
      ].slice(g.below(2)),
    };
    decl.methods.push(
      { name: "Get", pointer: g.chance(60), type: funcOf([], [param]) },
      { name: "Set", pointer: true, type: funcOf([param], g.chance(50) ? [] : [pointerTo(t)]) },
      { name: "All", pointer: g.chance(60), type: funcOf([], [funcOf([funcOf([param], [bool])], [])]) },
      { name: "Do", pointer: g.chance(60), type: funcOf([funcOf([param], [bool])], [int]) },
    );
    if (key !== null) decl.methods.push({ name: "At", pointer: g.chance(60), type: funcOf([key], [param, bool]) });
    const names = g.pool.filter((x) => param.constraint === "any" || comparable(x));
    for (let i = 1 + g.below(3); i > 0; i--) {
      const instance: Type = {
        kind: "named",
        decl,
        args: [g.pick(names), ...(key === null ? [] : [g.comparableType()])],
      };
      g.pool.push(instance, pointerTo(instance));
    }
  }

  /** Declares a function; its body is written when all others are known. */
  private func(generic: boolean): void {
    const { g } = this;
    const typeParams: Param[] = [];
    if (generic) {
      const constraints = ["any", "any", "comparable", "number", "methods"] as const;
      typeParams.push({ kind: "param", name: g.fresh("P"), constraint: g.pick(constraints) });
      if (g.chance(30)) typeParams.push({ kind: "param", name: g.fresh("Q"), constraint: "any" });
      if (g.chance(25)) {
        const core = sliceOf(typeParams[0]);
        typeParams.push({ kind: "param", name: g.fresh("S"), constraint: "slice", core });
      }
    }
    const pure = g.chance(30);
    const name = g.freshGlobal(generic ? "run" : "sum");
    g.typeParams = typeParams;
    const params = Array.from({ length: g.below(4) }, () => ({
      name: g.chance(10) ? "_" : g.fresh("a"),
      type: g.type(),
    }));
    if (generic) for (const p of typeParams.slice(0, 1 + g.below(3))) params.unshift({ name: g.fresh("a"), type: p });
    const variadic = g.chance(15);
    if (variadic) params.push({ name: g.fresh("a"), type: sliceOf(g.type()) });
    const results = Array.from({ length: g.pick([0, 1, 1, 1, 2, 2, 3]) }, () => g.type());
    g.typeParams = [];
    const type: FuncType = {
      kind: "func",
      params: params.map((p) => p.type),
      variadic,
      results,
    };
    g.funcs.push({ name, type, params: typeParams, pure });
    const list = typeParams.map((p) => `${p.name} ${this.constraintText(p)}`).join(", ");
    const resultNames = results.length > 0 && g.chance(25) ? results.map(() => g.fresh("res")) : [];
    const paramText = params.map((p, i) => {
      if (variadic && i === params.length - 1 && p.type.kind === "slice")
        return `${p.name} ...${typeText(p.type.elem)}`;
      return `${p.name} ${written(g, p.type)}`;
    });
    this.pending.push({
      head: `${this.pragma()}func ${name}${list === "" ? "" : `[${list}]`}(${paramText.join(", ")})${this.resultsOf(results, resultNames)}`,
      params,
      typeParams,
      results,
      resultNames,
      pure,
    });
  }

  private pragma(): string {
    const { g } = this;
    return g.chance(10) ? g.pick(["//go:noinline\n", "//go:noinline\n", "//go:nosplit\n", "//go:norace\n"]) : "";
  }

  private resultsOf(results: readonly Type[], names: readonly string[]): string {
    if (names.length === 0) return resultText(results);
    return ` (${results.map((t, i) => `${names[i]} ${typeText(t)}`).join(", ")})`;
  }

  private constraintText(p: Param): string {
    switch (p.constraint) {
      case "number":
        return "~int | ~int8 | ~uint | ~uint64 | ~int32 | ~uintptr | ~byte";
      case "methods": {
        const [{ name, type }] = this.g.signatures;
        return typeText({ kind: "interface", methods: [{ name, pointer: false, type }] });
      }
      case "slice":
        return `~${typeText(p.core!)}`;
      default:
        return p.constraint;
    }
  }

  private methods(): void {
    const { g } = this;
    for (const decl of g.named) {
      if (g.foreign.has(decl)) continue;
      for (const method of decl.methods) this.method(decl, method);
      const list =
        decl.params.length === 0 ? "" : `[${decl.params.map((p) => `${p.name} ${p.constraint}`).join(", ")}]`;
      const u = decl.underlying;
      const text =
        u.kind === "struct"
          ? `struct {\n${u.fields.map((f) => `\t${fieldText(f)}${tagText(g)}\n`).join("")}}`
          : typeText(u);
      this.decls.push(`type ${decl.name}${list} ${text}\n`);
    }
  }

  private method(decl: NamedDecl, method: Method): void {
    const { g } = this;
    const self: Type = { kind: "named", decl, args: decl.params };
    const type = method.pointer ? pointerTo(self) : self;
    const receiver = { name: g.chance(10) ? "_" : g.fresh("t"), type };
    const params = method.type.params.map((p) => ({ name: g.fresh("a"), type: p }));
    this.pending.push({
      head: `${this.pragma()}func (${receiver.name} ${typeText(type)}) ${method.name}(${params
        .map((p) => `${p.name} ${typeText(p.type)}`)
        .join(", ")})${resultText(method.type.results)}`,
      params: [receiver, ...params],
      typeParams: decl.params,
      results: method.type.results,
      resultNames: [],
      pure: false,
    });
  }

  private globals(): void {
    const { g } = this;
    g.pure = true;
    g.budget = 12;
    const globals: { name: string; type: Type }[] = [];
    for (let i = g.below(6); i > 0; i--) {
      const type = g.chance(30) ? g.compose() : g.pick(g.pool);
      const name = g.freshGlobal("v");
      globals.push({ name, type });
      const text = g.chance(25)
        ? `var ${name} ${typeText(type)}`
        : `var ${name} ${typeText(type)} = ${value(g, type, 1)}`;
      this.decls.push(`${text}\n`);
      // Later initialisers can use it: no cycle arises.
      g.declare(name, type);
    }
    if (g.chance(10)) this.decls.push(`var _ = ${typed(g, any, 1)}\n`);
    g.pure = false;
    g.vars = [
      ...g.imported,
      ...this.constantNames.map((name) => ({ name, type: int, variable: false })),
      ...globals.map(({ name, type }) => ({ name, type, variable: true })),
    ];
  }

  private bodyOf(fn: PendingFunc): string {
    const { g } = this;
    const all = g.vars;
    if (fn.pure) g.vars = [];
    g.pure = fn.pure;
    // Now and then a function that is big to the inliner.
    const isBig = g.chance(0.4);
    g.budget = isBig ? 700 : 5 + g.below(18);
    g.typeParams = fn.typeParams;
    g.results = fn.results;
    g.resultNames = fn.resultNames;
    const text = g.scoped(() => {
      for (const p of fn.params) if (p.name !== "_") g.declare(p.name, p.type);
      fn.resultNames.forEach((name, i) => {
        g.declare(name, fn.results[i]);
      });
      return body(g, isBig ? 300 : 3 + g.below(8), fn.results);
    });
    g.vars = all;
    g.pure = false;
    g.resultNames = [];
    g.typeParams = [];
    return `${fn.head} ${text}\n`;
  }
}
