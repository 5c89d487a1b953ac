/** The language version that a `//go:build` line implies (go/build/constraint, vers.go and expr.go). Whether a file takes
 *  part in a build is decided in src/load. */

type Constraint =
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "not"; readonly x: Constraint }
  | { readonly kind: "and" | "or"; readonly x: Constraint; readonly y: Constraint };

/** More terms than this are refused. */
const maxSize = 1000;

/** The expression of a `//go:build` line, null if `line` is none. */
function goBuildText(line: string): string | null {
  const match = /^\/\/go:build(?:\s+(.*))?$/.exec(line.trimEnd());
  return match === null ? null : (match[1] ?? "").trim();
}

/** The least `go1.N` that the `//go:build` line implies, "" for none; null if the line is malformed. */
export function goVersion(line: string): string | null {
  const text = goBuildText(line);
  const x = text === null ? null : new ExprParser(text).parse();
  if (x === null) return null;
  const minor = minVersion(x, false);
  return minor < 0 ? "" : minor === 0 ? "go1" : `go1.${minor}`;
}

function minVersion(x: Constraint, negated: boolean): number {
  switch (x.kind) {
    case "and":
    case "or": {
      const a = minVersion(x.x, negated);
      const b = minVersion(x.y, negated);
      return (x.kind === "and") !== negated ? Math.max(a, b) : Math.min(a, b);
    }
    case "not":
      return minVersion(x.x, !negated);
    case "tag": {
      if (negated) return -1;
      if (x.tag === "go1") return 0;
      const minor = /go1\.([0-9]+)$/.exec(x.tag);
      return minor === null ? -1 : Number(minor[1]);
    }
  }
}

class ExprParser {
  private at = 0;
  private token: string | null = "";
  private size = 0;

  constructor(private readonly text: string) {}

  parse(): Constraint | null {
    const x = this.or();
    return x !== null && this.token === "" ? x : null;
  }

  private or(): Constraint | null {
    let x = this.and();
    while (x !== null && this.token === "||") {
      const y = this.and();
      x = y === null ? null : { kind: "or", x, y };
    }
    return x;
  }

  private and(): Constraint | null {
    let x = this.not();
    while (x !== null && this.token === "&&") {
      const y = this.not();
      x = y === null ? null : { kind: "and", x, y };
    }
    return x;
  }

  private not(): Constraint | null {
    if (++this.size > maxSize) return null;
    this.lex();
    if (this.token !== "!") return this.atom();
    this.lex();
    if (this.token === "!") return null;
    const x = this.atom();
    return x === null ? null : { kind: "not", x };
  }

  private atom(): Constraint | null {
    if (this.token === "(") {
      const x = this.or();
      if (x === null || !this.got(")")) return null;
      return x;
    }
    if (this.token === null || !/^[\p{L}\p{Nd}_.]/u.test(this.token)) return null;
    const tag = this.token;
    this.lex();
    return { kind: "tag", tag };
  }

  private got(token: string): boolean {
    if (this.token !== token) return false;
    this.lex();
    return true;
  }

  /** The next token; "" at the end, null where there is none. */
  private lex(): void {
    const match = /[ \t]*([()!]|&&|\|\||[\p{L}\p{Nd}_.]+|$)/uy;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    this.token = found === null ? null : found[1];
    if (found !== null) this.at = match.lastIndex;
  }
}
