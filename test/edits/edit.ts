/** Random edits of Go files: lines in bodies that come, go and change, and declarations between others. */
import type { Random } from "../../bench/lsp-edits.ts";

const pieces: readonly ((n: number) => string)[] = [
  (n) => `\tv${n} := new(int)\n\t_ = v${n}\n`,
  (n) => `\tif p := []int{1, 2, ${n}}; len(p) > 5 {\n\t\tpanic(p)\n\t}\n`,
  (n) => `\tvar v${n} any = ${n}\n\tprintln(v${n} == nil)\n`,
  (n) => `\tdefer func() { println(${n}) }()\n`,
  (n) => `\tfor i${n} := range ${n % 7} {\n\t\tf := func() *int { return &i${n} }\n\t\t_ = f\n\t}\n`,
  (n) => `\tw${n} := struct{ a, b *int }{new(int), nil}\n\t_ = w${n}\n`,
  () => "\t// nothing\n",
  () => "\n",
];

const wholes: readonly ((n: number) => string)[] = [
  (n) => `func changed${n}() *int { x := ${n}; return &x }\n`,
  (n) =>
    `// changed${n} does things.\nfunc changed${n}(p []byte, q *int) (r any) {\n\tr = p\n\tgo func() { *q = ${n} }()\n\treturn\n}\n`,
  (n) => `func changed${n}(s string) string {\n\tfor i := range s {\n\t\ts = s[i:] + "${n}"\n\t}\n\treturn s\n}\n`,
  (n) => `func Changed${n}() {}\n`,
  (n) => `// A comment ${n}.\n`,
  (n) => `var v${n} = new(int)\n`,
];

/** The next text of a file. */
export function edit(text: string, random: Random, n: number): string {
  const lines = text.split("\n");
  // Lines between declarations, and in bodies.
  const outside = lines.flatMap((line, i) => (line === "" && /^(?:}|\)|$)/.test(lines[i - 1] ?? "") ? [i] : []));
  const ends = lines.flatMap((line, i) => (line === "}" ? [i + 1] : []));
  const inside = lines.flatMap((line, i) => (/^\t+[^}\s]/.test(line) ? [i] : []));
  const bodies = lines.flatMap((line, i) => (/^func .*\{$/.test(line) ? [i + 1] : []));
  const pick = (list: readonly number[]): number => (list.length === 0 ? -1 : list[random.below(list.length)]);
  const out = lines.slice();
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2: {
      const at = pick(bodies);
      if (at >= 0) out.splice(at, 0, ...pieces[random.below(pieces.length)](n).replace(/\n$/, "").split("\n"));
      break;
    }
    case 3: {
      const at = random.below(4) === 0 ? pick(outside) : pick(ends);
      if (at >= 0) out.splice(at, 0, "", ...wholes[random.below(wholes.length)](n).split("\n"));
      break;
    }
    case 4:
      return `${text}\n${wholes[random.below(wholes.length)](n)}`;
    case 5: {
      const at = pick(inside);
      if (at >= 0) out.splice(at, 1);
      break;
    }
    case 6: {
      const at = pick(inside);
      if (at >= 0) out.splice(at, 0, out[at]);
      break;
    }
    case 7: {
      // Another function's lines.
      const from = pick(bodies);
      const to = pick(bodies);
      if (from >= 0) out.splice(to, 0, ...lines.slice(from, from + 1 + random.below(3)));
      break;
    }
    default: {
      const at = pick(inside);
      if (at >= 0) out[at] = out[at].replace(/\b\d+\b/, String(n)).replace(/"(\w+)"/, `"$1${n}"`);
    }
  }
  return out.join("\n");
}
