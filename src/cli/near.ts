/** Which of some words somebody may have meant. */

/** Those that take the fewest slips to write instead, at most a third of the letters, best first. */
export function nearest(word: string, words: Iterable<string>, most = 3): string[] {
  const lower = word.toLowerCase();
  const near: { readonly word: string; readonly slips: number }[] = [];
  for (const other of new Set(words)) {
    const slips = distance(lower, other.toLowerCase());
    if (slips <= Math.max(1, Math.floor(Math.max(word.length, other.length) / 3))) near.push({ word: other, slips });
  }
  return near
    .sort((a, b) => a.slips - b.slips)
    .slice(0, most)
    .map((found) => found.word);
}

/** `f, g or h`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** How many letters have to be put in, left out, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, beforeLast[j - 2] + 1);
      row.push(slips);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
