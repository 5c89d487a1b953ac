/** What inlining a package shares: the tree under construction, the flags, and where remarks go. */
import type { GoRules } from "../base/goversion.ts";
import type { Pos } from "../base/pos.ts";
import { compilerDump } from "../ir/dump.ts";
import type { Func, Node } from "../ir/node.ts";
import { trimInlineHash } from "../ir/noder/literalname.ts";
import type { Noder } from "../ir/noder/noder.ts";
import type { OnVisit } from "../ir/stage.ts";
import { symString } from "../ir/typefmt.ts";
import type { Pkg } from "../ir/types.ts";
import type { Func as CheckerFunc } from "../types/types.ts";
import type { Sink } from "./devirtualize.ts";
import { Intrinsics } from "./intrinsics.ts";
import type { ProfileGraph } from "./pgo/graph.ts";

/** Notes that something was done or not done. */
export type OptLog = (pos: Pos, what: string, message: string) => void;

export interface InlineConfig {
  /** `-l` as the compiler counts it: 0 does not inline, 1 does, 4 also calls that call others. */
  readonly level: number;
  /** Level of -m. */
  readonly m: number;
  readonly rules: GoRules;
  /** Takes entries for the compiler's log; null if nobody wants it. */
  readonly log: OptLog | null;
  readonly remark: Sink;
  /** What a profile says of the package; null without one. */
  readonly profile: ProfileGraph | null;
  /** Functions that are taken to fit the budget, to find out what that would change. */
  readonly assumed?: ReadonlySet<string> | null;
  readonly visit?: OnVisit | null;
}

export class Inliner {
  readonly level: number;
  readonly remark: Sink;
  readonly intrinsics: Intrinsics;
  readonly log: OptLog | null;
  /** Null for a while when instances are made that another package speaks of. */
  profile: ProfileGraph | null;
  readonly rules: GoRules;
  readonly assumed: ReadonlySet<string> | null;
  readonly visit: OnVisit | null;
  readonly local: Pkg;
  /** Level of -m; 0 for a while when instances are made that another package speaks of. */
  m: number;
  /** Imported functions whose bodies were inlined, with their names. */
  readonly inlinedBodies = new Map<CheckerFunc, string>();

  constructor(
    readonly n: Noder,
    config: InlineConfig,
  ) {
    this.level = config.level;
    this.m = config.m;
    this.rules = config.rules;
    this.log = config.log;
    this.profile = config.profile;
    this.assumed = config.assumed ?? null;
    this.visit = config.visit ?? null;
    this.remark = config.remark;
    this.local = n.localPkg;
    this.intrinsics = new Intrinsics(n.input.machine.goarch, config.rules.intrinsics, n.switches.race);
  }

  /** Loads of several bytes at once make functions of encoding/binary cheap. */
  get canMergeLoads(): boolean {
    switch (this.n.input.machine.goarch) {
      case "386":
      case "amd64":
      case "arm64":
      case "loong64":
      case "ppc64":
      case "ppc64le":
      case "s390x":
        return true;
      default:
        return false;
    }
  }

  say(pos: Pos, msg: string, tight = false): void {
    this.remark(pos, msg, tight);
  }

  /** The tree of a call in `caller`, as -m=3 shows it. */
  dump(n: Node, caller: Func): string {
    const { fset, ordinals, usedNames } = this.n;
    return compilerDump(n, caller, fset, this.local, usedNames, (call) => ordinals.get(call) ?? 0);
  }

  /** The same in remarks that leave out how a literal came to be here. */
  diagName(fn: Func): string {
    return trimInlineHash(this.name(fn));
  }

  /** `%v` of a function: its name, after that of its package if that is another one. */
  name(fn: Func): string {
    return symString(fn.sym, this.local);
  }
}
