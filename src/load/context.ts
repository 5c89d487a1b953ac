/** The build context: which tags hold, and so which files belong to a package.
 *
 *  Mirrors go/build (Context.matchTag, Context.goodOSArchFile). */
import type { GoEnv } from "./env.ts";
import { knownArch, knownOS, unixOS } from "./platforms.ts";

export class BuildContext {
  readonly goos: string;
  readonly goarch: string;
  readonly cgo: boolean;
  private readonly tags: ReadonlySet<string>;
  private readonly fileNames = new Map<string, boolean>();
  readonly match: (tag: string) => boolean;

  constructor(
    private readonly env: GoEnv,
    cgo: boolean,
    private readonly buildTags: readonly string[],
  ) {
    this.goos = env.goos;
    this.goarch = env.goarch;
    this.cgo = cgo;
    const tags = new Set([env.goos, env.goarch, "gc", ...buildTags, ...env.toolTags]);
    for (let i = 1; i <= env.goroot.minor; i++) tags.add(`go1.${i}`);
    if (cgo) tags.add("cgo");
    if (env.goos === "android") tags.add("linux");
    if (env.goos === "illumos") tags.add("solaris");
    if (env.goos === "ios") tags.add("darwin");
    if (unixOS.has(env.goos)) tags.add("unix");
    this.tags = tags;
    this.match = (tag) => this.matchTag(tag);
  }

  /** The same on a machine of another architecture ("" for one without a name, null for the same), with more tags. */
  elsewhere(goarch: string | null, tags: readonly string[]): BuildContext {
    const { env } = this;
    const elsewhere =
      goarch === null
        ? env
        : { ...env, goarch, toolTags: env.toolTags.filter((tag) => !tag.startsWith(`${env.goarch}.`)) };
    return new BuildContext(elsewhere, this.cgo, [...this.buildTags, ...tags]);
  }

  matchTag(tag: string): boolean {
    // An old name: only the experiment turns it on, never -tags.
    return this.tags.has(tag === "boringcrypto" ? "goexperiment.boringcrypto" : tag);
  }

  /** Reports whether a name such as `x_linux_amd64_test.go` fits. The part before the first `_` never counts. */
  goodFileName(name: string): boolean {
    const first = name.indexOf("_");
    if (first < 0) return true;
    const dot = name.indexOf(".");
    if (dot >= 0 && dot < first) return true;
    const suffix = dot < 0 ? name.slice(first) : name.slice(first, dot);
    let good = this.fileNames.get(suffix);
    if (good === undefined) {
      good = this.goodSuffix(suffix);
      this.fileNames.set(suffix, good);
    }
    return good;
  }

  private goodSuffix(suffix: string): boolean {
    const parts = suffix.split("_");
    if (parts[parts.length - 1] === "test") parts.pop();
    const n = parts.length;
    const last = parts[n - 1] ?? "";
    if (n >= 2 && knownOS.has(parts[n - 2]) && knownArch.has(last)) {
      return this.matchTag(last) && this.matchTag(parts[n - 2]);
    }
    if (n >= 1 && (knownOS.has(last) || knownArch.has(last))) return this.matchTag(last);
    return true;
  }
}
