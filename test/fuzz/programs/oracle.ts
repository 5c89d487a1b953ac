/** The real compiler, run on single-file programs. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Flags } from "./ours.ts";

/** Instead of the output of a compiler that had to be killed. */
export const tookTooLong = "killed: it took too long\n";

export interface OracleResult {
  readonly text: string;
  /** It reported errors, or failed itself. */
  readonly failed: boolean;
}

export class Oracle {
  private readonly compiler: string;
  private readonly config: string;

  /** `imports`: the packages of the standard library that programs may import; their export data comes from the go
   *  command. */
  constructor(
    private readonly goroot: string,
    private readonly dir: string,
    imports: readonly string[],
  ) {
    mkdirSync(dir, { recursive: true });
    const go = join(goroot, "bin", "go");
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
    this.compiler = join(spawnSync(go, ["env", "GOTOOLDIR"], { encoding: "utf8", env }).stdout.trim(), "compile");
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

  /** What the compiler prints for a program of one file, x.go. */
  run(source: string | Uint8Array, flags: Flags): OracleResult {
    const { args, options } = this.prepare(this.dir, source, flags);
    const { stdout, stderr, status, error } = spawnSync(this.compiler, args, { ...options, encoding: "utf8" });
    const text = error === undefined ? this.relative(this.dir, stdout + stderr) : tookTooLong;
    return { text, failed: status !== 0 };
  }

  /** The same, without waiting for it. Runs at the same time need different names. */
  start(name: string, source: string | Uint8Array, flags: Flags): Promise<OracleResult> {
    const dir = join(this.dir, name);
    mkdirSync(dir, { recursive: true });
    const { args, options } = this.prepare(dir, source, flags);
    return new Promise((resolve) => {
      execFile(this.compiler, args, options, (error, stdout, stderr) => {
        const text = error?.killed === true ? tookTooLong : this.relative(dir, stdout + stderr);
        resolve({ text, failed: error !== null });
      });
    });
  }

  private prepare(dir: string, source: string | Uint8Array, { m, l }: Flags) {
    writeFileSync(join(dir, "x.go"), source);
    const flags = [`-m=${m}`, ...(l === 0 ? [] : [`-l=${l}`])];
    const target = ["-p", "main", "-complete", "-lang=go1.26", "-importcfg", this.config, "-o", join(dir, "x.a")];
    // Programs are small: collecting garbage and compiling in parallel take longer than they save.
    const env = { ...process.env, GOROOT: this.goroot, GOGC: "off" };
    const options = { cwd: dir, env, maxBuffer: 1 << 28, timeout: 180_000 };
    return { args: [...target, "-c=1", ...flags, "x.go"], options };
  }

  private relative(dir: string, text: string): string {
    return text.replaceAll(`${dir}/`, "");
  }
}
