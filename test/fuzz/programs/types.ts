/** The types of generated programs: just enough to produce expressions of a wanted type. */

export type Type =
  | { readonly kind: "basic"; readonly name: string }
  | { readonly kind: "pointer" | "slice"; readonly elem: Type }
  | { readonly kind: "array"; readonly len: number; readonly elem: Type }
  | { readonly kind: "map"; readonly key: Type; readonly elem: Type }
  | { readonly kind: "chan"; readonly dir: "" | "<-chan" | "chan<-"; readonly elem: Type }
  | FuncType
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  | { readonly kind: "interface"; readonly methods: readonly Method[] }
  | { readonly kind: "named"; readonly decl: NamedDecl; readonly args: readonly Type[] }
  | {
      readonly kind: "param";
      readonly name: string;
      readonly constraint: Constraint;
      /** S in `[E any, S ~[]E]`: a slice of that parameter, which stands before it. */
      readonly core?: Type;
    };

export interface FuncType {
  readonly kind: "func";
  readonly params: readonly Type[];
  /** The last parameter, a slice, is written with dots. */
  readonly variadic: boolean;
  readonly results: readonly Type[];
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly embedded: boolean;
}

export type Constraint = "any" | "comparable" | "number" | "methods" | "slice";

export interface Method {
  readonly name: string;
  readonly pointer: boolean;
  readonly type: FuncType;
}

export interface NamedDecl {
  /** With its package, once that is done. */
  name: string;
  readonly params: readonly (Type & { kind: "param" })[];
  /** Set after construction, so that fields can point to the type itself. */
  underlying: Type;
  readonly methods: Method[];
}

const basics = new Map<string, Type>();

export function basic(name: string): Type {
  let type = basics.get(name);
  if (type === undefined) {
    type = { kind: "basic", name };
    basics.set(name, type);
  }
  return type;
}

export const int: Type = basic("int");
export const string: Type = basic("string");
export const bool: Type = basic("bool");
export const byte: Type = basic("byte");
export const rune: Type = basic("rune");
export const error: Type = basic("error");
export const any: Type = { kind: "interface", methods: [] };

export function pointerTo(elem: Type): Type {
  return { kind: "pointer", elem };
}

export function sliceOf(elem: Type): Type {
  return { kind: "slice", elem };
}

export function funcOf(params: readonly Type[], results: readonly Type[], variadic = false): FuncType {
  return { kind: "func", params, results, variadic };
}

/** Go's notation; identical types have the same. */
export function typeText(t: Type): string {
  switch (t.kind) {
    case "basic":
    case "param":
      return t.name;
    case "pointer":
      return `*${typeText(t.elem)}`;
    case "slice":
      return `[]${typeText(t.elem)}`;
    case "array":
      return `[${t.len}]${typeText(t.elem)}`;
    case "map":
      return `map[${typeText(t.key)}]${typeText(t.elem)}`;
    case "chan": {
      const elem = typeText(t.elem);
      // `chan <-chan T` and `chan (<-chan T)` are the same; the former is hard to read for people only.
      return t.dir === "" ? `chan ${elem.startsWith("<-") ? `(${elem})` : elem}` : `${t.dir} ${elem}`;
    }
    case "func":
      return `func${signatureText(t)}`;
    case "struct":
      return `struct{ ${t.fields.map(fieldText).join("; ")} }`;
    case "interface":
      return t.methods.length === 0
        ? "any"
        : `interface{ ${t.methods.map((m) => m.name + signatureText(m.type)).join("; ")} }`;
    case "named":
      return t.args.length === 0 ? t.decl.name : `${t.decl.name}[${t.args.map(typeText).join(", ")}]`;
  }
}

export function fieldText(field: Field): string {
  return field.embedded ? typeText(field.type) : `${field.name} ${typeText(field.type)}`;
}

export function resultText(results: readonly Type[]): string {
  if (results.length === 0) return "";
  return results.length === 1 ? ` ${typeText(results[0])}` : ` (${results.map(typeText).join(", ")})`;
}

/** Parameters and results without names. */
export function signatureText(t: FuncType): string {
  const params = t.params.map((p, i) => (t.variadic && i === t.params.length - 1 ? `...${elemText(p)}` : typeText(p)));
  return `(${params.join(", ")})${resultText(t.results)}`;
}

function elemText(t: Type): string {
  return t.kind === "slice" ? typeText(t.elem) : typeText(t);
}

export function identical(a: Type, b: Type): boolean {
  return a === b || (a.kind === b.kind && typeText(a) === typeText(b));
}

export function underlying(t: Type): Type {
  if (t.kind === "param" && t.core !== undefined) return t.core;
  if (t.kind !== "named") return t;
  return substitute(t.decl.underlying, t.decl.params, t.args);
}

/** `t` with type arguments for parameters. */
export function substitute(t: Type, params: readonly (Type & { kind: "param" })[], args: readonly Type[]): Type {
  if (params.length === 0) return t;
  const go = (x: Type): Type => {
    switch (x.kind) {
      case "basic":
      case "interface":
        return x;
      case "param": {
        const i = params.findIndex((p) => p.name === x.name);
        return i < 0 ? x : args[i];
      }
      case "pointer":
      case "slice":
      case "array":
      case "chan":
        return { ...x, elem: go(x.elem) };
      case "map":
        return { ...x, key: go(x.key), elem: go(x.elem) };
      case "func":
        return { ...x, params: x.params.map(go), results: x.results.map(go) };
      case "struct":
        return { ...x, fields: x.fields.map((f) => ({ ...f, type: go(f.type) })) };
      case "named":
        return { ...x, args: x.args.map(go) };
    }
  };
  return go(t);
}

/** Can be compared with ==, without panicking interfaces in doubt. */
export function comparable(t: Type): boolean {
  const u = underlying(t);
  switch (u.kind) {
    case "slice":
    case "map":
    case "func":
      return false;
    case "array":
      return comparable(u.elem);
    case "struct":
      return u.fields.every((f) => comparable(f.type));
    case "param":
      return u.constraint === "comparable" || u.constraint === "number";
    default:
      return true;
  }
}

export function nilable(t: Type): boolean {
  const u = underlying(t);
  return (
    u.kind === "pointer" ||
    u.kind === "slice" ||
    u.kind === "map" ||
    u.kind === "chan" ||
    u.kind === "func" ||
    u.kind === "interface" ||
    (u.kind === "basic" && (u.name === "error" || u.name === "unsafe.Pointer"))
  );
}

const integers = new Set("int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune".split(" "));

export function isInteger(t: Type): boolean {
  const u = underlying(t);
  return u.kind === "basic" && integers.has(u.name);
}

export function isNumber(t: Type): boolean {
  const u = underlying(t);
  return isInteger(t) || (u.kind === "basic" && (u.name === "float64" || u.name === "float32"));
}

export function isString(t: Type): boolean {
  const u = underlying(t);
  return u.kind === "basic" && u.name === "string";
}

export function isInterface(t: Type): boolean {
  const u = underlying(t);
  return u.kind === "interface" || (u.kind === "basic" && u.name === "error");
}

/** Mentions a type parameter. */
export function isOpen(t: Type): boolean {
  switch (t.kind) {
    case "basic":
    case "interface":
      return false;
    case "param":
      return true;
    case "map":
      return isOpen(t.key) || isOpen(t.elem);
    case "func":
      return t.params.some(isOpen) || t.results.some(isOpen);
    case "struct":
      return t.fields.some((f) => isOpen(f.type));
    case "named":
      return t.args.some(isOpen);
    default:
      return isOpen(t.elem);
  }
}

/** All that a selector can name in a value of type `t` (`addressable`: of a variable), with the path's type: fields
 *  first, then promoted ones. */
export function fieldsOf(t: Type): { name: string; type: Type }[] {
  let u = underlying(t);
  if (u.kind === "pointer") u = underlying(u.elem);
  if (u.kind !== "struct") return [];
  const list: { name: string; type: Type }[] = [];
  for (const field of u.fields) {
    if (field.name === "_") continue;
    list.push({ name: field.name, type: field.type });
    if (field.embedded) for (const promoted of fieldsOf(field.type)) list.push(promoted);
  }
  return list;
}

/** A non-interface type that has the methods of `iface`, or an interface that has them. Signatures of equal names are
 *  equal in a program. */
export function implementsInterface(t: Type, iface: Type): boolean {
  const u = underlying(iface);
  const wanted = u.kind === "interface" ? u.methods.map((m) => m.name) : ["Error"];
  if (wanted.length === 0) return true;
  if (t.kind === "basic" && t.name === "error") return wanted.every((name) => name === "Error");
  const have = methodsOf(t, false);
  return wanted.every((name) => have.some((m) => m.name === name));
}

/** The methods that a variable of type `t` has; `addressable` adds those of its pointer. */
export function methodsOf(t: Type, addressable: boolean): Method[] {
  const list = new Map<string, Method | null>();
  collect(t, addressable || t.kind === "pointer", list, 0);
  return [...list.values()].filter((m) => m !== null);
}

/** Null stands for a method that is there but for pointers only: it hides promoted ones. */
function collect(t: Type, pointers: boolean, into: Map<string, Method | null>, depth: number): void {
  if (depth > 4) return;
  if (t.kind === "interface") for (const method of t.methods) if (!into.has(method.name)) into.set(method.name, method);
  const base = t.kind === "pointer" ? t.elem : t;
  if (base.kind !== "named") return;
  if (t.kind === "pointer" && isInterface(base)) return;
  for (const method of base.decl.methods) {
    if (into.has(method.name)) continue;
    const type = substitute(method.type, base.decl.params, base.args) as FuncType;
    into.set(method.name, method.pointer && !pointers ? null : { ...method, type });
  }
  const u = underlying(base);
  if (u.kind === "interface") collect(u, false, into, depth);
  if (u.kind !== "struct") return;
  for (const field of u.fields) {
    if (field.embedded) collect(field.type, pointers || field.type.kind === "pointer", into, depth + 1);
  }
}
