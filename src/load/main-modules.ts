/** The main module of a run, or those of its workspace: the go.mod and go.work files that are found from the current directory.
 *
 *  Mirrors cmd/go/internal/modload/init.go (FindGoWork, loadModFile). */
import { type GoEnv, LoadError } from "./env.ts";
import { inDir, isFile, type LoadHost, readText, shortPath } from "./fs.ts";
import { compareGoVersions, DefaultGoModVersion, DefaultGoWorkVersion } from "./gover.ts";
import { type ModFile, parseModFile, parseWorkFile } from "./modfile.ts";
import { ModFileError } from "./modfile-syntax.ts";
import { checkImportPath } from "./semver.ts";

export interface MainModule {
  readonly path: string;
  /** What import paths of its packages start with: the module path, "" for the standard library's own module. */
  readonly prefix: string;
  readonly dir: string;
  readonly file: ModFile;
}

export interface ModuleSettings {
  /** -mod as given, "" otherwise. */
  readonly mod: string;
  /** -modfile as given, "" otherwise. */
  readonly modFile: string;
}

export interface MainModules {
  /** Empty outside any module. */
  readonly main: readonly MainModule[];
  /** The go.work file; null outside workspace mode. */
  readonly work: ModFile | null;
  readonly workPath: string;
}

/** Throws a {@link LoadError}. */
export function findMainModules(host: LoadHost, env: GoEnv, settings: ModuleSettings): MainModules {
  if (env.modulesOff) return { main: [], work: null, workPath: "" };
  const finder = new Finder(host, env, settings);
  return { main: finder.findMain(), work: finder.work, workPath: finder.workPath };
}

/** The go.mod file of a main module in `dir`. */
export function goModPath(host: LoadHost, { modFile }: ModuleSettings, dir: string): string {
  return modFile !== "" ? host.paths.abs(modFile, host.cwd) : host.paths.join(dir, "go.mod");
}

/** The nearest directory upwards with a go.mod; "" if there is none. */
export function findModuleRoot(host: LoadHost, from: string): string {
  for (let dir = host.paths.clean(from); ; ) {
    if (isFile(host.fs, host.paths.join(dir, "go.mod"))) return dir;
    const parent = host.paths.dir(dir);
    if (parent === dir) return "";
    dir = parent;
  }
}

class Finder {
  readonly workPath: string;
  readonly work: ModFile | null;

  constructor(
    private readonly host: LoadHost,
    private readonly env: GoEnv,
    private readonly settings: ModuleSettings,
  ) {
    this.workPath = this.findWork();
    this.work = this.workPath === "" ? null : this.readWork();
  }

  private findWork(): string {
    const { gowork } = this.env;
    if (gowork === "off") return "";
    if (gowork !== "") {
      if (!this.host.paths.isAbs(gowork)) throw new LoadError("go: invalid GOWORK: not an absolute path");
      return gowork;
    }
    const { paths, fs, cwd } = this.host;
    for (let dir = cwd; ; ) {
      const file = paths.join(dir, "go.work");
      if (isFile(fs, file)) return file;
      const parent = paths.dir(dir);
      if (parent === dir || parent === this.env.goroot.dir) return "";
      dir = parent;
    }
  }

  private readWork(): ModFile {
    const { host, workPath } = this;
    const name = shortPath(host, workPath);
    const text = readText(host.fs, workPath);
    if (text === null) throw new LoadError(`go: reading go.work: open ${name}: no such file or directory`);
    const file = this.parse(() => parseWorkFile(host.paths, name, workPath, text), "go: errors parsing go.work:\n");
    this.requireGo(name, file.go);
    return file;
  }

  private parse(read: () => ModFile, prefix: string): ModFile {
    try {
      return read();
    } catch (error) {
      if (error instanceof ModFileError) throw new LoadError(prefix + error.message);
      throw error;
    }
  }

  /** The release read must be at least what a go line asks for. */
  private requireGo(what: string, version: string): void {
    const have = this.env.goroot.version;
    if (version === "" || compareGoVersions(version, have) <= 0) return;
    const toolchain =
      this.env.toolchain === "" || this.env.toolchain === "auto" ? "" : `; GOTOOLCHAIN=${this.env.toolchain}`;
    const running =
      this.env.goroot.embedded === undefined ? `running go ${have}${toolchain}` : `goesc itself knows go ${have}`;
    throw new LoadError(`go: ${what} requires go >= ${version} (${running})`);
  }

  findMain(): MainModule[] {
    const { host, work } = this;
    if (work !== null) {
      const dirs = work.use.map((use) => ({
        dir: host.paths.abs(use.dir, host.paths.dir(this.workPath)),
        line: use.line,
      }));
      const seen = new Set<string>();
      for (const { dir, line } of dirs) {
        if (seen.has(dir)) {
          const place = `${shortPath(host, this.workPath)}:${line}`;
          throw new LoadError(`go: error loading go.work:\n${place}: path ${dir} appears multiple times in workspace`);
        }
        seen.add(dir);
      }
      return this.readWorkspace(dirs.map(({ dir }) => dir));
    }
    const root = findModuleRoot(host, host.cwd);
    if (root === "") {
      if (this.settings.modFile !== "") {
        throw new LoadError(
          "go: cannot find main module, but -modfile was set.\n\t-modfile cannot be used to set the module root directory.",
        );
      }
      return [];
    }
    if (inDir(host, root, host.tempDir) === ".") return []; // go ignores a go.mod in the system's temporary directory
    return [this.readMain(root)];
  }

  /** The modules of a workspace, or what is wrong with any of them. */
  private readWorkspace(dirs: readonly string[]): MainModule[] {
    const modules: MainModule[] = [];
    const problems: string[] = [];
    for (const dir of dirs) {
      try {
        modules.push(this.readMain(dir));
      } catch (error) {
        if (!(error instanceof LoadError)) throw error;
        problems.push(error.message);
      }
    }
    if (problems.length > 0) throw new LoadError(problems.join("\n"));
    return modules;
  }

  private readMain(dir: string): MainModule {
    const { host, work } = this;
    const path = goModPath(host, this.settings, dir);
    const name = shortPath(host, path);
    const prefix = work === null ? "go: " : `go: cannot load module ${shortPath(host, dir)} listed in go.work file: `;
    const text = readText(host.fs, path);
    if (text === null) {
      throw new LoadError(`${prefix}open ${work === null ? path : name}: no such file or directory`);
    }
    const file = this.parse(
      () => parseModFile(host.paths, name, path, text, true),
      `${prefix}errors parsing ${name}:\n`,
    );
    if (work !== null) this.checkWorkVersion(dir, file);
    else this.requireGo(name, file.go);
    if (file.module === "") {
      throw new LoadError(
        `${prefix}error reading ${name}: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod`,
      );
    }
    const bad = checkImportPath(file.module);
    if (bad !== null) throw new LoadError(`go: ${bad.replace("import path", "module path")}`);
    const inGoroot = inDir(host, dir, host.paths.join(this.env.goroot.dir, "src")) !== null;
    return { path: file.module, prefix: inGoroot && file.module === "std" ? "" : file.module, dir, file };
  }

  private checkWorkVersion(dir: string, file: ModFile): void {
    const want = file.go || DefaultGoModVersion;
    const have = this.work?.go || DefaultGoWorkVersion;
    if (compareGoVersions(want, have) <= 0 || compareGoVersions(want, "1.21") < 0) return;
    const verb = this.work?.go ? "lists" : "implicitly requires";
    throw new LoadError(
      `go: module ${shortPath(this.host, dir)} listed in go.work file requires go >= ${want}, but go.work ${verb} go ${have}; to update it:\n\tgo work use`,
    );
  }
}
