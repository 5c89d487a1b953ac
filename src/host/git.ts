/** Trees of git revisions as directories. The program `git` reads them: it knows about worktrees, partial clones,
 *  alternates and line ends. Nothing in the repository is changed. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

  /** Where two commits parted. Throws a {@link GitError} if they have nothing in common. */
  mergeBase(a: string, b: string): string {
    return git(this.dir, ["merge-base", a, b]).trim();
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
