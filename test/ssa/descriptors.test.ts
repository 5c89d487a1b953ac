/** Type descriptors are, byte for byte but for addresses, those of the real compiler: testdata/descriptors prints what
 *  it finds in memory there. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../../src/report/analyze.ts";
import { Session } from "../../src/report/session.ts";
import { buildPackage } from "../../src/ssa/build/package.ts";
import type { DataSymbol } from "../../src/ssa/object.ts";

const testdata = join(dirname(fileURLToPath(import.meta.url)), "testdata");

function buildData(file: string): Map<string, DataSymbol> {
  const session = new Session({ readFile: (path) => readFileSync(path), readSummary: () => null }, "amd64");
  const data = new Map<string, DataSymbol>();
  const result = analyzePackage(
    session,
    {
      importPath: "main",
      compilerPath: "main",
      goFiles: [file],
      imports: new Map(),
      goVersion: "go1.26",
      complete: false,
      isStd: false,
    },
    {
      m: 0,
      compile: { l: 0, N: false, smallFrames: false, mutations: false, zeroCopy: true },
      explain: false,
      graphs: false,
      debug: null,
    },
    ({ n }) => {
      for (const sym of buildPackage(n, n.target.funcs, { linknames: () => undefined }).data) data.set(sym.name, sym);
    },
  );
  expect(result.errors.map((error) => error.msg)).toEqual([]);
  return data;
}

/** The data of a program, read as the runtime reads memory. */
class Memory {
  constructor(private readonly data: ReadonlyMap<string, DataSymbol>) {}

  sym(name: string): DataSymbol {
    const sym = this.data.get(name);
    if (sym === undefined) throw new Error(`no data ${name}`);
    return sym;
  }

  int(sym: DataSymbol, at: number, size: number): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (sym.bytes[at + i] ?? 0);
    return value;
  }

  /** What the word at `at` refers to. */
  ref(sym: DataSymbol, at: number): { sym: string; add: number } | null {
    return sym.relocs.find((reloc) => reloc.offset === at) ?? null;
  }

  target(sym: DataSymbol, at: number): DataSymbol {
    return this.sym(this.ref(sym, at)!.sym);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What print.go says of a descriptor. */
function describeType(m: Memory, t: DataSymbol, text: string, out: string[]): void {
  const int = (at: number, size: number): number => m.int(t, at, size);
  const pointerBytes = int(8, 8);
  const kind = int(23, 1);
  const equal = m.ref(t, 24) !== null;
  let line = `${text} size=${int(0, 8)} ptr=${pointerBytes} hash=${int(16, 4).toString(16).padStart(8, "0")}`;
  line += ` tflag=${int(20, 1)} align=${int(21, 1)},${int(22, 1)} kind=${kind} eq=${equal} mask=`;
  const maskBytes = Math.floor((Math.floor(pointerBytes / 8) + 7) / 8);
  line += hex(m.target(t, 32).bytes.subarray(0, maskBytes));
  let fixed = 48;
  switch (kind) {
    case 17:
      fixed = 72;
      line += ` len=${int(64, 8)}`;
      break;
    case 18:
      fixed = 64;
      line += ` dir=${int(56, 8)}`;
      break;
    case 19:
      fixed = 56;
      line += ` in=${int(48, 2)} out=${int(50, 2)}`;
      break;
    case 20:
      fixed = 80;
      line += ` methods=${int(64, 8)}`;
      break;
    case 21:
      fixed = 112;
      line += ` group=${int(80, 8)} slot=${int(88, 8)} elem=${int(96, 8)} flags=${int(104, 4)}`;
      describeType(m, m.target(t, 64), `group of ${text}`, out);
      break;
    case 22:
    case 23:
      fixed = 56;
      break;
    case 25: {
      fixed = 80;
      const { add } = m.ref(t, 56)!;
      for (let i = 0; i < int(64, 8); i++) {
        line += ` ${hex(m.target(t, add + 24 * i).bytes)}@${int(add + 24 * i + 16, 8)}`;
      }
      break;
    }
  }
  if ((int(20, 1) & 1) !== 0) {
    line += ` mcount=${int(fixed + 4, 2)} xcount=${int(fixed + 6, 2)} moff=${int(fixed + 8, 4)}`;
  }
  out.push(line);
}

/** reflect.Type.String of a descriptor. */
function stringOf(m: Memory, t: DataSymbol): string {
  const { bytes } = m.target(t, 40);
  const text = new TextDecoder().decode(bytes.subarray(2));
  return (t.bytes[20] & 2) !== 0 ? text.slice(1) : text;
}

describe("type descriptors", () => {
  const m = new Memory(buildData(join(testdata, "descriptors", "types.go")));
  const wanted = readFileSync(join(testdata, "descriptors.want"), "utf8").trimEnd().split("\n");

  it("are those of the real compiler", () => {
    // The variable `values` is a slice of interfaces whose first words are the descriptors.
    const slice = m.sym("main.values");
    const array = m.target(slice, 0);
    const lines: string[] = [];
    for (let i = 0; i < m.int(slice, 8, 8); i++) {
      const t = m.target(array, 16 * i);
      describeType(m, t, stringOf(m, t), lines);
    }
    expect(lines).toEqual(wanted);
  });
});
