/** Build constraints: `//go:build` expressions and the older `// +build` lines.
 *
 *  Mirrors go/build/constraint and the file-header rules of go/build (parseFileHeader). Expressions are evaluated as
 *  they are parsed; both sides of an operator are always read, so a syntax error is found wherever it is. */

export class ConstraintError extends Error {
  override name = "ConstraintError";
}

export type TagMatcher = (tag: string) => boolean;

const MaxExprSize = 1000;
const MaxPlusBuildSize = 100;
const tagPattern = /[\p{L}\p{Nd}_.]+/uy;

/** The expression of a `//go:build` line; null if the line is none. */
export function splitGoBuild(line: string): string | null {
  if (!line.startsWith("//go:build")) return null;
  const rest = line.trim().slice("//go:build".length);
  const expr = rest.trim();
  return rest.length === expr.length && rest !== "" ? null : expr;
}

/** Evaluates the text of a `//go:build` expression. Throws a {@link ConstraintError}. */
export function evalGoBuild(text: string, match: TagMatcher): boolean {
  const parser = new ExprParser(text, match);
  return parser.parse();
}

class ExprParser {
  private readonly text: string;
  private readonly match: TagMatcher;
  private next = 0;
  private tok = "";
  private isTag = false;
  private size = 0;

  constructor(text: string, match: TagMatcher) {
    this.text = text;
    this.match = match;
  }

  parse(): boolean {
    const value = this.or();
    if (this.tok !== "") throw new ConstraintError(`unexpected token ${this.tok}`);
    return value;
  }

  private or(): boolean {
    let value = this.and();
    while (this.tok === "||") {
      const right = this.and();
      value = value || right;
    }
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.tok === "&&") {
      const right = this.not();
      value = value && right;
    }
    return value;
  }

  private not(): boolean {
    if (++this.size > MaxExprSize) throw new ConstraintError("build expression too large");
    this.lex();
    if (this.tok !== "!") return this.atom();
    this.lex();
    if (this.tok === "!") throw new ConstraintError("double negation not allowed");
    return !this.atom();
  }

  private atom(): boolean {
    if (this.tok === "(") {
      let value: boolean;
      try {
        value = this.or();
      } catch (error) {
        if (error instanceof ConstraintError && error.message === "unexpected end of expression") {
          throw new ConstraintError("missing close paren");
        }
        throw error;
      }
      if ((this.tok as string) !== ")") throw new ConstraintError("missing close paren");
      this.lex();
      return value;
    }
    if (!this.isTag) {
      throw new ConstraintError(this.tok === "" ? "unexpected end of expression" : `unexpected token ${this.tok}`);
    }
    const tag = this.tok;
    this.lex();
    return this.match(tag);
  }

  private lex(): void {
    const text = this.text;
    this.isTag = false;
    while (text[this.next] === " " || text[this.next] === "\t") this.next++;
    const char = text[this.next];
    if (char === undefined) {
      this.tok = "";
      return;
    }
    if (char === "(" || char === ")" || char === "!") {
      this.tok = char;
      this.next++;
      return;
    }
    if (char === "&" || char === "|") {
      if (text[this.next + 1] !== char) throw new ConstraintError(`invalid syntax at ${char}`);
      this.tok = char + char;
      this.next += 2;
      return;
    }
    tagPattern.lastIndex = this.next;
    const tag = tagPattern.exec(text);
    if (tag === null) {
      throw new ConstraintError(`invalid syntax at ${String.fromCodePoint(text.codePointAt(this.next) as number)}`);
    }
    this.tok = tag[0];
    this.next += tag[0].length;
    this.isTag = true;
  }
}

/** The argument of a `// +build` line; null if the line is none. */
function splitPlusBuild(line: string): string | null {
  if (!line.startsWith("//")) return null;
  const text = line.slice(2).trim();
  if (!text.startsWith("+build")) return null;
  const rest = text.slice("+build".length);
  const expr = rest.trim();
  return rest.length === expr.length && rest !== "" ? null : expr;
}

/** Spaces are "or", commas "and"; words that are no tags count as the tag `ignore`. A line that is too complex counts
 *  as if it were not there. */
function evalPlusBuild(text: string, match: TagMatcher): boolean {
  const clauses = text === "" ? [] : text.split(/\s+/u);
  if (clauses.length === 0) return match("ignore");
  let size = clauses.length - 1;
  let any = false;
  for (const clause of clauses) {
    const literals = clause.split(",");
    size += literals.length - 1;
    if (size > MaxPlusBuildSize) return true;
    let all = true;
    for (const literal of literals) {
      const plain = literal.startsWith("!!") || literal === "!";
      const negated = !plain && literal.startsWith("!");
      const word = negated ? literal.slice(1) : literal;
      const holds = match(!plain && /^[\p{L}\p{Nd}_.]+$/u.test(word) ? word : "ignore");
      all = all && (negated ? !holds : holds);
    }
    any = any || all;
  }
  return any;
}

export interface FileHeader {
  /** The expression of the `//go:build` line; null if there is none. */
  readonly goBuild: string | null;
  /** Arguments of the `// +build` lines, which count only where there is no `//go:build` line. */
  readonly plusBuild: readonly string[];
}

const decoder = new TextDecoder();

/** Reads the constraints off the top of a file: the leading comments and blank lines. `+build` lines must be followed
 *  by a blank line. Throws a {@link ConstraintError}. */
export function parseFileHeader(source: Uint8Array): FileHeader {
  let goBuild: string | null = null;
  let plusBuild: string[] = [];
  const pending: string[] = []; // +build lines since the last blank line
  let ended = false; // something other than // comments was seen: +build lines no longer count
  let inComment = false;
  let start = skipBom(source);
  while (start < source.length) {
    let end = source.indexOf(10, start);
    const hasNewline = end >= 0;
    if (!hasNewline) end = source.length;
    let line = trimmedLine(source, start, end);
    start = hasNewline ? end + 1 : end;
    if (line === "" && !ended) {
      if (pending.length > 0) {
        plusBuild = plusBuild.concat(pending);
        pending.length = 0;
      }
      continue;
    }
    if (!line.startsWith("//")) ended = true;
    if (!inComment) {
      const expr = splitGoBuild(line);
      if (expr !== null) {
        if (goBuild !== null) throw new ConstraintError("multiple //go:build comments");
        goBuild = expr;
      }
      if (!ended) {
        const plus = splitPlusBuild(line);
        if (plus !== null) pending.push(plus);
      }
    }
    while (line !== "") {
      if (inComment) {
        const close = line.indexOf("*/");
        if (close < 0) break;
        inComment = false;
        line = line.slice(close + 2).trim();
        continue;
      }
      if (line.startsWith("//")) break;
      if (!line.startsWith("/*")) return { goBuild, plusBuild };
      inComment = true;
      line = line.slice(2).trim();
    }
  }
  return { goBuild, plusBuild };
}

function skipBom(source: Uint8Array): number {
  return source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0;
}

/** The line without white space around it. Long lines of text after the comments are not decoded in full. */
function trimmedLine(source: Uint8Array, start: number, end: number): string {
  while (start < end && source[start] <= 32) start++;
  while (end > start && source[end - 1] <= 32) end--;
  return decoder.decode(source.subarray(start, end)).trim();
}

/** Reports whether a file with this header belongs to the build. Throws a {@link ConstraintError}, worded as go/build
 *  words it. */
export function shouldBuild(header: FileHeader, match: TagMatcher): boolean {
  if (header.goBuild !== null) {
    try {
      return evalGoBuild(header.goBuild, match);
    } catch (error) {
      if (error instanceof ConstraintError) throw new ConstraintError(`parsing //go:build line: ${error.message}`);
      throw error;
    }
  }
  let build = true;
  for (const text of header.plusBuild) {
    if (!evalPlusBuild(text, match)) build = false;
  }
  return build;
}
