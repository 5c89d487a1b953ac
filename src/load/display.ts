/** How the go command shows a compiler's output: a header a package, paths shortened.
 *
 *  Mirrors cmd/go/internal/work/shell.go (reportCmd, replacePrefix). The replacement is of plain text prefixes, not of
 *  path elements, and reaches into messages; both are visible and kept. */
import { type LoadHost, shortPath } from "./fs.ts";

/** Replaces `from` at the start of lines (also after one tab) and after spaces. */
function replacePrefix(text: string, from: string, to: string): string {
  // Splitting and joining takes a fraction of the time of replacing.
  const replaceAll = (s: string, before: string): string => s.split(before + from).join(before + to);
  let out = replaceAll(replaceAll(replaceAll(text, " "), "\n"), "\n\t");
  if (out.startsWith(from)) out = to + out.slice(from.length);
  return out;
}

/** The (directory, replacement) pairs for a package in `dir`, the longest directory first. */
export function pathRewrites(host: LoadHost, dir: string): { from: string; to: string }[] {
  const rewrites: { from: string; to: string }[] = [];
  for (let at = dir; ; ) {
    const short = shortPath(host, at);
    if (short !== at) {
      rewrites.push({ from: at, to: short });
      if (host.paths.windows) rewrites.push({ from: at.replaceAll("\\", "/"), to: short });
    }
    const parent = host.paths.dir(at);
    if (parent === at) return rewrites;
    at = parent;
  }
}

/** The compiler's output for the package in `dir`, as the go command prints it below the header. */
export function rewriteOutput(host: LoadHost, dir: string, output: string): string {
  let out = output === "" || output.endsWith("\n") ? output : `${output}\n`;
  for (const { from, to } of pathRewrites(host, dir)) {
    if (out.includes(from)) out = replacePrefix(out, from, to);
  }
  return out;
}

/** The line above a package's output. */
export function packageHeader(importPath: string): string {
  return `# ${importPath}\n`;
}
