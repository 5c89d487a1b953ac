/** The real compiler, run on small programs. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Flags } from "./ours.ts";

/** Instead of the output of a compiler that had to be killed. */
export const tookTooLong = "killed: it took too long\n";

/** One file, x.go, and perhaps a package of one file that it imports. */
export interface Program {
  readonly main: string;
  readonly lib: string | null;
  /** Import path of the latter; its file is named likewise. */
  readonly libPath: string;
}

export interface OracleResult {
  readonly text: string;
  /** It reported errors, or failed itself. */
  readonly failed: boolean;
}

export class Oracle {
  private readonly compiler: string;
  /** The one that leaves object files. */
  private readonly full: string;
  private readonly config: string;

  /** `imports`: the packages of the standard library that programs may import; their export data comes from the go
   *  command. */
  constructor(
    private readonly goroot: string,
    private readonly dir: string,
    imports: readonly string[],
    /** Another compiler than that of GOROOT. */
    compiler = "",
  ) {
    mkdirSync(dir, { recursive: true });
    const go = join(goroot, "bin", "go");
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
    this.full = join(spawnSync(go, ["env", "GOTOOLDIR"], { encoding: "utf8", env }).stdout.trim(), "compile");
    this.compiler = compiler || this.full;
    this.config = join(dir, "importcfg");
    let config = "";
    if (imports.length > 0) {
      const format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
      const result = spawnSync(go, ["list", "-p", "1", "-export", "-deps", "-f", format, ...imports], {
        encoding: "utf8",
        env,
        cwd: goroot,
      });
      if (result.status !== 0) throw new Error(result.stderr);
      config = result.stdout;
    }
    writeFileSync(this.config, config);
  }

  /** What the compiler prints for a program. */
  run(program: Program, flags: Flags): OracleResult {
    let text = "";
    for (const { compiler, args, options } of this.steps(this.dir, program, flags)) {
      const { stdout, stderr, status, error } = spawnSync(compiler, args, { ...options, encoding: "utf8" });
      if (error !== undefined) return { text: tookTooLong, failed: true };
      text += this.relative(this.dir, stdout + stderr);
      if (status !== 0) return { text, failed: true };
    }
    return { text, failed: false };
  }

  /** The same, without waiting for it. Runs at the same time need different names. */
  async start(name: string, program: Program, flags: Flags): Promise<OracleResult> {
    const dir = join(this.dir, name);
    mkdirSync(dir, { recursive: true });
    let text = "";
    for (const { compiler, args, options } of this.steps(dir, program, flags)) {
      const result = await new Promise<OracleResult>((resolve) => {
        execFile(compiler, args, options, (error, stdout, stderr) => {
          const said = error?.killed === true ? tookTooLong : this.relative(dir, stdout + stderr);
          resolve({ text: said, failed: error !== null });
        });
      });
      if (result.text === tookTooLong) return result;
      text += result.text;
      if (result.failed) return { text, failed: true };
    }
    return { text, failed: false };
  }

  /** The library first, if there is one: the program needs its export data. */
  private steps(dir: string, { main, lib, libPath }: Program, { m, l }: Flags): Step[] {
    const flags = [`-m=${m}`, ...(l === 0 ? [] : [`-l=${l}`])];
    // Programs are small: collecting garbage and compiling in parallel take longer than they save.
    const env = { ...process.env, GOROOT: this.goroot, GOGC: "off" };
    const options = { cwd: dir, env, maxBuffer: 1 << 28, timeout: 180_000 };
    const step = (compiler: string, path: string, config: string, file: string, source: string): Step => {
      writeFileSync(join(dir, file), source);
      const target = ["-p", path, "-complete", "-lang=go1.26", "-importcfg", config, "-o", join(dir, `${path}.a`)];
      return { compiler, args: [...target, "-c=1", ...flags, file], options };
    };
    if (lib === null) return [step(this.compiler, "main", this.config, "x.go", main)];
    const config = join(dir, "libcfg");
    writeFileSync(
      config,
      `${readFileSync(this.config, "utf8")}\npackagefile ${libPath}=${join(dir, `${libPath}.a`)}\n`,
    );
    return [
      step(this.full, libPath, this.config, `${libPath}.go`, lib),
      step(this.compiler, "main", config, "x.go", main),
    ];
  }

  private relative(dir: string, text: string): string {
    return text.replaceAll(`${dir}/`, "");
  }
}

interface Step {
  readonly compiler: string;
  readonly args: string[];
  readonly options: { cwd: string; env: NodeJS.ProcessEnv; maxBuffer: number; timeout: number };
}
