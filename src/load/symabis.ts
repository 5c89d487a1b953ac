/** Which functions assembly files define and refer to, and by which calling convention.
 *
 *  Mirrors  what `go tool asm -gensymabis` finds: symDefRef of cmd/asm/internal/asm/parse.go on top of the preprocessor
 *           of cmd/asm/internal/lex. Macros are expanded as text, and only where they can bring a symbol with them. */

export const enum Abi {
  /** Arguments on the stack: assembly. */
  ABI0,
  /** Arguments in registers: Go. */
  ABIInternal,
}

/** Symbols by link name: `import/path.name`. */
export interface SymAbis {
  readonly defs: Map<string, Abi>;
  /** Bit `1 << abi` for each convention that a function is called by. */
  readonly refs: Map<string, number>;
}

export interface AsmInput {
  /** Absolute names. */
  readonly files: readonly string[];
  /** The compiler's -p, escaped as in link names. */
  readonly pkgPath: string;
  /** Names that are defined from the start: `GOOS_linux`, `GOARCH_amd64`. */
  readonly defines: readonly string[];
  /** Where `#include` finds files that are not beside the one that includes them. */
  readonly includeDirs: readonly string[];
  /** Null if there is no such file. */
  readFile(path: string): string | null;
}

interface Macro {
  /** Null for one that takes no list of arguments. */
  readonly params: readonly string[] | null;
  readonly body: string;
  /** Its expansion may mention a symbol. */
  readonly symbols: boolean;
}

/** `·` stands for the dot and `∕` for the slash of an import path. Few packages have assembly, and the engine takes its time
 *  over such classes of characters. */
const syntax = (): { readonly identifier: RegExp; readonly address: RegExp; readonly statement: RegExp } => ({
  identifier: /[\p{L}_·∕][\p{L}\p{N}_·∕]*/gu,
  address: /^[$*]?\s*([\p{L}_·∕][\p{L}\p{N}_·∕]*)\s*(?:<\s*(\w*)\s*>)?\s*(?:\+\s*\(?(?:\d\w*)\)?\s*)?\(\s*SB\s*\)\s*$/u,
  statement: /^\s*(?:[\p{L}_·∕][\p{L}\p{N}_·∕]*\s*:\s*)*([\p{L}_·∕][\p{L}\p{N}_·∕]*)(?:\.[\w.]+)?\s+(.*)$/su,
});
/** A macro that still expands after so many steps never ends. */
const maxDepth = 100;

export function readSymAbis(input: AsmInput): SymAbis {
  const found: SymAbis = { defs: new Map(), refs: new Map() };
  for (const file of input.files) new Scanner(input, found).run(file);
  return found;
}

class Scanner {
  private readonly syntax = syntax();
  private readonly macros = new Map<string, Macro>();
  /** Of `#ifdef`s, the innermost last: whether its part is read. */
  private readonly conditions: boolean[] = [];

  constructor(
    private readonly input: AsmInput,
    private readonly found: SymAbis,
  ) {
    for (const name of input.defines) this.macros.set(name, { params: null, body: "1", symbols: false });
  }

  run(file: string): void {
    const text = this.input.readFile(file);
    if (text === null) return;
    const lines = withoutComments(text).split("\n");
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i];
      if (!/^\s*#/.test(line)) {
        if (this.enabled()) this.line(line);
        continue;
      }
      let directive = line;
      while (directive.endsWith("\\") && i + 1 < lines.length) directive = `${directive.slice(0, -1)}\n${lines[++i]}`;
      this.directive(directive, file);
    }
  }

  private enabled(): boolean {
    return this.conditions.length === 0 || this.conditions[this.conditions.length - 1];
  }

  private directive(text: string, file: string): void {
    const match = /^\s*#\s*(\w+)\s*(.*)$/s.exec(text);
    if (match === null) return;
    const [, word, rest] = match;
    const { conditions } = this;
    switch (word) {
      case "ifdef":
        conditions.push(this.enabled() && this.macros.has(rest.trim()));
        break;
      case "ifndef":
        conditions.push(this.enabled() && !this.macros.has(rest.trim()));
        break;
      case "else": {
        const was = conditions.pop() ?? true;
        conditions.push(this.enabled() && !was);
        break;
      }
      case "endif":
        conditions.pop();
        break;
      case "undef":
        if (this.enabled()) this.macros.delete(rest.trim());
        break;
      case "define":
        if (this.enabled()) this.define(rest);
        break;
      case "include":
        if (this.enabled()) this.include(rest, file);
        break;
    }
  }

  private define(text: string): void {
    const match = /^([\p{L}_·∕][\p{L}\p{N}_·∕]*)(\(([^)]*)\))?(.*)$/su.exec(text);
    if (match === null) return;
    const [, name, list, names, body] = match;
    const params = list === undefined ? null : names.split(",").map((param) => param.trim());
    this.macros.set(name, { params, body: body.trim(), symbols: this.mayHaveSymbols(body) });
  }

  private include(text: string, file: string): void {
    const name = /^"([^"]*)"/.exec(text)?.[1];
    if (name === undefined) return;
    const dir = file.slice(0, file.lastIndexOf("/"));
    for (const place of [dir, ...this.input.includeDirs]) {
      const path = `${place}/${name}`;
      if (this.input.readFile(path) === null) continue;
      this.run(path);
      return;
    }
  }

  /** Whether `text` mentions a symbol, itself or by a macro. */
  private mayHaveSymbols(text: string): boolean {
    if (text.includes("SB")) return true;
    for (const [name] of text.matchAll(this.syntax.identifier))
      if (this.macros.get(name)?.symbols === true) return true;
    return false;
  }

  private line(text: string): void {
    if (!this.mayHaveSymbols(text)) return;
    for (const part of this.expand(text, 0).split(/[;\n]/)) this.statement(part);
  }

  private expand(text: string, depth: number): string {
    if (depth > maxDepth) return text;
    let out = "";
    let at = 0;
    const words = new RegExp(this.syntax.identifier);
    for (let match = words.exec(text); match !== null; match = words.exec(text)) {
      const macro = this.macros.get(match[0]);
      if (macro === undefined) continue;
      let end = words.lastIndex;
      let { body } = macro;
      if (macro.params !== null) {
        const args = argumentsAt(text, end);
        if (args === null) continue;
        end = args.end;
        const { params } = macro;
        body = body.replace(this.syntax.identifier, (word) => {
          const i = params.indexOf(word);
          return i < 0 ? word : (args.list[i] ?? "");
        });
      }
      out += text.slice(at, match.index) + this.expand(body, depth + 1);
      at = end;
      words.lastIndex = end;
    }
    return out + text.slice(at);
  }

  private statement(text: string): void {
    const match = this.syntax.statement.exec(text);
    if (match === null) return;
    let operands = splitOperands(match[2]);
    switch (match[1]) {
      case "TEXT": {
        const def = this.symbol(operands[0]);
        if (def !== null) this.found.defs.set(def.name, def.abi);
        return;
      }
      case "GLOBL":
      case "PCDATA":
        operands = [];
        break;
      case "DATA":
      case "FUNCDATA":
        operands = operands.slice(1); // what is defined, or a number
        break;
    }
    const { refs } = this.found;
    for (const operand of operands) {
      const ref = this.symbol(operand);
      if (ref !== null) refs.set(ref.name, (refs.get(ref.name) ?? 0) | (1 << ref.abi));
    }
  }

  /** The symbol of an operand `name<abi>+offset(SB)`; null for others and for static symbols, `name<>(SB)`. */
  private symbol(operand: string): { name: string; abi: Abi } | null {
    const match = this.syntax.address.exec(operand);
    if (match === null || match[2] === "") return null;
    const name = match[1].replaceAll("·", ".").replaceAll("∕", "/");
    return {
      name: name.startsWith(".") ? this.input.pkgPath + name : name,
      abi: match[2] === "ABIInternal" ? Abi.ABIInternal : Abi.ABI0,
    };
  }
}

/** Comments become blanks; the line breaks in them stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, (match) =>
    match.startsWith("/*") ? match.replace(/[^\n]+/g, " ") : match.startsWith("//") ? "" : match,
  );
}

/** The arguments in parentheses after position `at`. */
function argumentsAt(text: string, at: number): { list: string[]; end: number } | null {
  const open = /^\s*\(/.exec(text.slice(at));
  if (open === null) return null;
  const start = at + open[0].length;
  let nesting = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "(") nesting++;
    else if (text[i] === ")" && nesting-- === 0) {
      return { list: splitOperands(text.slice(start, i)), end: i + 1 };
    }
  }
  return null;
}

/** Splits at commas that are in no brackets. */
function splitOperands(text: string): string[] {
  const list: string[] = [];
  let nesting = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === "(" || ch === "[") nesting++;
    else if (ch === ")" || ch === "]") nesting--;
    else if (ch === "," && nesting === 0) {
      list.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  list.push(text.slice(start).trim());
  return list;
}
