/** The summaries of what open packages import: from the cache, from the standard library that comes with goesc, or made
 *  here and by other threads. */
import type { FileSystem } from "../../load/fs.ts";
import { flagOfEnv, type LoadResult, splitTags } from "../../load/load.ts";
import type { LoadedPackage } from "../../load/package.ts";
import type { PackageUnit } from "../../report/analyze.ts";
import type { Session } from "../../report/session.ts";
import { difference } from "../text.ts";
import type { SummaryReply } from "./helpers.ts";
import { defaultSettings, type EngineHost, type EngineSettings } from "./host.ts";
import { SummaryKeys } from "./keys.ts";
import { Interrupted } from "./package.ts";
import { newSession, type SessionSetup, summarize } from "./summarize.ts";
import { type Missing, SummaryWork } from "./summary-work.ts";

/** What summaries need of the engine. */
export interface SummaryWorld {
  readonly fs: FileSystem;
  isOpen(file: string): boolean;
  /** With the texts that are being tried. */
  readFile(name: string): Uint8Array;
  /** Throws {@link Interrupted} to end what nobody waits for any more. */
  checkpoint(): void;
  progress(done: number, total: number, what: string): void;
}

/** So many summaries are missing that other threads are worth their start. */
const worthHelp = 8;

export class Summaries {
  private summaries = new Map<string, { key: string; bytes: Uint8Array }>();
  private readonly failed = new Set<string>();
  private sessions = 0;
  /** Summaries that other threads have made. */
  helped = 0;
  /** Keys of summaries that helpers are making. */
  private readonly posted = new Set<string>();
  private settings = defaultSettings;

  constructor(
    private readonly host: EngineHost,
    private readonly world: SummaryWorld,
  ) {}

  /** Forgets everything. */
  reset(settings: EngineSettings): void {
    this.settings = settings;
    this.summaries = new Map();
    this.failed.clear();
  }

  /** What could not be made may be possible now. */
  retry(): void {
    this.failed.clear();
  }

  forget(importPath: string): void {
    this.summaries.delete(importPath);
  }

  /** Takes the summary of an open package; reports whether it is another one than before. */
  replace(importPath: string, bytes: Uint8Array): boolean {
    const known = this.summaries.get(importPath);
    if (known !== undefined && difference(known.bytes, bytes) === null) return false;
    this.summaries.set(importPath, { key: "", bytes });
    return true;
  }

  /** Makes summaries of what a package imports, as far as there are none. */
  prepare(load: LoadResult, own: LoadedPackage): void {
    const keys = new SummaryKeys(load, this.world.fs, this.settings);
    const missing: Missing[] = [];
    for (const imported of load.packages) {
      if (imported === own || imported.goFiles.length === 0) continue;
      if (this.isEmbedded(load, imported)) continue;
      const key = keys.of(imported);
      if (this.summaries.get(imported.importPath)?.key === key) continue;
      if (this.failed.has(`${imported.importPath} ${key}`)) continue;
      const bytes = key === "" ? null : this.host.readSummary(key);
      if (bytes !== null) this.summaries.set(imported.importPath, { key, bytes });
      else {
        const isSaved = key !== "" && !imported.goFiles.some((file) => this.world.isOpen(file));
        missing.push({ pkg: imported, key, isSaved });
      }
    }
    if (missing.length > 0) this.make(load, missing);
  }

  private isEmbedded(load: LoadResult, pkg: LoadedPackage): boolean {
    return (
      pkg.isStd && this.platform(load) !== "" && this.host.std!.summary(pkg.importPath, this.platform(load)) !== null
    );
  }

  /** The platform whose embedded standard library is the installed one; "" if there is none. */
  private platform({ env, requested }: LoadResult): string {
    const { std } = this.host;
    // To each other its packages show more than what programs can import.
    if (std === null || this.settings.noInline || requested.some(({ isStd }) => isStd)) return "";
    const platform = `${env.goos}/${env.goarch}`;
    const tags = this.settings.tags ?? splitTags(flagOfEnv(env, "tags") ?? "");
    const isSame = env.goroot.version === std.goVersion && tags.length === 0 && env.get("GOEXPERIMENT") === "";
    return isSame && std.platforms.includes(platform) ? platform : "";
  }

  private make(load: LoadResult, missing: readonly Missing[]): void {
    const helpers = missing.length < worthHelp ? null : (this.host.helpers?.() ?? null);
    const setup = this.setup(load);
    const given = Array.from({ length: helpers?.width ?? 0 }, () => new Set<string>());
    const id = ++this.sessions;
    const wanted = new Set(missing.map(({ key }) => key));
    let session: Session | null = null;
    const work = new SummaryWork(missing, {
      helpers,
      isPosted: ({ key }) => this.posted.has(key),
      post: (helper, { pkg, key }) => {
        const imports = new Map<string, Uint8Array>();
        for (const path of reached(pkg)) {
          const bytes = given[helper].has(path) ? undefined : this.summaries.get(path)?.bytes;
          if (bytes === undefined) continue;
          imports.set(path, bytes);
          given[helper].add(path);
        }
        this.posted.add(key);
        helpers!.post(helper, { key, unit: unitOf(pkg), setup, session: id, imports });
      },
      make: ({ pkg, key }, glance) => {
        session ??= this.session(load);
        try {
          const bytes = summarize(session, unitOf(pkg), setup.noInline, glance);
          this.keep({ key, importPath: pkg.importPath, bytes });
        } catch (error) {
          if (error instanceof Interrupted) throw error;
          session = null; // what was being read may be half made
          this.keep({ key, importPath: pkg.importPath, bytes: null });
        }
      },
      take: (reply) => {
        this.posted.delete(reply.key);
        this.helped++;
        if (wanted.has(reply.key)) this.keep(reply); // else the package has changed since
      },
      checkpoint: this.world.checkpoint,
      progress: (done, total, what) => this.world.progress(done, total, what),
    });
    work.run();
    helpers?.close();
    this.posted.clear();
    this.world.progress(missing.length, 0, "");
  }

  private keep({ key, importPath, bytes }: SummaryReply): void {
    if (bytes === null) {
      this.failed.add(`${importPath} ${key}`);
      return;
    }
    this.summaries.set(importPath, { key, bytes });
    if (key !== "") this.host.writeSummary(key, bytes);
  }

  private setup(load: LoadResult): SessionSetup {
    const { env } = load;
    const { noInline } = this.settings;
    const { goroot } = env;
    return { goarch: env.goarch, goroot: goroot.dir, minor: goroot.minor, platform: this.platform(load), noInline };
  }

  /** A session in which they can be imported. */
  session(load: LoadResult): Session {
    return newSession(
      this.setup(load),
      this.host.std,
      (path) => this.world.readFile(path),
      (path) => this.summaries.get(path)?.bytes ?? null,
    );
  }
}

/** Import paths of all packages that a package rests on. */
function reached(pkg: LoadedPackage, paths = new Set<string>()): Set<string> {
  for (const imported of pkg.imports.values()) {
    if (paths.has(imported.importPath)) continue;
    paths.add(imported.importPath);
    reached(imported, paths);
  }
  return paths;
}

export function unitOf(pkg: LoadedPackage): PackageUnit {
  const imports = new Map<string, string>();
  for (const [path, imported] of pkg.imports) imports.set(path, imported.importPath);
  const { importPath, compilerPath, goFiles, goVersion, complete, isStd } = pkg;
  return { importPath, compilerPath, goFiles, imports, goVersion, complete, isStd };
}
