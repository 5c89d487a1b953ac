/** A thread with a deeper stack may succeed. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/** What goesc says of its own failures: one line, and how to see more. */
export function crashText(error: unknown, where = ""): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const more = process.env.GOESC_TRACE ? `\n${stack ?? ""}` : "; set GOESC_TRACE=1 to see where";
  return `goesc: internal error${where === "" ? "" : ` in ${where}`}: ${message}${more}\n`;
}
