/** Seeded damage to Go files: bytes, tokens, cuts, nesting, encodings, line ends. */

/** mulberry32: a small generator whose runs can be repeated. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 … n-1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function splice(source: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const out = new Uint8Array(source.length - remove + insert.length);
  out.set(source.subarray(0, at));
  out.set(insert, at);
  out.set(source.subarray(at + remove), at + insert.length);
  return out;
}

const tokens = (
  "( ) [ ] { } , ; : . ... := = == != <- + - * / % & &^ | ^ << >> && || ! ~ ++ -- += " +
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package " +
  "range return select struct switch type var 0 1 0x 1e9999 1e 'a' \"s\" `r` '' \"\\x\" _ x iota nil true int any"
).split(" ");

const wordPattern = /[A-Za-z_]\w*|\d[\w.]*|[^\sA-Za-z_\d]/g;

function tokenPlace(random: Random, source: Uint8Array): { at: number; length: number } {
  const start = random.below(Math.max(source.length, 1));
  const window = decoder.decode(source.subarray(start, start + 200));
  const words = [...window.matchAll(wordPattern)];
  if (words.length === 0) return { at: start, length: 0 };
  const word = random.pick(words);
  // Not exact where the window starts inside a character; damage is the purpose anyway.
  const at = start + encoder.encode(window.slice(0, word.index)).length;
  return { at: Math.min(at, source.length), length: Math.min(word[0].length, Math.max(source.length - at, 0)) };
}

type Mutation = (random: Random, source: Uint8Array) => Uint8Array;

const mutations: Readonly<Record<string, Mutation>> = {
  byte: (random, source) => {
    const out = source.slice();
    for (let i = 1 + random.below(4); i > 0 && out.length > 0; i--) out[random.below(out.length)] = random.below(256);
    return out;
  },
  deleteToken: (random, source) => {
    const { at, length } = tokenPlace(random, source);
    return splice(source, at, length, new Uint8Array(0));
  },
  insertToken: (random, source) => {
    const { at } = tokenPlace(random, source);
    return splice(source, at, 0, encoder.encode(` ${random.pick(tokens)} `));
  },
  replaceToken: (random, source) => {
    const { at, length } = tokenPlace(random, source);
    return splice(source, at, length, encoder.encode(random.pick(tokens)));
  },
  swapParts: (random, source) => {
    const a = random.below(source.length + 1);
    const b = random.below(source.length + 1);
    const part = source.slice(Math.min(a, b), Math.min(a, b) + random.below(200));
    return splice(source, Math.max(a, b), 0, part);
  },
  truncate: (random, source) => source.slice(0, random.below(source.length + 1)),
  cut: (random, source) => {
    const at = random.below(source.length + 1);
    return splice(source, at, Math.min(random.below(300), source.length - at), new Uint8Array(0));
  },
  nesting: (random, source) => {
    const depth = 10 ** (1 + random.below(5));
    const [open, close] = random.pick([
      ["(", ")"],
      ["[", "]"],
      ["{", "}"],
      ["func() { ", "}"],
      ["if x { ", "}"],
      ["[]", ""],
      ["*", ""],
      ["-", ""],
      ["struct { f ", "}"],
      ["x.", ""],
      ["map[int]", ""],
      ["T[", "]"],
      ["x + ", "x"],
    ]);
    const filler = encoder.encode(open.repeat(depth) + (random.below(2) === 0 ? close.repeat(depth) : ""));
    return splice(source, tokenPlace(random, source).at, 0, filler);
  },
  invalidUtf8: (random, source) => {
    const bad = random.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x82]]);
    return splice(source, random.below(source.length + 1), 0, Uint8Array.from(bad));
  },
  nul: (random, source) => splice(source, random.below(source.length + 1), 0, Uint8Array.of(0)),
  bom: (random, source) =>
    splice(source, random.below(2) * random.below(source.length + 1), 0, Uint8Array.of(0xef, 0xbb, 0xbf)),
  crlf: (_, source) => encoder.encode(decoder.decode(source).replaceAll("\n", "\r\n")),
  loneCr: (random, source) => splice(source, random.below(source.length + 1), 0, Uint8Array.of(13)),
  lineDirective: (random, source) => {
    const text = random.pick([
      "//line x.go:0\n",
      "//line :5\n",
      "/*line a:1:999999999999*/",
      "//line foo.go:2:3\n",
      "//go:build a b\n",
      "//go:embed\n",
    ]);
    return splice(source, random.below(source.length + 1), 0, encoder.encode(text));
  },
  longLine: (random, source) =>
    splice(source, random.below(source.length + 1), 0, encoder.encode(`/*${"x".repeat(1 << 17)}*/`)),
};

export const mutationNames: readonly string[] = Object.keys(mutations);

/** One to three mutations; `story` names them. */
export function mutate(random: Random, source: Uint8Array): { bytes: Uint8Array; story: string } {
  const names: string[] = [];
  let bytes = source;
  for (let i = 1 + random.below(3); i > 0; i--) {
    const name = random.pick(mutationNames);
    // Deep nesting twice over only makes files large.
    if (name === "nesting" && names.includes("nesting")) continue;
    names.push(name);
    bytes = mutations[name](random, bytes);
  }
  return { bytes, story: names.join(", ") };
}
