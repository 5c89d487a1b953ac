/** The go command's settings: environment variables, the `go env -w` file, GOROOT/go.env and GOFLAGS.
 *
 *  Mirrors cmd/go/internal/cfg (Getenv, defaultContext) and cmd/go/internal/base (GOFLAGS). */
import { type LoadHost, readText } from "./fs.ts";
import { embeddedGoRoot, findGoRoot, type GoRoot, readGoRoot } from "./goroot.ts";
import { archTags, experiments, isPort } from "./platforms.ts";

/** A problem that ends the run before any package is read; `message` is the whole line to print. */
export class LoadError extends Error {
  override name = "LoadError";
}

export interface GoEnv {
  readonly goroot: GoRoot;
  readonly goos: string;
  readonly goarch: string;
  /** What CGO_ENABLED says; null if it is not set anywhere. */
  readonly cgo: boolean | null;
  readonly gopath: readonly string[];
  readonly modCache: string;
  /** GO111MODULE=off: import paths are looked up in GOPATH. */
  readonly modulesOff: boolean;
  /** GOWORK: "off", a file, or "" for a search. */
  readonly gowork: string;
  readonly goflags: readonly string[];
  readonly toolchain: string;
  /** Experiments and architecture levels as build tags. */
  readonly toolTags: readonly string[];
  readonly experiments: readonly string[];
  get(name: string): string;
}

/** Reads the settings. `goroot` is an explicit choice ("" for none). Throws a {@link LoadError}. */
export function readGoEnv(host: LoadHost, goroot: string): GoEnv {
  const settings = new Map<string, string>();
  const userFile = host.env.GOENV ?? "";
  if (userFile !== "off") {
    const file = userFile !== "" ? userFile : host.configDir === "" ? "" : host.paths.join(host.configDir, "go", "env");
    if (file !== "") readEnvFile(host, file, settings);
  }
  const root = chooseGoRoot(host, goroot !== "" ? goroot : ((host.env.GOROOT || settings.get("GOROOT")) ?? ""));
  readEnvFile(host, host.paths.join(root.dir, "go.env"), settings);

  const get = (name: string): string => host.env[name] || settings.get(name) || "";
  const goos = get("GOOS") || host.hostOS;
  const goarch = get("GOARCH") || host.hostArch;
  if (!isPort(goos, goarch)) throw new LoadError(`go: unsupported GOOS/GOARCH pair ${goos}/${goarch}`);
  const gopath = (get("GOPATH") || defaultGopath(host, root))
    .split(host.paths.windows ? ";" : ":")
    .filter((p) => p !== "");
  const cgo = get("CGO_ENABLED");
  const modules = get("GO111MODULE");
  if (!["", "on", "off", "auto"].includes(modules)) {
    throw new LoadError(`go: unknown environment setting GO111MODULE=${modules}`);
  }
  const active = experiments(goos, goarch, root.minor, get("GOEXPERIMENT"));
  return {
    goroot: root,
    goos,
    goarch,
    cgo: cgo === "1" ? true : cgo === "0" ? false : null,
    gopath,
    modCache: get("GOMODCACHE") || (gopath.length > 0 ? host.paths.join(gopath[0], "pkg", "mod") : ""),
    modulesOff: modules === "off",
    gowork: get("GOWORK"),
    goflags: parseGoflags(get("GOFLAGS")),
    toolchain: get("GOTOOLCHAIN"),
    toolTags: [...active.map((name) => `goexperiment.${name}`), ...archTags(goarch, get)],
    experiments: active,
    get,
  };
}

/** `off` stands for no installation at all. */
function chooseGoRoot(host: LoadHost, explicit: string): GoRoot {
  if (explicit === "off") return embeddedGoRoot(host);
  const root = explicit === "" ? findGoRoot(host, "") : readGoRoot(host, host.paths.abs(explicit, host.cwd));
  if (root !== null) return root;
  if (explicit !== "")
    throw new LoadError(`goesc: no Go installation in ${explicit} (GOROOT): src/runtime or VERSION is missing`);
  return embeddedGoRoot(host);
}

function defaultGopath(host: LoadHost, root: GoRoot): string {
  if (host.homeDir === "") return "";
  const dir = host.paths.join(host.homeDir, "go");
  return dir === root.dir ? "" : dir;
}

/** Lines `NAME=value`; the first file that names a variable wins. */
function readEnvFile(host: LoadHost, file: string, settings: Map<string, string>): void {
  const text = readText(host.fs, file);
  if (text === null) return;
  const own = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals < 0 || !/^[A-Z]/.test(line)) continue;
    own.set(line.slice(0, equals), line.slice(equals + 1).replace(/\r$/, ""));
  }
  for (const [name, value] of own) {
    if (!settings.has(name)) settings.set(name, value);
  }
}

/** Splits GOFLAGS at spaces, quotes respected. Throws a {@link LoadError}. */
function parseGoflags(text: string): string[] {
  const flags = splitQuoted(text);
  if (flags === null) throw new LoadError("go: parsing $GOFLAGS: unterminated quoted string");
  for (const flag of flags) {
    if (!/^--?[^-=]/.test(flag)) throw new LoadError(`go: parsing $GOFLAGS: non-flag ${JSON.stringify(flag)}`);
  }
  return flags;
}

/** cmd/internal/quoted.Split: words in single or double quotes may hold spaces; there are no escapes. */
export function splitQuoted(text: string): string[] | null {
  const words: string[] = [];
  const pattern = /\s*(?:'([^']*)'|"([^"]*)"|([^\s'"][^\s]*))/y;
  let end = text.trimEnd().length;
  const trimmed = text.slice(0, end);
  end = 0;
  while (end < trimmed.length) {
    pattern.lastIndex = end;
    const match = pattern.exec(trimmed);
    if (match === null) return null;
    words.push(match[1] ?? match[2] ?? match[3]);
    end = pattern.lastIndex;
  }
  return words;
}
