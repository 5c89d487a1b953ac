/** Operating systems, architectures and the build tags that come with them.
 *
 *  Mirrors internal/syslist, internal/platform (the list of ports) and internal/buildcfg (experiments and the
 *  architecture-level tags such as `amd64.v2`). */

export const knownOS: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos".split(
    " ",
  ),
);

/** The systems that satisfy the tag `unix`. */
export const unixOS: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris".split(" "),
);

export const knownArch: ReadonlySet<string> = new Set(
  (
    "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 " +
    "ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm"
  ).split(" "),
);

const ports: Readonly<Record<string, string>> = {
  aix: "ppc64",
  android: "386 amd64 arm arm64",
  darwin: "amd64 arm64",
  dragonfly: "amd64",
  freebsd: "386 amd64 arm arm64 riscv64",
  illumos: "amd64",
  ios: "amd64 arm64",
  js: "wasm",
  linux: "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64",
  netbsd: "386 amd64 arm arm64",
  openbsd: "386 amd64 arm arm64 mips64 ppc64 riscv64",
  plan9: "386 amd64 arm",
  solaris: "amd64",
  wasip1: "wasm",
  windows: "386 amd64 arm64",
};

/** Reports whether Go has a port to goos/goarch. */
export function isPort(goos: string, goarch: string): boolean {
  return ports[goos]?.split(" ").includes(goarch) ?? false;
}

/** The experiments that a release has on unless GOEXPERIMENT says otherwise, by the release that first did. `until` is
 *  the first release without the experiment. */
interface ExperimentRule {
  readonly name: string;
  readonly since: number;
  readonly until: number;
  readonly when: (goos: string, goarch: string) => boolean;
}

const Forever = 1 << 30;
const always = (): boolean => true;
const regabiAlways = new Set(["amd64", "arm64", "loong64", "ppc64le", "ppc64", "riscv64"]);

function regabiSupported(_goos: string, goarch: string): boolean {
  return regabiAlways.has(goarch) || goarch === "s390x";
}

/** Baselines from internal/buildcfg/exp.go of Go 1.24 to 1.27, in the order of internal/goexperiment.Flags. */
const experimentRules: readonly ExperimentRule[] = [
  { name: "regabiwrappers", since: 17, until: Forever, when: regabiSupported },
  { name: "regabiargs", since: 17, until: Forever, when: regabiSupported },
  { name: "coverageredesign", since: 20, until: 25, when: always },
  { name: "aliastypeparams", since: 24, until: 26, when: always },
  { name: "swissmap", since: 24, until: 26, when: always },
  { name: "spinbitmutex", since: 24, until: 26, when: (goos) => ["darwin", "linux", "windows"].includes(goos) },
  { name: "synchashtriemap", since: 24, until: 26, when: always },
  { name: "dwarf5", since: 25, until: Forever, when: (goos) => goos !== "darwin" && goos !== "ios" && goos !== "aix" },
  { name: "greenteagc", since: 26, until: Forever, when: always },
  { name: "randomizedheapbase64", since: 26, until: Forever, when: always },
  { name: "jsonv2", since: 27, until: Forever, when: always },
  { name: "sizespecializedmalloc", since: 27, until: Forever, when: always },
];

/** The experiments in effect. `minor` is the release's 1.x; unknown names in `goexperiment` are taken as they are, the
 *  set of valid ones being the release's own business. */
export function experiments(goos: string, goarch: string, minor: number, goexperiment: string): string[] {
  let on = new Set<string>();
  for (const rule of experimentRules) {
    if (minor >= rule.since && minor < rule.until && rule.when(goos, goarch)) on.add(rule.name);
  }
  for (const item of goexperiment.split(",")) {
    if (item === "") continue;
    if (item === "none") {
      on = new Set();
      continue;
    }
    const off = item.startsWith("no");
    const name = off ? item.slice(2) : item;
    for (const single of name === "regabi" ? ["regabiwrappers", "regabiargs"] : [name]) {
      if (off) on.delete(single);
      else on.add(single);
    }
  }
  if (regabiAlways.has(goarch)) on.add("regabiwrappers").add("regabiargs");
  if (!regabiSupported(goos, goarch)) {
    on.delete("regabiwrappers");
    on.delete("regabiargs");
  }
  return [...on].sort();
}

/** Tags of the architecture's feature level, from GOAMD64, GOARM and the like; `get` reads the environment. */
export function archTags(goarch: string, get: (name: string) => string): string[] {
  switch (goarch) {
    case "386":
      return [`386.${get("GO386") || "sse2"}`];
    case "amd64":
      return upTo("amd64.v", 1, Number((get("GOAMD64") || "v1").slice(1)));
    case "arm":
      return upTo("arm.", 5, Number((get("GOARM") || "7")[0]));
    case "arm64":
      return arm64Tags(get("GOARM64") || "v8.0");
    case "mips":
    case "mipsle":
      return [`${goarch}.${get("GOMIPS") || "hardfloat"}`];
    case "mips64":
    case "mips64le":
      return [`${goarch}.${get("GOMIPS64") || "hardfloat"}`];
    case "ppc64":
    case "ppc64le":
      return upTo(`${goarch}.power`, 8, Number((get("GOPPC64") || "power8").slice("power".length)));
    case "riscv64": {
      const year = Number.parseInt((get("GORISCV64") || "rva20u64").slice("rva".length), 10);
      return [20, 22, 23].filter((y) => y <= year).map((y) => `riscv64.rva${y}u64`);
    }
    case "wasm":
      return ["wasm.satconv", "wasm.signext"];
    default:
      return [];
  }
}

function upTo(prefix: string, first: number, last: number): string[] {
  const tags: string[] = [];
  for (let i = first; i <= last; i++) tags.push(prefix + i);
  return tags;
}

/** `v9.1` includes v9.0 to v9.1 and v8.0 to v8.6. */
function arm64Tags(level: string): string[] {
  const major = Number(level[1]);
  const minor = Number(level[3]);
  const tags = upTo(`arm64.v${major}.`, 0, minor);
  if (major === 9) tags.push(...upTo("arm64.v8.", 0, Math.min(minor + 5, 9)));
  return tags;
}
