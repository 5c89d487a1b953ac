/** Advisory locks of files, among the descriptors of one program: `flock`, the locks of open files (F_OFD_…), and those of
 *  processes (F_SETLK), which never meet others of the same process. Other processes know nothing of them. */

interface Range {
  readonly from: bigint;
  /** The first byte after it. */
  readonly to: bigint;
  readonly exclusive: boolean;
  /** The open file that has it. */
  readonly owner: object;
}

/** What is to be locked, or given up. */
export interface Wanted {
  readonly from: bigint;
  readonly to: bigint;
  readonly kind: "shared" | "exclusive" | "none";
}

/** Where a lock ends that has no end. */
export const endOfFile = 1n << 63n;

export class Locks {
  /** By identity of the file; ranges of different owners, and those of one do not overlap. */
  private readonly whole = new Map<string, Range[]>();
  private readonly ranges = new Map<string, Range[]>();

  /** `changed` is called when a lock is given up, which others may wait for. */
  constructor(private readonly changed: () => void) {}

  /** flock(2): false if another open file is in the way. A lock that is to be changed is given up first, as in Linux. */
  flock(file: string, owner: object, kind: Wanted["kind"]): boolean {
    const all = { from: 0n, to: endOfFile, kind };
    const held = this.whole.get(file)?.find((range) => range.owner === owner);
    if (held !== undefined && kind !== "none" && held.exclusive === (kind === "exclusive")) return true;
    if (held !== undefined) this.change(this.whole, file, owner, { ...all, kind: "none" });
    if (kind === "none") return true;
    if (conflict(this.whole.get(file), owner, all) !== null) return false;
    this.change(this.whole, file, owner, all);
    return true;
  }

  /** A lock of an open file: false if another one's is in the way. */
  lockRange(file: string, owner: object, wanted: Wanted): boolean {
    if (wanted.kind !== "none" && conflict(this.ranges.get(file), owner, wanted) !== null) return false;
    this.change(this.ranges, file, owner, wanted);
    return true;
  }

  /** The lock that is in the way. */
  conflicting(file: string, owner: object, wanted: Wanted): Range | null {
    return conflict(this.ranges.get(file), owner, wanted);
  }

  /** The last descriptor of an open file was closed. */
  drop(owner: object): void {
    for (const table of [this.whole, this.ranges])
      for (const file of [...table.keys()])
        if (table.get(file)?.some((range) => range.owner === owner))
          this.change(table, file, owner, { from: 0n, to: endOfFile, kind: "none" });
  }

  private change(table: Map<string, Range[]>, file: string, owner: object, { from, to, kind }: Wanted): void {
    const left: Range[] = [];
    for (const range of table.get(file) ?? []) {
      if (range.owner !== owner || range.to <= from || range.from >= to) {
        left.push(range);
        continue;
      }
      if (range.from < from) left.push({ ...range, to: from });
      if (range.to > to) left.push({ ...range, from: to });
    }
    if (kind !== "none") left.push({ from, to, owner, exclusive: kind === "exclusive" });
    if (left.length > 0) table.set(file, left);
    else table.delete(file);
    this.changed();
  }
}

function conflict(ranges: readonly Range[] | undefined, owner: object, { from, to, kind }: Wanted): Range | null {
  const found = ranges?.find(
    (range) => range.owner !== owner && range.from < to && range.to > from && (range.exclusive || kind === "exclusive"),
  );
  return found ?? null;
}
