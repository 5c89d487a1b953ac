/** Command lines that are plainly about the compiler's remarks on packages, and so need a part of the program only
 *  (goesc-plain.code.cjs, scripts/build.mjs): less code to read at each start. All others get the whole. */

const plainFlag = /^--?(?:m(?:=[12])?|l|j(?:=\d+)?|gcflags=(?:-m(?:=[12])?|-l| )+)$/;

export function isPlain(args: readonly string[]): boolean {
  // A first word may be a command, unless it is a path.
  if (args.length === 0 || !/^-|[./]/.test(args[0])) return false;
  return args.every((arg) => (arg.startsWith("-") ? plainFlag.test(arg) : arg !== ""));
}
