/** Texts of a Go file while somebody works on it: statements are typed character by character and taken back, blocks pasted
 *  and cut, lines deleted, the syntax broken and mended inside and between functions, functions written, signatures changed. */

/** Numbers that look random and are the same in each run. */
export class Random {
  constructor(private state: number) {}
  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
}

export interface Step {
  readonly text: string;
  /** What somebody did, for tables. */
  readonly what: string;
}

export function* edits(original: string, random: Random): Generator<Step, never> {
  let text = original;
  for (let n = 0; ; n++) {
    // Functions of several lines, by the end of their first one and the start of their last.
    const funcs = [...text.matchAll(/^func (?:\([^)\n]*\) )?\w+\([^\n]*\{\n(?:(?:[\t/][^\n]*)?\n)*\}\n/gm)];
    const { index, 0: whole } = funcs[random.below(funcs.length)];
    const inside = index + whole.indexOf("{\n") + 2;
    const end = index + whole.length;
    const put = (at: number, piece: string, length = 0): string => text.slice(0, at) + piece + text.slice(at + length);
    function* typed(at: number, piece: string, stride: number): Generator<Step> {
      for (let i = stride; i < piece.length; i += stride) yield { text: put(at, piece.slice(0, i)), what: "type" };
      yield { text: put(at, piece), what: "type" };
      for (let i = piece.length - 1; i > 0; i -= 5) yield { text: put(at, piece.slice(0, i)), what: "delete" };
      yield { text, what: "cut" };
    }
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        yield* typed(inside, `\tv${n} := new(int)\n\t_ = v${n}\n`, 1);
        break;
      case 3:
        yield* typed(inside, `\tv${n} := any("世界 🎉 e\u0301") /* é */; println(v${n})\n`, 3);
        break;
      case 4:
      case 5: {
        const block = `\tif p := []int{1, 2, ${n}}; len(p) > 5 {\n\t\tpanic(p)\n\t}\n`;
        yield { text: put(inside, block), what: "paste" };
        yield { text, what: "cut" };
        break;
      }
      case 6:
        yield { text: put(inside, "\tif {\n"), what: "break" };
        yield { text: put(inside, "\tif {\n\t// 世界 🎉\n"), what: "edit broken" };
        yield { text: put(inside, "\tif true {\n\t}\n"), what: "mend" };
        yield { text, what: "cut" };
        break;
      case 7:
        yield { text: put(end - 2, "", 1), what: "break" }; // the brace at the end
        yield { text, what: "mend" };
        break;
      case 8: {
        const lines = whole.split("\n").length - 3;
        if (lines < 1) break;
        let at = inside;
        for (let i = random.below(lines); i > 0; i--) at = text.indexOf("\n", at) + 1;
        const length = text.indexOf("\n", at) + 1 - at;
        yield { text: put(at, "", length), what: "delete line" };
        yield { text, what: "undo" };
        break;
      }
      case 9:
        yield* typed(end, `\nfunc w${n}(p *int) *int {\n\treturn p\n}\n`, 4);
        break;
      case 10: {
        const open = text.indexOf("(", whole.startsWith("func (") ? text.indexOf(")", index) : index) + 1;
        yield { text: put(open, `x${n} int, `), what: "signature" };
        yield { text, what: "undo" };
        break;
      }
      case 11:
        text = put(inside, `\t// ${n}: 注釈 🎉 e\u0301\n`);
        yield { text, what: "comment" };
        break;
    }
  }
}
