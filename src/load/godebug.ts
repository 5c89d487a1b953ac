/** What GODEBUG is where the environment says nothing: the main module's go version restores what older releases did, its
 *  godebug lines and the `//go:debug` lines of the main package change that (cmd/go/internal/load/godebug.go). */
import { debugLines } from "../syntax/imports.ts";
import { type LoadHost, readText } from "./fs.ts";
import { compareGoVersions, isValidGoVersion } from "./gover.ts";
import { lineCol } from "./graph.ts";

export interface MainSettings {
  /** The main module's, `1.26`. */
  readonly goVersion: string;
  /** Its godebug lines, or those of the workspace. */
  readonly godebug: ReadonlyMap<string, string>;
}

/** Settings that package internal/godebugs of the installation knows. */
class Table {
  private readonly known = new Map<string, { readonly changed: number; readonly old: string }>();
  private readonly removed = new Map<string, number>();
  private readonly version: string;

  constructor(host: LoadHost, goroot: { readonly dir: string; readonly version: string }) {
    const file = host.paths.join(goroot.dir, "src", "internal", "godebugs", "table.go");
    const text = readText(host.fs, file) ?? "";
    this.version = goroot.version;
    for (const [, name, rest] of text.matchAll(/^\s*\{Name: "(\w+)"(.*)\},?$/gm)) {
      const removed = /Removed: (\d+)/.exec(rest);
      if (removed !== null) {
        this.removed.set(name, Number(removed[1]));
        continue;
      }
      const changed = Number(/Changed: (\d+)/.exec(rest)?.[1] ?? 0);
      this.known.set(name, { changed, old: /Old: "([^"]*)"/.exec(rest)?.[1] ?? "" });
    }
  }

  /** What is wrong with a setting; "" for nothing. */
  problem(verb: string, key: string, value: string): string {
    for (const [what, text] of [
      ["key", key],
      ["value", value],
    ]) {
      if (/[ \t]/.test(text)) return `${what} contains space`;
      if (text.includes(",")) return `${what} contains comma`;
    }
    if (key === "default") {
      const version = value.slice(2);
      if (!value.startsWith("go") || !isValidGoVersion(version)) return "value for default= must be goVERSION";
      if (compareGoVersions(version, this.version) > 0)
        return `default=${value} too new (toolchain is go${this.version})`;
      return "";
    }
    if (this.known.has(key)) return "";
    const removed = this.removed.get(key);
    if (removed === undefined) return `unknown ${verb} ${JSON.stringify(key)}`;
    return `use of removed ${verb} ${JSON.stringify(key)}, see https://go.dev/doc/godebug#go-1${removed}`;
  }

  /** What brings back the behaviour of a release. */
  settingsOf(goVersion: string): Map<string, string> {
    const settings = new Map<string, string>();
    const match = /^1\.(\d+)(?:\.|$)/.exec(goVersion);
    if (match === null) return settings;
    for (const [name, { changed, old }] of this.known) if (Number(match[1]) < changed) settings.set(name, old);
    return settings;
  }
}

export interface DefaultGodebug {
  /** As in the variable GODEBUG. */
  readonly value: string;
  /** `file:line:col: …`, where a `//go:debug` line is wrong, with what is wrong; "" if none is. */
  readonly error: string;
}

/** The default of a program whose main package, or the package that it tests, has these files. */
export function defaultGodebug(
  host: LoadHost,
  goroot: { readonly dir: string; readonly version: string },
  main: MainSettings,
  files: readonly string[],
): DefaultGodebug {
  const table = new Table(host, goroot);
  const own = new Map(main.godebug);
  for (const file of files) {
    const source = host.fs.readFile(file);
    for (const { text, offset } of debugLines(source)) {
      const setting = /^go:debug[ \t]+([^=]*)=(.*)$/.exec(text.trimEnd());
      const problem =
        setting === null ? "missing key=value" : table.problem("//go:debug setting", setting[1], setting[2]);
      if (setting === null || problem !== "") {
        return { value: "", error: `${file}:${lineCol(source, offset)}: invalid //go:debug: ${problem}` };
      }
      own.set(setting[1], setting[2]);
    }
  }
  const base = own.get("default")?.replace(/^go/, "") ?? main.goVersion;
  own.delete("default");
  const settings = new Map([...table.settingsOf(base), ...own]);
  const value = [...settings.keys()].sort().map((key) => `${key}=${settings.get(key)}`);
  return { value: value.join(","), error: "" };
}
