/** What `go vet -vettool=…` says to its tool and wants back.
 *
 *  Mirrors  the driver's side in cmd/go/internal/vet and cmd/go/internal/work/exec.go (vetConfig), the tool's in
 *           golang.org/x/tools/go/analysis/unitchecker.
 *
 *      tool -V=full              one line that changes whenever the tool does
 *      tool -flags               its flags, as JSON
 *      tool [flags] DIR/vet.cfg  the analysis of one package; its facts go to the file that the others get to see */
import { readFileSync } from "node:fs";

/** vet.cfg, as far as it matters here. */
export interface VetConfig {
  readonly ID: string;
  readonly Compiler: string;
  readonly Dir: string;
  readonly ImportPath: string;
  readonly GoFiles: readonly string[];
  readonly NonGoFiles: readonly string[] | null;
  readonly ModulePath?: string;
  /** Import path as written → that of the package. */
  readonly ImportMap: Readonly<Record<string, string>>;
  readonly Standard: Readonly<Record<string, boolean>>;
  /** Facts of the packages imported. */
  readonly PackageVetx: Readonly<Record<string, string>> | null;
  /** Nobody will see findings: only the facts count. */
  readonly VetxOnly: boolean;
  readonly VetxOutput: string;
  /** Where findings go; absent before Go 1.26. */
  readonly Stdout?: string;
  readonly GoVersion: string;
  readonly SucceedOnTypecheckFailure?: boolean;
}

/** Null if there is no such file, or it holds something else. */
export function readVetConfig(file: string): VetConfig | null {
  try {
    const config = JSON.parse(readFileSync(file, "utf8")) as Partial<VetConfig> | null;
    if (typeof config?.ImportPath !== "string" || typeof config.VetxOutput !== "string") return null;
    return { ...(config as VetConfig), GoFiles: config.GoFiles ?? [], ImportMap: config.ImportMap ?? {} };
  } catch {
    return null;
  }
}

export interface VetFlag {
  readonly Name: string;
  readonly Bool: boolean;
  readonly Usage: string;
}

/** Flags that `go vet` takes for this tool. Every one is part of the key under which go caches the result. */
export const vetFlags: readonly VetFlag[] = [
  { Name: "heap", Bool: true, Usage: "every value on the heap is a finding, not only broken promises" },
  { Name: "fixes", Bool: true, Usage: "look for edits that help; -json shows them" },
  { Name: "l", Bool: true, Usage: "analyse as with -gcflags=-l" },
  {
    Name: "whole",
    Bool: true,
    Usage: "facts hold all that importers need: for steps that do not see other packages' sources",
  },
  { Name: "json", Bool: true, Usage: "emit JSON output" },
];

export interface VetArgs {
  readonly heap: boolean;
  readonly fixes: boolean;
  readonly l: boolean;
  readonly whole: boolean;
  readonly json: boolean;
  readonly config: string;
}

/** Null for a command line that is not the driver's. */
export function parseVetArgs(args: readonly string[]): VetArgs | null {
  const flags = new Map<string, boolean>();
  let config = "";
  for (const arg of args) {
    const match = /^--?([a-z]+)(?:=(.*))?$/.exec(arg);
    if (match === null) {
      if (config !== "" || !arg.endsWith(".cfg")) return null;
      config = arg;
      continue;
    }
    if (!vetFlags.some(({ Name }) => Name === match[1])) return null;
    flags.set(match[1], match[2] === undefined || /^(?:1|t)/i.test(match[2]));
  }
  if (config === "") return null;
  const on = (name: string): boolean => flags.get(name) === true;
  return { heap: on("heap"), fixes: on("fixes"), l: on("l"), whole: on("whole"), json: on("json"), config };
}

export interface VetEdit {
  readonly filename: string;
  readonly start: number;
  readonly end: number;
  readonly new: string;
}

export interface VetDiagnostic {
  readonly category: string;
  /** `file:line:col`. */
  readonly posn: string;
  readonly end: string;
  readonly message: string;
  readonly suggested_fixes?: readonly { readonly message: string; readonly edits: readonly VetEdit[] }[];
  readonly related?: readonly { readonly posn: string; readonly end: string; readonly message: string }[];
}

/** The tree that the driver reads: package, analyser, diagnostics or an error. */
export function vetJson(id: string, result: readonly VetDiagnostic[] | { readonly error: string }): string {
  if (Array.isArray(result) && result.length === 0) return "";
  return `${JSON.stringify({ [id]: { goesc: result } }, null, "\t")}\n`;
}
