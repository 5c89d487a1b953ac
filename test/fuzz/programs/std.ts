/** Uses of the standard library in generated programs. */
import { typed, value } from "./expr.ts";
import type { Gen } from "./gen.ts";
import { any, bool, byte, error, int, rune, sliceOf, string, type Type, typeText } from "./types.ts";

/** A template: `$T` stands for a value of type T, for the names below; `$*` for any values. */
const pieces: ReadonlyMap<string, Type> = new Map<string, Type>([
  ["string", string],
  ["int", int],
  ["bytes", sliceOf(byte)],
  ["strings", sliceOf(string)],
  ["ints", sliceOf(int)],
  ["any", any],
  ["error", error],
  ["rune", rune],
]);

function fill(g: Gen, template: string, depth: number): string {
  for (const [, path] of template.matchAll(
    /\b(fmt|strings|strconv|errors|bytes|sort|slices|maps|sync|os|unicode)\./g,
  )) {
    g.import(path);
  }
  return template.replace(/\$(\w+|\*)/g, (_, name: string) => {
    if (name === "*") return Array.from({ length: 1 + g.below(3) }, () => value(g, any, depth + 1)).join(", ");
    const type = pieces.get(name);
    return type === undefined ? name : typed(g, type, depth + 1);
  });
}

const expressions: ReadonlyMap<Type, readonly string[]> = new Map<Type, readonly string[]>([
  [
    string,
    [
      'fmt.Sprintf("%v %v", $*)',
      "fmt.Sprint($*)",
      "strings.ToUpper($string)",
      "strings.Repeat($string, $int)",
      'strings.Join($strings, ",")',
      "strings.TrimSpace($string)",
      "strings.Replace($string, $string, $string, $int)",
      "strconv.Itoa($int)",
      "strconv.Quote($string)",
      "strings.Map(func(r rune) rune { return r + $rune }, $string)",
      "(&strings.Builder{}).String()",
    ],
  ],
  [
    int,
    [
      "strings.Index($string, $string)",
      "len(strings.Fields($string))",
      "bytes.Count($bytes, $bytes)",
      "slices.Max($ints)",
      "sort.SearchInts($ints, $int)",
      "slices.Index($ints, $int)",
    ],
  ],
  [
    error,
    ["errors.New($string)", 'fmt.Errorf("x: %w", $error)', "errors.Unwrap($error)", "errors.Join($error, $error)"],
  ],
  [
    bool,
    [
      "strings.Contains($string, $string)",
      "strings.HasPrefix($string, $string)",
      "errors.Is($error, $error)",
      "bytes.Equal($bytes, $bytes)",
      "slices.Contains($strings, $string)",
      "unicode.IsLetter($rune)",
    ],
  ],
]);

const slicesOf: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "[]string",
    [
      "strings.Split($string, $string)",
      "strings.Fields($string)",
      "slices.Clone($strings)",
      "slices.Sorted(maps.Keys(map[string]int{$string: $int}))",
    ],
  ],
  [
    "[]byte",
    [
      "bytes.ToUpper($bytes)",
      "strconv.AppendInt($bytes, int64($int), 10)",
      "fmt.Appendf($bytes, $string)",
      "bytes.TrimSpace($bytes)",
    ],
  ],
  [
    "[]int",
    [
      "slices.Clone($ints)",
      "slices.Insert($ints, 0, $int)",
      "slices.Grow($ints, $int)",
      "slices.Collect(slices.Values($ints))",
    ],
  ],
]);

/** A call of the library with the result `t`; null if there is none. */
export function stdExpression(g: Gen, t: Type, depth: number): string | null {
  if (g.pure) return null;
  const templates = expressions.get(t) ?? slicesOf.get(typeText(t));
  return templates === undefined ? null : fill(g, g.pick(templates), depth);
}

const statementTemplates: readonly string[] = [
  "fmt.Println($*)",
  'fmt.Printf("%v", $*)',
  "fmt.Fprintln(os.Stderr, $*)",
  "sort.Slice($ints, func(i, j int) bool { return i < j+$int })",
  "sort.Strings($strings)",
  "slices.Sort($ints)",
  "slices.SortFunc($strings, func(a, b string) int { return len(a) - $int })",
  "slices.Reverse($ints)",
  "os.Stdout.Write($bytes)",
  "fmt.Sscan($string, new(int))",
];

const blockTemplates: readonly string[] = [
  "{\nvar b strings.Builder\nb.WriteString($string)\nfmt.Fprintf(&b, $string, $*)\n_ = b.String()\n}",
  "{\nvar mu sync.Mutex\nmu.Lock()\ndefer mu.Unlock()\n}",
  "{\nvar b bytes.Buffer\nb.Write($bytes)\n_ = b.Bytes()\n}",
  "{\nvar once sync.Once\nonce.Do(func() { print($string) })\n}",
  "{\nvar wg sync.WaitGroup\nwg.Add(1)\ngo func() { defer wg.Done(); print($string) }()\nwg.Wait()\n}",
  "{\np := &sync.Pool{New: func() any { return new(int) }}\np.Put($any)\n_ = p.Get()\n}",
  "for k, v := range maps.All(map[string]any{$string: $any}) {\n_, _ = k, v\n}",
  "for i, s := range slices.Backward($strings) {\n_, _ = i, s\n}",
  "for s := range strings.SplitSeq($string, $string) {\n_ = s\n}",
];

export function stdStatement(g: Gen): string | null {
  if (g.pure) return null;
  if (g.chance(60)) {
    const template = g.pick(statementTemplates);
    return g.line(fill(g, template, 1));
  }
  const text = fill(g, g.pick(blockTemplates), 2);
  return g.line(text);
}
