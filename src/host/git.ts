/** Trees of git revisions as directories. The program `git` reads them: it knows about worktrees, partial clones,
 *  alternates and line ends. Nothing in the repository is changed. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChangedLines, readDiff } from "../report/findings/changed.ts";
import { execFileSync } from "./child-process.ts";

export class GitError extends Error {
  override name = "GitError";
}

export class GitRepository {
  private constructor(
    private readonly dir: string,
    /** Where `dir` lies in the work tree; "" at its top, else with a slash at the end. */
    readonly prefix: string,
  ) {}

  /** The repository that `dir` is in; null if it is in none, or there is no git. */
  static open(dir: string): GitRepository | null {
    try {
      return new GitRepository(dir, git(dir, ["rev-parse", "--show-prefix"]).trim());
    } catch {
      return null;
    }
  }

  /** The commit that a revision means; null if it means none. */
  commit(revision: string): string | null {
    if (revision.startsWith("-")) return null;
    try {
      return git(this.dir, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]).trim();
    } catch {
      return null;
    }
  }

  /** Where two commits parted; null if they have nothing in common, as far as this clone knows. */
  mergeBase(a: string, b: string): string | null {
    try {
      return git(this.dir, ["merge-base", a, b]).trim();
    } catch {
      return null;
    }
  }

  /** Lines that differ between the point where a revision and the present commit parted and the files as they are, by
   *  names relative to the directory; null if there is no such revision. */
  changedLines(revision: string): ChangedLines | null {
    const commit = this.commit(revision);
    if (commit === null) return null;
    // A shallow clone may not know where they parted: what else changed since counts too.
    const base = this.mergeBase(commit, "HEAD") ?? commit;
    const plain = ["-c", "core.quotePath=false"];
    const diff = ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-prefix", "--relative"];
    const lines = readDiff(git(this.dir, [...plain, ...diff, base, "--", "."]));
    const untracked = git(this.dir, [...plain, "ls-files", "--others", "--exclude-standard", "-z", "--", "."]);
    for (const name of untracked.split("\0")) if (name !== "") lines.set(name, [[1, Number.MAX_SAFE_INTEGER]]);
    return lines;
  }

  /** Writes the files of a commit to the directory `into`. Throws a {@link GitError}. */
  checkOut(commit: string, into: string): void {
    mkdirSync(into, { recursive: true });
    const top = git(this.dir, ["rev-parse", "--show-toplevel"]).trim();
    const env = { ...process.env, GIT_INDEX_FILE: join(into, "..", `index-${commit}`) };
    // Go needs no large files, and their server may be out of reach.
    const plain = ["-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false", "-c", "filter.lfs.process="];
    git(top, ["read-tree", commit], env);
    git(top, [...plain, "checkout-index", "--all", "--quiet", `--prefix=${into}/`], env);
  }
}

/** A directory for trees, removed when `use` is done. */
export async function withTemporaryDirectory<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "goesc-"));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  try {
    return execFileSync("git", args, {
      cwd,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new GitError((stderr ?? "").trim() || message);
  }
}
