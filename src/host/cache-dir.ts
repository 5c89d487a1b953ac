/** Where goesc keeps what it may throw away. */
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** os.UserCacheDir/goesc; GOESC_CACHE overrides. */
export function cacheDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.GOESC_CACHE) return env.GOESC_CACHE;
  const home = env.HOME || homedir();
  if (process.platform === "win32") return join(env.LocalAppData ?? env.LOCALAPPDATA ?? tmpdir(), "goesc");
  if (process.platform === "darwin") return join(home, "Library", "Caches", "goesc");
  return join(env.XDG_CACHE_HOME || join(home, ".cache"), "goesc");
}
