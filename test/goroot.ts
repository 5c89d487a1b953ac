/** The Go installation that tests read; they skip where there is none. */
import { nodeHost } from "../src/host/node-host.ts";
import { findGoRoot } from "../src/load/goroot.ts";

/** GOROOT's absolute name; null if no Go is installed. */
export function findGoroot(): string | null {
  return findGoRoot(nodeHost(), "")?.dir ?? null;
}
