/** Finds a Go installation without running it: GOROOT, the `go` on PATH through its symbolic links, the usual places. */
import { FileError, isDir, isFile, type LoadHost, readText } from "./fs.ts";

export interface GoRoot {
  /** Absolute, as the go command would print it. */
  readonly dir: string;
  /** `1.26.8`: VERSION without `go`. */
  readonly version: string;
  /** The x of 1.x. */
  readonly minor: number;
  /** When VERSION was written, in ms; 0 for a development tree, whose files may change. */
  readonly released: number;
  /** Set where there is no installation: what goesc itself knows of the standard library. */
  readonly embedded?: EmbeddedStd;
}

/** The standard library as it comes with goesc (host/std-archive.ts). */
export interface EmbeddedStd {
  /** `1.26.8` */
  readonly goVersion: string;
  /** Tells editions apart. */
  readonly id: string;
  /** `linux/amd64` … */
  readonly platforms: readonly string[];
  /** What directories hold, as StdIndex keeps it; null for other platforms. */
  index(platform: string): string | null;
}

/** The name of GOROOT where there is none, as the go command writes it with -trimpath. */
const embeddedDir = "$GOROOT";

/** The release that rules where nothing at all is known of the standard library. */
const bareStd: EmbeddedStd = { goVersion: "1.26", id: "", platforms: [], index: () => null };

/** What stands for a Go installation where there is none. */
export function embeddedGoRoot(host: LoadHost): GoRoot {
  const embedded = host.embeddedStd?.() ?? bareStd;
  const version = embedded.goVersion;
  return { dir: embeddedDir, version, minor: Number(version.split(".")[1]), released: 0, embedded };
}

/** Looks for a Go installation, `wanted` (a directory) first; null if there is none. */
export function findGoRoot(host: LoadHost, wanted: string): GoRoot | null {
  const { paths } = host;
  const explicit = wanted !== "" ? wanted : (host.env.GOROOT ?? "");
  if (explicit !== "") return readGoRoot(host, paths.abs(explicit, host.cwd));
  for (const candidate of candidates(host)) {
    const found = readGoRoot(host, candidate);
    if (found !== null) return found;
  }
  return null;
}

function candidates(host: LoadHost): string[] {
  const { fs, paths, env } = host;
  const found: string[] = [];
  const exe = paths.windows ? "go.exe" : "go";
  for (const dir of (env.PATH ?? env.Path ?? "").split(paths.windows ? ";" : ":")) {
    if (dir === "") continue;
    const tool = paths.join(paths.abs(dir, host.cwd), exe);
    if (!isFile(fs, tool)) continue;
    found.push(paths.dir(paths.dir(tool)), paths.dir(paths.dir(fs.realpath(tool))));
    break;
  }
  if (paths.windows) {
    found.push("C:\\Program Files\\Go", "C:\\Go");
  } else {
    found.push(
      "/usr/local/go",
      "/usr/lib/go",
      "/usr/lib/golang",
      "/usr/local/opt/go/libexec",
      "/opt/homebrew/opt/go/libexec",
    );
    found.push("/opt/go", "/snap/go/current");
  }
  found.push(...installedSdks(host));
  return found;
}

/** `~/sdk/go1.26.0`, where golang.org/dl puts releases: the newest first. */
function installedSdks(host: LoadHost): string[] {
  const sdk = host.paths.join(host.homeDir, "sdk");
  if (host.homeDir === "" || !isDir(host.fs, sdk)) return [];
  try {
    const names = host.fs.readDir(sdk).map((entry) => entry.name);
    const releases = names.filter((name) => /^go1\.\d+/.test(name));
    releases.sort((x, y) => y.localeCompare(x, "en", { numeric: true }));
    return releases.map((name) => host.paths.join(sdk, name));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** Reads VERSION (or, in a development tree, internal/goversion); null if `dir` holds no Go. */
export function readGoRoot(host: LoadHost, dir: string): GoRoot | null {
  const { fs, paths } = host;
  if (!isDir(fs, paths.join(dir, "src", "runtime"))) return null;
  const text = readText(fs, paths.join(dir, "VERSION"));
  const match = text === null ? null : /^go(1\.(\d+)\S*)/.exec(text);
  if (match !== null) {
    const released = fs.stat(paths.join(dir, "VERSION"))?.mtimeMs ?? 0;
    return { dir, version: match[1], minor: Number(match[2]), released };
  }
  const development = readText(fs, paths.join(dir, "src", "internal", "goversion", "goversion.go"));
  const minor = development === null ? null : /const Version = (\d+)/.exec(development);
  return minor === null ? null : { dir, version: `1.${minor[1]}`, minor: Number(minor[1]), released: 0 };
}
