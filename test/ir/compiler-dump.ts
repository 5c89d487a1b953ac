/** Helpers: dumps of the compiler's tree in a form in which those of the real compiler and ours can be compared.
 *
 *  `go tool compile -l -W -W` prints every function before devirtualisation and inlining, which is the tree as lowering
 *  has to leave it. Left out here are marks of no consequence for messages (frame offsets, `Used`, ABIs, dictionary
 *  indices of variables), run-time type words, nil checks, and positions that the universe's constants do not have. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const heading = "before devirtualize-and-inline ";

/** Sections of a dump by function, in order. */
export function sections(dump: string): Map<string, string> {
  const found = new Map<string, string>();
  let lines: string[] | null = null;
  let name = "";
  const close = (): void => {
    // Comparison functions are made by the compiler's back end.
    if (lines !== null && !name.startsWith("type..eq.")) found.set(name, normalize(lines).join("\n"));
  };
  for (const line of dump.split("\n")) {
    if (line.startsWith(heading)) {
      close();
      name = line.slice(heading.length).replace(/ <nil>$/, "");
      lines = [];
    } else if (/^(after|enter|before) /.test(line)) {
      close();
      lines = null;
    } else if (line.startsWith(".")) {
      lines?.push(line);
    }
  }
  close();
  return found;
}

const hidden = /^\w+-(TypeWord|SrcRType|ITab|RType|Prealloc|(Key|Value)(TypeWord|SrcRType)|RTypes)$/;
const marks =
  / (tc\(\d\)|esc\(N\)|OnStack|Used|Offset:-?\d+|Byval|Needctxt|Class:PEXTERN|DictIndex:\d+|ABI:ABIInternal)(?= |$)/g;

function normalize(lines: readonly string[]): string[] {
  const out: string[] = [];
  let skip = Number.POSITIVE_INFINITY;
  for (const full of lines) {
    const indent = /^(\. {3})*/.exec(full)![0];
    const depth = indent.length / 4;
    let line = full.slice(indent.length);
    if (depth > skip) continue;
    skip = Number.POSITIVE_INFINITY;
    if (/^DYNAMIC(TYPE|DOTTYPE2?)-(RType|ITab)$/.test(line)) continue;
    if (hidden.test(line) || line.startsWith("CHECKNIL")) {
      skip = depth;
      continue;
    }
    line = line.replace(marks, "").replace(marks, "");
    line = line.replace(/ # .*?([^/ ]+\.go:\d+(:\d+)?).*/, " # $1");
    if (!line.startsWith("LITERAL")) {
      const [head, ...place] = line.split(" # ");
      line = [head.replace(/(?<![\w"])[\w/]+\.(?=[A-Za-z_#.~])/g, ""), ...place].join(" # ");
    } else if (/^LITERAL-(true|false) /.test(line)) {
      line = line.replace(/ # .*/, "");
    }
    // A type below `new` stands for its own; results of calls are a tuple here.
    if (/^TYPE /.test(line)) {
      if (/^ *NEW /.test(out.at(-1) ?? "")) continue;
      line = line.replace(/ #.*/, "").replace(/^TYPE .* type /, "TYPE ");
    }
    line = line.replace("TUPLE-", "STRUCT-").replace(/^(CALL\w+.*?) STRUCT-.*?( # .*)?$/, "$1 TUPLE$2");
    line = line.replace("untyped bool", "bool").replace("NONAME", "NAME").replace("UNSAFEPTR-", "");
    line = line.replace("method(*struct {}) ", "").replace(/\bINTER-interface \{\}/, "any");
    line = line.replace(/\binterface \{\}$/, "any").replace(/\bfunc\(\) interface \{\}/, "func() any");
    line = line.replace(/^(FOR|RANGE|SWITCH|SELECT) (?!Def|Distinct|#)\S+/, "$1");
    if (line.startsWith("CONVNOP ")) line = line.replace(/ # .*/, "");
    out.push("  ".repeat(depth) + line);
  }
  return out;
}

/** The real compiler's dump of one file of package p. */
export function compilerDump(goroot: string, file: string): string {
  const dir = mkdtempSync(join(tmpdir(), "goesc-"));
  try {
    const args = ["tool", "compile", "-l", "-W", "-W", "-p", "p", "-o", join(dir, "p.o"), file];
    const env = { ...process.env, GOROOT: goroot };
    return execFileSync(join(goroot, "bin", "go"), args, {
      encoding: "utf8",
      env,
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}
