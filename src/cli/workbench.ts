/** Analyses in this thread whose results stay at hand: for explanations, which look into callees, and for edits, which
 *  are tried before they are shown. */
import { rewriteOutput } from "../load/display.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { AnalyzeOptions } from "../report/analyze.ts";
import { errorText } from "../report/errors.ts";
import { Scene, type World } from "../report/explain/scene.ts";
import { analyzePackages, jobOf, requestKeys, runInit } from "./analyze.ts";
import { JobRunner } from "./job.ts";
import type { OpenedRequest } from "./run.ts";

const noDrafts: ReadonlyMap<string, Uint8Array> = new Map();

export class Workbench implements World {
  private readonly scenes = new Map<string, Scene | null>();
  private readonly unsaved = new Map<string, Uint8Array>();

  /** Analyses whatever is imported; the text of errors instead, if there are any. */
  static async open(opened: OpenedRequest): Promise<Workbench | string> {
    let errors = "";
    const request = {
      ...opened,
      emit: ({ pkg, errors: text }: { pkg: LoadedPackage; errors: string }) => {
        if (text !== "") errors += `# ${pkg.importPath}\n${rewriteOutput(opened.host, pkg.dir, text)}`;
      },
      progress: () => {},
    };
    const keys = requestKeys(request);
    await analyzePackages(request, keys);
    if (errors !== "") return errors;
    return new Workbench(opened, await JobRunner.create(runInit(request, keys)));
  }

  private constructor(
    private readonly opened: OpenedRequest,
    private readonly runner: JobRunner,
  ) {}

  scene(importPath: string): Scene | null {
    const known = this.scenes.get(importPath);
    if (known !== undefined) return known;
    this.scenes.set(importPath, null);
    const { packages } = this.opened.load;
    const pkg =
      packages.find((p) => p.importPath === importPath) ?? packages.find((p) => p.compilerPath === importPath);
    const here = pkg !== undefined && pkg.goFiles.length > 0; // not so of the standard library without Go
    const examined = here ? this.examine(pkg, noDrafts) : null;
    const scene = typeof examined === "string" ? null : examined;
    this.scenes.set(importPath, scene);
    if (pkg !== undefined) this.scenes.set(pkg.importPath, scene).set(pkg.compilerPath, scene);
    return scene;
  }

  /** The package with `drafts` in place of its files; the text of its errors, if there are any. */
  examine(
    pkg: LoadedPackage,
    drafts: ReadonlyMap<string, Uint8Array>,
    options: Partial<AnalyzeOptions> = {},
  ): Scene | string {
    const request = { ...this.opened, emit: () => {}, progress: () => {} };
    for (;;) {
      const job = jobOf(request, this.unsaved, pkg);
      const examined = this.runner.examine(
        { ...job, analyze: { ...job.analyze, m: 1, explain: true, ...options } },
        drafts,
      );
      if (typeof examined === "string") {
        this.analyzeMissing(examined);
        continue;
      }
      const { session, result } = examined;
      if (result.checked === null || result.errors.length > 0) return errorText(session.fset, result.errors, false);
      return new Scene(session, pkg.importPath, result);
    }
  }

  /** Makes summaries that the disk did not keep. */
  private analyzeMissing(importPath: string): void {
    const request = { ...this.opened, emit: () => {}, progress: () => {} };
    const stack = [importPath];
    for (let path = stack.pop(); path !== undefined; path = stack.pop()) {
      const pkg = this.opened.load.packages.find((p) => p.importPath === path);
      if (pkg === undefined) throw new Error(`${path} is not part of this build`);
      const reply = this.runner.run(jobOf(request, this.unsaved, pkg));
      if (reply.missing !== null) stack.push(path, reply.missing);
      else if (reply.errors !== "") throw new Error(reply.errors);
      else if (reply.unsaved !== null) this.unsaved.set(path, reply.unsaved);
    }
  }
}
