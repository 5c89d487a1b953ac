/** What the directories of a released Go installation hold, kept between runs: no file of the standard library is read
 *  to find out what it imports.
 *
 *  As the go command's module index (cmd/go/internal/modindex), it takes a release as immutable: an entry is good as long
 *  as the installation has the same VERSION. Development trees have none and are read anew. */
import { hashHex } from "../base/hash.ts";
import type { LoadHost } from "./fs.ts";
import { type BuildPackage, DirProblem } from "./package-dir.ts";

const encoder = new TextEncoder();

/** Change it when the meaning of entries changes. */
const FormatVersion = 1;

/** One directory: name, Go files, other sources as [extension, files], imports, embed patterns, whether there are files
 *  that the context leaves out (1) and tests (2). An empty name stands for a directory without Go files for the context. */
type Entry = readonly [
  string,
  readonly string[],
  readonly (readonly [string, readonly string[]])[],
  readonly string[],
  readonly string[],
  number,
];

export class StdIndex {
  private readonly host: LoadHost;
  private readonly root: string;
  private readonly key: string;
  private readonly name: string;
  private entries = new Map<string, Entry>();
  private changed = false;

  private constructor(host: LoadHost, root: string, key: string) {
    this.host = host;
    this.root = root;
    this.key = key;
    this.name = `std-index-${hashHex(encoder.encode(key))}`;
  }

  /** What earlier runs found out. `root` is GOROOT/src; `parts` are all that decides which files belong to a package. */
  static kept(host: LoadHost, root: string, parts: readonly string[]): StdIndex {
    const index = new StdIndex(host, root, [FormatVersion, root, ...parts].join(" "));
    index.read();
    return index;
  }

  /** Of the standard library that comes with goesc: `text` is what another index would keep. */
  static embedded(host: LoadHost, root: string, text: string): StdIndex {
    const index = new StdIndex(host, root, "");
    index.entries = new Map(JSON.parse(text) as [string, Entry][]);
    return index;
  }

  private read(): void {
    const text = this.host.cache?.read(this.name) ?? null;
    if (text === null) return;
    const newline = text.indexOf("\n");
    if (text.slice(0, newline) !== this.key) return;
    try {
      this.entries = new Map(JSON.parse(text.slice(newline + 1)) as [string, Entry][]);
    } catch {
      // cut short: it will be written again
    }
  }

  /** Keeps what this run has learnt. */
  save(): void {
    if (this.changed) this.host.cache?.write(this.name, `${this.key}\n${JSON.stringify([...this.entries])}`);
    this.changed = false;
  }

  has(dir: string): boolean {
    return this.entries.has(this.relative(dir));
  }

  get(dir: string): BuildPackage | null {
    const entry = this.entries.get(this.relative(dir));
    if (entry === undefined) return null;
    const [name, goFiles, others, imports, embeds, left] = entry;
    const none = name === "" || (goFiles.length === 0 && (left & 2) === 0);
    return {
      dir,
      name,
      goFiles: [...goFiles],
      cgoFiles: [],
      // Only whether there are any matters, to word why a package is empty.
      ignoredGoFiles: (left & 1) === 0 ? [] : ["(left out)"],
      invalidGoFiles: [],
      testGoFiles: (left & 2) === 0 ? [] : ["(tests)"],
      otherFiles: new Map(others.map(([ext, files]) => [ext, [...files]])),
      imports: new Map(imports.map((path) => [path, []])),
      embeds: new Map(embeds.map((pattern) => [pattern, { file: this.host.paths.join(dir, goFiles[0]), offset: 0 }])),
      cgoPlace: null,
      error: none ? { kind: DirProblem.NoGo, msg: `no buildable Go source files in ${dir}`, place: null } : null,
    };
  }

  set(build: BuildPackage): void {
    if (build.error !== null && build.error.kind !== DirProblem.NoGo) return;
    if (build.goFiles.length + build.ignoredGoFiles.length + build.testGoFiles.length === 0) return; // no package at all
    const left = (build.ignoredGoFiles.length > 0 ? 1 : 0) | (build.testGoFiles.length > 0 ? 2 : 0);
    const name = build.error === null ? build.name : "";
    this.entries.set(this.relative(build.dir), [
      name,
      build.goFiles,
      [...build.otherFiles],
      [...build.imports.keys()],
      [...build.embeds.keys()],
      left,
    ]);
    this.changed = true;
  }

  private relative(dir: string): string {
    return dir.slice(this.root.length + 1);
  }
}
