/** go.mod and go.work as data. Mirrors golang.org/x/mod/modfile/rule.go: what each directive takes, its errors. */

import { type ModBlock, ModFileError, type ModLine, modFileMessage, parseModSyntax } from "./modfile-syntax.ts";
import type { Paths } from "./paths.ts";
import { canonicalVersion, checkPathMajor, type ModuleVersion, pathMajor } from "./semver.ts";

export interface Require {
  readonly mod: ModuleVersion;
  readonly indirect: boolean;
  readonly line: number;
}

export interface Replace {
  readonly old: ModuleVersion;
  /** A directory if `version` is "". */
  readonly new: ModuleVersion;
}

export interface Use {
  readonly dir: string;
  readonly line: number;
}

/** A go.mod or go.work file; directives that a kind of file does not have stay empty. */
export interface ModFile {
  readonly name: string;
  /** The module path; "" without a module line. */
  module: string;
  /** The go line; "" without one. */
  go: string;
  toolchain: string;
  /** godebug lines. */
  readonly godebug: Map<string, string>;
  readonly require: Require[];
  readonly exclude: ModuleVersion[];
  readonly replace: Replace[];
  readonly tools: string[];
  readonly ignore: string[];
  readonly use: Use[];
}

const goVersionPattern = /^([1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*))?([a-z]+\d+)?$/;
const laxGoVersionPattern = /^v?(([1-9]\d*)\.(0|[1-9]\d*))([^0-9].*)$/;
const toolchainPattern = /^default$|^go1($|\.)/;
const modBlocks = new Set(["module", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore"]);
const workBlocks = new Set(["godebug", "use", "replace"]);
/** What is read of a dependency's go.mod; all else in it means nothing to its users. */
const laxVerbs = new Set(["go", "module", "retract", "require", "ignore"]);

/** Reads a go.mod file; `name` is what messages call it, `path` its full name. `strict` is for main modules; the go.mod of a dependency may hold directives of later releases.
 *  Throws a {@link ModFileError} with all errors, a line each. */
export function parseModFile(paths: Paths, name: string, path: string, text: string, strict: boolean): ModFile {
  return new DirectiveReader(paths, name, strict, false).read(path, text);
}

/** Reads a go.work file. Throws a {@link ModFileError}. */
export function parseWorkFile(paths: Paths, name: string, path: string, text: string): ModFile {
  return new DirectiveReader(paths, name, true, true).read(path, text);
}

/** Rooted, or starting with `.` or `..`. */
function isDirectoryPath(path: string): boolean {
  return /^(?:\.|\.\.|\.{1,2}[/\\].*|[/\\].*|[A-Za-z]:.*)$/s.test(path);
}

class DirectiveReader {
  private readonly paths: Paths;
  private readonly strict: boolean;
  private readonly work: boolean;
  private readonly file: ModFile;
  private readonly errors: string[] = [];
  private sawModule = false;

  constructor(paths: Paths, name: string, strict: boolean, work: boolean) {
    this.paths = paths;
    this.strict = strict;
    this.work = work;
    this.file = {
      name,
      module: "",
      go: "",
      toolchain: "",
      godebug: new Map(),
      require: [],
      exclude: [],
      replace: [],
      tools: [],
      ignore: [],
      use: [],
    };
  }

  read(path: string, text: string): ModFile {
    const blocks = this.work ? workBlocks : modBlocks;
    for (const statement of parseModSyntax(this.file.name, path, text)) {
      const verb = statement.tokens[0];
      const { lines } = statement as ModBlock;
      if (lines === undefined) {
        this.directive(statement, verb, statement.tokens.slice(1));
      } else if (statement.tokens.length > 1 || !blocks.has(verb)) {
        if (this.strict) this.error(statement, `unknown block type: ${statement.tokens.join(" ")}`);
      } else {
        for (const line of lines) this.directive(line, verb, line.tokens);
      }
    }
    if (this.errors.length > 0) throw new ModFileError(this.errors.join("\n"));
    return this.file;
  }

  private error(line: ModLine, msg: string): void {
    this.errors.push(modFileMessage(this.file.name, line.line, line.col, msg));
  }

  private directive(line: ModLine, verb: string, args: string[]): void {
    if (!this.strict && !laxVerbs.has(verb)) return;
    const known = this.work ? ["go", "toolchain", "godebug", "use", "replace"] : null;
    if (known !== null && !known.includes(verb)) {
      this.error(line, `unknown directive: ${verb}`);
      return;
    }
    switch (verb) {
      case "go":
        this.goDirective(line, args);
        break;
      case "toolchain":
        this.toolchainDirective(line, args);
        break;
      case "module":
        this.moduleDirective(line, args);
        break;
      case "godebug":
        if (args.length !== 1 || /["`',]/.test(args[0]) || !args[0].includes("=")) {
          this.error(line, "usage: godebug key=value");
        } else {
          const at = args[0].indexOf("=");
          this.file.godebug.set(args[0].slice(0, at), args[0].slice(at + 1));
        }
        break;
      case "require":
      case "exclude":
        this.requireDirective(line, verb, args);
        break;
      case "replace":
        this.replaceDirective(line, args);
        break;
      case "retract":
        if (this.strict) this.retractDirective(line, args);
        break;
      case "tool":
      case "ignore": {
        if (args.length !== 1) {
          this.error(line, `${verb} directive expects exactly one argument`);
          break;
        }
        const path = this.string(line, args[0]);
        if (path !== null) (verb === "tool" ? this.file.tools : this.file.ignore).push(path);
        break;
      }
      case "use": {
        if (args.length !== 1) {
          this.error(line, "usage: use local/dir");
          break;
        }
        const dir = this.string(line, args[0]);
        if (dir !== null) this.file.use.push({ dir, line: line.line });
        break;
      }
      default:
        this.error(line, `unknown directive: ${verb}`);
    }
  }

  private goDirective(line: ModLine, args: string[]): void {
    if (this.file.go !== "") {
      this.error(line, "repeated go statement");
    } else if (args.length !== 1) {
      this.error(line, "go directive expects exactly one argument");
    } else if (goVersionPattern.test(args[0])) {
      this.file.go = args[0];
    } else {
      const lax = this.strict ? null : laxGoVersionPattern.exec(args[0]);
      if (lax !== null) this.file.go = lax[1];
      else this.error(line, `invalid go version '${args[0]}': must match format 1.23.0`);
    }
  }

  private toolchainDirective(line: ModLine, args: string[]): void {
    if (this.file.toolchain !== "") this.error(line, "repeated toolchain statement");
    else if (args.length !== 1) this.error(line, "toolchain directive expects exactly one argument");
    else if (toolchainPattern.test(args[0])) this.file.toolchain = args[0];
    else this.error(line, `invalid toolchain version '${args[0]}': must match format go1.23.0 or default`);
  }

  private moduleDirective(line: ModLine, args: string[]): void {
    if (this.sawModule) {
      this.error(line, "repeated module statement");
      return;
    }
    this.sawModule = true;
    if (args.length !== 1) {
      this.error(line, "usage: module module/path");
      return;
    }
    this.file.module = this.string(line, args[0]) ?? "";
  }

  private requireDirective(line: ModLine, verb: string, args: string[]): void {
    if (args.length !== 2) {
      this.error(line, `usage: ${verb} module/path v1.2.3`);
      return;
    }
    const path = this.string(line, args[0]);
    if (path === null) return;
    const version = this.version(line, verb, path, args[1]);
    if (version === null) return;
    const major = pathMajor(path);
    if (major === null) {
      this.error(line, `malformed module path ${JSON.stringify(path)}: invalid version`);
      return;
    }
    const problem = checkPathMajor(version, major);
    if (problem !== null) {
      this.error(line, `${verb} ${path}: ${problem}`);
      return;
    }
    const mod = { path, version };
    if (verb === "exclude") this.file.exclude.push(mod);
    else this.file.require.push({ mod, indirect: /^\/\/\s*indirect(?:;|\s*$)/.test(line.comment), line: line.line });
  }

  private replaceDirective(line: ModLine, args: string[]): void {
    const arrow = args[1] === "=>" ? 1 : 2;
    if (args.length < arrow + 2 || args.length > arrow + 3 || args[arrow] !== "=>") {
      this.error(
        line,
        "usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory",
      );
      return;
    }
    const path = this.string(line, args[0]);
    if (path === null) return;
    const major = pathMajor(path);
    if (major === null) {
      this.error(line, `replace ${path}: malformed module path ${JSON.stringify(path)}: invalid version`);
      return;
    }
    let version: string | null = "";
    if (arrow === 2) {
      version = this.version(line, "replace", path, args[1]);
      if (version === null) return;
      const problem = checkPathMajor(version, major);
      if (problem !== null) {
        this.error(line, `replace ${path}: ${problem}`);
        return;
      }
    }
    const target = this.string(line, args[arrow + 1]);
    if (target === null) return;
    const isDirectory = isDirectoryPath(target);
    if (args.length === arrow + 2) {
      if (!isDirectory) {
        const hint = target.includes("@")
          ? "replacement module must match format 'path version', not 'path@version'"
          : "replacement module without version must be directory path (rooted or starting with . or ..)";
        this.error(line, hint);
        return;
      }
      if (!this.paths.windows && target.includes("\\")) {
        this.error(line, "replacement directory appears to be Windows path (on a non-windows system)");
        return;
      }
      this.file.replace.push({ old: { path, version }, new: { path: this.paths.fromSlash(target), version: "" } });
      return;
    }
    const targetVersion = this.version(line, "replace", target, args[arrow + 2]);
    if (targetVersion === null) return;
    if (isDirectory) {
      this.error(line, `replacement module directory path ${JSON.stringify(target)} cannot have version`);
      return;
    }
    this.file.replace.push({ old: { path, version }, new: { path: target, version: targetVersion } });
  }

  /** A version, or `[low, high]`. */
  private retractDirective(line: ModLine, args: string[]): void {
    if (args.length === 0 || args[0] === "(") {
      this.error(line, "expected '[' or version");
      return;
    }
    let rest: string[];
    if (args[0] !== "[") {
      rest = args.slice(1);
    } else {
      const wants = [
        "expected version after '['",
        "expected ',' after version",
        "expected version after ','",
        "expected ']' after version",
      ];
      const fits = (i: number, token: string | undefined): boolean =>
        token !== undefined && (i === 1 ? token === "," : i === 3 ? token === "]" : true);
      for (let i = 0; i < wants.length; i++) {
        if (fits(i, args[i + 1])) continue;
        this.error(line, wants[i]);
        return;
      }
      rest = args.slice(5);
    }
    if (rest.length > 0) this.error(line, `unexpected token after version: ${JSON.stringify(rest[0])}`);
  }

  private string(line: ModLine, text: string): string | null {
    if (text.startsWith('"')) {
      try {
        return JSON.parse(text) as string;
      } catch {
        this.error(line, "invalid quoted string: invalid syntax");
        return null;
      }
    }
    if (/["'`]/.test(text)) {
      this.error(line, "invalid quoted string: unquoted string cannot contain quote");
      return null;
    }
    return text;
  }

  private version(line: ModLine, verb: string, path: string, text: string): string | null {
    const version = this.string(line, text);
    if (version === null) return null;
    // The go command would ask the network what a branch or a prefix stands for.
    if (canonicalVersion(version) !== version) {
      this.error(line, `${verb} ${path}: version ${JSON.stringify(version)} invalid: must be of the form v1.2.3`);
      return null;
    }
    return version;
  }
}
