/** The real compiler, run on single-file programs. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Flags } from "./ours.ts";

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
  run(source: string | Uint8Array, { m, l }: Flags): string {
    writeFileSync(join(this.dir, "x.go"), source);
    const flags = [`-m=${m}`, ...(l === 0 ? [] : [`-l=${l}`])];
    const result = spawnSync(
      this.compiler,
      [
        "-p",
        "main",
        "-complete",
        "-lang=go1.26",
        "-importcfg",
        this.config,
        "-o",
        join(this.dir, "x.a"),
        ...flags,
        "x.go",
      ],
      {
        cwd: this.dir,
        env: { ...process.env, GOROOT: this.goroot },
        encoding: "utf8",
        maxBuffer: 1 << 28,
        timeout: 60_000,
      },
    );
    return (result.stdout + result.stderr).replaceAll(`${this.dir}/`, "");
  }
}
