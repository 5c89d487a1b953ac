/** What is the same in reports of failing programs, whatever machine they ran on: without addresses and numbers of
 *  goroutines. */

/** `args`: keep arguments of functions, as far as they are no addresses. */
export function normalTrace(text: string, args: boolean): string {
  const lines = text
    .replace(/ \+0x[0-9a-f]+/g, "")
    .replace(/ pc=0x[0-9a-f]+/g, " pc=?")
    .replace(/0x[0-9a-f]{4,}/g, "0x?")
    .replace(/\bgoroutine \d+/g, "goroutine N")
    .split("\n");
  return lines.map((line, i) => (lines[i + 1]?.startsWith("\t") ? frame(line, args) : line)).join("\n");
}

function frame(line: string, args: boolean): string {
  if (!line.endsWith(")")) return line;
  if (!args) return line.replace(/\((?:\.\.\.|[^()]*)\)$/, "(…)");
  // What a question mark follows may be anything by now; whether it follows is up to the allocation of registers.
  return line.replace(/0x[0-9a-f?]+\?/g, "0x?");
}

/** Of a report that shows the runtime's own frames: what comes before the stacks, and the frames of the program. */
export function programTrace(text: string): string {
  const [head, ...blocks] = text.split("\n\n");
  const kept = blocks
    .filter((block) => block.startsWith("goroutine "))
    .map((block) => {
      const [title, ...frames] = block.split("\n");
      const own: string[] = [];
      for (let i = 0; i + 1 < frames.length; i += 2) {
        if (frames[i].startsWith("...")) own.push(frames[i--].replace(/\d+/, "N"));
        else if (!/^(?:created by )?(?:runtime\.|panic\()/.test(frames[i])) own.push(frames[i], frames[i + 1]);
      }
      const name = title.replace(/ gp=\S+ m=\S+(?: mp=\S+)?/, "");
      return own.length === 0 ? "" : [name, ...own.map((line) => line.replace(/ fp=.*$/, ""))].join("\n");
    });
  return [head, ...kept.filter((block) => block !== "")].join("\n\n");
}
