/** The state of the generator: what the program has declared so far, and what is in scope. */
import type { Random } from "../mutate.ts";
import {
  any,
  basic,
  bool,
  byte,
  comparable,
  error,
  type FuncType,
  funcOf,
  identical,
  int,
  type Method,
  type NamedDecl,
  pointerTo,
  rune,
  sliceOf,
  string,
  type Type,
  typeText,
} from "./types.ts";

export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Assignable and addressable; false for constants and functions. */
  readonly variable: boolean;
}

export interface FuncDecl {
  readonly name: string;
  readonly type: FuncType;
  readonly params: readonly (Type & { kind: "param" })[];
  /** Refers to no package-level variable, so that their initialisers can call it. */
  readonly pure: boolean;
}

/** A loop, switch or select that a branch can name. */
export interface Target {
  readonly label: string;
  readonly loop: boolean;
  used: boolean;
}

export class Gen {
  readonly pool: Type[] = [];
  readonly named: NamedDecl[] = [];
  /** The methods that types can have; one signature a name. */
  readonly signatures: Method[] = [];
  readonly funcs: FuncDecl[] = [];
  readonly imports = new Set<string>();
  vars: Variable[] = [];
  targets: Target[] = [];
  /** Type parameters of the function being written. */
  typeParams: readonly (Type & { kind: "param" })[] = [];
  /** Results of the innermost function. */
  results: readonly Type[] = [];
  /** Their names, if they have some. */
  resultNames: readonly string[] = [];
  /** Aliases; null as type stands for the generic alias of slices. */
  readonly aliases: { readonly type: Type | null; readonly name: string }[] = [];
  /** Statements that may still be written in this function. */
  budget = 0;
  indent = 0;
  /** Only pure functions may be called. */
  pure = false;
  /** In a loop or switch of the innermost function that a plain break can leave. */
  breakable = 0;
  loops = 0;
  private counter = 0;

  constructor(
    readonly random: Random,
    /** May import packages of the standard library. */
    readonly std: boolean,
    /** What is declared has exported names: another package imports this one. */
    public exporting = false,
  ) {
    this.pool.push(int, int, string, bool, byte, any, error, rune);
    this.pool.push(pointerTo(int), sliceOf(int), sliceOf(byte), sliceOf(string), funcOf([], [int]), funcOf([int], []));
  }

  fresh(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  /** The name of a package-level declaration. */
  freshGlobal(prefix: string): string {
    const name = this.fresh(prefix);
    return this.exporting ? name[0].toUpperCase() + name.slice(1) : name;
  }

  chance(percent: number): boolean {
    return this.random.next() * 100 < percent;
  }

  pick<T>(list: readonly T[]): T {
    return this.random.pick(list);
  }

  below(n: number): number {
    return this.random.below(n);
  }

  import(path: string): void {
    this.imports.add(path);
  }

  /** Types that another package declares. */
  readonly foreign = new Set<NamedDecl>();
  /** Variables and constants of other packages. */
  imported: readonly Variable[] = [];

  /** For a package that imports this one: what it declared is known there under qualified names. */
  importer(): Gen {
    const next = new Gen(this.random, this.std);
    next.counter = this.counter;
    next.pool.length = 0;
    next.pool.push(...this.pool);
    next.named.push(...this.named);
    for (const decl of this.named) {
      decl.name = `lib.${decl.name}`;
      next.foreign.add(decl);
    }
    next.signatures.push(...this.signatures);
    for (const { type, name } of this.aliases) next.aliases.push({ type, name: `lib.${name}` });
    next.funcs.push(...this.funcs.map((fn) => ({ ...fn, name: `lib.${fn.name}` })));
    next.imported = this.vars.map((v) => ({ ...v, name: `lib.${v.name}` }));
    return next;
  }

  /** A type of the program, mostly one that variables have. */
  type(): Type {
    if (this.typeParams.length > 0 && this.chance(35)) {
      const param = this.pick(this.typeParams);
      switch (this.below(6)) {
        case 0:
          return pointerTo(param);
        case 1:
          return sliceOf(param);
        case 2:
          return funcOf([param], [bool]);
        default:
          return param;
      }
    }
    if (this.vars.length > 0 && this.chance(40)) {
      const { type } = this.pick(this.vars);
      return type;
    }
    return this.pick(this.pool);
  }

  comparableType(): Type {
    for (let i = 0; i < 10; i++) {
      const t = this.type();
      if (comparable(t)) return t;
    }
    return this.pick([int, string]);
  }

  /** A new type built of those known. */
  compose(): Type {
    const t = this.type();
    switch (this.below(12)) {
      case 0:
      case 1:
        return pointerTo(t);
      case 2:
      case 3:
        return sliceOf(t);
      case 4:
        return { kind: "array", len: this.pick([1, 2, 3, 8]), elem: t };
      case 5:
        return { kind: "map", key: this.pick([int, string, this.comparableType()]), elem: t };
      case 6:
        return { kind: "chan", dir: this.chance(80) ? "" : this.pick(["<-chan", "chan<-"]), elem: t };
      case 7:
      case 8: {
        const params = Array.from({ length: this.below(3) }, () => this.type());
        return funcOf(
          params,
          Array.from({ length: this.below(3) }, () => this.type()),
        );
      }
      case 9:
        return {
          kind: "struct",
          fields: [
            { name: "A", type: t, embedded: false },
            { name: "B", type: this.type(), embedded: false },
          ],
        };
      case 10:
        return this.pick([
          basic("int8"),
          basic("uint"),
          basic("uint64"),
          basic("uintptr"),
          basic("float64"),
          basic("int32"),
          basic("float32"),
          basic("complex128"),
          basic("unsafe.Pointer"),
        ]);
      default:
        return sliceOf(byte);
    }
  }

  /** Runs `body` with a scope of its own. */
  scoped<T>(body: () => T): T {
    const depth = this.vars.length;
    const result = body();
    this.vars.length = depth;
    return result;
  }

  declare(name: string, type: Type, variable = true): void {
    this.vars.push({ name, type, variable });
  }

  /** A variable of the type, the younger the likelier; null if there is none. */
  variable(t: Type): Variable | null {
    const text = typeText(t);
    let found: Variable | null = null;
    for (let i = this.vars.length - 1; i >= 0; i--) {
      const v = this.vars[i];
      if (!v.variable || (v.type !== t && typeText(v.type) !== text)) continue;
      found = v;
      if (this.chance(40)) return v;
    }
    return found;
  }

  knows(t: Type): boolean {
    return this.pool.some((p) => identical(p, t));
  }

  line(text: string): string {
    return `${"\t".repeat(this.indent)}${text}\n`;
  }
}
