/** What the declarations of a file mention, and where the bodies of its functions are: read off its tokens, without a tree.
 *
 *  For files that are known to be valid Go (the standard library's): nothing is checked here. */
import { hashByte, type Interner } from "../base/intern.ts";
import { isDecimal, isIdentByte, isLetter } from "./chars.ts";

/** A declaration at the top level. */
export interface OutlineDecl {
  /** The number of its name; of constants, and of variables whose initialisers may do more than give them a value, -1. */
  readonly name: number;
  /** A variable whose initialiser is a composite literal without calls, between the braces of its body, or, without a
   *  body, the name `alias`. */
  readonly isVar: boolean;
  /** The number of the name that the variable is given the value of; -1 if it is none. */
  readonly alias: number;
  /** The number of the name of the type that it is a method of; -1 if it is none. */
  readonly recv: number;
  readonly isFunc: boolean;
  /** Numbers of the names of the variables or constants that it declares. */
  readonly vars: readonly number[];
  /** Offsets of the braces around the body (the second one excluded from it); both -1 without one. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Its body must not be taken away: it declares types, which are numbered, or is generic. */
  readonly fixed: boolean;
  /** Numbers of the names that stand alone. */
  readonly plain: readonly number[];
  /** Numbers of the names that follow a dot after something else than a name. */
  readonly selectors: readonly number[];
  /** Pairs: the number of a name that stands alone, that of the name after its dot. */
  readonly qualified: readonly number[];
  /** How many numbers in `plain` and in `qualified` come before the body. */
  readonly inSignature: readonly [plain: number, qualified: number];
  /** Interface types in it. */
  readonly interfaces: readonly OutlineInterface[];
  /** Of a type, what it may have methods of: what a struct embeds, or what it is another name for. */
  readonly embeds: readonly OutlineType[];
}

export interface OutlineInterface {
  readonly methods: readonly number[];
  readonly embeds: readonly OutlineType[];
}

/** The name of a type: numbers of the name of an import (-1 for none), and of the type. */
export type OutlineType = readonly [pkg: number, name: number];

export interface Outline {
  /** `name` is "" where the import gives none. */
  readonly imports: readonly { readonly name: string; readonly path: string }[];
  readonly decls: readonly OutlineDecl[];
  /** `//go:linkname local remote`. */
  readonly linknames: readonly Linkname[];
}

export interface Linkname {
  readonly local: string;
  /** "" where the directive names none. */
  readonly remote: string;
}

const enum Tok {
  End,
  Name,
  Literal,
  /** Everything else; `code` is its first character. */
  Other,
}

const linknameDirective = "//go:linkname ";

export function outlineFile(source: Uint8Array, names: Interner): Outline {
  return new Outliner(source, names).file();
}

class Outliner {
  private i = 0;
  private tok = Tok.End;
  private code = 0;
  private start = 0;
  /** Number of the name that the token is. */
  private name = 0;
  /** A line ended before the token. */
  private newline = false;
  private readonly keyword: Readonly<
    Record<"func" | "type" | "var" | "const" | "import" | "struct" | "interface", number>
  >;
  private genericReceiver = false;
  private readonly imports: { name: string; path: string }[] = [];
  private readonly decls: OutlineDecl[] = [];
  private readonly linknames: Linkname[] = [];

  constructor(
    private readonly src: Uint8Array,
    private readonly names: Interner,
  ) {
    const number = (text: string): number => names.numberOf(text);
    this.keyword = {
      func: number("func"),
      type: number("type"),
      var: number("var"),
      const: number("const"),
      import: number("import"),
      struct: number("struct"),
      interface: number("interface"),
    };
  }

  file(): Outline {
    const { keyword } = this;
    this.next();
    while (this.tok !== Tok.End) {
      if (this.tok !== Tok.Name) this.next();
      else if (this.name === keyword.func) this.func();
      else if (this.name === keyword.type || this.name === keyword.var || this.name === keyword.const)
        this.group(this.name);
      else if (this.name === keyword.import) this.importDecl();
      else this.next();
    }
    return { imports: this.imports, decls: this.decls, linknames: this.linknames };
  }

  // ------------------------------------------------------------------------------------------------ declarations

  private importDecl(): void {
    this.next();
    if (!this.at(40)) {
      this.importSpec();
      return;
    }
    this.next();
    while (this.tok !== Tok.End && !this.at(41)) this.importSpec();
    this.next();
  }

  private importSpec(): void {
    let name = "";
    if (this.tok === Tok.Name) {
      name = this.names.strings[this.name];
      this.next();
    } else if (this.at(46)) {
      name = ".";
      this.next();
    }
    if (this.tok === Tok.Literal) this.imports.push({ name, path: this.text(this.start + 1, this.i - 1) });
    this.next();
  }

  /** `type`, `var` or `const`, alone or in parentheses. */
  private group(kind: number): void {
    this.next();
    if (!this.at(40)) {
      this.spec(kind, false);
      return;
    }
    this.next();
    while (this.tok !== Tok.End && !this.at(41)) {
      if (this.at(59)) this.next();
      else this.spec(kind, true);
    }
    this.next();
  }

  /** Up to the end of the line that closes all its brackets. */
  private spec(kind: number, inGroup: boolean): void {
    const mentions = new Mentions();
    let name = kind === this.keyword.type && this.tok === Tok.Name ? this.name : -1;
    if (name >= 0) {
      this.mention(mentions);
      if (this.at(61)) this.next();
      if (this.isTypeName()) mentions.embeds.push(this.typeName(mentions));
    }
    const vars: number[] = [];
    const value = kind === this.keyword.var && this.tok === Tok.Name ? new Value(this.name) : null;
    let depth = 0;
    let open = false; // the last token cannot end a line
    let inNames = kind !== this.keyword.type;
    for (let first = name < 0; this.tok !== Tok.End; first = false) {
      if (depth === 0 && !first && ((this.newline && !open) || this.at(59) || (inGroup && this.at(41)))) break;
      open = this.tok === Tok.Other && !this.at(41) && !this.at(93) && !this.at(125);
      if (this.at(40) || this.at(91) || this.at(123)) depth++;
      else if (this.at(41) || this.at(93) || this.at(125)) depth--;
      if (inNames && this.tok === Tok.Name) vars.push(this.name);
      else if (!this.at(44)) inNames = false;
      const wasName = this.tok === Tok.Name;
      value?.token(this.tok === Tok.Other ? this.code : 0, this.tok === Tok.Name ? this.name : -1, depth, this.start);
      this.mention(mentions);
      if (wasName && !this.at(44)) inNames = false;
    }
    const isVar = value?.isPlain() === true;
    if (isVar) name = value.name;
    const inSignature: readonly [number, number] = isVar ? [0, 0] : mentions.lengths();
    this.decls.push({
      name,
      isVar,
      alias: isVar ? value.alias : -1,
      recv: -1,
      isFunc: false,
      vars,
      bodyStart: isVar ? value.start : -1,
      bodyEnd: isVar ? value.end : -1,
      fixed: true,
      inSignature,
      ...mentions,
    });
  }

  private func(): void {
    const mentions = new Mentions();
    this.next();
    let recv = -1;
    let fixed = false;
    if (this.at(40)) {
      recv = this.receiver(mentions);
      fixed = this.genericReceiver;
    }
    const name = this.tok === Tok.Name ? this.name : -1;
    this.next();
    if (this.at(91)) {
      fixed = true;
      this.brackets(mentions);
    }
    this.brackets(mentions); // parameters
    while (this.tok !== Tok.End && !this.newline && !this.at(123)) {
      if (this.at(40) || this.at(91)) this.brackets(mentions);
      else this.mention(mentions);
    }
    const inSignature = mentions.lengths();
    let bodyStart = -1;
    let bodyEnd = -1;
    if (this.at(123) && !this.newline) {
      bodyStart = this.start;
      let depth = 0;
      do {
        if (this.at(123)) depth++;
        else if (this.at(125)) {
          depth--;
          if (depth === 0) break;
        } else if (this.tok === Tok.Name && this.name === this.keyword.type) fixed ||= !this.isTypeSwitch();
        this.mention(mentions);
      } while (this.tok !== Tok.End);
      bodyEnd = this.start;
      this.next();
    }
    this.decls.push({
      name,
      isVar: false,
      alias: -1,
      recv,
      isFunc: true,
      vars: [],
      bodyStart,
      bodyEnd,
      fixed,
      inSignature,
      ...mentions,
    });
  }

  /** The keyword stands in `x.(type)`. */
  private isTypeSwitch(): boolean {
    return this.src[this.start - 1] === 40 && this.src[this.i] === 41;
  }

  /** `(x *T[P])`: the name of T. */
  private receiver(mentions: Mentions): number {
    let last = -1;
    let depth = 0;
    this.genericReceiver = false;
    do {
      this.genericReceiver ||= this.at(91);
      if (this.at(40) || this.at(91)) depth++;
      else if (this.at(41) || this.at(93)) depth--;
      else if (this.tok === Tok.Name && depth === 1) last = this.name;
      this.mention(mentions);
    } while (depth > 0 && this.tok !== Tok.End);
    return last;
  }

  /** From an opening bracket to behind the one that closes it. */
  private brackets(mentions: Mentions): void {
    let depth = 0;
    do {
      if (this.at(40) || this.at(91) || this.at(123)) depth++;
      else if (this.at(41) || this.at(93) || this.at(125)) depth--;
      this.mention(mentions);
    } while (depth > 0 && this.tok !== Tok.End);
  }

  /** Takes note of the token, and goes on to the next; with a name the one after its dot, with an interface or a struct
   *  all of it. */
  private mention(mentions: Mentions): void {
    const { tok, name, keyword } = this;
    const isDot = this.at(46);
    this.next();
    if (tok === Tok.Name) {
      if (this.at(123) && name === keyword.interface) {
        this.interfaceBody(mentions);
        return;
      }
      if (this.at(123) && name === keyword.struct) {
        this.structBody(mentions);
        return;
      }
      if (!this.at(46)) {
        mentions.plain.push(name);
        return;
      }
      this.next();
      if (this.tok !== Tok.Name) {
        mentions.plain.push(name);
        return;
      }
      mentions.qualified.push(name, this.name);
      this.next();
    } else if (isDot && this.tok === Tok.Name) {
      mentions.selectors.push(this.name);
      this.next();
    }
  }

  private interfaceBody(mentions: Mentions): void {
    const methods: number[] = [];
    const embeds: OutlineType[] = [];
    this.next();
    while (this.tok !== Tok.End && !this.at(125)) {
      if (this.tok === Tok.Name) {
        const first = this.typeName(mentions);
        if (this.at(40)) methods.push(first[1]);
        else embeds.push(first);
      } else {
        this.mention(mentions);
      }
      this.restOfLine(mentions);
    }
    this.next();
    mentions.interfaces.push({ methods, embeds });
  }

  private structBody(mentions: Mentions): void {
    this.next();
    while (this.tok !== Tok.End && !this.at(125)) {
      if (this.at(42)) this.next();
      if (this.tok === Tok.Name) {
        const first = this.typeName(mentions);
        if (this.endsField() || this.at(91)) mentions.embeds.push(first);
      } else {
        this.mention(mentions);
      }
      this.restOfLine(mentions);
    }
    this.next();
  }

  private isTypeName(): boolean {
    const { keyword, name } = this;
    return this.tok === Tok.Name && name !== keyword.struct && name !== keyword.interface && name !== keyword.func;
  }

  private endsField(): boolean {
    return this.newline || this.at(59) || this.at(125) || this.tok === Tok.Literal;
  }

  private typeName(mentions: Mentions): OutlineType {
    const first = this.name;
    this.next();
    if (!this.at(46)) {
      mentions.plain.push(first);
      return [-1, first];
    }
    this.next();
    const second = this.name;
    mentions.qualified.push(first, second);
    this.next();
    return [first, second];
  }

  /** Up to the token that begins a line, or closes what the line is in. */
  private restOfLine(mentions: Mentions): void {
    while (this.tok !== Tok.End && !this.newline && !this.at(125)) {
      if (this.at(59)) {
        this.next();
        return;
      }
      if (this.at(40) || this.at(91) || this.at(123)) this.brackets(mentions);
      else this.mention(mentions);
    }
  }

  // ------------------------------------------------------------------------------------------------ tokens

  private at(code: number): boolean {
    return this.tok === Tok.Other && this.code === code;
  }

  private next(): void {
    const { src } = this;
    const n = src.length;
    let i = this.i;
    this.newline = false;
    for (;;) {
      const c = i < n ? src[i] : -1;
      if (c === 10) {
        this.newline = true;
        i++;
      } else if (c === 32 || c === 9 || c === 13) {
        i++;
      } else if (c === 47 && src[i + 1] === 47) {
        const end = endOfLine(src, i);
        if (src[i + 2] === 103 /* g */) this.directive(i, end);
        i = end;
      } else if (c === 47 && src[i + 1] === 42) {
        i += 2;
        while (i < n && !(src[i] === 42 && src[i + 1] === 47)) {
          if (src[i] === 10) this.newline = true;
          i++;
        }
        i += 2;
      } else {
        this.start = i;
        this.i = this.token(c, i);
        return;
      }
    }
  }

  /** Where the token ends that begins at `i` with `c`. */
  private token(c: number, i: number): number {
    const { src } = this;
    const n = src.length;
    if (c < 0) {
      this.tok = Tok.End;
      return i;
    }
    const start = i;
    if (isLetter(c) || c >= 0x80) {
      let hash = 0;
      let wide = false;
      for (; i < n && (isIdentByte[src[i]] === 1 || src[i] >= 0x80); i++) {
        hash = hashByte(hash, src[i]);
        wide ||= src[i] >= 0x80;
      }
      this.tok = Tok.Name;
      // A name of other letters has the number of its bytes taken as Latin-1: only equality counts.
      this.name = wide ? this.names.numberOf(latin1(src, start, i)) : this.names.number(src, start, i, hash);
      return i;
    }
    if (isDecimal(c) || (c === 46 && isDecimal(src[i + 1] ?? 0))) {
      this.tok = Tok.Literal;
      for (i++; i < n; i++) {
        const d = src[i];
        const exponent =
          (d === 43 || d === 45) && /[eEpP]/.test(String.fromCharCode(src[i - 1])) && !isHexE(src, start, i);
        if (isIdentByte[d] === 0 && d !== 46 && !exponent) break;
      }
      return i;
    }
    if (c === 34 || c === 39) {
      this.tok = Tok.Literal;
      for (i++; i < n && src[i] !== c; i++) if (src[i] === 92) i++;
      return i + 1;
    }
    if (c === 96) {
      this.tok = Tok.Literal;
      const end = src.indexOf(96, i + 1);
      return end < 0 ? n : end + 1;
    }
    this.tok = Tok.Other;
    this.code = c;
    return i + 1;
  }

  private directive(start: number, end: number): void {
    for (let k = 0; k < linknameDirective.length; k++)
      if (this.src[start + k] !== linknameDirective.charCodeAt(k)) return;
    const [local, remote = ""] = this.text(start + linknameDirective.length, end)
      .trim()
      .split(/\s+/);
    this.linknames.push({ local, remote });
  }

  private text(start: number, end: number): string {
    return latin1(this.src, start, end);
  }
}

/** What a variable is initialised with, token by token. What {@link Outliner.mention} takes at once (the name after a
 *  dot, the body of a struct type) does not come here. */
class Value {
  /** Offsets of the braces of the literal; -1 without one. */
  start = -1;
  end = -1;
  alias = -1;
  private count = 0;
  private isOther = false;

  constructor(readonly name: number) {}

  /** `code`: of a token that is neither a name nor a literal. `depth`: of brackets, behind it. */
  token(code: number, name: number, depth: number, start: number): void {
    const at = this.count++;
    if (at === 0) return;
    if (at === 1) this.isOther = code !== 61;
    // Calls, receive operations; what follows the literal.
    else if (code === 40 || code === 60 || this.end >= 0) this.isOther = true;
    else if (at === 2) this.alias = name;
    // A literal of an array may be as long as what is in it says.
    if (code === 46 && this.start < 0) this.isOther = true;
    if (code === 123 && depth === 1 && this.start < 0) this.start = start;
    else if (code === 125 && depth === 0 && this.start >= 0) this.end = start;
  }

  isPlain(): boolean {
    if (this.isOther) return false;
    if (this.count === 3 && this.alias >= 0) return true;
    this.alias = -1;
    return this.end >= 0;
  }
}

class Mentions {
  readonly plain: number[] = [];
  readonly selectors: number[] = [];
  readonly qualified: number[] = [];
  readonly interfaces: OutlineInterface[] = [];
  readonly embeds: OutlineType[] = [];

  lengths(): readonly [number, number] {
    return [this.plain.length, this.qualified.length];
  }
}

/** In `0xe+1` the e is a digit. */
function isHexE(src: Uint8Array, start: number, i: number): boolean {
  return src[start] === 48 && (src[start + 1] | 32) === 120 && (src[i - 1] | 32) === 101;
}

function endOfLine(src: Uint8Array, i: number): number {
  const end = src.indexOf(10, i);
  return end < 0 ? src.length : end;
}

function latin1(src: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(src[i]);
  return text;
}
