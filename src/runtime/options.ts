/** What a run of a program is given besides its module. */

/** What a program knows of how it was built. */
export interface ProgramOrigin {
  /** As in debug.ReadBuildInfo, without the version of Go. */
  readonly buildInfo: string;
  /** `go1.26.8` */
  readonly goVersion: string;
  readonly goroot: string;
}

export interface RunOptions {
  /** os.Args, the program's name first. */
  readonly args: readonly string[];
  /** The file that the program finds as its own. */
  readonly program: string;
  /** It was started by itself, and so its file is there. */
  readonly started: boolean;
  /** Open descriptors besides standard streams. */
  readonly inherited: readonly number[];
  /** `KEY=value`. */
  readonly env: readonly string[];
  /** What GODEBUG is where `env` says nothing. */
  readonly godebug: string;
  readonly origin: ProgramOrigin;
  readonly cwd: string;
  /** No files and no environment: only standard streams, clock and random numbers. */
  readonly sandbox: boolean;
  /** Makes map order, select, scheduling and random numbers the same in every run; null for Go's own randomness. */
  readonly seed: bigint | null;
  /** In ms; 0 for no limit. */
  readonly timeout: number;
  /** In bytes of the whole memory; 0 for as much as there is. */
  readonly maxMemory: number;
  /** The sanitizer: dead frames are poisoned, the heap is verified after each collection. */
  readonly check: boolean;
  /** How many threads run goroutines; 0 for the one that programs are compiled for unless asked otherwise. */
  readonly threads: number;
  /** Collect at every n-th allocation; 0 for the pacer's choice. */
  readonly gcStress: number;
  /** A report of allocations by site. */
  readonly allocs: "text" | "json" | null;
  /** Where the report goes; "" for standard error. */
  readonly allocsFile: string;
  /** Where a heap profile for `go tool pprof` goes; "" for none. */
  readonly memProfile: string;
}

/** What decides on a run apart from its flags. */
export type Surroundings = Pick<
  RunOptions,
  "args" | "env" | "godebug" | "origin" | "cwd" | "program" | "started" | "inherited"
>;

/** Without flags. */
export const defaultOptions: Omit<RunOptions, keyof Surroundings> = {
  sandbox: false,
  seed: null,
  timeout: 0,
  maxMemory: 0,
  check: false,
  threads: 0,
  gcStress: 0,
  allocs: null,
  allocsFile: "",
  memProfile: "",
};
