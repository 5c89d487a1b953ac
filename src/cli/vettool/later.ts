/** The answer for a package whose findings nobody wants to see: where its facts will be found once somebody needs them.
 *  All that it takes is here and in facts.ts, so that the analysis need not be loaded. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { contentHash } from "../../host/content-hash.ts";
import { mayHavePromises } from "../../report/promises/mention.ts";
import { encodeFacts, FactsFiles, sideDirectory, type UnitSource } from "./facts.ts";
import type { VetArgs, VetConfig } from "./protocol.ts";

/** Reports whether the question was answered; if not, the package has to be analysed. */
export function answerLater(config: VetConfig, args: VetArgs): boolean {
  if (!config.VetxOnly || args.whole || inWork(config, args)) return false;
  if (config.GoFiles.length === 0) {
    writeFileSync(config.VetxOutput, "");
    return true;
  }
  const contents = readSources(config.GoFiles);
  // What breaks its promises must not be kept as a package without findings (unit.ts).
  if (!args.heap && contents.some(({ bytes }) => mayHavePromises(bytes.toString("latin1")))) return false;
  const found = factsFiles(config, args);
  const source = sourceOf(config);
  const key = unitKey(source, contents, found, args);
  found.write(config.VetxOutput, encodeFacts({ key, seenAs: key, source }, found, null));
  return true;
}

export function factsFiles(config: VetConfig, args: VetArgs): FactsFiles {
  return new FactsFiles(
    config.PackageVetx ?? {},
    Object.values(config.ImportMap),
    process.env.GOCACHE ?? "",
    (process.env.GOCACHEPROG ?? "") !== "",
    sideDirectory(args.config),
  );
}

export function sourceOf(config: VetConfig): UnitSource {
  const { Dir, ImportPath, GoFiles, NonGoFiles, ModulePath = "", ImportMap, GoVersion } = config;
  return { Dir, ImportPath, GoFiles, NonGoFiles, ModulePath, ImportMap, GoVersion };
}

/** Whether some of the files are made by the driver, as for cgo, and gone when it has ended. */
export function inWork({ GoFiles }: Pick<VetConfig, "GoFiles">, { config }: VetArgs): boolean {
  return GoFiles.some((name) => workName(name, config) !== name);
}

/** Without the driver's directory, which has another name each time. */
function workName(name: string, config: string): string {
  const unit = dirname(config) + sep;
  return name.startsWith(unit) ? name.slice(unit.length) : name;
}

interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export function readSources(names: readonly string[]): SourceFile[] {
  return names.map((name) => ({ name, bytes: readFileSync(name) }));
}

/** What names the facts of a package: its files, what it is compiled with, and the keys of what it imports. */
export function unitKey(source: UnitSource, contents: readonly SourceFile[], found: FactsFiles, args: VetArgs): string {
  const { Dir, ImportPath, NonGoFiles, ModulePath, ImportMap, GoVersion } = source;
  const { GOROOT = "", GOOS, GOARCH, GOAMD64, GOARM, GOARM64, GO386, GOEXPERIMENT } = process.env;
  const sum = (name: string, bytes: Uint8Array): string[] => [workName(name, args.config), contentHash(bytes)];
  // Assembly says which functions it defines.
  const others = readSources((NonGoFiles ?? []).filter((name) => name.endsWith(".s")));
  const parts = [
    [GOROOT, goVersion(GOROOT), GOOS, GOARCH, GOAMD64, GOARM, GOARM64, GO386, GOEXPERIMENT, args.l],
    [Dir, ImportPath, ModulePath, GoVersion, (NonGoFiles ?? []).map((name) => workName(name, args.config))],
    Object.entries(ImportMap).sort(([a], [b]) => (a < b ? -1 : 1)),
    [...contents, ...others].map(({ name, bytes }) => sum(name, bytes)),
    found.seenAs(new Set(Object.values(ImportMap))),
  ];
  return contentHash(JSON.stringify(parts));
}

function goVersion(goroot: string): string {
  try {
    return readFileSync(join(goroot, "VERSION"), "utf8");
  } catch {
    return process.env.GOVERSION ?? "";
  }
}
