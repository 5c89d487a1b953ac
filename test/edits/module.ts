/** A module whose packages are edited: each state is analysed with what is known from before, and as a whole. */
import { FileSet, NoPos, type Pos } from "../../src/base/pos.ts";
import { jobOf, requestKeys, runInit } from "../../src/cli/analyze.ts";
import { type Job, JobRunner, type Reply } from "../../src/cli/job.ts";
import type { PackageKeys } from "../../src/cli/keys.ts";
import { openRequest } from "../../src/cli/run.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { openStdArchive } from "../../src/host/assets.ts";
import { SummaryStore, summaryKey } from "../../src/host/summary-store.ts";
import type { LoadedPackage } from "../../src/load/package.ts";
import { Context } from "../../src/types/context.ts";
import { readPackage } from "../../src/types/summary-read.ts";
import { type Func, type Obj, ObjKind, type Package, TypeKind } from "../../src/types/types.ts";
import { typeString } from "../../src/types/typestring.ts";

/** What became of one state. */
export interface Outcome {
  /** Only what was edited has been analysed. */
  readonly isAlone: boolean;
  /** The declarations may stand on other lines than before. */
  readonly linesMoved: boolean;
  /** Of the analysis of the whole. */
  readonly out: string;
  readonly errors: string;
  /** How the two differ; "" if they do not. */
  readonly difference: string;
}

const none: ReadonlyMap<string, Uint8Array> = new Map();

export class EditedModule {
  private count = 0;

  /** Without `go` the standard library is the one that comes with goesc, which need not be analysed. */
  static async open(dir: string, cache: string, go: boolean): Promise<EditedModule> {
    const before = { ...process.env };
    Object.assign(process.env, {
      GOESC_CACHE: cache,
      CGO_ENABLED: "0",
      GOFLAGS: "",
      GOWORK: "off",
      ...(go ? {} : { GOROOT: "off" }),
    });
    try {
      const settings = readSettings({ gcflags: ["-m"], C: dir }, ["./..."]);
      const request = { ...openRequest(settings), emit: () => {}, progress: () => {} };
      const keys = requestKeys(request);
      const init = runInit(request, keys);
      return new EditedModule(request, keys, new SummaryStore(init.cacheDir), await JobRunner.create(init));
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  }

  private constructor(
    private readonly request: Parameters<typeof jobOf>[0],
    private readonly keys: PackageKeys,
    private readonly store: SummaryStore,
    private readonly runner: JobRunner,
  ) {
    for (const pkg of request.load.packages) {
      const key = keys.summaries.get(pkg.importPath);
      if (pkg.goFiles.length > 0 && !(key !== undefined && store.has(key)))
        runner.run({ ...jobOf(request, none, pkg), keys: keys.summaries });
    }
  }

  /** Those of the module. */
  get packages(): readonly LoadedPackage[] {
    return this.request.load.packages.filter((pkg) => !pkg.isStd);
  }

  /** Analyses a state of a package: all of its files. */
  analyze(pkg: LoadedPackage, files: ReadonlyMap<string, string>): Outcome {
    const editKey = summaryKey(["edits", pkg.importPath]);
    const number = this.count++;
    const run = (kind: "edit" | "whole"): { reply: Reply; name: string } => {
      const name = summaryKey([kind, String(number)]);
      const job: Job = {
        ...jobOf(this.request, none, pkg),
        keptKey: summaryKey(["output", name]),
        ...(kind === "whole" ? {} : { edit: { key: editKey, views: "views", isTest: true } }),
        keys: new Map([...this.keys.summaries, [pkg.importPath, name]]),
        drafts: new Map([...files].map(([file, text]) => [file, Buffer.from(text)])),
      };
      return { reply: this.runner.run(job), name };
    };
    const alone = run("edit");
    const whole = run("whole");
    const { out, errors } = whole.reply;
    const isAlone = alone.reply.edited !== undefined;
    const linesMoved = alone.reply.edited?.linesMoved === true;
    let different = difference(alone.reply.out + alone.reply.errors, out + errors);
    if (errors === "" && different === "" && pkg.compilerPath !== "main") {
      const unknown = this.unknown(editKey);
      const { env } = this.request.load;
      const std = env.goroot.embedded === undefined ? null : openStdArchive();
      const summaryOf = (path: string): Uint8Array =>
        std?.summary(path, `${env.goos}/${env.goarch}`) ?? this.store.read(this.keys.summaries.get(path)!)!;
      const [a, b] = [alone, whole].map(({ name }) => summaryText(this.store.read(name)!, unknown, summaryOf));
      different = difference(a, b);
    }
    return { isAlone, linesMoved, out, errors, difference: different };
  }

  /** Functions of which the summary need not know. */
  private unknown(key: string): ReadonlySet<string> {
    const bytes = this.store.read(key)!;
    return new Set(JSON.parse(Buffer.from(bytes.subarray(0, bytes.indexOf(10))).toString()).unknown as string[]);
  }
}

/** The first lines that differ; "" if none do. */
function difference(a: string, b: string): string {
  if (a === b) return "";
  const [x, y] = [a.split("\n"), b.split("\n")];
  let i = 0;
  while (i < x.length && i < y.length && x[i] === y[i]) i++;
  const show = (lines: readonly string[]): string => lines.slice(i, i + 4).join("\n    ");
  return `line ${i + 1}:\n  < ${show(x)}\n  > ${show(y)}`;
}

/** All that a summary says, but of functions named in `unknown`; `summaryOf` gives those of imports. */
function summaryText(bytes: Uint8Array, unknown: ReadonlySet<string>, summaryOf: (path: string) => Uint8Array): string {
  const fset = new FileSet();
  const known = new Map<string, Package>();
  const context = new Context();
  const imported = (path: string): Package => {
    let pkg = known.get(path);
    if (pkg === undefined) {
      pkg = readPackage(summaryOf(path), imported, fset, context);
      known.set(path, pkg);
    }
    return pkg;
  };
  const pkg = readPackage(bytes, imported, fset, context);
  const at = (pos: Pos): string => {
    if (pos === NoPos) return "-";
    const { filename, line, col } = fset.position(pos);
    return `${filename.replace(/.*\//, "")}:${line}:${col}`;
  };
  const func = (fn: Func): string => {
    const range = pkg.summary!.declRange(fn);
    const vars = [fn.type!.recv, ...fn.type!.params.vars, ...fn.type!.results.vars];
    const places = vars.map((v) => (v === null ? "" : at(v.pos))).join(" ");
    return `${at(fn.pos)} ${JSON.stringify(fn.summary)} ${JSON.stringify(range)} ${places}`;
  };
  const lines = pkg.summary!.files().map((file) => JSON.stringify(file));
  const text = (obj: Obj): string => {
    if (obj.kind === ObjKind.Func) return func(obj);
    return at(obj.pos);
  };
  for (const name of [...pkg.scope.declaredNames()].sort()) {
    const obj = pkg.scope.lookup(name)!;
    if (unknown.has(name)) continue;
    lines.push(`${name} ${pkg.summary!.visible(name)} ${text(obj)}`);
    if (obj.kind !== ObjKind.TypeName || obj.type?.kind !== TypeKind.Named) continue;
    typeString(obj.type, null);
    obj.type.loader?.(obj.type);
    for (const fn of obj.type.methods) lines.push(`  ${name}.${fn.name} ${func(fn)}`);
  }
  lines.push([...pkg.inlinedBodies].sort().join());
  return lines.join("\n");
}
