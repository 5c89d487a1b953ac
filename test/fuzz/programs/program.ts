/** A whole program: types with methods, functions, package-level variables; valid by construction. */
import { Random } from "../mutate.ts";
import { typed, value } from "./expr.ts";
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

export function generateProgram(seed: number, options: ProgramOptions): string {
  return new Program(new Gen(new Random(seed), options.std)).write();
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

class Program {
  private readonly decls: string[] = [];
  private readonly pending: PendingFunc[] = [];

  constructor(private readonly g: Gen) {}

  write(): string {
    const { g } = this;
    for (let i = 2 + g.below(3); i > 0; i--) g.pool.push(g.compose());
    this.signatures();
    for (let i = 2 + g.below(4); i > 0; i--) this.namedType();
    for (let i = g.below(3); i > 0; i--) this.genericType();
    for (let i = 2 + g.below(4); i > 0; i--) g.pool.push(g.compose());
    for (let i = 2 + g.below(6); i > 0; i--) this.func(g.chance(25));
    this.methods();
    this.globals();
    const bodies = this.pending.map((fn) => this.bodyOf(fn));
    const all = [...this.decls, ...bodies];
    const imports = [...g.imports].sort().map((path) => `import "${path}"\n`);
    return `package main\n\n${imports.join("")}\n${all.join("\n")}\nfunc main() {}\n`;
  }

  private signatures(): void {
    const { g } = this;
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
    const decl: NamedDecl = { name: g.fresh(prefix), params, underlying: underlyingType, methods: [] };
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
        list.push({ name: t.decl.name, type, embedded: true });
      }
    }
    for (let i = 1 + g.below(4); i > 0; i--) field(g.type());
    if (g.chance(40)) field(pointerTo(self));
    if (g.chance(15)) field(sliceOf(self));
    return list;
  }

  private genericType(): void {
    const { g } = this;
    const param: Param = { kind: "param", name: g.fresh("E"), constraint: g.pick(["any", "any", "comparable"]) };
    const t = this.declare("G", int, [param]);
    const { decl } = t;
    decl.underlying = {
      kind: "struct",
      fields: [
        { name: "val", type: param, embedded: false },
        { name: "ptr", type: pointerTo(param), embedded: false },
        { name: "list", type: sliceOf(param), embedded: false },
        { name: "next", type: pointerTo(t), embedded: false },
      ].slice(g.below(2)),
    };
    decl.methods.push(
      { name: "Get", pointer: g.chance(60), type: funcOf([], [param]) },
      { name: "Set", pointer: true, type: funcOf([param], g.chance(50) ? [] : [pointerTo(t)]) },
      { name: "All", pointer: g.chance(60), type: funcOf([], [funcOf([funcOf([param], [bool])], [])]) },
      { name: "Do", pointer: g.chance(60), type: funcOf([funcOf([param], [bool])], [int]) },
    );
    const names = g.pool.filter((x) => param.constraint === "any" || comparable(x));
    for (let i = 1 + g.below(3); i > 0; i--) {
      const instance: Type = { kind: "named", decl, args: [g.pick(names)] };
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
    }
    const pure = g.chance(30);
    const name = g.fresh(generic ? "gen" : "fn");
    g.typeParams = typeParams;
    const params = Array.from({ length: g.below(4) }, () => ({
      name: g.chance(10) ? "_" : g.fresh("a"),
      type: g.type(),
    }));
    if (generic) params.unshift({ name: g.fresh("a"), type: typeParams[0] });
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
      return `${p.name} ${typeText(p.type)}`;
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
    return this.g.chance(8) ? "//go:noinline\n" : "";
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
      default:
        return p.constraint;
    }
  }

  private methods(): void {
    const { g } = this;
    for (const decl of g.named) {
      for (const method of decl.methods) this.method(decl, method);
      const list =
        decl.params.length === 0 ? "" : `[${decl.params.map((p) => `${p.name} ${p.constraint}`).join(", ")}]`;
      const u = decl.underlying;
      const text =
        u.kind === "struct" ? `struct {\n${u.fields.map((f) => `\t${fieldText(f)}\n`).join("")}}` : typeText(u);
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
      const name = g.fresh("g");
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
    g.vars = globals.map(({ name, type }) => ({ name, type, variable: true }));
  }

  private bodyOf(fn: PendingFunc): string {
    const { g } = this;
    const all = g.vars;
    if (fn.pure) g.vars = [];
    g.pure = fn.pure;
    g.budget = 5 + g.below(18);
    g.typeParams = fn.typeParams;
    g.results = fn.results;
    const text = g.scoped(() => {
      for (const p of fn.params) if (p.name !== "_") g.declare(p.name, p.type);
      fn.resultNames.forEach((name, i) => {
        g.declare(name, fn.results[i]);
      });
      return body(g, 3 + g.below(8), fn.results);
    });
    g.vars = all;
    g.pure = false;
    g.typeParams = [];
    return `${fn.head} ${text}\n`;
  }
}
