/** What of a Go file can be run, by its text alone: the file may be broken. */

export interface Runnable {
  /** From 0. */
  readonly line: number;
  readonly title: string;
  /** Of the command goesc, in the file's directory. */
  readonly args: readonly string[];
}

const main = /^func[ \t]+main[ \t]*\([ \t]*\)/;
const test = /^func[ \t]+((Test|Benchmark|Example)(?!\p{Ll})[\p{L}\p{N}_]*)[ \t]*\(([^)]*)\)/u;
const parameter: Readonly<Record<string, RegExp>> = {
  Test: /^\s*\w+\s+\*(?:\w+\.)?T\s*$/,
  Benchmark: /^\s*\w+\s+\*(?:\w+\.)?B\s*$/,
  Example: /^\s*$/,
};

export function runnables(file: string, text: string): Runnable[] {
  const isTest = file.endsWith("_test.go");
  const isMain = /^package[ \t]+main\b/m.test(text);
  const found: Runnable[] = [];
  text.split("\n").forEach((content, line) => {
    if (!isTest) {
      if (isMain && main.test(content))
        found.push({ line, title: "Run with allocation counts", args: ["run", "-allocs", "."] });
      return;
    }
    const match = test.exec(content);
    if (match === null || match[1] === "TestMain" || !parameter[match[2]].test(match[3])) return;
    const [, name, kind] = match;
    // Benchmarks run if they are asked for, and then no tests.
    const chosen = kind === "Benchmark" ? ["-run", "^$", "-bench", `^${name}$`] : ["-run", `^${name}$`];
    const title = kind === "Benchmark" ? "Measure with allocation counts" : "Test with allocation counts";
    found.push({ line, title, args: ["test", "-allocs", ...chosen, "."] });
  });
  return found;
}
