/** `goesc test -cover`: its flags, and the profile of all packages. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type CoverMode, coverFile, sortedBlocks } from "../load/cover.ts";
import { UsageError } from "./args.ts";
import type { TestedPackage } from "./open-build.ts";
import { isTrue } from "./run-options.ts";
import type { Settings } from "./settings.ts";

const modes: readonly string[] = ["set", "count", "atomic"] satisfies CoverMode[];

/** Null if nothing is counted. `-covermode` and `-coverprofile` mean `-cover`. */
export function readCoverage(flags: ReadonlyMap<string, string>, settings: Settings): Coverage | null {
  const mode = flags.get("covermode") ?? "set";
  const profile = flags.get("coverprofile") ?? "";
  if (!modes.includes(mode))
    throw new UsageError(
      `invalid value ${JSON.stringify(mode)} for flag -covermode: valid modes are set, count, or atomic`,
    );
  if (profile === "" && !flags.has("covermode") && !isTrue(flags.get("cover"))) return null;
  return new Coverage(mode as CoverMode, profile === "" ? "" : resolve(settings.chdir, profile));
}

export class Coverage {
  /** Where a test program writes its profile. */
  private part = "";

  /** `profile` is the file that takes the profiles of all packages, "" for none. */
  constructor(
    readonly mode: CoverMode,
    private readonly profile: string,
  ) {
    if (profile !== "") writeFileSync(profile, `mode: ${mode}\n`);
  }

  /** What the next test program is told. */
  programArgs(): string[] {
    if (this.profile === "") return [];
    this.part = join(mkdtempSync(join(tmpdir(), "goesc-cover-")), "profile");
    return [`-test.coverprofile=${this.part}`];
  }

  /** The program has ended. */
  ran(): void {
    if (this.part === "") return;
    // It may have ended before it wrote one.
    const text = existsSync(this.part) ? readFileSync(this.part, "utf8") : "";
    this.removePart();
    this.add(text.slice(text.indexOf("\n") + 1));
  }

  /** A package without tests: false if it has no statements, either. */
  untested({ importPath, files }: TestedPackage): boolean {
    this.removePart();
    let any = false;
    for (const file of [...files].sort()) {
      const blocks = coverFile(file, readFileSync(file), "_", this.mode)?.blocks ?? [];
      any ||= blocks.length > 0;
      if (this.profile === "") continue;
      const lines = sortedBlocks(blocks).map(
        (b) =>
          `${importPath}/${basename(file)}:${b.startLine}.${b.startColumn},${b.endLine}.${b.endColumn} ${b.statements} 0\n`,
      );
      this.add(lines.join(""));
    }
    return any;
  }

  private add(lines: string): void {
    if (lines !== "") writeFileSync(this.profile, lines, { flag: "a" });
  }

  private removePart(): void {
    if (this.part !== "") rmSync(join(this.part, ".."), { recursive: true, force: true });
    this.part = "";
  }
}
