/** Which goesc this is. */
import { createRequire } from "node:module";

declare const GOESC_VERSION: string | undefined;

/** The bundle carries it; a checkout reads package.json. */
export function goescVersion(): string {
  if (typeof GOESC_VERSION === "string") return GOESC_VERSION;
  const require = createRequire(import.meta.url);
  try {
    return (require("../../package.json") as { version: string }).version;
  } catch {
    return "0.0.0-development"; // a bundle for tests
  }
}
