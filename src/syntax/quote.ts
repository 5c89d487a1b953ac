/** The texts of string literals (strconv.Unquote). */
import { stringFromLiteral, textOfBytes } from "../base/literal.ts";

/** The text that a string literal stands for; null if the literal is malformed. */
export function unquote(literal: string): string | null {
  const last = literal.length - 1;
  const quote = literal[0];
  if (last < 1 || literal[last] !== quote || (quote !== '"' && quote !== "`")) return null;
  const bytes = stringFromLiteral(literal);
  return typeof bytes === "string" ? textOfBytes(bytes) : null;
}
