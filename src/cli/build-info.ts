/** What a program says of itself in debug.ReadBuildInfo: its module, those that it was made of, and with which settings. Mirrors
 *  setBuildInfo of cmd/go/internal/load/pkg.go, and modinfo's text form. */
import { type LoadHost, readText } from "../load/fs.ts";
import type { LoadResult } from "../load/load.ts";
import type { LoadedPackage, ModuleInfo } from "../load/package.ts";
import { compareModuleVersions } from "../load/semver.ts";
import type { Settings } from "./settings.ts";

export interface BuildInfo {
  readonly host: LoadHost;
  readonly load: LoadResult;
  readonly main: LoadedPackage;
  readonly settings: Settings;
  readonly test: boolean;
  readonly godebug: string;
}

export function buildInfoText({ host, load, main, settings, test, godebug }: BuildInfo): string {
  const tested = test ? load.packages.find((pkg) => pkg !== main && pkg.dir === main.dir) : undefined;
  const path = tested?.name === "main" ? tested.importPath.replace(/ \[.*/, "") : main.importPath;
  const own = main.module ?? tested?.module ?? null;
  const others = new Map<string, ModuleInfo>();
  for (const { module } of load.packages)
    if (module !== null && module.path !== own?.path) others.set(`${module.path}@${module.version}`, module);
  const deps = [...others.values()].sort((a, b) =>
    a.path === b.path ? compareModuleVersions(a.path, a.version, b.version) : a.path < b.path ? -1 : 1,
  );
  const sums = deps.length > 0 ? load.sumFiles.map((file) => `\n${readText(host.fs, file) ?? ""}`) : [];
  const sumOf = (path: string, version: string): string => {
    const head = `\n${path} ${version} `;
    for (const text of sums) {
      const at = text.indexOf(head);
      if (at >= 0) return text.slice(at + head.length).split(/\s/, 1)[0];
    }
    return "";
  };
  const line = (word: string, path: string, version: string, sum: string): string =>
    `${word}\t${path}\t${version === "" ? "(devel)" : version}\t${sum}\n`;
  let text = `path\t${path}\n`;
  if (own !== null) text += line("mod", own.path, own.version, "");
  for (const { path: name, version, replacedBy } of deps) {
    const sum = replacedBy === null && version !== "" ? sumOf(name, version) : "";
    if (replacedBy === null) text += line("dep", name, version, sum);
    else {
      text += `dep\t${name}\t${version === "" ? "(devel)" : version}\n`;
      const { path: by, version: at } = replacedBy;
      text += line("=>", by, at, at === "" ? "" : sumOf(by, at));
    }
  }
  const { env } = load;
  const tags = settings.tags ?? [];
  const flags: [string, string][] = [
    ["-buildmode", "exe"],
    ["-compiler", "gc"],
    ["-tags", tags.join(",")],
    ["DefaultGODEBUG", godebug],
    ["CGO_ENABLED", "0"],
    ["GOARCH", env.goarch],
    ["GOOS", env.goos],
    ["GOAMD64", env.get("GOAMD64") || "v1"],
  ];
  for (const [key, value] of flags) if (value !== "") text += `build\t${key}=${value}\n`;
  return text;
}
